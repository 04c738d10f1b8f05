"""The inner loops: assignment, means and inertia, exact and in chunks.

Every function processes the rows in chunks that stay in the cache, so its memory does not grow with
n · k · d and the interpreter lock is released every fraction of a millisecond. The arithmetic is
that of ``textbook``: the same operations in the same order, so labels and centroids agree with it
to the last bit, ties included.

Shapes: ``X`` (n, d) float32 or float64 in C order (or ``SparseRows``, if read in blocks),
``centroids`` (k, d) float64, ``labels`` (n,) unsigned.
"""

from collections.abc import Iterator

import numpy as np

from kmeans_tui.clustering.sparse_rows import Points

# Doubles in one temporary array: 512 kB, so the two of an assignment fit a 2 MB level-2 cache.
_CHUNK = 65536
# From eight features on, numpy adds the squares of a row in another order (pairwise, eight lanes).
PAIRWISE = 8


def label_type(k: int) -> np.dtype:
    """Return the smallest unsigned type that holds the labels 0 to k - 1."""
    return np.min_scalar_type(k - 1)


def chunk(k: int, d: int) -> int:
    """Return how many rows are assigned to k centroids of d features at a time."""
    return max(512, min(8192, _CHUNK // k)) if d < PAIRWISE else max(1, _CHUNK // (k * d))


def assign(X: Points, centroids: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the nearest centroid of every point; the lower one wins a tie.

    Returns the labels, (n,) in ``label_type(k)``, and the inertia: the sum of the squared distances
    to these nearest centroids.
    """
    k = len(centroids)
    labels = np.empty(len(X), label_type(k))
    code = np.arange(k, dtype=labels.dtype)[:, np.newaxis]
    inertia = 0.0
    for part, squared in blocks(X, centroids):
        nearest = squared.min(axis=0)
        inertia += float(nearest.sum())
        winners = squared == nearest
        # One OR over the rows gives all labels at once, three times faster than argmin(axis=0) at
        # k = 8; it is right unless there is a tie.
        picked = winners.view(np.uint8) * code
        np.bitwise_or.reduce(picked, axis=0, out=labels[part])
        if np.count_nonzero(winners) != len(nearest):
            tied = np.flatnonzero(winners.sum(axis=0) != 1)
            labels[part.start + tied] = squared[:, tied].argmin(axis=0)
    return labels, inertia


def blocks(X: Points, centroids: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield slices of m rows of X with their squared distances, (k, m)."""
    n, d = X.shape
    k = len(centroids)
    size = chunk(k, d)
    for start in range(0, n, size):
        part = slice(start, min(n, start + size))
        yield part, (by_feature if d < PAIRWISE else by_row)(X[part], centroids)


def by_feature(rows: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return squared distances (k, m), the squares added feature by feature."""
    columns = np.ascontiguousarray(rows.T)
    squared = columns[0] - centroids[:, :1]
    squared *= squared
    term = np.empty_like(squared) if len(columns) > 1 else squared
    for f in range(1, len(columns)):
        np.subtract(columns[f], centroids[:, f, np.newaxis], out=term)
        term *= term
        squared += term
    return squared


def by_row(rows: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return squared distances (k, m), the squares of a row added as by ``sum(axis=2)``."""
    differences = rows[:, np.newaxis, :] - centroids
    differences *= differences
    return np.ascontiguousarray(differences.sum(axis=2).T)


def means(
    X: np.ndarray, labels: np.ndarray, counts: np.ndarray, centroids: np.ndarray
) -> np.ndarray:
    """Return the mean of every cluster, (k, d); an empty one keeps its row of ``centroids``.

    ``counts`` (k,) are the ``sizes`` of the clusters.
    """
    k, d = centroids.shape
    filled = counts > 0
    if d > 1 and filled.all():
        return _sums(X, labels, k) / counts[:, np.newaxis]
    moved = centroids.copy()
    if d == 1:
        # A single column is contiguous, so numpy adds it pairwise; bincount would not.
        for j in np.flatnonzero(filled):
            moved[j] = X[labels == j].astype(np.float64).mean(axis=0)
    else:
        moved[filled] = _sums(X, labels, k)[filled] / counts[filled, np.newaxis]
    return moved


def _sums(X: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """Return the sum of the rows of every cluster, (k, d), added in row order."""
    n, d = X.shape
    sums = np.zeros((k, d))
    carried = np.arange(k)
    for start in range(0, n, _CHUNK):
        rows = X[start : start + _CHUNK]
        index = labels[start : start + _CHUNK].astype(np.intp)
        if start == 0:
            for f in range(d):
                sums[:, f] = np.bincount(index, rows[:, f], k)
        else:
            # The sums so far go first, as one row per cluster: the additions happen in the same
            # order as over the whole column, so the result is the same to the last bit.
            index = np.concatenate((carried, index))
            for f in range(d):
                sums[:, f] = np.bincount(index, np.concatenate((sums[:, f], rows[:, f])), k)
    return sums


def weighted_means(
    X: np.ndarray, labels: np.ndarray, weights: np.ndarray, centroids: np.ndarray
) -> np.ndarray:
    """Return the weighted mean of every cluster, (k, d); one without weight keeps its centroid."""
    k, index = len(centroids), labels.astype(np.intp)
    mass = np.bincount(index, weights, k)
    moved, filled = centroids.copy(), mass > 0
    for f, column in enumerate(X.T):
        moved[filled, f] = (np.bincount(index, column * weights, k)[filled]) / mass[filled]
    return moved


def sizes(labels: np.ndarray, k: int) -> np.ndarray:
    """Return the number of points in every cluster, (k,) int64."""
    counts = np.zeros(k, np.int64)
    for start in range(0, len(labels), _CHUNK):
        counts += np.bincount(labels[start : start + _CHUNK], minlength=k)
    return counts


def own_distances(X: Points, labels: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return the squared distance of every point to its own centroid, (n,)."""
    squared = np.empty(len(X))
    for part in _parts(X):
        np.copyto(squared[part], _squared_norms(X[part] - centroids.take(labels[part], axis=0)))
    return squared


def inertia_of(
    X: Points, labels: np.ndarray, centroids: np.ndarray, weights: np.ndarray | None = None
) -> float:
    """Return the weighted sum of squared distances of all points to their own centroids."""
    inertia = 0.0
    for part in _parts(X):
        squared = _squared_norms(X[part] - centroids.take(labels[part], axis=0))
        inertia += float(squared.sum() if weights is None else squared @ weights[part])
    return inertia


def distances_to(X: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return the squared distance of every point to one position (d,), as (n,)."""
    squared = np.empty(len(X))
    place = place.astype(np.float64)
    for part in _parts(X):
        np.copyto(squared[part], _squared_norms(X[part] - place))
    return squared


def _parts(X: Points) -> Iterator[slice]:
    """Yield slices of rows, each of at most ``_CHUNK`` numbers."""
    size = max(1, _CHUNK // X.shape[1])
    return (slice(start, start + size) for start in range(0, len(X), size))


def _squared_norms(differences: np.ndarray) -> np.ndarray:
    """Return the sum of squares of every row, (m,), as by ``sum(axis=1)``; overwrites its input."""
    differences *= differences
    if differences.shape[1] >= PAIRWISE:
        return differences.sum(axis=1)
    # The same order of additions, three times faster than a reduction over two numbers.
    squared = differences[:, 0].copy()
    for f in range(1, differences.shape[1]):
        squared += differences[:, f]
    return squared
