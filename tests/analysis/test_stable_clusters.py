"""Stability equals a naive bootstrap, written with scikit-learn and loops from the same draws."""

import numpy as np
import pytest
from sklearn.cluster import KMeans as Peer

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.matching import contingency, match_counts
from kmeans_tui.analysis.resampling import Clustering, clustered, drawn_rows, start_of
from kmeans_tui.analysis.stable_clusters import (
    ClusterStability,
    mark,
    original,
    resample,
    similarities,
)

IRIS = load_data("iris").points
RNG = np.random.RandomState(3)
LARGE = np.vstack([RNG.randn(1800, 3) + centre for centre in (0, 4, 8)])


def computed(X, clustering, way, count):
    own = original(X, clustering)
    assert own is not None
    return resample(X, ClusterStability.of(own, way), clustering, count)


def naive_end(points, clustering, number):
    """The best of the starts, by scikit-learn on the drawn rows themselves."""
    fits = []
    for run in range(clustering.runs):
        start = start_of(points, clustering, number, run)
        fits.append(Peer(clustering.k, init=start, n_init=1, tol=0, max_iter=1000).fit(points))
    return min(fits, key=lambda fit: fit.inertia_).cluster_centers_


def nearest(X, centroids):
    return ((X[:, None] - centroids[None]) ** 2).sum(axis=2).argmin(axis=1)


@pytest.mark.parametrize("way", ["bootstrap", "halves"])
@pytest.mark.parametrize(
    ("X", "k"), [(IRIS, 3), (IRIS[:, :1], 2), (LARGE, 4)], ids=["iris", "one column", "large"]
)
def test_equals_a_naive_bootstrap(X, k, way):
    clustering = Clustering(k, seed=7, tolerance=0.0, max_iterations=1000)
    found = computed(X, clustering, way, 6)
    own = nearest(X, naive_end(X, clustering, 0))
    mine = match_counts(contingency(found.original.labels, own, k, k)).argsort()
    own = mine[own]
    assert (own == found.original.labels).all()
    counts, similar = np.zeros(len(X)), []
    for number in range(1, 7):
        if way == "bootstrap":
            rows = np.random.RandomState([7, number]).randint(len(X), size=len(X))
        else:
            order = np.random.RandomState([7, (number - 1) // 2 * 2 + 1]).permutation(len(X))
            half = (len(X) + 1) // 2
            rows = order[:half] if number % 2 else order[half:]
        rows = np.sort(rows)
        labels = nearest(X, naive_end(X[rows], clustering, number))
        line = []
        for c in range(k):
            of_own = {int(i) for i in rows if own[i] == c}
            each = [
                len(of_own & of_other) / len(of_own | of_other)
                for of_other in ({int(i) for i in rows if labels[i] == j} for j in range(k))
                if of_own | of_other
            ]
            line.append(max(each))
        similar.append(line)
        order = match_counts(contingency(own, labels, k, k))
        counts += order[own] == labels
    np.testing.assert_allclose(found.table, similar, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.shares, counts / 6, rtol=0, atol=1e-9)
    assert found.jaccard == pytest.approx(np.mean(similar, axis=0), abs=1e-9)


def test_halves_are_the_two_halves_of_one_permutation():
    for n in (10, 11):
        for i in (1, 3):
            both = [drawn_rows(n, number, "halves", 5) for number in (i, i + 1)]
            assert sorted(np.concatenate(both).tolist()) == list(range(n))
    assert drawn_rows(10, 1, "halves", 5).tolist() != drawn_rows(10, 3, "halves", 5).tolist()


@pytest.mark.parametrize("X", [IRIS, LARGE], ids=["iris", "large"])
def test_a_resample_is_a_run(X):
    clustering = Clustering(3, seed=1)
    (found,) = clustered(X, clustering, [4], "bootstrap") or ()
    run = KMeans(3, init=found.start).fit(X[found.rows])
    np.testing.assert_allclose(run.centroids, found.centroids, rtol=1e-9, atol=1e-9)
    assert run.history[-1].inertia == pytest.approx(found.inertia, rel=1e-9)


def test_an_empty_cluster_takes_over_the_point_that_it_would_on_the_drawn_rows():
    X = np.repeat(np.arange(6.0), 4)[:, np.newaxis] * [1.0, 2.0]
    for number in range(1, 30):
        clustering = Clustering(5, init="partition", runs=1, seed=number)
        (found,) = clustered(X, clustering, [number], "bootstrap") or ()
        run = KMeans(5, init=found.start).fit(X[found.rows])
        np.testing.assert_allclose(run.centroids, found.centroids, atol=1e-9)


def test_more_resamples_join_those_that_are_there():
    clustering = Clustering(3)
    some = computed(IRIS, clustering, "bootstrap", 5)
    more = resample(IRIS, some, clustering, 9)
    whole = computed(IRIS, clustering, "bootstrap", 9)
    assert (more.table == whole.table).all()
    assert (more.counts == whole.counts).all()


def test_cancelled_it_keeps_what_is_there():
    clustering = Clustering(3)
    own = original(LARGE, clustering)
    heard = []

    def listen(said):
        heard.append(said.row)
        return sum(row is not None for row in heard) < 3

    found = resample(LARGE, ClusterStability.of(own, "bootstrap"), clustering, 50, listen)
    assert 3 <= len(found.resamples) < 50
    assert found.jaccard[0] is not None
    assert original(LARGE, clustering, lambda _: False) is None


def test_numbers_come_with_how_far_they_may_move():
    found = computed(IRIS, Clustering(3), "bootstrap", 40)
    column = found.table[:, 0]
    assert found.margins[0] == pytest.approx(1.96 * column.std(ddof=1) / 40**0.5)
    assert found.settles == max(found.margins)
    # With as many as it says, the interval is as narrow as it says.
    again = resample(IRIS, found, Clustering(3), found.needed)
    assert again.settles == pytest.approx(0.02, rel=0.5)
    assert computed(IRIS, Clustering(3), "bootstrap", 1).settles is None


def test_the_worst_resample_is_the_one_with_the_least_similarity():
    found = computed(IRIS, Clustering(3), "bootstrap", 20)
    for cluster in range(3):
        worst = found.worst(cluster)
        assert worst.jaccard[cluster] == found.table[:, cluster].min()
        assert found.dissolved(cluster) == (found.table[:, cluster] <= 0.5).sum()


def test_a_cluster_that_no_resample_drew_has_no_similarity():
    own = np.array([0, 0, 1])
    assert similarities(own, np.array([0, 0, 1]), 3).tolist()[:2] == [1.0, 1.0]
    assert np.isnan(similarities(own, own, 3)[2])


@pytest.mark.parametrize(
    ("jaccard", "word"),
    [(0.86, "highly stable"), (0.8, "valid"), (0.74, "doubtful"), (0.59, "no cluster"), (None, "")],
)
def test_the_marks_are_hennigs(jaccard, word):
    assert mark(jaccard) == word


def test_halves_of_few_rows_are_refused():
    with pytest.raises(ValueError, match="half of 5 rows are 2, too few for 3 clusters"):
        computed(IRIS[:5], Clustering(3), "halves", 2)


def test_one_cluster_is_always_there():
    assert computed(IRIS, Clustering(1), "bootstrap", 3).jaccard == [1.0]
