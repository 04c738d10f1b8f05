"""Runs side by side end as the same runs one by one, to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tui import KMeans, load_data
from kmeans_tui.clustering import batch, kernels, textbook
from kmeans_tui.clustering.ends import from_starts
from kmeans_tui.clustering.initialisation import STARTS, initialise
from kmeans_tui.data.builtin.generators import blobs
from tests.clustering.test_engines import by_the_book, data


def side_by_side(X, k, seeds, *, init="random", empty="farthest", limit=100, tolerance=1e-4):
    generators = [np.random.RandomState(seed) for seed in seeds]
    starts = np.stack([initialise(X, k, init, each) for each in generators])
    return from_starts(
        X,
        starts,
        max_iterations=limit,
        tolerance=tolerance,
        empty=empty,
        generators=generators,
    )


def same(found, X, k, seeds, *, init="random", empty="farthest", limit=100, tolerance=1e-4):
    for i, seed in enumerate(seeds):
        alone = KMeans(k, limit, tolerance, init, empty, seed).fit(X)
        assert found.updates[i] == alone.iterations
        assert found.inertia[i] == pytest.approx(alone.history[-1].inertia, rel=1e-12)
        assert (found.labels[i] == alone.labels).all()
        assert (found.centroids[i] == alone.centroids).all()
        assert found.converged[i] == (alone.stopped_by == "converged")


@pytest.mark.parametrize("init", list(STARTS))
@pytest.mark.parametrize("name", ["blobs", "iris", "wine"])
def test_every_start_on_the_built_in_sets(name, init):
    X, seeds = load_data(name).points, range(30)
    assert batch.together(*X.shape[:1], 3, X.shape[1]) > len(seeds)
    same(side_by_side(X, 3, seeds, init=init), X, 3, seeds, init=init)


@pytest.mark.parametrize("empty", ["farthest", "random"])
def test_runs_in_which_clusters_run_empty(empty):
    X, seeds = load_data("iris").points, range(60)
    models = [KMeans(8, empty=empty, random_state=seed).fit(X) for seed in seeds]
    assert any(model.history.events for model in models)
    same(side_by_side(X, 8, seeds, empty=empty), X, 8, seeds, empty=empty)


@pytest.mark.parametrize(("limit", "tolerance"), [(1, 1e-4), (3, 1e-4), (100, 0.0), (100, 1.0)])
def test_every_way_to_stop(limit, tolerance):
    X, seeds = load_data("blobs").points, range(20)
    found = side_by_side(X, 4, seeds, limit=limit, tolerance=tolerance)
    same(found, X, 4, seeds, limit=limit, tolerance=tolerance)


def test_more_runs_than_fit_into_one_batch():
    X = load_data("blobs").points
    size = batch.together(300, 3, 2)
    found = side_by_side(X, 3, range(size + 40))
    assert len(found.inertia) == size + 40
    seeds = [0, size - 1, size, size + 39]
    for seed in seeds:
        alone = KMeans(3, random_state=seed).fit(X)
        assert found.inertia[seed] == pytest.approx(alone.history[-1].inertia, rel=1e-12)


KINDS = ("blobs", "tenths", "lattice", "copies", "far", "tails", "tiny", "huge", "float32")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n", "d", "k"), [(700, 2, 9), (400, 9, 12), (5000, 3, 5)])
@pytest.mark.filterwarnings("ignore:X has only")
def test_beyond_the_small_engine_labels_and_means_are_the_textbook_s(kind, n, d, k):
    X = data(kind, n, d)
    assert batch.together(n, k, d)
    generators = [np.random.RandomState(seed) for seed in range(4)]
    starts = np.stack([initialise(X, k, "random", each) for each in generators])
    for limit in (1, 2, 5):
        found = batch.ends(X, starts, limit, 0.0, "farthest", generators)
        for r in range(4):
            assert (found.labels[r] == by_the_book(X, found.centroids[r])).all()
            squared = ((X - found.centroids[r][found.labels[r]]) ** 2).sum()
            assert found.inertia[r] == pytest.approx(float(squared), rel=1e-9)
    updated = batch.ends(X, found.centroids, 1, 0.0, "farthest", generators)
    for r in range(4):
        expected = textbook.update(X.astype(np.float64), found.labels[r], found.centroids[r])
        full = np.bincount(found.labels[r], minlength=k) > 0
        scale = np.abs(X).max()
        if full.all():
            assert np.abs(updated.centroids[r] - expected).max() <= 1e-12 * scale


@pytest.mark.parametrize("empty", ["farthest", "random"])
def test_beyond_the_small_engine_runs_end_as_alone(empty):
    X, seeds = blobs(1500, 12, 2, 1.5, 3)[0], range(12)
    found = side_by_side(X, 20, seeds, empty=empty)
    for i, seed in enumerate(seeds):
        alone = KMeans(20, empty=empty, random_state=seed).fit(X)
        assert found.updates[i] == alone.iterations
        assert (found.labels[i] == alone.labels).all()
        assert np.abs(found.centroids[i] - alone.centroids).max() < 1e-9
        assert found.inertia[i] == pytest.approx(alone.history[-1].inertia, rel=1e-9)


@pytest.mark.parametrize("empty", ["farthest", "random"])
@pytest.mark.parametrize(
    ("n", "d", "k"), [(9000, 4, 20), (70_000, 1, 6), (300, 1, 4), (3000, 3, 300), (40_000, 3, 5)]
)
def test_where_no_batch_is_made_runs_end_as_alone_to_the_last_bit(n, d, k, empty, monkeypatch):
    monkeypatch.setattr(batch, "together", lambda *_: 0)
    X, seeds = blobs(n, 12, d, 2.5, 3)[0], range(2)
    same(side_by_side(X, k, seeds, empty=empty, limit=40), X, k, seeds, empty=empty, limit=40)


def test_centroids_too_far_for_float32_are_compared_in_full():
    X = blobs(900, 5, 2, 1.5, 3)[0]
    starts = np.stack([X[:12], X[12:24]])
    starts[1, 3] = 1e300
    found = batch.ends(X, starts, 1, 0.0, "farthest", [np.random.RandomState(0)] * 2)
    for r in range(2):
        assert (found.labels[r] == by_the_book(X, found.centroids[r])).all()


@settings(max_examples=40, deadline=None)
@given(
    X=st.integers(4, 12).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(-3, 3), min_size=2, max_size=2), min_size=n, max_size=n
        )
    ),
    k=st.integers(1, 4),
    seed=st.integers(0, 1000),
)
@pytest.mark.filterwarnings("ignore:X has only")
def test_ties_and_duplicates(X, k, seed):
    points = np.array(X, dtype=float)
    seeds = [seed, seed + 1, seed]
    same(side_by_side(points, k, seeds), points, k, seeds)


def test_it_stops_when_asked():
    X = load_data("blobs").points
    rng = np.random.RandomState(0)
    asked = iter([True, True, False])
    found = from_starts(
        X,
        initialise(X, 3, "random", rng)[np.newaxis],
        max_iterations=100,
        tolerance=0,
        empty="farthest",
        generators=[rng],
        go_on=lambda: next(asked),
    )
    assert found is None


@pytest.mark.parametrize(("n", "k"), [(1000, 2), (6000, 8), (160_000, 8)])
def test_of_runs_that_pause_the_best_goes_on_to_its_end(n, k):
    X = blobs(n, 6, 2, 2.0, 1)[0]
    starts = np.stack([initialise(X, k, "random", np.random.RandomState(s)) for s in range(4)])
    asked = []

    def ends(rough, go_on=lambda: True):
        return from_starts(
            X,
            starts,
            max_iterations=60,
            tolerance=1e-3,
            empty="farthest",
            generators=[np.random.RandomState(0)] * 4,
            go_on=go_on,
            rough=rough,
        )

    found = ends(0.3, lambda: asked.append(1) or True)
    best = int(found.inertia.argmin())
    alone = KMeans(k, 60, 1e-3, starts[best]).fit(X)
    assert (found.labels[best] == alone.labels).all()
    assert found.inertia[best] == pytest.approx(alone.history[-1].inertia, rel=1e-9)
    assert found.updates[best] == alone.iterations
    assert found.converged[best] == (alone.stopped_by == "converged")
    whole = ends(0.0)
    assert (found.updates <= whole.updates).all()
    assert found.updates.sum() < whole.updates.sum()
    for i in range(4):
        labels, inertia = kernels.assign(X, found.centroids[i])
        assert (found.labels[i] == labels).all()
        assert found.inertia[i] == pytest.approx(inertia, rel=1e-9)
    # Before each half step: the first assignment of a run, then two for every update.
    assert len(asked) >= (2 * found.updates + 1).sum()
    for stop in (0, 1, 7, len(asked) - 2):
        answers = iter([True] * stop)
        assert ends(0.3, lambda answers=answers: next(answers, False)) is None
