"""Which k are reproducible: equal to naive computations, silent on noise."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from kmeans_tui import load_data
from kmeans_tui.analysis.matching import adjusted_rand, contingency
from kmeans_tui.analysis.reproducibility import (
    by_k,
    prediction_strength,
    stable_k,
    strength_of,
)
from kmeans_tui.analysis.resampling import Clustering, clustered
from kmeans_tui.analysis.stability_verdict import of_k
from kmeans_tui.vocabulary import HALVES

IRIS = load_data("iris").points
BLOBS = load_data("blobs").points
CLUSTERING = Clustering(2, seed=5)


def nearest(X, centroids):
    return ((X[:, None] - centroids[None]) ** 2).sum(axis=2).argmin(axis=1)


def naive_strength(own, predicted):
    least = 1.0
    for cluster in set(own.tolist()):
        rows = np.flatnonzero(own == cluster)
        if len(rows) > 1:
            pairs = [(i, j) for i in rows for j in rows if i != j]
            least = min(least, np.mean([predicted[i] == predicted[j] for i, j in pairs]))
    return least


@pytest.mark.parametrize("way", ["bootstrap", "halves"])
def test_equals_naive_loops(way):
    found = by_k(IRIS, [2, 4], CLUSTERING, way, 3)
    for k, row in found.items():
        of_k = Clustering(k, seed=5)
        for pair in range(3):
            numbers = [2 * pair + 1, 2 * pair + 2]
            drawn = clustered(IRIS, of_k, numbers, way)
            a, b = (nearest(IRIS, each.centroids) for each in drawn)
            assert row.aris[pair] == pytest.approx(adjusted_rand_score(a, b), abs=1e-9)
            halves = clustered(IRIS, of_k, numbers, "halves")
            strength = np.mean(
                [
                    naive_strength(
                        nearest(IRIS, test.centroids)[test.rows],
                        nearest(IRIS, other.centroids)[test.rows],
                    )
                    for test, other in (halves, halves[::-1])
                ]
            )
            assert row.strengths[pair] == pytest.approx(strength, abs=1e-9)


def test_the_index_of_hubert_and_arabie():
    rng = np.random.RandomState(0)
    for a, b in (rng.randint(4, size=(2, 50)) for _ in range(20)):
        found = adjusted_rand(contingency(a, b, 4, 4))
        assert found == pytest.approx(adjusted_rand_score(a, b), abs=1e-12)
    assert adjusted_rand(np.array([[5]])) == 1.0
    assert prediction_strength(np.array([[1, 0], [0, 1]])) == 1.0


def test_clusters_are_stable_up_to_their_number():
    found = by_k(BLOBS, range(2, 7), CLUSTERING, "bootstrap", 5)
    assert [k for k, row in found.items() if row.stable][-1] == 3 == stable_k(found.values())
    assert of_k(found.values()).startswith("The largest stable k is 3: prediction strength 1.00")


def test_a_cut_through_a_long_cloud_comes_back_but_is_no_gap():
    points = np.random.RandomState(1).randn(600, 2) * [12, 1]
    found = by_k(points, range(2, 6), CLUSTERING, "bootstrap", 10)
    assert found[2].strength > 0.8
    assert found[2].border > 1
    assert stable_k(found.values()) is None
    assert "but without gaps" in of_k(found.values())


def test_a_round_cloud_does_not_come_back():
    points = np.random.RandomState(2).randn(400, 3)
    found = by_k(points, range(2, 6), CLUSTERING, "halves", 10)
    assert all(row.strength < 0.8 for row in found.values())
    assert "0.8 is needed" in of_k(found.values())


def test_more_pairs_join_those_that_are_there_and_cancel_keeps_them():
    some = by_k(BLOBS, [2, 3], CLUSTERING, "halves", 5)
    more = by_k(BLOBS, [2, 3], CLUSTERING, "halves", 10, some)
    whole = by_k(BLOBS, [2, 3], CLUSTERING, "halves", 10)
    for k in (2, 3):
        assert (more[k].aris == whole[k].aris).all()
        assert more[k].border == whole[k].border
    rows = []

    def listen(said):
        rows.append(said.row)
        return len([row for row in rows if row is not None]) < 1

    assert set(by_k(BLOBS, [2, 3], CLUSTERING, "halves", 10, progress=listen)) == {2}


def test_half_of_few_rows_have_few_clusters():
    assert set(by_k(IRIS[:7], range(1, 9), CLUSTERING, "bootstrap", 2)) == {2, 3}
    assert of_k([]) == "No other k has been tried yet."


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("k", [1, 2, 4, 15, 16])
def test_the_strength_alone_is_that_of_by_k(k, weighted):
    rng = np.random.RandomState(k)
    points = rng.rand(30, 2)
    weights = rng.randint(1, 4, 30).astype(float) if weighted else None
    found = by_k(points, [k], Clustering(k, seed=3), HALVES, 5, weights=weights)
    assert strength_of(points, Clustering(k, seed=3), 5, weights=weights) == (
        found[k].strength if k in found else None
    )
    assert strength_of(points, Clustering(k), 5, lambda: False) is None
