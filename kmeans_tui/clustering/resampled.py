"""Final states of runs on resamples of the same points, in which a row may be drawn several times.

A run on the drawn rows equals one on the distinct rows, weighted by how often each was drawn: up to
rounding, the centroids are those of ``KMeans(k, init=…).fit(X[rows])``. So small runs on many
resamples are computed at once, and large ones on 63 % of the rows of a bootstrap.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kmeans_tui.clustering import batch, kernels
from kmeans_tui.clustering.ends import from_starts
from kmeans_tui.clustering.engines import engine_for
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.lloyd import lloyd
from kmeans_tui.clustering.stillness import limit

# The rows of all runs computed at once: 65,536 numbers, as in ``batch``.
_ROOM = 65536
_MOST_ROWS = 4096


@dataclass(frozen=True, eq=False)
class ResampledRun:
    """A run to be computed: the drawn ``rows`` (m,), ascending, and its ``start`` (k, d).

    ``generator`` is in its state after drawing the start.
    """

    rows: np.ndarray
    start: np.ndarray
    generator: np.random.RandomState


def together(n: int, k: int, d: int) -> int:
    """Return how many runs on resamples of n points are computed at once; 0 if one by one."""
    return max(1, _ROOM // n) if n <= min(_MOST_ROWS, kernels.chunk(k, d)) else 0


def ends(
    X: np.ndarray,
    runs: Sequence[ResampledRun],
    *,
    max_iterations: int,
    tolerance: float,
    empty: str,
    go_on: Callable[[], bool] = lambda: True,
    weights: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the final centroids (R, k, d) and the inertia on the drawn rows (R,) of each run.

    The parameters are those of ``KMeans``; ``tolerance`` is not yet in the units of the rows.
    ``go_on`` is called before every update; returns None if it returns False. ``weights`` (n,) are
    those of X: a row that is drawn twice counts twice its weight.
    """
    k, d = runs[0].start.shape
    centroids, inertia = np.empty((len(runs), k, d)), np.empty(len(runs))
    size = together(len(X), k, d)
    alone = list(range(len(runs)))
    if size:
        alone = []
        for first in range(0, len(runs), size):
            part = slice(first, first + size)
            left = _at_once(
                X, runs[part], max_iterations, tolerance, go_on, centroids[part], inertia[part],
                weights,
            )  # fmt: skip
            if left is None:
                return None
            alone += [first + i for i in left]
    known: _Weighted | None = None
    for i in alone:
        run = runs[i]
        if known is None or known.rows is not run.rows:
            known = _Weighted(X, run.rows, k, tolerance, weights)
        found = known.end(run, max_iterations, empty, go_on)
        if found is None:
            return None
        centroids[i], inertia[i] = found
    return centroids, inertia


def _counts(rows: np.ndarray, n: int, weights: np.ndarray | None) -> np.ndarray:
    """Return how much each of n points counts: by how often it was drawn, and by its weight."""
    counts = np.bincount(rows, minlength=n).astype(np.float64)
    return counts if weights is None else counts * weights


def _taken(weights: np.ndarray | None, rows: np.ndarray) -> np.ndarray | None:
    return None if weights is None else weights[rows]


def _at_once(
    X: np.ndarray,
    runs: Sequence[ResampledRun],
    max_iterations: int,
    tolerance: float,
    go_on: Callable[[], bool],
    ended: np.ndarray,
    inertia: np.ndarray,
    mass_of_rows: np.ndarray | None,
) -> list[int] | None:
    """Compute runs at once into ``ended`` and ``inertia``; return those with an empty cluster.

    Which point takes over an empty cluster depends on single copies of a row.
    """
    n, d = X.shape
    k = len(runs[0].start)
    within: dict[int, float] = {}
    for run in runs:
        if id(run.rows) not in within:
            within[id(run.rows)] = limit(tolerance, X[run.rows], _taken(mass_of_rows, run.rows))
    limits = np.array([within[id(run.rows)] for run in runs])
    columns = np.ascontiguousarray(X.T, dtype=np.float64)
    counts = np.stack([_counts(run.rows, n, mass_of_rows) for run in runs])
    weights = columns[:, np.newaxis, :] * counts
    centroids = np.stack([run.start for run in runs])
    running, alone = np.arange(len(runs)), []
    labels, nearest = batch.assign(X, columns, centroids)
    for iteration in range(1, max_iterations + 1):
        if not go_on():
            return None
        index = (labels + k * np.arange(len(running))[:, np.newaxis]).ravel()
        mass = np.bincount(index, counts.ravel(), len(running) * k).reshape(-1, k)
        lone = (mass == 0).any(axis=1)
        if lone.any():
            alone += running[lone].tolist()
            kept = ~lone
            running, labels, nearest = running[kept], labels[kept], nearest[kept]
            centroids, counts, limits, mass = (
                centroids[kept],
                counts[kept],
                limits[kept],
                mass[kept],
            )
            weights = weights[:, kept]
            if not len(running):
                break
            index = (labels + k * np.arange(len(running))[:, np.newaxis]).ravel()
        moved = np.empty((len(running) * k, d))
        for f in range(d):
            moved[:, f] = np.bincount(index, weights[f].ravel(), len(running) * k)
        moved = moved.reshape(-1, k, d) / mass[:, :, np.newaxis]
        shifts = np.linalg.norm(moved - centroids, axis=2).max(axis=1)
        labels, nearest = batch.assign(X, columns, moved)
        centroids = moved
        still = (shifts < limits) | (shifts == 0) | (iteration == max_iterations)
        if still.any():
            ended[running[still]] = centroids[still]
            inertia[running[still]] = np.einsum("rn,rn->r", nearest[still], counts[still])
            left = ~still
            running, centroids, labels = running[left], centroids[left], labels[left]
            nearest, counts, limits = nearest[left], counts[left], limits[left]
            weights = weights[:, left]
            if not len(running):
                break
    return alone


class _Weighted:
    """The drawn rows of one resample as distinct points with weights, for all of its runs."""

    def __init__(
        self,
        X: np.ndarray,
        rows: np.ndarray,
        k: int,
        tolerance: float,
        weights: np.ndarray | None,
    ) -> None:
        self.rows, self._X, self._weights = rows, X, _taken(weights, rows)
        counts = _counts(rows, len(X), weights)
        here = np.flatnonzero(counts)
        self._within = limit(tolerance, X[rows], self._weights)
        self._engine = None
        if len(here) < len(rows) and len(X) > _MOST_ROWS:
            self._points = X[here]
            self._engine = engine_for(self._points, k, counts[here])

    def end(
        self, run: ResampledRun, max_iterations: int, empty: str, go_on: Callable[[], bool]
    ) -> tuple[np.ndarray, float] | None:
        """Return the final centroids and the inertia; None if stopped."""
        state = run.generator.get_state()
        if self._engine is not None:
            history = History(len(self._points), *run.start.shape)
            steps = lloyd(
                self._engine, self._points, run.start, history, max_iterations, self._is_still,
                empty, run.generator,
            )  # fmt: skip
            for _ in steps:
                if not go_on():
                    steps.close()
                    return None
            last = history[-1]
            if not any(step.events for step in history):
                return last.centroids, float(last.inertia)
            # Which copy of a row takes over an empty cluster is decided on the drawn rows.
            run.generator.set_state(state)
        found = from_starts(
            self._X[self.rows],
            run.start[np.newaxis],
            max_iterations=max_iterations,
            tolerance=self._within,
            empty=empty,
            generators=[run.generator],
            go_on=go_on,
            weights=self._weights,
        )
        return None if found is None else (found.centroids[0], float(found.inertia[0]))

    def _is_still(self, ways: list[float]) -> bool:
        way = max(ways)
        return way < self._within or way == 0
