"""What other commands make of a run on points that stay on disk, and of its recording."""

import csv
import json

import numpy as np
import pytest

from kmeans_tui.cli import main


@pytest.fixture
def table(tmp_path, monkeypatch):
    """3,000 rows with gaps, weights and names, in a notation of its own; the cache is empty."""
    monkeypatch.setenv("KMEANS_TUI_CACHE", str(tmp_path / "cache"))
    draw = np.random.RandomState(1)
    centres = np.array([[0.0, 1.0], [9.0, 1.0], [0.0, 9.5]])
    X = np.abs(draw.normal(size=(3000, 2)) + centres[draw.randint(3, size=3000)]) + 1
    lines = [f"{x:.4f};{y:.4f};{i % 3};n{i}" for i, (x, y) in enumerate(X.tolist())]
    for i in range(10, 3000, 50):
        lines[i] = f";{lines[i].partition(';')[2]}"
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["x;y;w;name", *lines]).replace(".", ",") + "\n")
    return path


def given(table, *more, where="stream"):
    return [str(table), "-k", "3", "--init", "farthest", "--where", where, "--display-rows",
            "100", "--features", "x,y", *more]  # fmt: skip


def recorded(table, folder, *more, where="stream"):
    words = given(table, *more, "--out", str(folder), where=where)
    assert main(["export", *words, "--what", "run,centroids"]) == 0
    return json.loads((folder / "run.json").read_text())


def test_the_files_of_a_run_say_the_same_wherever_its_points_are(table, tmp_path, capsys):
    options = ("--weights", "w", "--missing", "median", "--log", "x")
    start = ("--centroids", "2,2 9,2 2,9")
    disk = recorded(table, tmp_path / "disk", *options, *start)
    whole = recorded(table, tmp_path / "memory", *options, *start, where="memory")
    assert disk["weights"] == whole["weights"]
    assert disk["preparation"]["medians"] == whole["preparation"]["medians"]
    for each in ("missing", "reading"):
        assert disk["recording"][each] == whole["recording"][each]
    ours, theirs = (
        list(csv.DictReader((tmp_path / each / "centroids.csv").open())) for each in (
            "disk", "memory")
    )  # fmt: skip
    for cluster, other in zip(ours, theirs, strict=True):
        for name in ("size", "weight", "share", "y", "x (geometric mean)"):
            assert float(cluster[name]) == pytest.approx(float(other[name]), rel=1e-12)
        assert not cluster["inertia"]
        assert "x (mean)" not in cluster
    capsys.readouterr()
    found = []
    for each in ("disk", "memory"):
        run = tmp_path / each / "run.json"
        assert main(["assign", str(run), str(table), "--out", str(tmp_path / f"{each}.csv")]) == 0
        said = capsys.readouterr()
        found.append([row["cluster"] for row in csv.DictReader((tmp_path / f"{each}.csv").open())])
        assert "60 rows with a missing value: filled with the medians of t.csv." in said.err
        told = "Means, distances and what is far then are those of 100 of the run's 2,000 rows."
        assert (told in said.err) == (each == "disk")
        assert "Columns" not in said.err
        for cluster in disk["weights"]:
            assert f"{cluster:,.0f}" in said.err
    assert found[0] == found[1]
    assert len(found[0]) == 3000


def test_a_recorded_run_on_more_rows_is_not_improved(table, tmp_path, capsys):
    recorded(table, tmp_path / "out")
    run = str(tmp_path / "out" / "run.json")
    capsys.readouterr()
    assert main(["run", run, "--improve"]) == 1
    assert capsys.readouterr().err == (
        "kmeans-tui: this run is of 2,940 rows, of which 100 were recorded: centroids cannot be "
        "swapped among them; leave --improve out\n"
    )
    # Another run is one of these rows alone.
    assert main(["run", run, "-k", "2", "--improve"]) == 0


@pytest.mark.parametrize("again", [False, True])
def test_farthest_rows_and_rules_are_of_the_rows_on_display(table, tmp_path, capsys, again):
    words = given(table)
    if again:
        recorded(table, tmp_path / "out")
        words = [str(tmp_path / "out" / "run.json")]
        capsys.readouterr()
    assert main(["farthest", *words, "--rows", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["farthest"]) == 2
    assert found["without"] is None
    assert main(["rules", *words]) == 0
    assert "rows on display into their cluster" in capsys.readouterr().out


def test_a_report_names_commands_that_can_be_run(table, tmp_path, capsys):
    words = given(table, "--runs", "1", "--k-max", "4")
    assert main(["report", *words, "--out", str(tmp_path / "r.md")]) == 0
    text = (tmp_path / "r.md").read_text()
    assert "each part of it again, but a run is of all 2,940 rows; the last" in text
    (run,) = (line for line in text.splitlines() if "kmeans-tui run " in line)
    assert "--improve" not in run


def test_draws_are_told_of_points_in_memory_only(table, capsys):
    words = given(table, "--draws")
    assert main(["run", *words]) == 0
    assert "the draws of a start are shown of points in memory only" in capsys.readouterr().out


def test_rows_of_another_width_are_counted_once(table, capsys):
    with table.open("a") as file:
        file.write("1;2\n1;2;3;4;5\n")
    assert main(["run", *given(table, "--json")]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert "2 rows dropped for the wrong number of cells." in notes
    assert "60 rows of 3,002 had missing values and were dropped." in notes
