"""The criteria keep their digits wherever the points lie, and agree with scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

from kmeans_tui.analysis.partition import Partition
from kmeans_tui.analysis.silhouette import silhouette
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.data.builtin.generators import blobs


def points(d=2, seed=0, k=4, n=150):
    X, labels = blobs(n, k, d, 1.5, seed)
    return np.round(X, 3), labels


def criteria(X, labels):
    found = Partition(X, labels, 1.0)
    return [found.silhouette, found.calinski_harabasz, found.davies_bouldin]


def direct(X, labels):
    """By the definitions, pair after pair."""
    apart = np.sqrt(((X[:, np.newaxis] - X) ** 2).sum(axis=2))
    total = 0.0
    for i, own in enumerate(labels):
        others = [apart[i, labels == j].mean() for j in set(labels) - {own}]
        alone = (labels == own).sum() == 1
        a = 0.0 if alone else apart[i, labels == own].sum() / ((labels == own).sum() - 1)
        total += 0.0 if alone else (min(others) - a) / max(a, min(others))
    return total / len(X)


@pytest.mark.parametrize("d", [1, 2, 3, 7, 8, 20, 64])
@pytest.mark.parametrize("seed", [0, 1])
def test_they_are_those_of_scikit_learn(d, seed):
    X, labels = points(d, seed)
    X = X - X.mean(axis=0)
    assert criteria(X, labels) == pytest.approx(
        [
            silhouette_score(X, labels),
            calinski_harabasz_score(X, labels),
            davies_bouldin_score(X, labels),
        ],
        rel=1e-6,
    )


@pytest.mark.parametrize("d", [1, 2, 9])
@pytest.mark.parametrize("offset", [1e3, -1e6, 1e9, 1.6e12, -1e14])
def test_an_offset_changes_nothing(d, offset):
    X, labels = points(d)
    X = np.round(X * 64)  # whole numbers are still exact so far out
    assert criteria(X + offset, labels) == pytest.approx(criteria(X, labels), rel=1e-9)


@pytest.mark.parametrize("scale", [1e-140, 1e-20, 1e-3, 1e6, 1e100, 1e148])
def test_a_scale_changes_nothing(scale):
    X, labels = points()
    assert criteria(X * scale, labels) == pytest.approx(criteria(X, labels), rel=1e-9)


@pytest.mark.parametrize("d", [2, 12])
@pytest.mark.parametrize("far", [1e3, 1e6, 1e9])
def test_narrow_groups_far_apart_keep_their_digits(d, far):
    rng = np.random.RandomState(4)
    labels = np.repeat([0, 1, 2, 3], 20)
    # Two pairs: near to each other within a pair, the pairs far apart. No mean lies near them.
    X = rng.randint(-50, 50, size=(80, d)) + 200.0 * (labels % 2)[:, np.newaxis]
    X[labels >= 2] += far
    found = criteria(X, labels)
    assert found[0] == pytest.approx(direct(X, labels), rel=1e-6)
    within = sum(((X[labels == j] - X[labels == j].mean(0)) ** 2).sum() for j in range(4))
    between = ((X - X.mean(0)) ** 2).sum() - within
    assert found[1] == pytest.approx(between / within * 76 / 3, rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_rows_and_clusters_have_no_order(seed):
    X, labels = points(3)
    rng = np.random.RandomState(seed)
    order, names = rng.permutation(len(X)), rng.permutation(4)
    turned, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    expected = criteria(X, labels)
    assert criteria(X[order], labels[order]) == pytest.approx(expected)
    assert criteria(X, names[labels] * 3) == pytest.approx(expected)
    assert criteria(X @ turned, labels) == pytest.approx(expected)


def test_a_point_alone_counts_nothing():
    X = np.array([[0.0, 0.0], [0.0, 1.0], [5.0, 5.0]])
    labels = np.array([0, 0, 1])
    assert silhouette(X, labels, 2) == pytest.approx(silhouette_score(X, labels))


@pytest.mark.parametrize("offset", [0.0, 1.6e12, -2e9, 1e13])
def test_all_agree_wherever_the_clock_started(offset):
    rng = np.random.RandomState(2)
    t = np.repeat([0.0, 4e3, 9e3], 60) + rng.normal(scale=400, size=180)
    X = np.column_stack([np.round(t) + offset, rng.normal(scale=300, size=180).round()])
    found = sweep(X, 5)
    assert found.verdict.k == 3
    assert set(found.verdict.choices.values()) == {3}
