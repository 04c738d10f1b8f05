"""Lloyd's iteration with recording: one loop for every engine, screen and command."""

from collections.abc import Callable, Generator

import numpy as np

from kmeans_tui.clustering import kernels, relocation
from kmeans_tui.clustering.engines import Engine
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.sparse_rows import Points
from kmeans_tui.clustering.steps import Event, StoppedBy


def lloyd(
    engine: Engine,
    X: Points,
    centroids: np.ndarray,
    history: History,
    max_iterations: int,
    is_still: Callable[[list[float]], bool],
    empty: str,
    rng: np.random.RandomState,
    weights: np.ndarray | None = None,
) -> Generator[int, None, None]:
    """Assign, update, assign, … on X (n, d) from ``centroids`` (k, d), recording into ``history``.

    Yields the number of every half step once it is recorded. ``is_still`` is called with how far
    each centroid moved. Closing the generator cancels the run: the history keeps complete
    iterations. ``empty``, ``rng`` and ``weights`` are passed to ``relocation.update``.
    """
    try:
        labels = engine.start(centroids)
        inertia = engine.inertia(centroids)
        history.record_start(centroids, labels, inertia, engine.sizes())
        yield 0
        yield from iterations(
            engine, X, centroids, inertia, history, max_iterations, is_still, empty, rng, weights
        )
    finally:
        history.finish(history.stopped_by or "cancelled")


def iterations(
    engine: Engine,
    X: Points,
    centroids: np.ndarray,
    inertia: float,
    history: History,
    limit: int,
    is_still: Callable[[list[float]], bool],
    empty: str,
    rng: np.random.RandomState,
    weights: np.ndarray | None = None,
) -> Generator[int, None, None]:
    """Update, assign, … until the run converges, or for ``limit`` updates.

    Continues from the last snapshot of ``history``, which has these ``centroids`` (k, d) and this
    ``inertia``; its points are assigned in ``engine``. Yields like ``lloyd``; before the last one,
    ``history.stopped_by`` says why it ends.
    """
    stopped_by: StoppedBy | None = None
    first = len(history)
    # In the type of the labels, for an assignment that changes none.
    nothing = np.empty(0, np.intp), np.empty(0, kernels.label_type(history.k))
    for iteration in range(first, first + limit):
        events: tuple[Event, ...] = ()
        if engine.has_empty():
            lone, labels = engine.emptied(), history.labels(-1)
            moved, events = relocation.update(
                engine.means, X, labels, lone, centroids, empty, rng, iteration, weights
            )
        else:
            moved = engine.means(centroids)
        squares = moved - centroids
        squares *= squares
        shifts = np.sqrt(np.add.reduce(squares, axis=1))
        ways = shifts.tolist()
        # The last update of a complete run moves nothing, and costs nothing.
        same = max(ways) == 0 and bool((moved == centroids).all())
        centroids = moved
        inertia = inertia if same else engine.inertia(centroids)
        history.record_update(centroids, shifts, inertia, events)
        yield 2 * iteration - 1
        rows, flips = nothing if same else engine.assign(centroids)
        inertia = inertia if same or not len(rows) else engine.inertia(centroids)
        history.record_assignment(rows, flips, inertia, engine.sizes())
        if is_still(ways):
            stopped_by = "converged"
        elif iteration == first + limit - 1:
            stopped_by = "max_iterations"
        if stopped_by is not None:
            history.stopped_by = stopped_by
        yield 2 * iteration
        if history.stopped_by:
            break
