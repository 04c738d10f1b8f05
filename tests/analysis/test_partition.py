"""The criteria are scikit-learn's, and undefined where they are not defined."""

import math

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.partition import EXACT, SAMPLE, Partition, silhouette_rows
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
