"""The article's experiments, run as it runs them: the numbers its code really gives."""

import numpy as np
import pytest
from sklearn import cluster
from sklearn.datasets import load_iris, make_blobs
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from kmeans_tui import KMeans

BLOBS, TRUTH = make_blobs(n_samples=300, centers=3, cluster_std=0.8, random_state=42)
PETALS = load_iris().data[:, 2:4]
IRIS = (PETALS - PETALS.mean(axis=0)) / PETALS.std(axis=0)


def article(k: int = 3, **options) -> KMeans:
    """The class as the article has it: numpy's global generator, its rule for empty clusters."""
    return KMeans(k=k, max_iterations=100, empty="random", **options)


def elbow(X: np.ndarray) -> list[float]:
    return [min(article(k).fit(X).inertia(X) for _ in range(3)) for k in range(1, 11)]


def test_constructor_defaults_and_the_state_before_a_fit():
    km = KMeans()
    assert (km.k, km.max_iterations, km.tolerance) == (3, 100, 1e-4)
    assert km.centroids is None
    assert km.labels is None
    assert len(km.history) == 0


def test_seed_42_on_the_blobs():
    np.random.seed(42)
    km = article().fit(BLOBS)
    history = km.history
    rows = [203, 266, 152]
    assert (history[0]["centroids"] == BLOBS[rows]).all()
    assert TRUTH[rows].tolist() == [1, 2, 1]
    assert history.inertia == pytest.approx([9024.6973, 1258.31, 362.7901, 362.7901], abs=5e-3)
    assert history.changed.tolist() == [0, 45, 0, 0]
    assert history.sizes.tolist() == [[145, 100, 55]] + 3 * [[100, 100, 100]]
    assert km.centroids == pytest.approx(
        np.array(
            [
                [-2.60842567, 9.03771305],
                [-6.88302287, -6.96320924],
                [4.72565847, 2.00310936],
            ]
        ),
        abs=5e-9,
    )
    assert km.inertia(BLOBS) == pytest.approx(362.79011271962446, rel=1e-12)
    assert adjusted_rand_score(TRUTH, history[0]["labels"]) < 1
    assert [adjusted_rand_score(TRUTH, s["labels"]) for s in history[1:]] == [1, 1, 1]
    assert (km.iterations, len(history), km.stopped_by) == (3, 4, "converged")


def test_the_whole_script_in_the_articles_order_from_one_seed():
    np.random.seed(42)
    blobs = article().fit(BLOBS)
    assert (blobs.iterations, round(blobs.inertia(BLOBS), 2)) == (3, 362.79)
    iris = article().fit(IRIS)
    assert (len(iris.history), round(iris.inertia(IRIS), 4)) == (7, 18.0270)
    expected = [20120.54, 5526.51, 362.79, 318.23, 294.55, 231.25, 198.04, 190.87, 175.92, 147.42]
    assert elbow(BLOBS) == pytest.approx(expected, abs=6e-3)
    expected = [300.00, 54.17, 18.03, 12.28, 9.25, 8.70, 7.37, 6.14, 4.98, 4.30]
    assert elbow(IRIS) == pytest.approx(expected, abs=6e-3)


def test_each_elbow_from_its_own_seed():
    np.random.seed(42)
    expected = [20120.54, 5526.51, 362.79, 320.02, 284.73, 235.15, 205.64, 180.07, 157.15, 140.55]
    assert elbow(BLOBS) == pytest.approx(expected, abs=6e-3)
    np.random.seed(42)
    expected = [300.00, 54.17, 18.03, 12.28, 9.17, 8.00, 6.54, 5.78, 4.97, 4.39]
    assert elbow(IRIS) == pytest.approx(expected, abs=6e-3)


@pytest.mark.parametrize(
    ("seed", "inertia", "length"),
    [(0, 362.79, 4), (1, 5481.69, 7), (2, 362.79, 3), (3, 5483.66, 6), (4, 362.79, 15)],
)
def test_five_seeds_on_the_blobs(seed, inertia, length):
    np.random.seed(seed)
    km = article().fit(BLOBS)
    assert (round(km.inertia(BLOBS), 2), len(km.history)) == (inertia, length)
    private = article(random_state=seed).fit(BLOBS)
    assert (private.history.inertia == km.history.inertia).all()


@pytest.mark.parametrize(
    ("seed", "inertia", "sizes", "ari"),
    [
        (0, [15189.54, 418.38, 362.79, 362.79], [100, 100, 100], 1),
        (
            1,
            [9977.44, 5488.79, 5483.20, 5481.89, 5481.72, 5481.69, 5481.69],
            [200, 55, 45],
            0.443,
        ),
        (2, [722.30, 362.79, 362.79], [100, 100, 100], 1),
        (3, [12474.39, 5486.16, 5484.05, 5483.71, 5483.66, 5483.66], [200, 61, 39], 0.448),
    ],
)
def test_inertia_per_iteration(seed, inertia, sizes, ari):
    km = article(random_state=seed).fit(BLOBS)
    assert km.history.inertia == pytest.approx(inertia, abs=6e-3)
    assert sorted(km.history[-1].sizes, reverse=True) == sizes
    assert adjusted_rand_score(TRUTH, km.labels) == pytest.approx(ari, abs=6e-4)


def test_seed_4_waits_on_a_plateau_and_escapes():
    inertia = article(random_state=4).fit(BLOBS).history.inertia
    assert inertia[1:11] == pytest.approx(11050, abs=70)
    assert inertia[-4:] == pytest.approx([9369.94, 501.52, 362.79, 362.79], abs=6e-3)


def test_cut_off_after_one_update_the_inertia_is_that_of_the_last_centroids():
    km = KMeans(max_iterations=1, random_state=4).fit(BLOBS)
    assert km.inertia(BLOBS) == pytest.approx(11061.05, abs=6e-3)
    assert km.history[-1].inertia == pytest.approx(11061.05, abs=6e-3)


def test_iris_ends_at_one_place_from_five_seeds():
    lengths = []
    for seed in range(5):
        km = article(random_state=seed).fit(IRIS)
        assert round(km.inertia(IRIS), 3) == 18.027
        lengths.append(len(km.history))
    assert lengths == [3, 7, 10, 13, 6]


def test_iris_at_three_clusters():
    km = article(random_state=42).fit(IRIS)
    species = load_iris().target
    assert sorted(np.bincount(km.labels)) == [48, 50, 52]
    assert adjusted_rand_score(species, km.labels) == pytest.approx(0.8857, abs=5e-5)
    found = km.centroids * PETALS.std(axis=0) + PETALS.mean(axis=0)
    expected = [[1.462, 0.246], [4.296, 1.325], [5.567, 2.056]]
    assert found[found[:, 0].argsort()] == pytest.approx(np.array(expected), abs=5e-4)


def test_the_last_two_entries_are_the_same_to_the_last_bit():
    for seed in range(200):
        history = article(random_state=seed).fit(IRIS).history
        assert history.stopped_by == "converged"
        assert (history[-1].centroids == history[-2].centroids).all()
        assert (history[-1].labels == history[-2].labels).all()


def test_inertia_never_rises_within_a_run():
    for seed in range(50):
        inertia = KMeans(5, random_state=seed).fit(BLOBS).history.inertia
        assert (np.diff(inertia) <= 1e-9).all()


@pytest.mark.parametrize(("seed", "updates"), [(0, 3), (1, 6), (2, 2), (3, 5), (4, 14)])
def test_scikit_learn_takes_the_same_steps(seed, updates):
    km = KMeans(tolerance=0, random_state=seed).fit(BLOBS)
    with threadpool_limits(1):
        theirs = cluster.KMeans(
            3, init=km.history[0].centroids, n_init=1, tol=0, algorithm="lloyd"
        ).fit(BLOBS)
    assert km.iterations == theirs.n_iter_ == updates
    assert (km.labels == theirs.labels_).all()
    assert km.inertia(BLOBS) == pytest.approx(theirs.inertia_, rel=1e-9)


def test_the_best_of_scikit_learn_is_ours_at_seed_42():
    np.random.seed(42)
    km = article().fit(BLOBS)
    with threadpool_limits(1):
        theirs = cluster.KMeans(3, n_init=10, random_state=42).fit(BLOBS)
    assert km.inertia(BLOBS) == pytest.approx(theirs.inertia_, rel=1e-12)
    assert km.centroids == pytest.approx(theirs.cluster_centers_)


def test_the_articles_way_of_using_the_class():
    np.random.seed(42)
    kmeans = KMeans(k=3, max_iterations=100)
    kmeans.fit(BLOBS)
    lines = [f"Number of iterations stored: {len(kmeans.history)}"]
    lines.append(f"Final inertia: {kmeans.inertia(BLOBS):.2f}")
    for state in kmeans.history:
        assert state["centroids"].shape == (3, 2)
        assert sum(len(BLOBS[state["labels"] == j]) for j in range(kmeans.k)) == 300
    assert lines == ["Number of iterations stored: 4", "Final inertia: 362.79"]
    assert (kmeans.predict(BLOBS) == kmeans.labels).all()
    assert kmeans.history[-1]["iteration"] == 3


def test_two_different_points_and_three_clusters_end():
    X = np.repeat([[0.0, 0.0], [1.0, 1.0]], 4, axis=0)
    for rule in ("farthest", "random"):
        with pytest.warns(UserWarning, match="2 distinct rows"):
            km = KMeans(3, empty=rule, random_state=0).fit(X)
        assert km.inertia(X) == 0
    assert km.iterations <= 100
