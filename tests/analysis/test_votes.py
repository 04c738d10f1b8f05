"""The votes for k, the share of rows near a border, and how far a sweep goes by itself."""

import numpy as np
import pytest

from kmeans_tui import load_data
from kmeans_tui.analysis import growth
from kmeans_tui.analysis.partition import Partition
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.data.builtin.generators import blobs


def overlap_by_definition(X, labels):
    """The share of rows of each cluster at 1/4 or more of the way to another mean."""
    k = labels.max() + 1
    means = np.array([X[labels == j].mean(axis=0) for j in range(k)])
    near = [[] for _ in range(k)]
    for x, own, row in zip(X, labels, range(len(X)), strict=True):
        others = (labels == own) & (np.arange(len(X)) != row)
        rival = min((j for j in range(k) if j != own), key=lambda j: ((x - means[j]) ** 2).sum())
        if not others.any():
            near[own].append(False)
            continue
        to_own = ((x - X[others].mean(axis=0)) ** 2).sum()
        to_rival = ((x - means[rival]) ** 2).sum()
        between = ((means[own] - means[rival]) ** 2).sum()
        near[own].append(to_rival - to_own <= between / 2)
    return np.mean(np.concatenate(near)), max(np.mean(each) for each in near)


@pytest.mark.parametrize(
    ("n", "d", "k"), [(40, 1, 3), (60, 2, 2), (90, 5, 7), (50, 12, 4), (9, 3, 6)]
)
def test_the_overlap_is_that_of_its_definition(n, d, k):
    X = np.random.RandomState(n + d).normal(size=(n, d))
    row = sweep(X, k, criteria=False).rows[-1]
    found = Partition(X, row.run.labels, row.best).overlap
    assert found == pytest.approx(overlap_by_definition(X, row.run.labels), abs=1e-9)


def test_one_cluster_and_one_for_each_row_have_no_overlap():
    X = np.random.RandomState(0).normal(size=(6, 2))
    assert Partition(X, np.zeros(6, int), 1.0).overlap == (None, None)
    assert Partition(X, np.arange(6), 0.0).overlap == (None, None)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.uniform(size=(300, 2)),
        lambda rng: rng.normal(size=(250, 8)) * np.arange(1, 9),
        lambda rng: rng.exponential(size=(200, 3)),
        lambda rng: np.c_[rng.normal(size=300) * 8, rng.normal(size=300)],
    ],
    ids=["uniform", "normal", "exponential", "long"],
)
def test_sets_without_groups_get_no_k(draw, seed):
    assert sweep(draw(np.random.RandomState(seed)), 10).verdict.k is None


@pytest.mark.parametrize(("k", "spread"), [(2, 0.8), (5, 0.4), (8, 0.3)])
def test_groups_that_are_apart_are_counted(k, spread):
    rng = np.random.RandomState(k)
    angle = np.arange(k) * 2 * np.pi / k
    centres = 4 * np.c_[np.cos(angle), np.sin(angle)]
    X = centres[np.arange(40 * k) % k] + rng.normal(scale=spread, size=(40 * k, 2))
    assert sweep(X, 12).verdict.k == k


def test_a_k_with_votes_whose_clusters_touch_is_refused_with_the_share():
    found = sweep(load_data("anisotropic").points).verdict
    assert found.k is None
    assert "k = 2 has" in found.sentence
    assert "of the rows lie near a border (apart is below 10%)" in found.sentence


def many_groups(k):
    rng = np.random.RandomState(1)
    centres = np.array([(i % 4, i // 4) for i in range(k)]) * 10.0
    return centres[np.arange(20 * k) % k] + rng.normal(size=(20 * k, 2))


def test_the_largest_k_grows_while_the_criteria_are_best_at_its_end():
    X = many_groups(14)
    found = sweep(X, None)
    assert len(found.rows) == 15
    assert found.verdict.k == 14
    assert any("at first 10" in note and "goes on to 15" in note for note in found.verdict.notes)
    again = sweep(X, None, known=found.rows)
    assert all(a is b for a, b in zip(found.rows, again.rows, strict=True))


def test_a_largest_k_that_was_given_stays_and_says_what_to_do():
    found = sweep(many_groups(14), 10)
    assert len(found.rows) == 10
    assert any("raise the largest k" in note for note in found.verdict.notes)


def test_it_does_not_grow_without_need_or_beyond_its_bound():
    assert len(sweep(blobs(300, 3, 2, 0.8, 42)[0], None).rows) == 10
    assert len(sweep(many_groups(14), None, init="article").rows) == 10
    assert len(sweep(many_groups(14), None, criteria=False).rows) == 10
    assert [growth.bound(n) for n in (4, 30, 90, 10_000)] == [4, 10, 18, 30]
