"""The criteria are scikit-learn's, and undefined where they are not defined."""

import math

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.partition import EXACT, SAMPLE, Partition, silhouette_rows
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.data.builtin.generators import blobs


def test_the_articles_blobs():
    X = load_data("blobs").points
    km = KMeans(3, random_state=42).fit(X)
    found = Partition(X, km.labels, km.inertia(X))
    assert found.silhouette == pytest.approx(0.8781, abs=1e-4)
    assert found.calinski_harabasz == pytest.approx(8087.4, abs=0.1)
    assert found.davies_bouldin == pytest.approx(0.1704, abs=1e-4)


def test_a_sample_is_near_the_whole():
    X, truth = blobs(EXACT + 1000, 4, 2, 1.5, 7)
    found = Partition(X, truth, 1.0)
    assert found.silhouette == pytest.approx(silhouette_score(X, truth), abs=0.02)
    assert (silhouette_rows(EXACT), silhouette_rows(EXACT + 1)) == (EXACT, SAMPLE)


def test_one_cluster_or_one_each_has_no_criteria():
    X = load_data("blobs").points[:6]
    for labels in (np.zeros(6, int), np.arange(6)):
        found = Partition(X, labels, 1.0)
        assert found.silhouette is found.calinski_harabasz is found.davies_bouldin is None


def test_nothing_left_is_the_best_there_is():
    X = np.repeat([[0.0, 0.0], [1.0, 1.0]], 4, axis=0)
    found = Partition(X, np.repeat([0, 1], 4), 0.0)
    assert (found.silhouette, found.calinski_harabasz, found.davies_bouldin) == (1, math.inf, 0)


def test_a_cluster_for_nearly_every_row_explains_nothing():
    X = np.array([[0.0], [1.0], [2.0], [3.0], [3.0]])
    found = Partition(X, np.array([0, 1, 2, 3, 3]), 0.0)
    assert found.calinski_harabasz is found.davies_bouldin is None


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
