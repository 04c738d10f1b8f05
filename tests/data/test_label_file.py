import io

import duckdb
import numpy as np
import pytest

from kmeans_tui.data import label_file
from kmeans_tui.data.columns import DataError


@pytest.mark.parametrize(
    ("own", "names"),
    [("", ["row", "cluster"]), ("ROW", ["row_", "ROW", "cluster"]), ('a "b"', None)],
)
def test_columns_have_names_of_their_own(tmp_path, own, names):
    called = [["x", None], ["y"]] if own else None
    with (tmp_path / "labels.parquet").open("wb") as file:
        label_file.write([np.array([1, -1]), np.array([0])], file, own, called)
    rows = duckdb.sql(f"FROM '{tmp_path}/labels.parquet'")
    assert rows.columns == (names or ["row", own, "cluster"])
    beside = [("x",), (None,), ("y",)] if own else [()] * 3
    clusters = (2, None, 1)
    expected = [(i + 1, *beside[i], clusters[i]) for i in range(3)]
    assert rows.fetchall() == expected


def test_a_full_disk_is_one_sentence(tmp_path, monkeypatch):
    said = 'IO Error: Async write failed: {"exception_message": "No space left on device"}\n more'

    class Full:
        def __init__(self, *_, **__):
            pass

        def execute(self, *_):
            raise duckdb.IOException(said)

        def close(self):
            pass

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(label_file.tempfile, "tempdir", None)
    monkeypatch.setattr(duckdb, "connect", Full)
    with pytest.raises(DataError) as caught:
        label_file.write([np.array([1])], io.BytesIO())
    assert str(caught.value) == (
        f"the labels cannot be written: there is no space left in {tmp_path}; free some, or set "
        "TMPDIR"
    )
    assert not list(tmp_path.iterdir())
