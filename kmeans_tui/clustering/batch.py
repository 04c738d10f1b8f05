"""Run many starts on the same points at once, keeping only the final states.

A run on a few hundred points spends its time in the interpreter, not in arithmetic: a thousand
runs on 300 points take 1.0 s one after the other and 0.06 s together. The arithmetic is that of
``kernels`` in the same order, so every result equals that of ``KMeans`` to the last bit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kmeans_tui.clustering import kernels, relocation
from kmeans_tui.clustering.engines.small import Small

# Doubles in one temporary array of all runs: 512 kB, which stays in the second-level cache.
_ROOM = 65536
# Above this, arithmetic outweighs the interpreter, and an engine skips most of it.
_MOST_ROWS = 4096


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
    few = min(_MOST_ROWS, kernels.chunk(k, d))
    return 0 if d == 1 or n > few else max(1, _ROOM // n)


def ends(
    X: np.ndarray,
    starts: np.ndarray,
    max_iterations: int,
    tolerance: float,
    empty: str,
    generators: Sequence[np.random.RandomState],
    go_on: Callable[[], bool] = lambda: True,
) -> Ends | None:
    """Run Lloyd's iteration on X (n, d) from each of ``starts`` (R, k, d) to its end.

    The other parameters are those of ``KMeans``, ``tolerance`` in the units of X; ``generators``
    holds one generator per run, in its state after drawing the start. ``go_on`` is called before
    every update; returns None if it returns False.
    ``together`` must not be 0 for this n and d.
    """
    runs, k, d = starts.shape
    n = len(X)
    columns = np.ascontiguousarray(X.T)
    # Allocated once for all runs; fewer runs use only the beginning.
    weights = np.tile(columns, runs)
    found = Ends(
        np.empty((runs, k, d)),
        np.empty((runs, n), kernels.label_type(k)),
        np.empty(runs),
        np.full(runs, max_iterations),
        np.zeros(runs, bool),
    )
    running = np.arange(runs)
    centroids = np.array(starts)
    labels, nearest = assign(X, columns, centroids)
    for iteration in range(1, max_iterations + 1):
        if not go_on():
            return None
        moved = _means(X, weights, labels, centroids, running, empty, generators)
        shifts = np.linalg.norm(moved - centroids, axis=2).max(axis=1)
        labels, nearest = assign(X, columns, moved)
        centroids = moved
        still = (shifts < tolerance) | (shifts == 0)
        found.converged[running[still]] = True
        still |= iteration == max_iterations
        if still.any():
            ended = running[still]
            found.centroids[ended] = centroids[still]
            found.labels[ended] = labels[still]
            found.inertia[ended] = nearest[still].sum(axis=1)
            found.updates[ended] = iteration
            left = ~still
            running, centroids, labels = running[left], centroids[left], labels[left]
            if not len(running):
                break
    return found


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
    weights: np.ndarray,
    labels: np.ndarray,
    centroids: np.ndarray,
    running: np.ndarray,
    empty: str,
    generators: Sequence[np.random.RandomState],
) -> np.ndarray:
    """Return each run's next centroids, (R, k, d); ``weights`` (d, R · n) repeat the columns."""
    runs, k, d = centroids.shape
    index = (labels + k * np.arange(runs)[:, np.newaxis]).ravel()
    counts = np.bincount(index, minlength=runs * k).reshape(runs, k)
    sums = np.empty((runs * k, d))
    for f, weight in enumerate(weights):
        sums[:, f] = np.bincount(index, weight[: len(index)], runs * k)
    sums = sums.reshape(runs, k, d)
    moved = sums / np.maximum(counts, 1)[:, :, np.newaxis]
    for r in np.flatnonzero((counts == 0).any(axis=1)):
        engine = Small(X)
        engine.start(centroids[r])
        lone, rng = np.flatnonzero(counts[r] == 0), generators[running[r]]
        moved[r] = relocation.update(engine.means, X, labels[r], lone, centroids[r], empty, rng, 0)[
            0
        ]
    return moved
