"""Run many starts on the same points at once, keeping only the final states.

A run on a few thousand points spends its time in the interpreter, not in arithmetic: a thousand
runs on 300 points take 1.0 s one after the other and 0.06 s together. Where a single run uses
``small``, the arithmetic is that of ``kernels`` in the same order, so every result equals that of
``KMeans`` to the last bit. Beyond, the distances of some runs are one certified float32 product of
``dense32``, a quarter of the time, so labels and updates are the same, and means up to rounding.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kmeans_tui.clustering import kernels, relocation
from kmeans_tui.clustering.engines.dense32 import Dense32, float32_is_honest
from kmeans_tui.clustering.engines.small import Small

# Doubles in one temporary array of all runs: 512 kB, which stays in the second-level cache.
_ROOM = 65536
# Coordinates above which arithmetic outweighs the interpreter, and an engine skips most of it: at
# 10,000 × 2 a batch takes 0.6 to 1.0 of the time of single runs, at 10,000 × 4 0.8 to 1.2.
_MOST = 32768
# Products of one block in float32: 512 kB.
_PRODUCTS = 1 << 17
# Products n · k · d up to which a single run has the arithmetic of ``small``, to the last bit.
_SMALL = 8192


@dataclass(frozen=True, eq=False)
class Ends:
    """The final states of R runs, in the order of the starts.

    ``centroids`` (R, k, d), ``labels`` (R, n) unsigned, ``inertia`` (R,), ``updates`` (R,) int;
    ``converged`` (R,) bool, False for runs stopped by the limit of updates.
    """

    centroids: np.ndarray
    labels: np.ndarray
    inertia: np.ndarray
    updates: np.ndarray
    converged: np.ndarray


def together(n: int, k: int, d: int) -> int:
    """Return how many runs on n points fit in one batch; 0 if single runs are faster."""
    # The kernels average a single column in another order, and sum more rows than a chunk in parts.
    parted = n * k * d <= _SMALL and n > kernels.chunk(k, d)
    return 0 if d == 1 or parted or n * d > _MOST else max(1, _ROOM // n)


def ends(
    X: np.ndarray,
    starts: np.ndarray,
    max_iterations: int,
    tolerance: float,
    empty: str,
    generators: Sequence[np.random.RandomState],
    go_on: Callable[[], bool] = lambda: True,
    weights: np.ndarray | None = None,
) -> Ends | None:
    """Run Lloyd's iteration on X (n, d) from each of ``starts`` (R, k, d) to its end.

    The other parameters are those of ``KMeans``, ``tolerance`` in the units of X; ``generators``
    holds one generator per run, in its state after drawing the start. ``go_on`` is called before
    every update; returns None if it returns False. ``weights`` (n,) are those of the points.
    ``together`` must not be 0 for this n and d.
    """
    runs, k, d = starts.shape
    n = len(X)
    columns = np.ascontiguousarray(X.T)
    # Allocated once for all runs; fewer runs use only the beginning.
    weighed = _Weighed(np.tile(columns if weights is None else columns * weights, runs), weights)
    found = Ends(
        np.empty((runs, k, d)),
        np.empty((runs, n), kernels.label_type(k)),
        np.empty(runs),
        np.full(runs, max_iterations),
        np.zeros(runs, bool),
    )
    running = np.arange(runs)
    centroids = np.array(starts)
    certain = _Certain(X, k) if n * k * d > _SMALL and float32_is_honest() else None
    labels = _labels(X, columns, centroids, certain)
    for iteration in range(1, max_iterations + 1):
        if not go_on():
            return None
        moved = _means(X, weighed, labels, centroids, running, empty, generators)
        shifts = np.linalg.norm(moved - centroids, axis=2).max(axis=1)
        labels = _labels(X, columns, moved, certain)
        centroids = moved
        still = (shifts < tolerance) | (shifts == 0)
        found.converged[running[still]] = True
        still |= iteration == max_iterations
        if still.any():
            ended = running[still]
            found.centroids[ended] = centroids[still]
            found.labels[ended] = labels[still]
            for r in np.flatnonzero(still):
                squared = kernels.own_distances(X, labels[r], centroids[r])
                found.inertia[running[r]] = squared.sum() if weights is None else squared @ weights
            found.updates[ended] = iteration
            left = ~still
            running, centroids, labels = running[left], centroids[left], labels[left]
            if not len(running):
                break
    return found


@dataclass(frozen=True, eq=False)
class _Weighed:
    """The ``columns`` (d, R · n) of the points once for each run, times the ``weights`` (n,)."""

    columns: np.ndarray
    weights: np.ndarray | None


class _Certain:
    """Labels by the certified float32 product of ``dense32``, for some runs in one product."""

    def __init__(self, X: np.ndarray, k: int) -> None:
        self._X, self._dense = X, Dense32(X)
        self._size = max(1, _PRODUCTS // (k * len(X)))
        self._products = np.empty((self._size * k, len(X)), np.float32)
        self._masks = np.empty((self._size, k, len(X)), bool)

    def labels(self, centroids: np.ndarray) -> np.ndarray | None:
        """Return the labels (R, n) for centroids (R, k, d); None if float32 would overflow."""
        runs, k, d = centroids.shape
        scoring = self._dense.scoring(centroids.reshape(-1, d))
        if scoring is None:
            return None
        scores, margin = scoring
        n = len(self._X)
        labels = np.empty((runs, n), kernels.label_type(k))
        code = np.arange(k, dtype=labels.dtype)[:, np.newaxis]
        for first in range(0, runs, self._size):
            m = min(self._size, runs - first)
            products, masks = self._products[: m * k], self._masks[:m]
            np.dot(scores[first * k : (first + m) * k], self._dense.columns, out=products)
            each = products.reshape(m, k, n)
            least = np.maximum.reduce(each, axis=1)
            least -= margin
            np.greater_equal(each, least[:, np.newaxis], out=masks)
            winners = masks.view(np.uint8)
            unclear = None
            if np.count_nonzero(masks) != m * n:
                shared = np.add.reduce(winners, axis=1, dtype=kernels.label_type(k + 1))
                unclear = (shared != 1).nonzero()
            picked = np.multiply(winners, code, out=winners if k <= 256 else None)
            here = labels[first : first + m]
            np.bitwise_or.reduce(picked, axis=1, out=here)
            if unclear is not None:
                which, rows = unclear
                here[which, rows] = self._by_the_textbook(which + first, rows, centroids)
        return labels

    def _by_the_textbook(
        self, runs: np.ndarray, rows: np.ndarray, centroids: np.ndarray
    ) -> np.ndarray:
        """Return the nearest centroids (m,) of these rows in these runs, ties to the lower."""
        found = np.empty(len(rows), np.intp)
        size = max(1, _ROOM // centroids[0].size)
        for start in range(0, len(rows), size):
            here = slice(start, start + size)
            squared = self._X.take(rows[here], axis=0)[:, np.newaxis] - centroids[runs[here]]
            squared *= squared
            found[here] = squared.sum(axis=2).argmin(axis=1)
        return found


def _labels(
    X: np.ndarray, columns: np.ndarray, centroids: np.ndarray, certain: _Certain | None
) -> np.ndarray:
    """Return labels (R, n) for centroids (R, k, d)."""
    found = None if certain is None else certain.labels(centroids)
    return assign(X, columns, centroids)[0] if found is None else found


def assign(
    X: np.ndarray, columns: np.ndarray, centroids: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and smallest squared distances, (R, n) each, for centroids (R, k, d)."""
    runs, k, d = centroids.shape
    labels = np.zeros((runs, len(X)), kernels.label_type(k))
    code = np.arange(k, dtype=labels.dtype)
    nearest = np.empty(0)
    for j in range(k):
        if d < 8:
            squared = columns[0] - centroids[:, j, :1]
            squared *= squared
            for f in range(1, d):
                term = columns[f] - centroids[:, j, f, np.newaxis]
                term *= term
                squared += term
        else:
            differences = X - centroids[:, j, np.newaxis, :]
            differences *= differences
            squared = differences.sum(axis=2)
        if j == 0:
            nearest = squared
        else:
            # Later centroids have higher labels: three times faster than a masked assignment.
            np.maximum(labels, (squared < nearest).view(np.uint8) * code[j], out=labels)
            np.minimum(nearest, squared, out=nearest)
    return labels, nearest


def _means(
    X: np.ndarray,
    weighed: _Weighed,
    labels: np.ndarray,
    centroids: np.ndarray,
    running: np.ndarray,
    empty: str,
    generators: Sequence[np.random.RandomState],
) -> np.ndarray:
    """Return each run's next centroids, (R, k, d)."""
    runs, k, d = centroids.shape
    index = (labels + k * np.arange(runs)[:, np.newaxis]).ravel()
    weights = weighed.weights
    every = None if weights is None else np.tile(weights, runs)
    counts = np.bincount(index, every, runs * k).reshape(runs, k)
    sums = np.empty((runs * k, d))
    for f, column in enumerate(weighed.columns):
        sums[:, f] = np.bincount(index, column[: len(index)], runs * k)
    sums = sums.reshape(runs, k, d)
    moved = sums / np.where(counts > 0, counts, 1)[:, :, np.newaxis]
    for r in np.flatnonzero((counts == 0).any(axis=1)):
        engine = Small(X, weights)
        engine.start(centroids[r])
        lone, rng = np.flatnonzero(counts[r] == 0), generators[running[r]]
        moved[r], _ = relocation.update(
            engine.means, X, labels[r], lone, centroids[r], empty, rng, 0, weights
        )
    return moved
