"""Small tables that went wrong, through the command line: what must come out."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from kmeans_tui.cli import main

CASES = Path(__file__).parent / "cases"


def said(capsys, command, name, *words):
    assert main([command, str(CASES / name), *words]) == 0
    return capsys.readouterr().out


def document(capsys, *words):
    return json.loads(said(capsys, *words, "--json"))


def written(tmp_path, X):
    path = tmp_path / "table.csv"
    names = ",".join(f"c{i}" for i in range(X.shape[1]))
    np.savetxt(path, X, delimiter=",", header=names, comments="", fmt="%.17g")
    return str(path)


def test_times_in_milliseconds(capsys):
    found = document(capsys, "elbow", "timestamps_ms.csv", "--k-max", "5")
    assert [round(row["silhouette"], 2) for row in found["rows"][1:3]] == [0.76, 0.86]
    assert set(found["choices"].values()) == {3}


def test_small_units(capsys):
    words = ("small_units.csv", "-k", "3", "--init", "k-means++", "--seed", "42")
    found = document(capsys, "run", *words)
    assert f"{found['inertia']:.4g}" == "5.823e-09"
    assert found["updates"] == 7
    assert 0 < found["parameters"]["effective_tolerance"] < 1e-9
    assert found["parameters"]["tolerance"] == 1e-4
    text = said(capsys, "run", *words, "--tolerance", "0.1")
    assert re.search(r"as far as the tolerance, [\d.]+e-07", text)


def test_perfect_clusters(capsys):
    found = document(capsys, "elbow", "perfect_integer_clusters.csv", "--k-max", "5")
    assert set(found["choices"].values()) == {3}
    row = found["rows"][2]
    assert (row["perfect"], row["davies_bouldin"], row["silhouette"]) == (True, 0, 1)
    text = said(capsys, "elbow", "perfect_integer_clusters.csv", "--k-max", "5")
    assert "k = 3: all 6 criteria agree (3 k-means++ starts for each k)" in text


def test_equal_optima(capsys):
    found = document(capsys, "seeds", "grid_equal_optima.csv", "-k", "2", "--census", "200")
    assert "fails here 19 times in 100" in found["sentence"]
    assert [each["inertia"] for each in found["optima"]] == [1025, 1050, 1100]


def test_the_best_of_the_report(capsys):
    text = said(capsys, "report", "report_best.csv")
    assert "The best clustering found (seed 2) has inertia 58300.4." in text
    assert "| 58300.4 | 68 | 68.0% | 2 |" in text
    assert "A single k-means++ start fails here 32 times in 100" in text
    assert "The results of 100 k-means++ starts" in text
    assert "| 6 | 58300.4 |" in text.replace("**", "")
    text = said(capsys, "report", "report_best.csv", "--no-improve")
    assert "the best of 3 k-means++ starts for each k; more starts found 58300.4" in text
    text = said(capsys, "report", "report_best.csv", "--init", "random", "-k", "6")
    assert "A single random start fails here" in text
    found = document(capsys, "seeds", "report_best.csv", "-k", "6", "--init", "k-means++")
    assert (found["best_seed"], found["optima"][0]["first_seed"]) == (2, 2)


def test_a_wide_table(capsys):
    found = document(capsys, "elbow", "wide.csv", "--k-max", "5", "--runs", "1")
    assert all(row["gap"] is not None for row in found["rows"])


@pytest.mark.parametrize("command", ["elbow", "run", "seeds", "compare", "report"])
@pytest.mark.parametrize("big", [1e100, 1e149])
@pytest.mark.parametrize("mixed", ["rows", "columns", "groups"])
def test_huge_and_tiny_values_together(capsys, tmp_path, command, big, mixed):
    rng = np.random.RandomState(0)
    X = {
        "rows": np.vstack([rng.normal(size=(20, 2)) * big, rng.normal(size=(20, 2)) / big]),
        "columns": np.column_stack([rng.normal(size=40) * big, rng.normal(size=40) / big]),
        "groups": np.repeat([[big, 1 / big], [-big, 2 / big], [0, big / 2]], 10, axis=0),
    }[mixed]
    words = [command, written(tmp_path, X), *([] if command == "report" else ["--json"])]
    assert main(words) in (0, 1)
    out, err = capsys.readouterr()
    assert out or err.startswith("kmeans-tui: ")
    if out and command != "report":
        json.loads(out)


@pytest.mark.parametrize("command", ["elbow", "run", "seeds", "compare", "report"])
def test_squares_that_underflow_end_in_a_sentence(capsys, tmp_path, command):
    X = np.random.RandomState(0).normal(size=(20, 2)) * 1e-170
    assert main([command, written(tmp_path, X)]) == 1
    err = capsys.readouterr().err
    assert "too little to square; multiply all by a constant first" in err
    assert err.count("\n") == 1


def test_a_centroid_of_logs(capsys, tmp_path):
    words = ("decides_alone.csv", "--log", "Milk", "-k", "3")
    text = said(capsys, "run", *words)
    line = next(line for line in text.splitlines() if line.startswith("Milk (geometric mean)"))
    assert float(line.split()[-3]) == pytest.approx(11785.59)
    assert "Milk (mean)" in text
    assert "a centroid is the mean of these logs, converted back" in text
    found = document(capsys, "run", *words)
    assert found["geometric_means"] == ["Milk"]
    assert found["means"][0][3] == pytest.approx(15236.967213)
    report = said(capsys, "report", *words, "--k-max", "3", "--runs", "1")
    assert "| centroid (geometric mean) |" in report
    said(capsys, "export", *words, "--what", "centroids", "--out", str(tmp_path))
    head = (tmp_path / "centroids.csv").read_text().splitlines()[0].split(",")
    assert "Milk (geometric mean)" in head
    assert head[-1] == "Milk (mean)"
