"""A file with a column of weights gives what the file with its rows repeated gives, end to end."""

import csv
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from kmeans_tui.cli import main

NAMES = ("x", "y", "z")
KINDS = ("red", "green", "blue")


def rows_of(seed, n=48):
    """Rows in three groups, with a label."""
    rng = np.random.RandomState(seed)
    groups = rng.randint(3, size=n)
    values = np.round(rng.normal(size=(n, 3)) + 5 * groups[:, None], 3)
    return [[*row, KINDS[group]] for row, group in zip(values.tolist(), groups, strict=True)]


def written(path, rows, weights=None, unit=1):
    """Write a table with its weights, or with each row repeated as often as they say."""
    with open(path, "w", newline="") as file:
        table = csv.writer(file)
        table.writerow([*NAMES, "kind", *(["w"] if weights is not None else [])])
        for row, weight in zip(rows, weights or [1] * len(rows), strict=True):
            table.writerow([*row, *([weight / unit] if weights is not None else [])])


def repeated(rows, weights):
    return [row for row, times in zip(rows, weights, strict=True) for _ in range(times)]


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Whole weights 1, 2, 3 and the same rows repeated; halves and their doubles."""
    monkeypatch.chdir(tmp_path)
    rows = rows_of(1)
    whole = np.random.RandomState(2).choice([1, 2, 3], len(rows)).tolist()
    halves = np.random.RandomState(3).choice([1, 2, 4, 6], len(rows)).tolist()
    written("weighted.csv", rows, whole)
    written("repeated.csv", repeated(rows, whole))
    # 0.5, 1, 2 and 3, and twice as many copies.
    written("halves.csv", rows, halves, 2)
    written("doubled.csv", repeated(rows, halves))
    return whole, halves


def told(capsys, *words):
    capsys.readouterr()
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def both(capsys, command, *words):
    weighted = told(capsys, command, "weighted.csv", "--weights", "w", *words)
    return weighted, told(capsys, command, "repeated.csv", *words)


START = ("-k", "3", "--init", "k-means++", "--seed", "7")


def near(value, rel=1e-9):
    return None if value is None else pytest.approx(value, rel=rel, abs=1e-12)


@pytest.mark.parametrize("scale", ["none", "standard", "minmax", "robust"])
def test_the_run_is_that_of_repeated_rows(files, capsys, scale):
    whole, _ = files
    found, wanted = both(capsys, "run", *START, "--scale", scale, "--labels")
    assert found["centroids"] == [near(each) for each in wanted["centroids"]]
    assert found["stopped_by"] == wanted["stopped_by"]
    for one, two in zip(found["iterations"], wanted["iterations"], strict=True):
        assert one["inertia"] == near(two["inertia"])
        assert one["max_shift"] == near(two["max_shift"])
    assert repeated(found["labels"], whole) == wanted["labels"]
    # The sizes are numbers of rows.
    assert sum(found["sizes"]) == len(whole)


def test_fractions_are_those_of_twice_as_many_copies(files, capsys):
    _, halves = files
    found = told(capsys, "run", "halves.csv", "--weights", "w", *START, "--labels")
    wanted = told(capsys, "run", "doubled.csv", *START, "--labels")
    assert found["centroids"] == [near(each) for each in wanted["centroids"]]
    assert found["inertia"] == near(wanted["inertia"] / 2)
    assert repeated(found["labels"], halves) == wanted["labels"]
    one, two = (
        told(capsys, "elbow", *words, "--k-max", "4")
        for words in (("halves.csv", "--weights", "w"), ("doubled.csv",))
    )
    for found, wanted in zip(one["rows"], two["rows"], strict=True):
        assert found["best"] == near(wanted["best"] / 2)
        assert found["davies_bouldin"] == near(wanted["davies_bouldin"])


def test_the_elbow_is_that_of_repeated_rows(files, capsys):
    found, wanted = both(capsys, "elbow", "--k-max", "5")
    for one, two in zip(found["rows"], wanted["rows"], strict=True):
        for key in ("best", "silhouette", "calinski_harabasz", "davies_bouldin", "overlap"):
            assert one[key] == near(two[key]), key
        assert one["gap"] == near(two["gap"], 1e-6)
        assert sorted(one["weights"]) == near(sorted(two["sizes"]))
    for key in ("elbow", "silhouette", "calinski_harabasz", "davies_bouldin", "gap", "overlap"):
        assert found["choices"][key] == wanted["choices"][key]
    assert found["k"] == wanted["k"]


def test_seeds_and_census_are_those_of_repeated_rows(files, capsys):
    words = ("-k", "4", "--init", "k-means++", "--seeds", "0-5", "--census", "20")
    found, wanted = both(capsys, "seeds", *words)
    assert [row["inertia"] for row in found["rows"]] == near([r["inertia"] for r in wanted["rows"]])
    assert [(each["count"], each["first_seed"]) for each in found["optima"]] == [
        (each["count"], each["first_seed"]) for each in wanted["optima"]
    ]
    assert found["sentence"] == wanted["sentence"]


def test_rules_and_ladder_are_those_of_repeated_rows(files, capsys):
    found, wanted = both(capsys, "rules", *START)
    assert [each["conditions"] for each in found["rules"]] == [
        each["conditions"] for each in wanted["rules"]
    ]
    assert found["share"] == near(wanted["share"])
    assert [each["weight"] for each in found["rules"]] == [each["rows"] for each in wanted["rules"]]
    found, wanted = both(capsys, "ladder", "--k-max", "4")
    for one, two in zip(found["ladder"], wanted["ladder"], strict=True):
        assert sorted(one["weights"]) == near(sorted(two["sizes"]))


def test_stability_and_comparison_know_the_weights(files, capsys):
    found = told(capsys, "stability", "weighted.csv", "--weights", "w", *START, "--resamples", "6")
    assert sum(each["weight"] for each in found["clusters"]) == near(sum(files[0]))
    assert sum(each["size"] for each in found["clusters"]) == len(files[0])
    found, wanted = both(capsys, "compare", *START)
    assert found["agreement"] == 1.0
    assert found["scikit_learn"]["inertia"] == near(found["ours"]["inertia"])
    assert found["ours"]["inertia"] == near(wanted["ours"]["inertia"])


def exported(*words, what, out):
    assert main(["export", *words, "--what", what, "--out", out]) == 0


def table(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_the_exports_are_those_of_repeated_rows(files, capsys, tmp_path):
    whole, _ = files
    what = "labels,centroids,run,code,pipeline,rules.txt,player,iteration"
    exported("weighted.csv", "--weights", "w", *START, what=what, out="a")
    exported("repeated.csv", *START, what="labels,centroids,run", out="b")
    labels, plain = table("a/labels.csv"), table("b/labels.csv")
    assert [float(row["w"]) for row in labels] == whole
    assert repeated([row["cluster"] for row in labels], whole) == [row["cluster"] for row in plain]
    for one, two in zip(table("a/centroids.csv"), table("b/centroids.csv"), strict=True):
        assert float(one["weight"]) == float(two["size"])
        assert float(one["share"]) == near(int(two["size"]) / sum(whole))
        assert float(one["inertia"]) == near(float(two["inertia"]))
        assert float(one["x"]) == near(float(two["x"]))
    run = told(capsys, "run", "weighted.csv", "--weights", "w", *START, "--labels")
    again = told(capsys, "run", "a/run.json", "--labels")
    assert (again["inertia"], again["labels"]) == (run["inertia"], run["labels"])
    # Labels of the recording alone, without its table, still show the weights.
    exported("a/run.json", what="labels,centroids", out="c")
    assert [float(row["w"]) for row in table("c/labels.csv")] == whole
    assert table("c/centroids.csv") == table("a/centroids.csv")
    text = (tmp_path / "a" / "rules.txt").read_text()
    assert "by weight" in text
    page = (tmp_path / "a" / "player.html").read_text()
    assert "weights w" in page


def test_the_exported_script_gives_the_same_labels_and_inertia(files, capsys, tmp_path):
    for init in ("k-means++", "random"):
        words = ("halves.csv", "--weights", "w", "-k", "3", "--init", init, "--seed", "7")
        exported(*words, what="code", out=init)
        run = told(capsys, "run", *words, "--labels")
        path = tmp_path / init / "kmeans_run.py"
        path.write_text(path.read_text() + '\nprint(history[-1]["labels"].tolist())\n')
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-I", path.name], cwd=path.parent, env=kept, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        said, labels = done.stdout.splitlines()
        assert float(said.rpartition(" ")[2]) == near(run["inertia"])
        assert said.startswith(f"{run['updates']} updates")
        assert json.loads(labels) == run["labels"]


def test_new_rows_are_assigned_and_counted_by_weight(files, capsys):
    exported("weighted.csv", "--weights", "w", *START, what="run", out="a")
    exported("repeated.csv", *START, what="run", out="b")
    fresh = rows_of(9, 30)
    weights = np.random.RandomState(9).choice([1, 2, 3], 30).tolist()
    written("new.csv", fresh, weights)
    written("many.csv", repeated(fresh, weights))
    written("bare.csv", fresh)
    found = told(capsys, "assign", "a/run.json", "new.csv")
    wanted = told(capsys, "assign", "b/run.json", "many.csv")
    for one, two in zip(found["clusters"], wanted["clusters"], strict=True):
        for key in ("share_then", "share_now", "threshold"):
            assert one[key] == near(two[key]), key
        assert (one["weight_then"], one["weight_now"]) == (two["rows_then"], two["rows_now"])
    assert found["mean_distance"] == near(wanted["mean_distance"])
    for one, two in zip(found["drift"], wanted["drift"], strict=True):
        assert one["moved"] == near(two["moved"])
    assert found["assigned"] == 30
    bare = told(capsys, "assign", "a/run.json", "bare.csv")
    assert any("no column w: its rows count alike" in each for each in bare["remarks"])
    assert [each["share_then"] for each in bare["clusters"]] == [
        each["share_then"] for each in found["clusters"]
    ]


def test_two_recordings_are_compared_by_weight(files, capsys):
    exported("weighted.csv", "--weights", "w", *START, what="run", out="a")
    exported("repeated.csv", *START, what="run", out="b")
    found = told(capsys, "compare", "a/run.json", "--pair", "file:b/run.json")
    for each in found["change"]["shares"] if "change" in found else found["shares"]:
        assert each["share_then"] == near(each["share_now"])


def test_texts_say_weights(files, capsys):
    assert main(["run", "weighted.csv", "--weights", "w", *START]) == 0
    text = capsys.readouterr().out
    heads = next(line for line in text.splitlines() if line.lstrip().startswith("cluster "))
    assert heads.split()[:4] == ["cluster", "size", "weight", "share"]
    assert main(["report", "weighted.csv", "--weights", "w", *START[:2]]) == 0
    text = capsys.readouterr().out
    assert "(weight " in text


def test_a_column_of_weights_that_holds_text_in_the_new_table_is_refused(files, capsys):
    exported("weighted.csv", "--weights", "w", *START, what="run", out="a")
    with open("odd.csv", "w") as file:
        file.write("x,y,z,w\n1,2,3,many\n2,3,4,few\n3,4,5,none at all\n")
    capsys.readouterr()
    assert main(["assign", "a/run.json", "odd.csv"]) == 1
    said = capsys.readouterr().err
    assert "column w of odd.csv is text" in said
    assert "Traceback" not in said
