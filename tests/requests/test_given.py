"""A given start: the run is the textbook's from there, and every face says so."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tui.cli import main
from kmeans_tui.clustering import textbook
from kmeans_tui.clustering.stillness import limit
from kmeans_tui.command import GIVEN, Options
from kmeans_tui.data import rows
from kmeans_tui.given_points import GivenPoints
from kmeans_tui.requests import fit, recorded, subject
from kmeans_tui.requests import given as placing
from tests.data.reading.test_files import document


def options_of(rows, **fields):
    points = GivenPoints(tuple(map(tuple, np.asarray(rows, float).tolist())))
    return Options(k=len(points), init=GIVEN, centroids=points, **fields)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([{"data": "blobs:n=60"}, {"data": "iris"}, {"data": "iris", "scale": "minmax"},
                     {"data": "iris", "log": ("petal length",)}, {"data": "uniform:n=40,d=1"}]),
    st.integers(1, 5),
    st.integers(0, 1000),
)  # fmt: skip
def test_the_run_is_the_textbooks_from_there(fields, k, seed):
    dataset = subject.load(Options(**fields))
    draw = np.random.RandomState(seed)
    table = dataset.table[:, [dataset.columns.index(each) for each in dataset.features]]
    start = draw.uniform(table.min(axis=0), table.max(axis=0), (k, dataset.d))
    options = options_of(start, **fields)
    history = fit.model(options, dataset).fit(dataset.points).history
    prepared = dataset.prepared(start)
    np.testing.assert_allclose(dataset.in_units(prepared), start, rtol=1e-12)
    expected = textbook.kmeans(
        dataset.points, prepared, 100, limit(1e-4, dataset.points), "farthest",
        np.random.RandomState(42),
    )  # fmt: skip
    assert len(history) == len(expected)
    for ours, theirs in zip(history, expected, strict=True):
        np.testing.assert_array_equal(ours.labels, theirs["labels"])
        np.testing.assert_allclose(ours.centroids, theirs["centroids"], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("scale", ["none", "standard", "minmax", "robust"])
def test_the_values_of_a_row_are_its_point(scale):
    for log in (None, ("sepal length", "petal width")):
        chosen = Options("iris", features=("1", "2", "4"), scale=scale, log=log)
        dataset = subject.load(chosen)
        table = dataset.table[:, [0, 1, 3]]
        np.testing.assert_array_equal(dataset.prepared(table), dataset.points)


def test_what_a_drawn_start_draws_can_be_given(capsys):
    drawn = document(capsys, "run", "blobs", "-k", "3", "--seed", "4")
    dataset = subject.load(Options("blobs"))
    start = fit.model(Options(k=3, seed=4), dataset).initialise_centroids(dataset.points)
    words = str(GivenPoints(tuple(map(tuple, start.tolist()))))
    given = document(capsys, "run", "blobs", f"--centroids={words}")
    assert given["iterations"] == drawn["iterations"]
    assert given["parameters"]["init"] == "given"
    assert given["parameters"]["k"] == 3
    assert given["parameters"]["given"] == start.tolist()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["-k", "4", "--centroids", "1,2 3,4"], 2, "gives 2 centroids, and -k asks for 4"),
        (["--centroids", "1,2 3"], 2, "point 2 has 1 value and not 2"),
        (["--centroids", "nan,2"], 2, "not finite"),
        (["--centroids", "1,2,3"], 1, "gives 3 values for each point and needs 2 values"),
        (["--centroids", "none.csv"], 1, "none.csv cannot be read"),
        (["--centroids", "x,y: 1,2"], 1, "no column 'feature 1'"),
        (["--init", "given"], 1, "brings no start of its own"),
        (["--centroids", "1,2 " * 301], 1, "k = 301 clusters need 301 rows"),
    ],
)
def test_what_is_refused_in_one_sentence(words, code, said, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    try:
        ended = main(["run", "blobs", *words])
    except SystemExit as ending:
        ended = ending.code
    out, err = capsys.readouterr()
    assert (ended, out) == (code, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("rows", ["-3,4", "-3,4 -5,6", "-.5,1"])
def test_a_negative_number_may_come_first(rows, capsys):
    for words in (["--centroids", rows], [f"--centroids={rows}"], ["--add", rows]):
        assert main(["run", "blobs", *words, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        count = len(rows.split())
        assert found["parameters"]["k"] == (count if "centroids" in words[0] else 3)
        assert found["data"]["added"] == (count if words[0] == "--add" else 0)


def test_a_logarithm_needs_a_positive_value(capsys):
    assert main(["run", "iris", "--log", "petal length", "--centroids", "1,1 -1,2"]) == 1
    assert "log(petal length) is clustered" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "--init", "k-means++"], "--init k-means++ changes nothing"),
        (["run", "--seed", "7"], "--seed 7 changes nothing"),
        (["run", "--init", "farthest", "--seed", "7"], "farthest and --seed 7 changes nothing"),
        (["run", "-k", "2"], ""),
        (["run", "--seed", "7", "--empty", "random"], ""),
        (["compare", "--seed", "7"], ""),
        (["seeds", "--seeds", "0-1"], "seeds draws every start"),
        (["seeds", "--seeds", "0-1", "--init", "given"], "seeds draws every start"),
        (["elbow", "--k-max", "2", "--init", "given"], "elbow draws every start"),
        (["elbow", "--k-max", "2"], "elbow draws every start"),
    ],
)
def test_what_a_given_start_overrules_is_said(words, said, capsys):
    verb, *rest = words
    assert main([verb, "blobs:n=30", "--centroids", "1,2 3,4", *rest, "--json"]) == 0
    out, err = capsys.readouterr()
    assert said in err
    assert bool(err) == bool(said)
    found = json.loads(out)["parameters"]
    assert found["k"] == 2
    assert found["init"] == {"seeds": "random", "elbow": "k-means++"}.get(verb, "given")


def test_a_report_compares_the_given_start_with_drawn_ones(capsys):
    assert main(["report", "blobs", "--centroids", "0,0 -6,-6 5,2"]) == 0
    text = capsys.readouterr().out
    assert "**3 clusters**" in text
    assert "The given centroids lead to " in text
    assert "--centroids '0,0 -6,-6 5,2'" in text
    assert "kmeans-tui run blobs --centroids '0,0 -6,-6 5,2'" in text


def test_an_exported_run_keeps_its_given_start(tmp_path, capsys):
    words = ["export", "blobs:n=50", "--centroids", "0,0 -6,-6 5,2", "--out", str(tmp_path)]
    assert main([*words, "--what", "run,code,code.ipynb,centroids"]) == 0
    capsys.readouterr()
    found = recorded.open_recording(str(tmp_path / "run.json"))
    assert found.parameters["init"] == "given"
    assert found.history[0].centroids.tolist() == [[0, 0], [-6, -6], [5, 2]]
    code = next(tmp_path.glob("*.py")).read_text()
    assert "start = np.array([[0.0, 0.0], [-6.0, -6.0], [5.0, 2.0]])" in code
    assert "--centroids" in code
    # The centroids that a run ends with can start the next one, which then stands still.
    table = next(tmp_path.glob("centroids.csv"))
    again = document(capsys, "run", "blobs:n=50", "--centroids", str(table))
    assert again["updates"] == 1
    assert again["iterations"][1]["changed"] == 0


def test_asking_for_another_start_ends_a_given_one():
    options = options_of([[1, 2], [3, 4]])
    assert placing.released(options, {"tolerance": 0.0}) == {"tolerance": 0.0}
    assert placing.released(options, {"k": 2, "scale": "standard"}) == {"k": 2, "scale": "standard"}
    for change in ({"k": 3}, {"seed": 1}, {"features": ("1",)}, {"data": "iris"}):
        ended = {**change, "init": "random", "centroids": None}
        assert placing.released(options, change) == ended
    assert placing.released(options, {"init": "farthest"}) == {"init": "farthest"}
    assert placing.opened(options).init == "random"


def test_placing_centroids_makes_them_the_start():
    points = GivenPoints(((1.0, 2.0), (3.0, 4.0)))
    assert placing.released(Options(k=5), {"centroids": points}) == {
        "k": 2,
        "init": GIVEN,
        "centroids": points,
    }


def test_the_exercise_starts_as_it_is_set(capsys):
    found = document(capsys, "run", "eight", "--labels")
    assert found["parameters"]["init"] == "given"
    assert found["parameters"]["given"] == [[2, 10], [5, 8], [1, 2]]
    # As every textbook solves it: A1; A3, A4, A5, A6 and A8; A2 and A7.
    assert found["iterations"][0]["sizes"] == [1, 5, 2]
    assert found["labels"] == [0, 2, 1, 0, 1, 1, 2, 0]
    np.testing.assert_allclose(
        found["centroids"], [[11 / 3, 9], [7, 13 / 3], [1.5, 3.5]], rtol=1e-12
    )
    assert found["updates"] == 4
    # The flags choose another start, another k draws one.
    assert document(capsys, "run", "eight", "--init", "random")["parameters"]["init"] == "random"
    assert document(capsys, "run", "eight", "-k", "2")["parameters"]["init"] == "random"
    assert document(capsys, "run", "eight", "-k", "3")["parameters"]["init"] == "given"
    own = document(capsys, "run", "eight", "--centroids", "2,10 5,8 1,2")
    assert own["iterations"] == found["iterations"]
    # A row that is taken out is no point any more, and the start stays where it is.
    without = document(capsys, "run", "eight", "--without", "1")
    assert without["parameters"]["given"] == [[2, 10], [5, 8], [1, 2]]


def test_the_points_of_the_exercise_have_names(tmp_path, capsys):
    dataset = subject.load(Options("eight"))
    assert rows.find(dataset, "a5").tolist() == [4]
    assert rows.cells(dataset, 4) == (("x", "7"), ("y", "5"), ("point", "A5"))
    assert main(["export", "eight", "--what", "labels,code", "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    lines = (tmp_path / "labels.csv").read_text().splitlines()
    assert lines[0] == "x,y,point,cluster,distance,margin"
    assert lines[1].startswith("2,10,A1,1,")
    assert (
        "start = np.array([[2.0, 10.0], [5.0, 8.0], [1.0, 2.0]])"
        in next(tmp_path.glob("*.py")).read_text()
    )


def test_opening_data_brings_their_own_start():
    assert placing.opened(Options("eight")).init == GIVEN
    assert placing.opened(Options("eight", k=2)).init == "random"
    assert placing.opened(Options("blobs", init=GIVEN)).init == "random"
    assert placing.opened(Options("blobs", init="k-means++")).init == "k-means++"
    assert placing.opened(Options("eight", init="k-means++")).init == GIVEN
