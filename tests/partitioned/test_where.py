import gzip

import numpy as np
import pytest

from kmeans_tui.data.columns import DataError
from kmeans_tui.options import scale_options
from kmeans_tui.partitioned.where import TableExtent, as_asked, by_size, extent, on_cluster
from kmeans_tui.vocabulary import PLACES

GB = 10**9


@pytest.mark.parametrize(
    ("free", "asked", "workers", "place", "said"),
    [
        (4 * GB, None, 1, "memory", "x has 50,000,000 rows and needs 2.4 GB of memory; 4.0"),
        (2 * GB, None, 1, "stream", "2.0 GB are free: in parts, one after the other"),
        (2 * GB, None, 4, "processes", "on disk: 4 processes read them"),
        (4 * GB, None, 4, "processes", "4 processes read them"),
        (4 * GB, "stream", 1, "stream", "read in every iteration"),
        (1 * GB, "memory", 1, "memory", "In memory, as asked"),
    ],
)
def test_the_place_follows_from_the_size(free, asked, workers, place, said):
    size = TableExtent(50_000_000, 2, True)
    found = as_asked(asked, workers) or by_size(size, "x", free)
    assert found.place == place
    assert said in found.why


def test_a_cluster_is_a_place():
    assert on_cluster("tcp://h:1") == ("dask", "The points stay on the cluster at tcp://h:1")


def test_a_place_that_cannot_be_is_one_sentence():
    with pytest.raises(DataError, match=r"^'cloud' is not a place to run: use memory, stream"):
        as_asked("cloud")
    with pytest.raises(DataError, match=r"^--where dask needs the address of a scheduler"):
        as_asked("dask")


def test_the_flag_offers_these_places():
    assert scale_options.PLACES == PLACES


@pytest.mark.parametrize("kind", ["npy", "parquet", "csv", "gz"])
def test_the_size_is_known_before_the_rows_are_read(tmp_path, kind):
    X = np.random.RandomState(0).uniform(1, 9, (30_000, 3))
    path = tmp_path / f"x.{kind}"
    text = "a,b,c\n" + "\n".join(",".join(map(str, row)) for row in X.round(4).tolist())
    if kind == "npy":
        np.save(path, X)
    elif kind == "parquet":
        pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        pq.write_table(pa.table({name: X[:, i] for i, name in enumerate("abc")}), path)
    else:
        path.write_bytes(gzip.compress(text.encode()) if kind == "gz" else text.encode())
    found = extent(str(path))
    assert (found.columns, found.exact) == (3, kind in ("npy", "parquet"))
    assert found.rows == pytest.approx(
        30_000, rel=0 if found.exact else 0.05 if kind == "csv" else 1
    )
    assert extent(str(tmp_path / f"*.{kind}")) == found
    with pytest.raises(DataError):
        extent(str(tmp_path / "none.csv"))
