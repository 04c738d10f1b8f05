"""A weighted run is the weighted textbook's, and that of the table with its rows repeated."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tui.clustering import initialisation, textbook_swaps, textbook_weights
from kmeans_tui.clustering.ends import from_starts
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.clustering.resampled import ResampledRun
from kmeans_tui.clustering.resampled import ends as resampled_ends
from kmeans_tui.clustering.stillness import limit
from tests.clustering.swapped import clumps

PAIRS = [
    (textbook_weights.initialise, initialisation.random_points),
    (textbook_weights.random_partition, initialisation.random_partition),
    (textbook_weights.plus_plus, initialisation.plus_plus),
    (textbook_weights.farthest_points, initialisation.farthest_points),
]


def drawn(seed: int, n: int, d: int, *, whole: bool, lattice: bool = False):
    """Points and weights; on a lattice there are ties and equal rows."""
    draw = np.random.RandomState(seed)
    X = draw.randint(0, 5, (n, d)) * 1.0 if lattice else draw.normal(size=(n, d))
    return X, draw.randint(1, 5, n) * 1.0 if whole else draw.uniform(0.1, 4, n)


def repeated(X, weights):
    """Every row as often as its weight says, its copies next to each other."""
    back = np.repeat(np.arange(len(X)), weights.astype(int))
    return X[back], back


def same_run(weighted, copies, back):
    assert len(weighted) == len(copies)
    for one, other in zip(weighted, copies, strict=True):
        np.testing.assert_array_equal(one.labels[back], other.labels)
        np.testing.assert_allclose(one.centroids, other.centroids, rtol=1e-9, atol=1e-9)
        assert one.inertia == pytest.approx(other.inertia, rel=1e-9, abs=1e-9)
        # None where all weights are 1.
        np.testing.assert_allclose(one.sizes if one.weights is None else one.weights, other.sizes)
    for number in range(2 * weighted.iterations + 1):
        one, other = weighted.step(number), copies.step(number)
        assert one.inertia == pytest.approx(other.inertia, rel=1e-9, abs=1e-9)
        np.testing.assert_allclose(one.sizes if one.weights is None else one.weights, other.sizes)


@pytest.mark.parametrize(("plain", "fast"), PAIRS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("whole", [True, False])
def test_the_starts_are_the_textbook_s(plain, fast, whole):
    for seed in range(6):
        X, weights = drawn(seed, 40 + 900 * seed, 1 + seed, whole=whole)
        weights[:2] = 0
        for k in (1, 2, 7):
            first = plain(X, weights, k, np.random.RandomState(seed))
            second = fast(X, k, np.random.RandomState(seed), weights=weights)
            np.testing.assert_allclose(first, second, rtol=1e-12, atol=1e-12)


@given(
    seed=st.integers(0, 10_000),
    n=st.integers(1, 60),
    d=st.integers(1, 9),
    k=st.integers(1, 6),
    whole=st.booleans(),
    empty=st.sampled_from(["farthest", "random"]),
)
@settings(max_examples=80, deadline=None)
def test_a_run_is_the_textbook_s(seed, n, d, k, whole, empty):
    X, weights = drawn(seed, n, d, whole=whole)
    k = min(k, n)
    # Far away, so that some clusters are empty.
    start = X[:k] + np.random.RandomState(seed).normal(size=(k, d)) * 4 * (seed % 2)
    mine = KMeans(k, init=start, empty=empty, random_state=seed).fit(X, weights=weights)
    plain = textbook_weights.kmeans(
        X, weights, start, 100, limit(1e-4, X, weights), empty, np.random.RandomState(seed)
    )
    assert len(mine.history) == len(plain)
    for one, other in zip(mine.history, plain, strict=True):
        np.testing.assert_array_equal(one.labels, other["labels"])
        np.testing.assert_allclose(one.centroids, other["centroids"], rtol=1e-9, atol=1e-9)


@given(
    seed=st.integers(0, 10_000),
    n=st.integers(2, 60),
    d=st.integers(1, 9),
    k=st.integers(1, 6),
    lattice=st.booleans(),
    init=st.sampled_from(["k-means++", "farthest", "given"]),
)
@settings(max_examples=120, deadline=None)
@pytest.mark.filterwarnings("ignore:X has only")
def test_a_row_of_weight_3_is_the_row_three_times(seed, n, d, k, lattice, init):
    X, weights = drawn(seed, n, d, whole=True, lattice=lattice)
    k = min(k, n)
    chosen = X[:k].copy() if init == "given" else init
    copies, back = repeated(X, weights)
    one = KMeans(k, init=chosen, random_state=seed).fit(X, weights=weights).history
    other = KMeans(k, init=chosen, random_state=seed).fit(copies).history
    # Where several clusters are empty at once, they may take copies of one row.
    if max((len(each.events) for each in other), default=0) < 2:
        same_run(one, other, back)


def test_one_empty_cluster_takes_over_one_copy():
    X = np.array([[0.0], [1.0], [2.0], [9.0]])
    start = np.array([[0.5], [90.0]])
    weights = np.array([2.0, 1.0, 1.0, 3.0])
    copies, back = repeated(X, weights)
    one, other = (
        KMeans(2, init=start).fit(points, weights=mass).history
        for points, mass in ((X, weights), (copies, None))
    )
    assert one[1].events
    # Two of the three copies at 9 are still in the mean of the first cluster.
    np.testing.assert_allclose(one[1].centroids, [[21 / 6], [9.0]])
    same_run(one, other, back)


@pytest.mark.parametrize("shape", [(20_000, 2), (3000, 8), (40_000, 1), (700_000, 2)])
def test_every_engine_counts_rows_by_weight(shape):
    draw = np.random.RandomState(1)
    X = draw.normal(size=shape) + 4 * draw.randint(0, 3, (shape[0], 1))
    weights = draw.randint(1, 4, shape[0]) * 1.0
    copies, back = repeated(X, weights)
    one, other = (
        KMeans(4, init=X[:4], max_iterations=5).fit(points, weights=mass).history
        for points, mass in ((X, weights), (copies, None))
    )
    np.testing.assert_array_equal(one[-1].labels[back], other[-1].labels)
    np.testing.assert_allclose(one[-1].centroids, other[-1].centroids, rtol=1e-9)
    assert one[-1].inertia == pytest.approx(other[-1].inertia, rel=1e-9)


@pytest.mark.parametrize("factor", [1e-9, 1 / 3, 1e6, 1e40])
@pytest.mark.parametrize("init", ["random", "partition", "k-means++"])
def test_only_the_shares_of_the_weights_matter(factor, init):
    X, weights = drawn(3, 200, 3, whole=False)
    one, other = (
        KMeans(4, init=init, random_state=1).fit(X, weights=mass).history
        for mass in (weights, weights * factor)
    )
    np.testing.assert_array_equal(one[-1].labels, other[-1].labels)
    np.testing.assert_allclose(one[-1].centroids, other[-1].centroids, rtol=1e-9)
    assert one[-1].inertia * factor == pytest.approx(other[-1].inertia, rel=1e-9)


def test_weights_of_1_change_no_bit():
    X, _ = drawn(4, 300, 2, whole=True)
    for init in ("random", "partition", "k-means++", "farthest"):
        one = KMeans(4, init=init, random_state=2).fit(X, weights=np.ones(300))
        other = KMeans(4, init=init, random_state=2).fit(X)
        assert one.history.weights is None
        np.testing.assert_array_equal(one.history.centroids, other.history.centroids)
        np.testing.assert_array_equal(one.history.inertia, other.history.inertia)


def test_a_point_of_weight_0_is_labelled_and_nothing_else():
    X, weights = drawn(5, 120, 2, whole=False)
    weights[::3] = 0
    X[0] = 50.0
    for init in ("random", "partition", "k-means++", "farthest"):
        for seed in range(4):
            found = KMeans(5, init=init, random_state=seed).fit(X, weights=weights).history[-1]
            there = weights > 0
            alone = KMeans(5, init=found.centroids).fit(X[there], weights=weights[there])
            np.testing.assert_array_equal(alone.history[0].labels, found.labels[there])
            assert alone.history[0].inertia == pytest.approx(found.inertia)
            assert np.abs(found.centroids).max() < 10


def test_random_draws_rows_by_their_weights():
    X = np.arange(4.0)[:, np.newaxis]
    weights = np.array([1.0, 0.0, 3.0, 4.0])
    firsts = [
        initialisation.random_points(X, 2, np.random.RandomState(seed), weights=weights)[:, 0]
        for seed in range(4000)
    ]
    counts = np.bincount(np.array(firsts)[:, 0].astype(int), minlength=4) / 4000
    np.testing.assert_allclose(counts, weights / 8, atol=0.03)
    assert all(one != other for one, other in firsts)


@pytest.mark.parametrize("size", [150, 3000])
def test_ends_and_resamples_are_those_of_single_runs(size):
    X, weights = drawn(6, size, 3, whole=False)
    starts = np.stack([X[i : i + 5] for i in range(4)])
    rngs = [np.random.RandomState(i) for i in range(4)]
    rules = {"max_iterations": 100, "empty": "farthest"}
    within = limit(1e-4, X, weights)
    found = from_starts(X, starts, tolerance=within, generators=rngs, weights=weights, **rules)
    rows = np.sort(np.random.RandomState(1).randint(size, size=size))
    runs = [ResampledRun(rows, start, rng) for start, rng in zip(starts, rngs, strict=True)]
    places, inertia = resampled_ends(X, runs, tolerance=1e-4, weights=weights, **rules)
    for i, start in enumerate(starts):
        last = KMeans(5, init=start).fit(X, weights=weights).history[-1]
        np.testing.assert_array_equal(found.labels[i], last.labels)
        np.testing.assert_allclose(found.centroids[i], last.centroids, rtol=1e-9)
        assert found.inertia[i] == pytest.approx(last.inertia)
        last = KMeans(5, init=start).fit(X[rows], weights=weights[rows]).history[-1]
        np.testing.assert_allclose(places[i], last.centroids, rtol=1e-9)
        assert inertia[i] == pytest.approx(last.inertia)


def test_swaps_count_points_by_weight():
    # So few that all pairs are tried, of rows and of copies.
    X = clumps(9, 14, 2)
    weights = np.random.RandomState(1).randint(1, 4, len(X)) * 1.0
    copies, back = repeated(X, weights)
    helped = 0
    for seed in range(6):
        start = X[np.random.RandomState(seed).choice(len(X), 9, replace=False)]
        one, other = (
            KMeans(9, init=start, improve=True).fit(points, weights=mass).history
            for points, mass in ((X, weights), (copies, None))
        )
        assert _pairs(one) == _pairs(other)
        same_run(one, other, back)
        helped += len(one.swaps)
    assert helped


def _pairs(history):
    return [(each.iteration, each.cluster, each.into) for each in history.swaps]


@pytest.mark.parametrize("d", [1, 2, 9, 40])
def test_a_split_is_that_of_the_copies(d):
    X, weights = drawn(7, 60, d, whole=True)
    copies, _ = repeated(X, weights)
    one, other = textbook_weights.weighted_split(X, weights), textbook_swaps.split(copies)
    assert one[0] == pytest.approx(other[0])
    np.testing.assert_allclose(one[1:], other[1:], rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1, 2], "weights have the shape"),
        ([1, 2, -1, 3], "weights have -1 at row 2"),
        ([1, 2, np.nan, 3], "weights have nan at row 2"),
        ([1, 2, np.inf, 3], "weights have inf at row 2"),
        ([1, 2, 1e-200, 3], "weights have 1e-200 at row 2"),
        ([1, 0, 0, 0], "k = 2 clusters need 2 rows with a weight above 0, but 1 have one"),
        (["a", 1, 2, 3], "weights are not numbers"),
        ("heavy", "weights are not numbers"),
    ],
)
def test_unusable_weights_are_refused_in_one_sentence(weights, said):
    X = np.arange(8.0).reshape(4, 2)
    with pytest.raises(ValueError, match=said) as refusal:
        KMeans(2).fit(X, weights=weights)
    assert "\n" not in str(refusal.value)


def test_the_draws_of_a_weighted_start_are_watched():
    X, weights = drawn(8, 50, 2, whole=False)
    for init in ("random", "k-means++", "farthest"):
        model = KMeans(4, init=init, random_state=3)
        watched = model.watched_start(X, weights)
        np.testing.assert_array_equal(watched.centroids, model.initialise_centroids(X, weights))
        np.testing.assert_allclose(watched.chances(0), weights / weights.sum())
        assert watched[0].rule == "weight"
    second = KMeans(4, init="k-means++", random_state=3).watched_start(X, weights)
    mass = second.nearest(1) * weights
    np.testing.assert_allclose(second.chances(1), mass / mass.sum())
