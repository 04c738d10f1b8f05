import io

import numpy as np
import pytest

from kmeans_tui.data import label_file
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.export import tables
from kmeans_tui.partitioned.row_names import RowNames


def going(done, rows):
    return None


@pytest.mark.parametrize("suffix", ["csv", "parquet", "npy"])
def test_names_are_those_of_the_rows(tmp_path, suffix):
    names = [None if i == 3 else f"{i * 7:03d}" for i in range(20)]
    paths = []
    for first, end in ((0, 12), (12, 12), (12, 20)):
        path, some = tmp_path / f"{first}-{end}.{suffix}", names[first:end]
        if suffix == "npy":
            np.save(path, np.array([[1.0, np.nan if each is None else int(each)] for each in some]
                                   or np.empty((0, 2))))  # fmt: skip
        elif suffix == "csv":
            path.write_text("\n".join(["x,id", *(f"1,{each or ''}" for each in some)]) + "\n")
        else:
            pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
            cells = {"x": pa.array([1.0] * len(some)), "id": pa.array(some, pa.string())}
            pq.write_table(pa.table(cells), path)
        paths.append(str(path))
    column = "column 2" if suffix == "npy" else "id"
    said = RowNames(column, tuple(paths), Dialect())
    if suffix == "npy":
        names = [each and str(int(each)) for each in names]
    assert [each for part in said.cells() for each in part] == names
    found = said.of(np.array([0, 3, 11, 12, 19]), 20, going)
    assert found.tolist() == [names[each] for each in (0, 3, 11, 12, 19)]
    files = (label_file.write, tables.labels_alone)
    for write in files:
        write([np.arange(12), np.arange(8)], io.BytesIO(), "id", said.cells())
        with pytest.raises(DataError, match="have changed"):
            write([np.arange(12), np.arange(9)], io.BytesIO(), "id", said.cells())
    with pytest.raises(DataError, match="have changed"):
        said.of(np.array([0]), 21, going)
    with pytest.raises(DataError, match="was stopped"):
        said.of(np.array([0]), 20, lambda done, rows: False)
