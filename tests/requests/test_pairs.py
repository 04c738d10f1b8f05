"""Pairs of runs: every kind of the table is read, run, matched and told."""

import json
from dataclasses import replace

import numpy as np
import pytest

from kmeans_tui.analysis.matching import agreement
from kmeans_tui.analysis.resampling import clustered
from kmeans_tui.argument_types import resample
from kmeans_tui.cli import main
from kmeans_tui.clustering import kernels
from kmeans_tui.command import GIVEN, Options
from kmeans_tui.given_points import GivenPoints
from kmeans_tui.pair_kinds import KINDS, MINI_BATCH, PROGRAMS, RESAMPLE, another_second
from kmeans_tui.requests import answers, fit, pairs, subject
from tests.data.reading.test_files import document


def run(text, options):
    options = replace(options, pair=text)
    asked = pairs.read(options)
    return asked, pairs.run(asked, options, subject.load(options))


VARYING = [kind for kind in KINDS if not kind.recording and kind.name != RESAMPLE]


@pytest.mark.parametrize("kind", VARYING, ids=lambda kind: kind.name)
def test_every_kind_varies_its_option_and_nothing_else(kind):
    options = Options("iris", k=3, seed=3, pair=kind.example)
    asked = pairs.read(options)
    values = {getattr(each, kind.option) for each in (asked.first, asked.second)}
    assert len(values) == 2
    same = {kind.option: getattr(options, kind.option)}
    for each in (asked.first, asked.second):
        assert Options(**{**vars(each), **same}) == options
    found = pairs.run(asked, options, subject.load(options))
    for side, chosen in ((found.first, asked.first), (found.second, asked.second)):
        dataset = subject.load(chosen)
        alone = fit.model(chosen, dataset).fit(dataset.points).history
        np.testing.assert_array_equal(side.dataset.points, dataset.points)
        assert len(side.history) == len(alone)
        np.testing.assert_array_equal(side.history[-1].labels, alone[-1].labels)
    assert found.sentence.startswith("They ")
    assert found.sentence.count(".") >= 1


@pytest.mark.parametrize(
    "text",
    ["", "seeds", "seeds:", "seeds:1", "seeds:1,1", "seeds:1,2,3", "seeds:a,b", "seeds:-1,2",
     "init:random,best", "scale:none", "k:0,2", "tolerance:nan,1", "without:", "without:0",
     "nothing:1,2", "swap:", "swap:1", "swap:0,1", "SEEDS:0,1", "k:2,\x1b[31m", "x" * 5000,
     "file:", "file: "],
)  # fmt: skip
def test_what_is_no_pair(text, capsys):
    with pytest.raises(SystemExit) as ending:
        main(["compare", "blobs", "--pair", text])
    out, err = capsys.readouterr()
    assert (ending.value.code, out, err.count("\n")) == (2, "", 1)
    assert err.rstrip("\n").isprintable()
    assert len(err) < 400


@pytest.mark.parametrize("text", ["resample:17", "resample:4:halves"])
@pytest.mark.parametrize("data", ["iris", "blobs:n=5000"])
def test_a_resample_beside_the_data_is_that_of_the_stability(text, data):
    options = Options(data, k=3, seed=3, init="k-means++", scale="standard", pair=text)
    dataset = subject.load(options)
    found = pairs.run(pairs.read(options), options, dataset)
    number, way = resample(text.partition(":")[2])
    clustering = answers.clustering(options, dataset)
    own, other = (clustered(dataset.points, clustering, [each], way)[0] for each in (0, number))
    for side, expected in ((found.first, own), (found.second, other)):
        np.testing.assert_array_equal(side.dataset.points, dataset.points[expected.rows])
        np.testing.assert_allclose(side.history[-1].centroids, expected.centroids, atol=1e-9)
    assert (found.second.dataset.row_numbers == other.rows + 1).all()
    # A row that was drawn several times is there once.
    assert len(found.rows) == len(set(other.rows.tolist()))
    assert (other.rows[found.rows[:, 1]] == found.rows[:, 0]).all()
    # Shown where it is in the data: nothing is estimated anew.
    np.testing.assert_allclose(found.second.dataset.shown(), dataset.shown()[other.rows])


def test_two_seeds_part_where_their_labels_do():
    _, found = run("seeds:0,1", Options("blobs", k=3))
    first, second = found.first.history, found.second.history
    # The seeds of the article: one finds the best result, the other does not.
    assert round(float(first[-1].inertia), 2) == 362.79
    assert round(float(second[-1].inertia), 2) == 5481.69
    for i, count in enumerate(found.apart):
        ours = first[min(i, len(first) - 1)].labels
        theirs = second[min(i, len(second) - 1)].labels
        assert count == (ours != found.numbers[theirs]).sum()
    assert found.parted_at == np.flatnonzero(found.apart)[0]
    assert found.agreement == pytest.approx(agreement(first[-1].labels, second[-1].labels, 3))
    assert len(found.disputed) == found.apart[-1]
    assert "each seed draws its own centroids" in found.sentence
    assert found.verdict.endswith("seed 0 is better")


def test_a_tolerance_parts_where_it_stops():
    # Seed 4 takes 14 updates.
    _, found = run("tolerance:3,0", Options("blobs", k=3, seed=4))
    early, late = found.first.history.iterations, found.second.history.iterations
    assert early < late
    assert found.parted_at > early
    assert f"tolerance 3 has stopped after {early} update" in found.sentence


def test_rows_are_matched_by_their_numbers():
    points = GivenPoints(((0.0, 0.0), (-6.0, -6.0), (5.0, 2.0)))
    options = Options("outlier", k=3, init=GIVEN, centroids=points, without=(2,))
    asked, found = run("without:301,7", options)
    assert asked.second.without == (2, 7, 301)
    assert len(found.rows) == 298
    for ours, theirs in found.rows:
        assert found.first.dataset.row_numbers[ours] == found.second.dataset.row_numbers[theirs]
    assert not found.comparable
    assert "cannot be compared" in found.verdict


def test_more_clusters_are_matched_as_far_as_they_go():
    for text in ("k:2,4", "k:4,2"):
        _, found = run(text, Options("blobs", seed=2))
        k, other = found.first.history.k, found.second.history.k
        assert len(set(found.numbers.tolist())) == other
        assert sum(number < k for number in found.numbers) == 2
        assert "better" not in found.verdict


def test_mini_batches_start_like_all_points_and_are_recorded():
    _, found = run("mini-batch", Options("blobs", k=3, seed=0, max_iterations=40))
    points = found.first.dataset.points
    first, second = found.first.history, found.second.history
    np.testing.assert_array_equal(first[0].centroids, second[0].centroids)
    assert found.apart[0] == 0
    assert second.iterations <= 40
    for snapshot in second:
        labels, inertia = kernels.assign(points, snapshot.centroids)
        np.testing.assert_array_equal(snapshot.labels, labels)
        assert snapshot.inertia == pytest.approx(inertia)
        assert snapshot.sizes.tolist() == np.bincount(labels, minlength=3).tolist()
    again = run("mini-batch", Options("blobs", k=3, seed=0, max_iterations=40))[1]
    np.testing.assert_array_equal(again.second.history[-1].centroids, second[-1].centroids)


def test_a_given_start_ends_where_the_pair_draws_others():
    points = GivenPoints(((1.0, 2.0), (3.0, 4.0)))
    options = Options("blobs", k=2, init=GIVEN, centroids=points)
    assert pairs.read(replace(options, pair="seeds:0,1")).first.init == "random"
    assert pairs.read(replace(options, pair="init:random,farthest")).second == Options(
        "blobs", k=2, init="farthest", pair="init:random,farthest"
    )
    assert pairs.read(replace(options, pair="scale:none,standard")).second.centroids == points


def test_the_document_and_the_text_of_a_pair(capsys):
    found = document(capsys, "compare", "blobs", "--pair", "seeds:0,1")
    assert {"first", "second", "parted_at", "agreement", "verdict", "sentence"} <= set(found)
    assert (found["first"]["name"], found["second"]["name"]) == ("seed 0", "seed 1")
    assert found["first"]["parameters"]["random_state"] == 0
    assert found["second"]["parameters"]["random_state"] == 1
    for side in ("first", "second"):
        assert len(found[side]["inertias"]) == found[side]["updates"] + 1
    assert main(["compare", "blobs", "--pair", "seeds:0,1"]) == 0
    text = capsys.readouterr().out
    assert found["sentence"] in text
    assert found["verdict"] in text
    assert main(["compare", "blobs", "--pair", "without:1-300"]) == 1
    assert "takes out every row" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "start"), [(text, row[0]) for text, row in PROGRAMS.items()])
def test_the_comparison_with_scikit_learn_is_a_pair_too(capsys, text, start):
    assert pairs.read(Options(pair=text)) is None
    found = document(capsys, "compare", "blobs:n=60", "--pair", text)
    assert (found["pair"], found["start"]) == (text, start)
    assert main(["compare", "blobs:n=60", "--pair", text]) == 0
    assert PROGRAMS[text][1] in capsys.readouterr().out


def test_what_is_offered_fits_the_present_run():
    options = Options("blobs", seed=7, init="farthest", tolerance=0.5)
    dataset = subject.load(options)
    found = [text for text, _ in pairs.offered(options, dataset, 17)]
    assert {"seeds:7,8", "init:farthest,random", "k:3,4", "tolerance:0,0.5", "without:17",
            MINI_BATCH, *PROGRAMS} <= set(found)  # fmt: skip
    # Those that vary an option, the resample, and mini-batches.
    assert len(set(found)) == len(PROGRAMS) + len(VARYING) + 2
    for text in found:
        pairs.read(replace(options, pair=text))
    without = [text for text, _ in pairs.offered(options, dataset, None)]
    assert without == [text for text in found if text != "without:17"]


@pytest.mark.parametrize(
    ("text", "option", "by", "after"),
    [
        ("seeds:0,1", "seed", 1, "seeds:0,2"),
        ("seeds:3,2", "seed", 1, "seeds:3,4"),
        ("seeds:3,4", "seed", -1, "seeds:3,2"),
        ("seeds:0,1", "seed", -1, None),
        ("k:2,3", "k", 1, "k:2,4"),
        ("k:1,2", "k", -1, None),
        ("k:2,3", "seed", 1, None),
        ("without:17", "seed", 1, None),
        (MINI_BATCH, "seed", 1, None),
        ("scikit-learn", "seed", 1, None),
    ],
)
def test_the_second_value_goes_on_and_passes_over_the_first(text, option, by, after):
    assert another_second(text, option, by) == after


@pytest.mark.parametrize("text", ["seeds:0,1", MINI_BATCH, "scikit-learn"])
def test_stopped_work_has_no_answer(text):
    options = Options("blobs:n=60", pair=text)
    dataset = subject.load(options)
    for most in range(4):
        heard = []

        def listen(said, heard=heard, most=most):
            heard.append(said)
            return len(heard) <= most

        assert pairs.compared(options, dataset, listen) is None
        assert len(heard) <= most + 2
    rows = []
    assert pairs.compared(options, dataset, lambda said: rows.append(said.row))
    assert sum(row is not None for row in rows) == 2


def test_both_sides_of_standard_input_are_read_once(capsys, monkeypatch, tmp_path):
    import subprocess
    import sys

    cells = "x,y\n" + "".join(f"{i % 7},{i % 5}\n" for i in range(40))
    done = subprocess.run(
        [sys.executable, "-m", "kmeans_tui", "compare", "-", "--pair", "without:17", "--json"],
        input=cells, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert json.loads(done.stdout)["rows"] == 39


@pytest.mark.parametrize("text", ["k:2,500", "k:500,2"])
def test_too_many_clusters_are_refused_by_the_name_of_the_data(capsys, text):
    assert main(["compare", "blobs", "--pair", text]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "blobs has 300 rows" in said
