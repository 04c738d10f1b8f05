"""Where the centroids start."""

import numpy as np
import pytest
from sklearn.cluster import kmeans_plusplus
from sklearn.datasets import load_iris, make_blobs

from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.initialisation import (
    STARTS,
    _first_row,
    farthest_points,
    initialise,
    one_more,
    plus_plus,
    plus_plus_rows,
    random_partition,
    random_points,
)


def generator(seed: int = 0) -> np.random.RandomState:
    return np.random.RandomState(seed)


def cloud(n: int = 500, d: int = 2, seed: int = 0) -> np.ndarray:
    return generator(seed).normal(size=(n, d))


def test_random_points_are_the_articles_rows():
    X = make_blobs(n_samples=300, centers=3, cluster_std=0.8, random_state=42)[0]
    assert (random_points(X, 3, generator(42)) == X[[203, 266, 152]]).all()


def test_random_points_are_different_rows():
    X = np.arange(6.0)[:, np.newaxis]
    for seed in range(20):
        assert sorted(random_points(X, 6, generator(seed)).ravel()) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(("n", "k"), [(3, 3), (10, 7), (500, 4)])
def test_a_random_partition_leaves_no_cluster_empty(n, k):
    X = cloud(n)
    for seed in range(30):
        start = random_partition(X, k, generator(seed))
        assert start.shape == (k, 2)
        # A mean of points stays inside their box; the zeros of an empty cluster are told apart by
        # shifting the cloud away from the origin.
        away = random_partition(X + 100, k, generator(seed))
        assert away.min() > 90


def test_a_random_partition_starts_near_the_mean_of_everything():
    X = cloud(5000)
    start = random_partition(X, 4, generator())
    assert np.linalg.norm(start - X.mean(axis=0), axis=1).max() < 0.1


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("name", "k"), [("blobs", 3), ("blobs", 8), ("wide", 20), ("many", 8), ("iris", 3), ("one", 5)]
)
def test_plus_plus_picks_the_rows_of_scikit_learn(name, k, seed):
    X = {
        "blobs": lambda: make_blobs(n_samples=300, centers=5, random_state=1)[0],
        "wide": lambda: make_blobs(n_samples=2000, n_features=16, centers=9, random_state=2)[0],
        "many": lambda: make_blobs(n_samples=30_000, centers=8, random_state=3)[0],
        "iris": lambda: load_iris().data,
        "one": lambda: cloud(200, 1),
    }[name]()
    ours = plus_plus_rows(X, k, generator(seed))
    _, theirs = kmeans_plusplus(X, k, random_state=seed)
    assert ours.tolist() == theirs.tolist()
    assert (plus_plus(X, k, generator(seed)) == X[ours]).all()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("n", "d", "far"), [(5000, 2, 0), (5000, 9, 0), (5000, 9, 300), (9, 1, 0)])
def test_plus_plus_picks_the_rows_of_scikit_learn_by_weight_too(n, d, far, seed):
    X = cloud(n, d) + far
    weights = generator(1).uniform(0, 2, size=n) * (generator(2).uniform(size=n) < 0.8)
    ours = plus_plus_rows(X, 4, generator(seed), weights)
    _, theirs = kmeans_plusplus(X, 4, sample_weight=weights, random_state=seed)
    assert ours.tolist() == theirs.tolist()
    assert (weights[ours] > 0).all()


def test_plus_plus_from_afar_picks_what_it_picks_at_home():
    X = np.round(cloud(3000, 6), 6)
    for seed in range(3):
        home, away = (plus_plus_rows(each, 6, generator(seed)) for each in (X, X + 2.0**24))
        assert (home == away).mean() > 0.9  # the offset takes digits from the points themselves


@pytest.mark.parametrize("n", [1, 2, 3, 10, 997])
def test_the_first_row_is_the_draw_of_numpy(n):
    for seed in range(200):
        assert _first_row(n, generator(seed), None) == generator(seed).choice(
            n, p=np.full(n, 1.0 / n)
        )


def test_a_first_draw_on_a_border_is_looked_up():
    class Border:
        def __init__(self, at: float) -> None:
            self.random_sample = lambda: at

    for n in (3, 10, 49):
        sums = np.cumsum(np.full(n, 1.0 / n))
        for at in (0.0, 1 / n, sums[n // 2], np.nextafter(1, 0)):
            expected = np.searchsorted(sums / sums[-1], at, side="right")
            assert _first_row(n, Border(at), None) == expected


def test_plus_plus_copes_with_fewer_different_points_than_clusters():
    X = np.repeat([[0.0, 0.0], [1.0, 1.0]], 5, axis=0)
    start = plus_plus(X, 4, generator())
    assert {tuple(row) for row in start} == {(0, 0), (1, 1)}


def test_farthest_points_are_each_the_farthest_from_those_before():
    X = cloud(400)
    start = farthest_points(X, 6, generator(3))
    assert (start[0] == X[generator(3).randint(400)]).all()
    for c in range(1, 6):
        gaps = np.linalg.norm(X[:, np.newaxis] - start[:c], axis=2).min(axis=1)
        assert (start[c] == X[gaps.argmax()]).all()


@pytest.mark.parametrize("name", STARTS)
def test_every_start_is_repeatable_and_leaves_the_points_alone(name):
    X = cloud()
    before = X.copy()
    start = initialise(X, 4, name, generator(9))
    assert start.shape == (4, 2)
    assert (start == initialise(X, 4, name, generator(9))).all()
    start[:] = 99
    assert (before == X).all()


def test_a_given_start_is_copied():
    given = np.array([[1, 2], [3, 4]])
    start = initialise(cloud(), 2, given, generator())
    assert start.tolist() == given.tolist()
    start[:] = 0
    assert given.tolist() == [[1, 2], [3, 4]]


def ends_of(X, places):
    """Labels and centroids of X around the rows ``places``."""
    centroids = X[places].astype(float)
    return kernels.assign(X, centroids)[0], centroids


@pytest.mark.parametrize(("n", "d", "k"), [(40, 2, 3), (5000, 2, 6), (3000, 12, 1), (500, 1, 4)])
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_one_more_adds_a_row_to_an_end(n, d, k, kind):
    X = cloud(n, d).astype(kind)
    labels, centroids = ends_of(X, range(k))
    starts = one_more(X, labels, centroids, 3, generator())
    assert starts.shape == (3, k + 1, d)
    assert starts.dtype == np.float64
    before = kernels.assign(X, centroids)[1]
    for start in starts:
        assert (start[:k] == centroids).all()
        assert (start[k] == X).all(axis=1).any()
        assert kernels.assign(X, start)[1] < before
    assert (one_more(X, labels, centroids, 3, generator()) == starts).all()


def test_one_more_goes_to_another_place_each_time():
    middles = np.array([[0, 0], [8, 0], [100, 0], [108, 0], [0, 90], [7, 90]], float)
    X = np.repeat(middles, 50, axis=0) + cloud(300) / 10
    labels, centroids = np.repeat([0, 1, 2], 100), X.reshape(3, 100, 2).mean(axis=1)
    for seed in range(20):
        added = one_more(X, labels, centroids, 3, generator(seed))[:, -1]
        assert len(set(kernels.assign(added, middles)[0])) == 3


def test_one_more_has_as_many_starts_as_asked_and_can_do_with_equal_points():
    X = cloud(30)
    labels, centroids = ends_of(X, [0, 1])
    starts = one_more(X, labels, centroids, 100, generator())
    assert len(starts) == 100
    assert len(np.unique(starts[:10, -1], axis=0)) > 3
    same = np.full((20, 2), 0.1)
    starts = one_more(same, np.zeros(20, np.uint8), same[:1], 4, generator())
    assert (starts == 0.1).all()
