import numpy as np
import pytest

from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.partitioned import stored
from kmeans_tui.partitioned.executor import Stopped
from kmeans_tui.partitioned.here import Here
from kmeans_tui.partitioned.passes import half_steps
from kmeans_tui.partitioned.plan import USUAL
from tests.partitioned.textbook_run import check


def saved(folder, X):
    path = folder / "x.npy"
    np.save(path, X)
    return stored.npy(path)


def table(draw, kind, n, d):
    X = draw.normal(size=(n, d)) * 3 + draw.randint(0, 4, size=(n, 1)) * 10
    if kind == "grid":  # many ties and duplicates
        X = draw.randint(0, 4, size=(n, d)).astype(float)
    if kind == "far":
        X += 1e8
    if kind == "equal":
        X[:] = 0.1
    return X


@pytest.mark.parametrize("kind", ["blobs", "grid", "far", "equal"])
@pytest.mark.parametrize("weighted", [False, True])
def test_every_half_step_is_the_textbooks(tmp_path, kind, weighted):
    draw = np.random.RandomState(len(kind) + weighted)
    for number in range(12):
        n, d, k = draw.randint(9, 60), draw.choice([1, 2, 3, 9]), 1 + number % 8
        X = table(draw, kind, n, d)
        weights = np.where(draw.random_sample(n) < 0.2, 0.0, draw.random_sample(n) * 3)
        gaps = np.zeros(n, bool)
        size = int(draw.choice([1, 3, 7, n, 2 * n]))
        if number % 3 == 0:
            # A whole part without a row, and another row.
            gaps[: min(size, n // 3)] = gaps[n // 2] = True
        X[gaps, draw.randint(d)] = draw.choice([np.nan, np.inf])
        if weighted:
            weights[draw.randint(n)] = np.nan
            gaps |= ~(weights > 0)
        file = np.column_stack([X, weights]) if weighted else X
        choice = USUAL._replace(weights=f"column {d + 1}" if weighted else None)
        executor = Here(saved(tmp_path, file), choice, size)
        plan = executor.plan()
        rows = np.flatnonzero(~gaps)
        assert (plan.rows, plan.dropped) == (len(rows), int(gaps.sum()))
        assert len(plan.parts) == -(-n // size)
        start = X[draw.choice(rows, k, replace=k > len(rows))]
        if number % 2:
            start[-1] = 1e6 + start[0]  # takes no row
        if number % 4 == 3:
            start[-2] = start[0]
        check(executor, X[rows], rows, start, weights[rows] if weighted else None)


@pytest.mark.parametrize("k", [2, 5, 300])
def test_a_run_is_the_one_in_memory(tmp_path, k):
    draw = np.random.RandomState(k)
    X = table(draw, "blobs", 4000, 2)
    start = X[:k]
    history = KMeans(k, init=start).fit(X).history
    steps = [s for s in half_steps(Here(saved(tmp_path, X), USUAL, 900), start)
             if s.kind == "assign"]  # fmt: skip
    assert len(steps) == len(history)
    assert steps[-1].stopped_by == history.stopped_by
    for step, i in zip(steps, range(len(history)), strict=True):
        assert step.sizes.tolist() == np.bincount(history.labels(i), minlength=k).tolist()
        assert step.inertia == pytest.approx(history.inertia[i], rel=1e-12)


def test_a_run_goes_on_from_any_iteration(tmp_path):
    X = table(np.random.RandomState(3), "blobs", 500, 2)
    executor = Here(saved(tmp_path, X), USUAL, 90)
    whole = list(half_steps(executor, X[:4], max_iterations=6, tolerance=0))
    at = whole[6]
    rest = list(
        half_steps(
            Here(saved(tmp_path, X), USUAL, 90), at.centroids, max_iterations=6, tolerance=0,
            iteration=at.iteration, previous=at.previous,
        )
    )  # fmt: skip
    assert len(rest) == len(whole) - 6
    for a, b in zip(whole[6:], rest, strict=True):
        assert (a.kind, a.iteration, a.changed, a.inertia) == (
            b.kind, b.iteration, b.changed, b.inertia,
        )  # fmt: skip
        assert (a.centroids == b.centroids).all()


def test_a_stopped_pass_leaves_what_is_whole(tmp_path):
    X = table(np.random.RandomState(3), "blobs", 500, 2)
    executor = Here(saved(tmp_path, X), USUAL, 90)
    run = half_steps(executor, X[:4], listener=lambda done, total: told.append((done, total)))
    told = []
    step = next(run)
    assert told[-1] == (500, 500)
    with pytest.raises(Stopped):
        list(half_steps(executor, step.centroids, previous=X[4:8], listener=lambda *_: False))
    again = list(half_steps(executor, X[:4]))
    assert again[0].inertia == step.inertia


def test_an_empty_cluster_can_take_a_random_row(tmp_path):
    X = table(np.random.RandomState(3), "blobs", 500, 2)
    start = np.vstack([X[:2], [[1e6, 1e6]]])
    executor = Here(saved(tmp_path, X), USUAL, 90)
    _, update, *_ = half_steps(executor, start, empty="random", seed=7)
    (event,) = update.events
    assert event.cluster == 2
    assert (update.centroids[2] == X[event.point]).all()
