"""An opened file: its columns and what is in them, for the screen that shows them."""

import numpy as np
import pytest

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.preparation import Preparation
from kmeans_tui.data.reading.files import open_file
from kmeans_tui.data.selection import Selection


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "name,day,x,empty,bad\nA,2024-01-02,1.5,,1\nB,2024-01-03,,,2\nC,2024-01-04,4,,oops\n"
    )
    return open_file(str(path))


def test_columns_and_their_kinds(source):
    assert source.names == ("name", "day", "x", "empty", "bad")
    assert [each.kind for each in source.columns] == ["text", "date", "number", "empty", "number"]
    assert [each.takes_part for each in source.columns] == [False, False, True, False, True]
    assert [each.missing for each in source.columns] == [0, 0, 1, 3, 0]
    assert (source.n, source.numbers.shape) == (3, (3, 2))
    bad = source.column("bad").bad
    assert (bad.count, bad.first.row, bad.first.text, bad.texts) == (1, 3, "oops", ("oops",))
    assert source.column("3").name == "x"
    with pytest.raises(DataError, match="did you mean empty"):
        source.column("emty")


def test_the_summary_of_a_column(source):
    found = source.summary(source.column("x"))
    assert (found.least, found.mean, found.most) == (1.5, 2.75, 4.0)
    assert found.histogram.tolist() == [1, *[0] * 18, 1]
    assert source.summary(source.column("name")) is None


def test_cells_and_rows_are_those_of_the_file(source):
    assert [source.cell(1, each) for each in source.columns] == ["B", "2024-01-03", "", "", "2"]
    assert list(source.rows())[2] == ("C", "2024-01-04", "4", "", "oops")


def test_a_bad_cell_counts_where_its_column_takes_part(source):
    with pytest.raises(DataError, match="row 3, column bad: 'oops' is not a number; --na 'oops'"):
        Selection(source).dataset()
    data = Selection(source, Preparation(features=("x",))).dataset()
    assert data.table[:, 0].tolist() == [1.5, 4.0]
    assert data.labels["name"].tolist() == ["A", "C"]
    assert data.row_numbers.tolist() == [1, 3]


def test_several_bad_cells_are_treated_at_once_or_by_the_star(tmp_path):
    rows = [str(i % 7) for i in range(200)]
    rows[3], rows[9] = "n.a.", "it's"
    (tmp_path / "a.csv").write_text("x\n" + "\n".join(rows))
    with pytest.raises(DataError) as refused:
        Selection(open_file(str(tmp_path / "a.csv"))).dataset()
    assert "row 4, column x: 'n.a.' is not a number (2 such cells); --na" in str(refused.value)
    rows[20:28] = [f"odd {i}" for i in range(8)]
    (tmp_path / "a.csv").write_text("x\n" + "\n".join(rows))
    with pytest.raises(DataError, match=r"\(10 such cells\); --na '\*' treats them as missing"):
        Selection(open_file(str(tmp_path / "a.csv"))).dataset()


def test_another_choice_of_the_same_file_reads_nothing_again(source, monkeypatch):
    monkeypatch.setattr("kmeans_tui.data.reading.query.Database.__init__", None)
    first = Selection(source, Preparation(features=("x",))).dataset()
    assert first.with_scale("minmax").points.tolist() == [[0.0], [1.0]]
    assert Selection(source, Preparation(features=("x",), missing="median")).dataset().table[
        :, 0
    ].tolist() == [1.5, 2.75, 4]
    assert Selection(source, Preparation(features=("x",), truth="name")).dataset().truth_names == (
        "A",
        "C",
    )


def test_a_clean_table_is_not_copied(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(12.0).reshape(6, 2))
    source = open_file(str(tmp_path / "a.npy"))
    assert np.shares_memory(Selection(source).dataset().points, source.numbers)


def test_lacking_features(source):
    assert source.lacks(["name"])
    assert not source.lacks(["X", "3"])
    assert not source.lacks(None)
