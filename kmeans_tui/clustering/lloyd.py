"""Lloyd's iteration with recording: one loop for every engine, screen and command."""

from collections.abc import Callable, Generator

import numpy as np

from kmeans_tui.clustering import relocation
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
) -> Generator[int, None, None]:
    """Assign, update, assign, … on X (n, d) from ``centroids`` (k, d), recording into ``history``.

    Yields the number of every half step once it is recorded. ``is_still`` is called with how far
    each centroid moved. Closing the generator cancels the run: the history keeps complete
    iterations. ``empty`` and ``rng`` are passed to ``relocation.update``.
    """
    stopped_by: StoppedBy = "cancelled"
    try:
        labels = engine.start(centroids)
        inertia = engine.inertia(centroids)
        history.record_start(centroids, labels, inertia, engine.sizes())
        nothing = np.empty(0, np.intp), np.empty(0, labels.dtype)
        yield 0
        for iteration in range(1, max_iterations + 1):
            events: tuple[Event, ...] = ()
            if engine.has_empty():
                lone, labels = engine.emptied(), history.labels(-1)
                moved, events = relocation.update(
                    engine.means, X, labels, lone, centroids, empty, rng, iteration
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
            elif iteration == max_iterations:
                stopped_by = "max_iterations"
            if stopped_by != "cancelled":
                history.stopped_by = stopped_by
            yield 2 * iteration
            if history.stopped_by:
                break
    finally:
        history.finish(stopped_by)
