"""The headline counts the rows that are not used, and why."""

import pytest

from kmeans_tui import load_data
from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.data.left_out import counted
from kmeans_tui.requests.subject import open_subject


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "t.csv"
    cells = [f"{i},{i * i % 17},{i % 5}" for i in range(20)]
    cells[3], cells[4], cells[9] = "3,,1", "4,5,", "9,,"
    path.write_text("\n".join(["a,b,c", *cells]) + "\n")
    return str(path)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({}, "17 of 20 rows (3 left out: gaps in b and c)"),
        ({"features": ("a", "b")}, "18 of 20 rows (2 left out: gaps in b)"),
        ({"features": ("a",)}, "20 rows"),
        ({"missing": "median"}, "20 rows"),
        (
            {"without": (1, 2)},
            "15 of 20 rows (5 left out: 2 taken out by hand and gaps in b and c)",
        ),
        ({"without": (1,), "missing": "median"}, "19 of 20 rows (1 left out: 1 taken out by hand)"),
    ],
)
def test_rows_of_a_file(table, flags, said):
    assert counted(open_subject(Options(table, **flags)).dataset) == said


def test_a_sample_weights_and_an_encoded_column(tmp_path):
    path = tmp_path / "w.csv"
    cells = [f"{i},{i * i % 17},{i % 3},{'xyz'[i % 3]}" for i in range(30)]
    cells[4] = "4,1,1,"
    path.write_text("a,b,w,kind\n" + "\n".join(cells) + "\n")
    features = {"features": ("a", "b")}

    def said(**flags):
        return counted(open_subject(Options(str(path), **flags)).dataset)

    assert said(sample=12, **features) == "12 rows, drawn at random from 30"
    gone = said(sample=12, without=(1, 2, 3, 4, 5, 6, 7, 8), **features)
    kept = int(gone.split()[0])
    assert gone == (
        f"{kept} of 12 rows, drawn at random from 30 ({12 - kept} left out: {12 - kept} taken out "
        "by hand)"
    )
    assert said(weights="w", **features) == "20 of 30 rows (10 left out: no weight in column w)"
    assert said(encode=("kind",), features=("a",)) == "29 of 30 rows (1 left out: gaps in kind)"


def test_a_recording_says_what_its_file_was(table, tmp_path):
    before = open_subject(Options(table)).dataset
    assert main(["export", table, "-k", "2", "--what", "run", "--out", str(tmp_path)]) == 0
    recorded = open_subject(Options(str(tmp_path / "run.json"))).dataset
    assert recorded.source is None
    assert counted(recorded) == counted(before) == "17 of 20 rows (3 left out: gaps in b and c)"
    (tmp_path / "whole.csv").write_text("a,b\n" + "".join(f"{i},{i % 5}\n" for i in range(9)))
    whole = [str(tmp_path / "whole.csv"), "--out", str(tmp_path / "whole")]
    assert main(["export", *whole, "-k", "2", "--what", "run"]) == 0
    assert counted(open_subject(Options(str(tmp_path / "whole" / "run.json"))).dataset) == "9 rows"


def test_rows_with_the_wrong_number_of_cells(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("a,b\n" + "".join(f"{i},{i % 3}\n" for i in range(30)) + "1,2,3\n")
    assert counted(load_data(str(path))) == (
        "30 of 31 rows (1 left out: 1 with the wrong number of cells)"
    )


def test_a_set_without_a_file():
    assert counted(load_data("iris")) == "150 rows"
