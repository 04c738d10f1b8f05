"""Rows taken out and points added: the same as a table without the ones, and with the others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.data import rows
from kmeans_tui.data.dataset import DataError
from kmeans_tui.given_points import GivenPoints
from kmeans_tui.requests import recorded, subject
from tests.data.reading.test_files import document

CELLS = [
    (i % 7 + i / 10, "" if i == 6 else (i * i) % 11, 1 + i % 9, "ab"[i % 2]) for i in range(30)
]


def written(path, cells, head="x,y,z,kind"):
    path.write_text("\n".join([head, *(",".join(map(str, row)) for row in cells)]) + "\n")
    return str(path)


@settings(max_examples=40, deadline=None)
@given(
    st.sets(st.integers(1, 30), max_size=12).filter(lambda gone: len(gone) < 28),
    st.lists(st.tuples(*[st.integers(-50, 50)] * 2), max_size=3),
    st.sampled_from(["none", "standard", "minmax", "robust"]),
    st.sampled_from(["drop", "median"]),
)
def test_edits_of_a_file_are_those_of_its_text(tmp_path_factory, gone, points, scale, missing):
    folder = tmp_path_factory.mktemp("edits")
    whole = written(folder / "whole.csv", CELLS)
    kept = [row for number, row in enumerate(CELLS, 1) if number not in gone]
    # Only the features have a value in points that are added.
    edited = written(folder / "edited.csv", [*kept, *((x, "", z, "") for x, z in points)])
    chosen = {"features": ("x", "z"), "scale": scale, "missing": missing}
    if not points:
        chosen["features"] = ("x", "y", "z")
    add = GivenPoints(tuple((float(x), float(z)) for x, z in points)) if points else None
    found = subject.load(Options(whole, **chosen, without=tuple(sorted(gone)) or None, add=add))
    expected = subject.load(Options(edited, **chosen))
    np.testing.assert_array_equal(found.points, expected.points)
    numbers = [
        n for n in range(1, 31) if n not in gone and (points or missing == "median" or n != 7)
    ]
    numbers += range(31, 31 + len(points))
    assert found.row_numbers.tolist() == numbers
    assert found.added == len(points)


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(1, 150), min_size=1, max_size=40), st.booleans())
def test_edits_of_a_built_in_set_are_those_of_its_table(gone, log):
    chosen = {"log": ("petal length",) if log else None}
    whole = subject.load(Options("iris", **chosen))
    found = subject.load(
        Options("iris", **chosen, without=tuple(sorted(gone)), add=GivenPoints(((1.5, 2.0),)))
    )
    kept = np.array([number not in gone for number in range(1, 151)])
    table = np.vstack([whole.table[kept][:, 2:], [[1.5, 2.0]]])
    np.testing.assert_array_equal(found.table[:, 2:], table)
    np.testing.assert_array_equal(found.truth[:-1], whole.truth[kept])
    assert found.truth_names[found.truth[-1]] == "(added)"
    for row, number in enumerate(found.row_numbers):
        assert rows.number(found, row) == number
        assert rows.find(found, str(number)).tolist() == [row]
    assert all(len(rows.find(found, str(number))) == 0 for number in gone)
    assert rows.cells(found, found.n - 1)[-1] == ("added", "by hand")


def test_a_point_is_questioned_by_its_number_in_a_file(tmp_path):
    path = written(tmp_path / "t.csv", CELLS)
    found = subject.load(
        Options(path, features=("x", "z"), without=(30,), add=GivenPoints(((1.0, 2.0),)))
    )
    assert rows.find(found, "31").tolist() == [29]
    assert len(rows.find(found, "30")) == 0
    assert rows.cells(found, 29) == (
        *(("x", "1"), ("y", ""), ("z", "2"), ("kind", "")),
        ("added", "by hand"),
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"without": (301,)}, "no row 301: its rows are numbered from 1 to 300"),
        ({"without": (5, 400, 401)}, "no rows 400, 401"),
        ({"without": tuple(range(1, 301))}, "takes out every row"),
        ({"add": GivenPoints(((1.0,),))}, "needs 2 values"),
        ({"add": GivenPoints(((1.0, 2.0),), ("feature 1", "y"))}, "no column 'feature 2'"),
    ],
)
def test_edits_that_cannot_be_made(fields, said, tmp_path):
    table = [(i % 50 + 0.5, i % 7) for i in range(300)]
    path = written(tmp_path / "t.csv", table, "feature 1,feature 2")
    for data in ("blobs", path):
        with pytest.raises(DataError, match=said):
            _ = subject.load(Options(data, **fields)).points


@pytest.mark.parametrize("words", [["--without", "0"], ["--without", "5-2"], ["--without", "a"],
                                   ["--without", "1-99999999999"], ["--without", ""],
                                   ["--add", "nan,1"], ["--add", "1,2 3"]])  # fmt: skip
def test_edits_that_are_no_lists(words, capsys):
    with pytest.raises(SystemExit) as ending:
        main(["run", "blobs", *words])
    out, err = capsys.readouterr()
    assert (ending.value.code, out, err.count("\n")) == (2, "", 1)


def test_rows_that_are_gone_are_no_rows_for_clusters(capsys):
    assert main(["run", "eight", "-k", "7", "--without", "1,2"]) == 1
    assert "k = 7 clusters need 7 rows, but eight has 6 rows" in capsys.readouterr().err
    assert main(["run", "eight", "-k", "7", "--without", "1,2", "--add", "1,1"]) == 0
    capsys.readouterr()
    assert main(["run", "eight", "-k", "7", "--without", "1-99"]) == 1
    assert "row" in capsys.readouterr().err


def test_the_documents_and_files_carry_the_edits(tmp_path, capsys):
    path = written(tmp_path / "t.csv", CELLS)
    edits = ["--features", "x,z", "--without", "5,2-3,5", "--add", "1,2 3,4"]
    found = document(capsys, "run", path, *edits, "--labels")
    assert (found["data"]["taken_out"], found["data"]["added"]) == ([2, 3, 5], 2)
    assert found["remarks"][:2] == [
        "Taken out by --without: rows 2, 3 and 5.",
        "Added by --add: 2 points, rows 31 and 32.",
    ]
    out = tmp_path / "out"
    assert main(["export", path, *edits, "--what", "labels,run,code", "--out", str(out)]) == 0
    capsys.readouterr()
    lines = (out / "labels.csv").read_text().splitlines()
    assert lines[0] == "x,y,z,kind,added,cluster,distance,margin"
    assert len(lines) == 33
    assert all(lines[number].endswith(",,,,") for number in (2, 3, 5))
    assert [line.split(",")[4] for line in lines[29:]] == ["", "", "yes", "yes"]
    assert [int(line.split(",")[5]) - 1 for line in lines[-2:]] == found["labels"][-2:]
    assert "--without 2-3,5" in next(out.glob("*.py")).read_text()
    again = recorded.open_recording(str(out / "run.json")).dataset
    assert (again.taken_out, again.added) == ((2, 3, 5), 2)
    assert again.notes()[:2] == found["remarks"][:2]
    assert main(["report", path, *edits, "-k", "2"]) == 0
    text = capsys.readouterr().out
    assert "- Taken out: rows 2, 3 and 5." in text
    # From the recording, the rows keep their names.
    assert document(capsys, "run", str(out / "run.json"), "--without", "4,31")["data"]["n"] == 27
    assert main(["run", str(out / "run.json"), "--without", "5"]) == 1
    assert "no row 5" in capsys.readouterr().err


def test_the_exported_script_of_a_set_makes_the_edits(tmp_path, capsys):
    words = ["iris", "--without", "2,107", "--add", "1,2", "-k", "3", "--seed", "1"]
    assert main(["export", *words, "--what", "code,labels", "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    code = next(tmp_path.glob("*.py")).read_text()
    assert "X = np.delete(X, [1, 106], axis=0)" in code
    start, end = code.index("# The data: n points"), code.index("# The algorithm.")
    made = {}
    exec("import numpy as np\n" + code[start:end], made)
    chosen = Options("iris", without=(2, 107), add=GivenPoints(((1.0, 2.0),)))
    np.testing.assert_array_equal(made["X"], subject.load(chosen).points)
    lines = (tmp_path / "labels.csv").read_text().splitlines()
    assert lines[0].startswith("row,sepal length")
    assert lines[-1].startswith("151,,,1.0,2.0,yes,")
    assert lines[2].startswith("3,")
