"""--improve at the shell: every command goes on by swaps, and says so."""

import json

import numpy as np
import pytest

from kmeans_tui import KMeans, load_data
from kmeans_tui.cli import main

RUN = ("blobs", "-k", "6", "--seed", "3")


def said(capsys, *words):
    assert main([*words]) == 0
    return capsys.readouterr().out


def document(capsys, *words):
    return json.loads(said(capsys, *words, "--json"))


def test_a_run_goes_on(capsys):
    plain = document(capsys, "run", *RUN)
    found = document(capsys, "run", *RUN, "--improve")
    assert found["iterations"][: plain["updates"] + 1] == plain["iterations"]
    assert found["inertia"] < plain["inertia"]
    swaps = [each for row in found["iterations"] for each in row["events"]]
    assert {each["kind"] for each in swaps} == {"swap"}
    first = swaps[0]
    assert first["iteration"] == plain["updates"] + 1
    assert first["inertia_before"] == plain["inertia"]
    assert first["inertia_after"] < first["inertia_before"]
    assert swaps[-1]["inertia_after"] == found["inertia"]
    assert (plain["parameters"]["improve"], found["parameters"]["improve"]) == (False, True)
    assert plain["swaps_tried_in_vain"] is None
    assert found["swaps_tried_in_vain"] > 0
    text = said(capsys, "run", *RUN, "--improve")
    assert "swap 1: centroid " in text
    assert f"{len(swaps)} swaps, no other helps ({found['swaps_tried_in_vain']} tried)" in text
    assert "for a few iterations the inertia may be higher than before the swap" in text


def test_a_saved_run_goes_on_and_comes_back(capsys, tmp_path):
    for folder, improve in (("plain", False), ("improved", True)):
        words = ["export", *RUN, "--what", "run", "--out", str(tmp_path / folder)]
        assert main([*words, *["--improve"] * improve]) == 0
        model = KMeans(6, random_state=3, improve=improve).fit(load_data("blobs").points)
        model.history.save(tmp_path / folder / "run.npz", load_data("blobs").points)
    capsys.readouterr()
    assert len([*tmp_path.rglob("*.*")]) == 4
    whole = document(capsys, "run", *RUN, "--improve")
    for path in tmp_path.rglob("*.*"):
        words = ("--improve",) if path.parent.name == "plain" else ()
        found = document(capsys, "run", str(path), *words)
        assert found["iterations"] == whole["iterations"]
        assert found["swaps_tried_in_vain"] == whole["swaps_tried_in_vain"]
        assert found["parameters"]["improve"] is True


def test_seeds_and_compare(capsys):
    plain = document(capsys, "seeds", "blobs", "-k", "6", "--census", "9")
    found = document(capsys, "seeds", "blobs", "-k", "6", "--census", "9", "--improve")
    pairs = zip(plain["rows"], found["rows"], strict=True)
    assert all(better["inertia"] <= row["inertia"] for row, better in pairs)
    assert found["worst"] < plain["worst"]
    X = load_data("blobs").points
    for row in found["rows"]:
        model = KMeans(6, random_state=row["seed"], improve=True).fit(X)
        assert row["inertia"] == pytest.approx(model.history.inertia[-1], rel=1e-12)
        assert row["updates"] == model.iterations
    beside = document(capsys, "compare", *RUN, "--improve")
    assert beside["ours"]["inertia"] < beside["scikit_learn"]["inertia"]
    pair = document(capsys, "compare", *RUN, "--pair", "swap")
    assert pair["second"]["inertia"] < pair["first"]["inertia"]
    assert pair["parted_at"] == pair["first"]["updates"] + 1


def test_the_elbow_improves_unless_told_not_to(capsys):
    words = ("elbow", "iris", "--scale", "none", "--k-max", "7", "--runs", "1")
    found, plain = document(capsys, *words), document(capsys, *words, "--no-improve")
    pairs = list(zip(plain["rows"], found["rows"], strict=True))
    assert all(better["best"] <= row["best"] for row, better in pairs)
    assert any(better["swaps"] for _, better in pairs)
    assert {row["swaps"] for row, _ in pairs} == {None}
    assert ", then swaps" in said(capsys, *words)
    assert "swaps" not in said(capsys, *words, "--no-improve")


def test_the_article_never_improves_unless_asked(capsys):
    words = ("elbow", "blobs", "--k-max", "5", "--runs", "2", "--init", "article")
    plain, never = document(capsys, *words), document(capsys, *words, "--no-improve")
    assert plain["rows"] == never["rows"]
    asked = document(capsys, *words, "--improve")
    assert all(row["swaps"] is not None for row in asked["rows"])
    # A single run of such a start is as plain as any.
    single = document(capsys, "run", "blobs", "-k", "4", "--init", "warm")
    assert single["swaps_tried_in_vain"] is None


def test_the_best_run_of_an_improved_row_can_be_repeated():
    from kmeans_tui.analysis.sweep import sweep

    X, swaps = load_data("blobs").points, 0
    for init in ("random", "warm", "article"):
        found = sweep(X, 7, 2, init=init, criteria=False, improve=True)
        swaps += sum(row.run.swaps or 0 for row in found.rows)
        for row in found.rows:
            model = found.model(row.k).fit(X)
            assert model.history.inertia[-1] == pytest.approx(row.best, rel=1e-12)
            np.testing.assert_array_equal(model.labels, row.run.labels)
            assert len(model.history.swaps) == row.run.swaps
            assert model.iterations == row.run.updates
    assert swaps


def test_the_report_names_the_swaps_and_how_to_repeat_them(capsys):
    words = ("report", "blobs", "-k", "6", "--init", "random", "--runs", "1", "--k-max", "6")
    found = said(capsys, *words)
    assert "the best of 1 random start, then of swaps," in found
    (line,) = (each for each in found.splitlines() if each.startswith("kmeans-tui run"))
    assert "--improve" in line
    again = document(capsys, *line.split()[1:])
    assert f"has inertia {again['inertia']:.6g}" in found
    plain = said(capsys, *words, "--no-improve")
    assert "swaps" not in plain
