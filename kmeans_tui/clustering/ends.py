"""Final states of runs, without history: small runs in batches, large ones on one engine."""

from collections.abc import Callable, Sequence

import numpy as np

from kmeans_tui.clustering import batch, relocation
from kmeans_tui.clustering.batch import Ends
from kmeans_tui.clustering.engines import Engine, engine_for
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.lloyd import lloyd

__all__ = ["Ends", "from_starts"]

# Rows from which runs that can pause are faster than a batch run to the end: with three runs for
# each k a sweep takes 1.0 times as long at 300 rows, 0.86 at 1000, 0.69 at 2000.
_PAUSING = 1000


def from_starts(
    X: np.ndarray,
    starts: np.ndarray,
    *,
    max_iterations: int,
    tolerance: float,
    empty: str,
    generators: Sequence[np.random.RandomState],
    go_on: Callable[[], bool] = lambda: True,
    rough: float = 0.0,
    weights: np.ndarray | None = None,
) -> Ends | None:
    """Return the final states of ``KMeans`` on X (n, d) from each of ``starts`` (R, k, d).

    ``tolerance`` is in the units of X (``stillness.limit``).
    ``generators`` (R) are those of the runs, in their state after drawing the start. Labels and
    inertia belong to the centroids. With few points, many runs are computed at once (``batch``);
    with many, all runs share one engine. ``go_on`` is called before every update, in runs that
    can pause before every half step; returns None if it returns False.

    With ``rough``, a run on 1000 points or more pauses once no centroid moves by that much, and
    only the best of them continues to its end: the others are returned as they paused.
    ``weights`` (n,) are those of the points.
    """
    rough = rough if len(X) >= _PAUSING else 0.0
    size = 0 if rough else batch.together(len(X), *starts.shape[1:])
    if not size and not rough:
        one_by_one = _straight(
            X, starts, max_iterations, tolerance, empty, generators, go_on, weights
        )
        return None if one_by_one is None else _joined(one_by_one)
    if not size:
        engine = engine_for(X, starts.shape[1], weights)
        # A run that pauses needs its own labels.
        engines = [engine.another() for _ in starts]
        runs = [
            _Run(each, X, start, max_iterations, tolerance, empty, generator, weights)
            for each, start, generator in zip(engines, starts, generators, strict=True)
        ]
        return _one_by_one(runs, go_on, rough)
    parts = []
    for first in range(0, len(starts), size):
        part = slice(first, first + size)
        found = batch.ends(
            X, starts[part], max_iterations, tolerance, empty, generators[part], go_on, weights
        )
        if found is None:
            return None
        parts.append(found)
    return _joined(parts)


def _joined(parts: Sequence[Ends]) -> Ends:
    if len(parts) == 1:
        return parts[0]
    return Ends(
        np.concatenate([each.centroids for each in parts]),
        np.concatenate([each.labels for each in parts]),
        np.concatenate([each.inertia for each in parts]),
        np.concatenate([each.updates for each in parts]),
        np.concatenate([each.converged for each in parts]),
    )


def _straight(
    X: np.ndarray,
    starts: np.ndarray,
    max_iterations: int,
    tolerance: float,
    empty: str,
    generators: Sequence[np.random.RandomState],
    go_on: Callable[[], bool],
    weights: np.ndarray | None,
) -> list[Ends] | None:
    """Return the ends of runs one after the other, without inertia and history on the way."""
    engine = engine_for(X, starts.shape[1], weights, watched=False)
    found = []
    for start, generator in zip(starts, generators, strict=True):
        centroids, iteration, converged = start, 0, False
        labels = engine.start(start)
        while iteration < max_iterations and not converged:
            if not go_on():
                return None
            iteration += 1
            if engine.has_empty():
                lone = engine.emptied()
                moved, _ = relocation.update(
                    engine.means, X, labels, lone, centroids, empty, generator, iteration, weights
                )
            else:
                moved = engine.means(centroids)
            squares = moved - centroids
            squares *= squares
            way = max(np.sqrt(np.add.reduce(squares, axis=1)).tolist())
            centroids = moved
            rows, flips = engine.assign(centroids)
            labels[rows] ^= flips
            converged = way < tolerance or way == 0
        found.append(
            Ends(
                centroids[np.newaxis].copy(),
                labels[np.newaxis].copy(),
                np.array([engine.inertia(centroids)]),
                np.array([iteration]),
                np.array([converged]),
            )
        )
    return found


def _one_by_one(runs: "list[_Run]", go_on: Callable[[], bool], rough: float) -> Ends | None:
    try:
        if not all(run.went_on(go_on, rough) for run in runs):
            return None
        if rough and not min(runs, key=lambda run: run.history[-1].inertia).went_on(go_on, 0.0):
            return None
    finally:
        for run in runs:
            run.close()
    lasts = [run.history[-1] for run in runs]
    return Ends(
        np.stack([last.centroids for last in lasts]),
        np.stack([last.labels for last in lasts]),
        np.array([last.inertia for last in lasts]),
        np.array([last.iteration for last in lasts]),
        np.array([run.history.stopped_by == "converged" for run in runs]),
    )


class _Run:
    """A run that can pause."""

    def __init__(
        self,
        engine: Engine,
        X: np.ndarray,
        start: np.ndarray,
        max_iterations: int,
        tolerance: float,
        empty: str,
        generator: np.random.RandomState,
        weights: np.ndarray | None,
    ) -> None:
        self.history = History(len(X), len(start), start.shape[1], weights)
        self._way, self._tolerance = np.inf, tolerance
        self._half_steps = lloyd(
            engine, X, start, self.history, max_iterations, self._is_still, empty, generator,
            weights,
        )  # fmt: skip

    def _is_still(self, ways: list[float]) -> bool:
        self._way = max(ways)
        return self._way < self._tolerance or self._way == 0

    def went_on(self, go_on: Callable[[], bool], rough: float) -> bool:
        """Continue until no centroid moves by ``rough``, or to the end; False if stopped."""
        while go_on():
            half_step = next(self._half_steps, None)
            if half_step is None or (half_step % 2 == 0 and self._way < rough):
                return True
        return False

    def close(self) -> None:
        """End the run: a paused run and its generator refer to each other and stay in memory."""
        self._half_steps.close()
