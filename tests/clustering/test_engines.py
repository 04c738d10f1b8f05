"""Every engine against the textbook, label by label at every iteration, ties included."""

import gc
import weakref
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn import cluster
from threadpoolctl import threadpool_limits

from kmeans_tui.clustering import textbook
from kmeans_tui.clustering.engines import Dense32, Grid, Small, Sparse, dense32, engine_for
from kmeans_tui.clustering.engines.bounded import Bounded
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.clustering.lloyd import lloyd
from kmeans_tui.clustering.sparse_rows import SparseRows


def compressed(X: np.ndarray, weights: np.ndarray | None = None) -> Sparse:
    return Sparse(SparseRows(csr_matrix(X)), weights)


ENGINES = (Small, Dense32, Bounded, Grid, compressed)
KINDS = (
    *("blobs", "uniform", "lattice", "tenths", "copies", "wide", "far", "farther", "tails"),
    *("tiny", "huge", "vanishing", "equal", "float32", "far float32", "zeros"),
)


def data(kind: str, n: int, d: int, seed: int = 0) -> np.ndarray:
    rng = np.random.RandomState(seed)
    X = rng.uniform(-10, 10, size=(8, d))[rng.randint(8, size=n)] + 2 * rng.normal(size=(n, d))
    if kind == "wide":
        X[:, 0] *= 1e6
    return {
        "uniform": lambda: rng.uniform(size=(n, d)),
        "zeros": lambda: np.where(rng.uniform(size=(n, d)) < 0.2, X, 0.0),
        "lattice": lambda: np.round(X),
        "tenths": lambda: np.round(X, 1),
        "copies": lambda: X[rng.randint(max(1, n // 20), size=n)],
        "far": lambda: X + 1e6,
        "farther": lambda: X + 1e8,
        "tails": lambda: rng.standard_cauchy(size=(n, d)),
        "tiny": lambda: X * 1e-25,
        "huge": lambda: X * 1e148,
        "vanishing": lambda: X * 1e-170,  # squares fall below the range of float64
        "equal": lambda: np.full((n, d), 0.1),
        "float32": lambda: X.astype(np.float32),
        "far float32": lambda: (X + 1e5).astype(np.float32),
    }.get(kind, lambda: X)()


def by_the_book(X: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    wide = X.astype(np.float64)
    parts = [textbook.assign(wide[i : i + 2000], centroids) for i in range(0, len(X), 2000)]
    return np.concatenate(parts)


def run(engine: Any, X: np.ndarray, start: np.ndarray, updates: int) -> History:
    history = History(len(X), len(start), X.shape[1])
    steps = lloyd(
        engine,
        X,
        start,
        history,
        updates,
        lambda ways: max(ways) == 0,
        "farthest",
        np.random.RandomState(0),
    )
    for _ in steps:
        pass
    return history


def hold_to_the_book(history: History, X: np.ndarray, engine: Any) -> None:
    """Labels, sizes, inertia; and the means, unless they are held to the textbook's rounding."""
    by_the_last_bit = engine is Small
    wide = X.astype(np.float64)
    before = None
    for snapshot in history:
        labels = snapshot.labels
        assert (labels == by_the_book(X, snapshot.centroids)).all()
        assert (snapshot.sizes == np.bincount(labels, minlength=history.k)).all()
        direct = ((wide - snapshot.centroids[labels]) ** 2).sum()
        # Equal points are a rounding away from their mean, and so are the centroids.
        nothing = X.size * (4e-16 * np.abs(wide).max()) ** 2
        assert snapshot.inertia == pytest.approx(direct, rel=1e-9, abs=nothing)
        if before is not None:
            assert snapshot.changed == np.count_nonzero(labels != before.labels)
            if not snapshot.events and not by_the_last_bit:
                exact = wide.astype(np.longdouble)
                for j, size in zip(*np.unique(before.labels, return_counts=True), strict=True):
                    mean = exact[before.labels == j].mean(axis=0).astype(float)
                    # Compressed rows are added up from the origin one after the other, and those
                    # that stay in a cluster bear the rounding of all that ever were in it.
                    rounding = 5e-16 if engine is not compressed else 1e-16 * len(X) ** 2 / size
                    close = rounding * np.abs(wide).max() + 1e-12 * np.ptp(wide, axis=0).max()
                    assert snapshot.centroids[j] == pytest.approx(mean, rel=0, abs=close)
        before = snapshot


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("d", [1, 2, 3, 8, 64])
@pytest.mark.parametrize("kind", KINDS)
def test_labels_are_the_textbooks_at_every_iteration(engine, d, kind):
    if engine is Grid and d > 2:
        return
    n = 2000 if d < 8 else 320
    X = data(kind, n, d)
    for k in (1, 2, 3, 64, 300):
        start = X[np.random.RandomState(k).choice(n, k, replace=False)].astype(np.float64)
        if k == 3:
            start += 50 * (start - X.mean(axis=0))  # several empty clusters at once
        hold_to_the_book(run(engine(X), X, start, 6 if k < 64 else 2), X, engine)


@st.composite
def problems(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Points on a coarse lattice, where ties are everywhere, and centroids on it or off it."""
    n, d = draw(st.integers(1, 200)), draw(st.integers(1, 4))
    k = draw(st.integers(1, min(n, 20)))
    rng = np.random.RandomState(draw(st.integers(0, 2**32 - 1)))
    X = rng.randint(draw(st.integers(1, 9)), size=(n, d)) * draw(st.sampled_from([1.0, 0.1, 1e-9]))
    X = X + draw(st.sampled_from([0.0, 0.3, 1e6, -1e8]))
    if draw(st.booleans()):
        X[rng.randint(n)] *= 1e4
    start = X[rng.choice(n, k)] + rng.randint(3, size=(k, d)) * draw(st.sampled_from([0.0, 0.5]))
    return (X.astype(np.float32) if draw(st.booleans()) else X), start


@given(problems())
@settings(max_examples=150, deadline=None)
def test_ties_everywhere(problem):
    X, start = problem
    for engine in ENGINES:
        if engine is not Grid or X.shape[1] <= 2:
            hold_to_the_book(run(engine(X), X, start, 6), X, engine)


@given(problems())
@settings(max_examples=60, deadline=None)
def test_the_small_engine_is_the_textbook_to_the_last_bit(problem):
    X, start = problem
    history = run(Small(X), X, start, 20)
    expected = textbook.kmeans(X.astype(np.float64), start, 20, 0.0)
    assert len(history) == len(expected)
    for snapshot, entry in zip(history, expected, strict=True):
        assert (snapshot.labels == entry["labels"]).all()
        assert (snapshot.centroids == entry["centroids"]).all()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", ["blobs", "uniform", "tails", "float32"])
def test_a_run_is_the_textbooks_from_start_to_end(engine, kind):
    # Values without ties: there sums in another order do not lead elsewhere.
    X = data(kind, 3000, 2, seed=3)
    wide = X.astype(np.float64)
    start = wide[np.random.RandomState(1).choice(len(X), 8, replace=False)]
    history = run(engine(X), X, start, 300)
    expected = textbook.kmeans(wide, start, 300, 0.0)
    assert abs(len(history) - len(expected)) <= 1
    scale = 1e-9 * np.ptp(wide, axis=0).max()
    for snapshot, entry in zip(history, expected, strict=False):
        assert (snapshot.labels == entry["labels"]).all()
        assert snapshot.centroids == pytest.approx(entry["centroids"], rel=1e-9, abs=scale)


def in_other_layouts(X: np.ndarray, folder: Any) -> dict[str, np.ndarray]:
    padded = np.zeros((2 * len(X), 2 * X.shape[1]), X.dtype)
    padded[::2, ::2] = X
    locked = X.copy()
    locked.setflags(write=False)
    np.save(folder / "X.npy", X)
    return {
        "Fortran order": np.asfortranarray(X),
        "a view with gaps": padded[::2, ::2],
        "reversed": X[::-1].copy()[::-1],
        "read-only": locked,
        "memory-mapped": np.load(folder / "X.npy", mmap_mode="r"),
        "the other byte order": X.astype(X.dtype.newbyteorder()),
    }


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("n", "d"), [(300, 2), (20_000, 3), (300_000, 2)])
def test_the_layout_of_the_points_changes_nothing(n, d, dtype, tmp_path):
    X = data("blobs", n, d).astype(dtype)
    expected = KMeans(4, random_state=0, max_iterations=5).fit(X)
    for name, other in in_other_layouts(X, tmp_path).items():
        before = other.copy()
        km = KMeans(4, random_state=0, max_iterations=5).fit(other)
        assert (km.labels == expected.labels).all(), name
        assert (km.history.centroids == expected.history.centroids).all(), name
        assert (other == before).all(), name


@pytest.mark.parametrize(
    ("n", "d", "k", "weighted", "engine"),
    [
        (300, 2, 3, False, Small),
        (300, 2, 3, True, Small),
        (10_000, 2, 8, False, Dense32),
        (30_000, 2, 64, False, Grid),
        (30_000, 2, 8, False, Dense32),
        (100_000, 2, 8, False, Dense32),
        (200_000, 2, 8, False, Grid),
        (100_000, 1, 2, False, Dense32),
        (100_000, 1, 8, False, Grid),
        (200_000, 2, 8, True, Dense32),
        (100_000, 3, 8, False, Dense32),
    ],
)
def test_the_size_chooses_the_engine(n, d, k, weighted, engine):
    X = np.zeros((n, d))
    assert type(engine_for(X, k, np.ones(n) if weighted else None)) is engine


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_starts_anew_with_other_centroids(engine):
    X = data("blobs", 5000, 2)
    used = engine(X)
    for k in (7, 300, 2):
        again, fresh = run(used, X, X[:k].copy(), 10), run(engine(X), X, X[:k].copy(), 10)
        assert (again.centroids == fresh.centroids).all()
        assert (again.inertia == fresh.inertia).all()
        assert all((a.labels == b.labels).all() for a, b in zip(again, fresh, strict=True))


@pytest.mark.parametrize("engine", [Small, Dense32, compressed])
@pytest.mark.parametrize(("d", "k"), [(2, 4), (6, 4), (6, 40)])
def test_a_weight_counts_as_copies(engine, d, k):
    X = data("blobs", 1500, d)
    weights = np.random.RandomState(1).randint(4, size=len(X))
    copies = np.repeat(X, weights, axis=0)
    start = X[:k].copy()
    weighted = run(engine(X, weights.astype(float)), X, start, 30)
    copied = run(engine(copies), copies, start, 30)
    assert len(weighted) == len(copied)
    assert weighted.centroids == pytest.approx(copied.centroids, rel=1e-9, abs=1e-9)
    assert weighted.inertia == pytest.approx(copied.inertia, rel=1e-9)


def test_a_cluster_whose_weight_is_used_up_counts_as_empty():
    X = np.array([[0.0], [1.0], [9.0], [10.0], [30.0]])
    weights = np.array([0.1, 0.2, 0.0, 0.0, 0.3])
    for engine in (Small, Dense32):
        history = run(engine(X, weights), X, np.array([[0.0], [10.0]]), 5)
        assert [event.cluster for event in history[1].events] in ([], [1])
        assert (history[-1].labels == by_the_book(X, history[-1].centroids)).all()


def test_a_blas_that_breaks_the_bound_is_not_used(monkeypatch):
    X = data("blobs", 5000, 8)
    monkeypatch.setattr(dense32, "float32_is_honest", lambda: False)
    monkeypatch.setattr(Dense32, "scoring", None)
    hold_to_the_book(run(Dense32(X), X, X[:5].copy(), 5), X, Dense32)


def test_the_trial_of_the_blas_sees_a_coarse_product(monkeypatch):
    assert dense32.float32_is_honest()

    class Coarse(np.ndarray):
        def __matmul__(self, other):
            exact = np.asarray(self).astype(np.float64) @ np.asarray(other).astype(np.float64)
            return exact * (1 + 2.0**-9 * (self.dtype == np.float32))

    draw = np.random.RandomState(0)

    def coarse_draws(seed):

        class Draw:
            def uniform(self, *bounds):
                return draw.uniform(*bounds).view(Coarse)

        return Draw()

    monkeypatch.setattr(dense32.np.random, "RandomState", coarse_draws)
    assert not dense32.float32_is_honest.__wrapped__()


def test_the_screen_leaves_few_points_to_the_textbook(monkeypatch):
    redone = []
    assign = dense32.kernels.assign

    def counting(X, centroids):
        redone.append(len(X))
        return assign(X, centroids)

    monkeypatch.setattr(dense32.kernels, "assign", counting)
    X = data("blobs", 100_000, 8)
    history = run(Dense32(X), X, X[:8].copy(), 20)
    assert sum(redone) < 1e-3 * len(X) * len(history)


def test_most_cells_of_the_grid_are_not_looked_into(monkeypatch):
    looked = []
    into = Grid._look_into

    def counting(self, cells, centroids):
        found = into(self, cells, centroids)
        looked.append((len(cells), len(found[1][0])))
        return found

    monkeypatch.setattr(Grid, "_look_into", counting)
    X = data("blobs", 200_000, 2)
    run(Grid(X), X, X[:8].copy(), 60)
    cells = looked[0][0]
    assert looked[-2][0] < cells / 2
    assert looked[-2][1] < cells / 20


def test_outliers_leave_the_grid_its_cells():
    X = data("blobs", 100_000, 2)
    even = len(Grid(X)._starts)
    X[::20_000] *= 1e9
    assert len(Grid(X)._starts) > even / 2


@pytest.mark.parametrize("kind", ["blobs", "lattice"])
@pytest.mark.parametrize(("n", "d"), [(3000, 2), (200_000, 2), (6000, 8)])
def test_where_scikit_learn_differs_there_are_exact_ties(n, d, kind):
    X = data(kind, n, d, seed=5)
    start = X[np.random.RandomState(2).choice(n, 6, replace=False)]
    km = KMeans(6, init=start, tolerance=0, max_iterations=8).fit(X)
    differing = 0
    with threadpool_limits(1):
        theirs = cluster.KMeans(6, init=start, n_init=1, max_iter=1).fit(X)
        for snapshot in km.history:
            theirs.cluster_centers_ = snapshot.centroids
            labels = theirs.predict(X)
            other = np.flatnonzero(snapshot.labels != labels)
            gaps = ((X[other, np.newaxis] - snapshot.centroids) ** 2).sum(axis=2)
            taken = np.take_along_axis(gaps, labels[other, np.newaxis], axis=1)[:, 0]
            assert taken == pytest.approx(gaps.min(axis=1), rel=1e-12)
            differing += len(other)
    assert kind == "lattice" or differing == 0


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_is_gone_with_its_last_user(engine):
    X = data("blobs", 5000, 2)
    gc.disable()
    try:
        used = engine(X)
        used.start(X[:3].copy())
        gone = weakref.ref(used)
        del used
        assert (
            gone() is None
        )  # at once, not when the collector comes by: a million points are 40 MB
    finally:
        gc.enable()


@pytest.mark.parametrize("engine", ENGINES)
def test_another_engine_for_the_same_points_has_its_own_labels(engine):
    X = data("blobs", 5000, 2)
    one = engine(X)
    two = one.another()
    starts = X[:7].copy(), X[100:103].copy()
    before = [run(engine(X), X, start, 10) for start in starts]
    steps = [engine.start(start) for engine, start in zip((one, two), starts, strict=True)]
    for labels, history in zip(steps, before, strict=True):
        assert (labels == history[0].labels).all()
    for i in range(1, 5):
        for each, history in zip((one, two), before, strict=True):
            each.assign(history[i].centroids)
            assert (each.sizes() == history[i].sizes).all()
            assert each.means(history[i].centroids) == pytest.approx(history[i + 1].centroids)
