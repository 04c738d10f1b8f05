"""Questions about the next half step: the right answer is what the history says."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tui import load_data
from kmeans_tui.analysis import prediction
from kmeans_tui.analysis.prediction import judge, questions
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.data.dataset import Dataset


def fitted(seed, n=60, k=3, d=2, **fields):
    rng = np.random.RandomState(seed)
    table = rng.normal(size=(n, d)) * (1 + np.arange(d)) + rng.randint(0, 4, size=(n, 1))
    dataset = Dataset("cloud", table, tuple("abcdef"[:d]))
    model = KMeans(k=k, random_state=seed, **fields).fit(dataset.points)
    return dataset, model.history


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1), st.integers(4, 80), st.integers(1, 12), st.integers(1, 4),
    st.sampled_from(["random", "k-means++", "partition"]), st.sampled_from([1, 3, 100]),
)  # fmt: skip
def test_the_right_answer_is_what_the_history_says(seed, n, k, d, init, limit):
    k = min(k, n)
    dataset, history = fitted(seed, n, k, d, init=init, max_iterations=limit)
    found = questions(dataset, history, seed)
    assert len(found) <= prediction.MOST
    assert len({each.about for each in found}) == len(found)
    assert not any(a.trivial and b.trivial for a, b in pairwise(found))
    inertia = history.half_step_inertia
    for asked in found:
        i = asked.position // 2
        assert asked.position < asked.shows <= 2 * history.iterations + 1
        if asked.kind == "cluster":
            assert asked.position % 2 == 0
            assert asked.answer == history.labels(i)[asked.row]
            away = np.linalg.norm(history[i].centroids - dataset.points[asked.row], axis=1)
            assert away.argmin() == asked.answer
            others = [c for c in range(k) if c != asked.answer]
            assert not any(judge(dataset, history, asked, c).right for c in others)
        elif asked.kind == "place":
            places = dataset.project(history[i + 1].centroids)
            assert np.array_equal(asked.answer, places[asked.cluster])
            assert np.array_equal(asked.place, dataset.project(history[i].centroids)[asked.cluster])
            # Leaving it where it is, is off by the whole move, and so is twice as far.
            assert judge(dataset, history, asked, asked.place).off == pytest.approx(1)
            beyond = tuple(2 * np.array(asked.answer) - np.array(asked.place))
            assert judge(dataset, history, asked, beyond).off == pytest.approx(1)
        elif asked.kind == "stop":
            ends = i + 1 == history.iterations
            assert asked.answer == (ends and history.stopped_by == "converged")
            assert not (ends and history.stopped_by != "converged")
            assert not judge(dataset, history, asked, not asked.answer).right
        else:
            moving, assigning = -np.diff(inertia[2 * i : 2 * i + 3])
            assert asked.answer == ("move" if moving > assigning else "assign")
        verdict = judge(dataset, history, asked, asked.answer)
        assert verdict.right
        assert prediction.told(asked, verdict).startswith("right")
        assert prediction.text(dataset, asked)


def test_a_seed_gives_the_same_questions_and_another_gives_others():
    dataset, history = fitted(3, n=200, k=4)
    first = questions(dataset, history, 7)
    assert first == questions(dataset, history, 7)
    assert len(first) == prediction.MOST
    assert {each.about for each in first} != {each.about for each in questions(dataset, history, 8)}


def test_points_that_leave_and_points_that_stay_are_asked_about_and_every_kind():
    kinds, leaves = Counter(), Counter()
    for seed in range(12):
        dataset, history = fitted(seed, n=150, k=4)
        for asked in questions(dataset, history, seed):
            kinds[asked.kind] += 1
            i = asked.position // 2
            if asked.kind == "cluster" and i:
                before = history.labels(i - 1)[asked.row]
                leaves[bool(before != asked.answer)] += 1
                assert ("stays" in asked.why) == (before == asked.answer)
            if asked.kind == "stop":
                kinds["stops" if asked.answer else "goes on"] += 1
    assert min(kinds[each] for each in ("cluster", "place", "stop", "drop", "stops", "goes on")) > 5
    assert min(leaves.values()) > 5


def test_a_long_run_is_asked_about_to_its_end():
    data = load_data("uniform")
    history = KMeans(k=10, random_state=3, tolerance=0.0).fit(data.points).history
    assert history.iterations >= 15
    found = [questions(data, history, seed) for seed in range(20)]
    assert all(each[-1].position > history.iterations for each in found)
    stops = [one.answer for each in found for one in each if one.kind == "stop"]
    assert min(stops.count(True), stops.count(False)) > 10


def test_one_cluster_has_no_question_on_clusters():
    dataset, history = fitted(1, k=1)
    assert not any(each.kind == "cluster" for each in questions(dataset, history, 1))


def test_a_wrong_answer_is_told_with_the_reason():
    dataset, history = fitted(3, n=200, k=4)
    for asked in questions(dataset, history, 7):
        wrong = {"cluster": -1, "place": asked.place, "stop": not asked.answer, "drop": "neither"}
        said = prediction.told(asked, judge(dataset, history, asked, wrong[asked.kind]))
        assert said.startswith("wrong")
        assert asked.why in said
