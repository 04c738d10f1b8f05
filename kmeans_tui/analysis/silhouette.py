"""The silhouette of all points (Rousseeuw 1987), from distances without cancellation.

scikit-learn computes |x|² - 2 x · y + |y|²: with two narrow groups far apart, all digits of the
distances within them cancel, and centring does not help. Here, few features are subtracted
directly; with many, only the pairs that would cancel: 3,000 × 2, k 5, takes 0.6 times as long as
scikit-learn, 3,000 × 64 1.3 times.
"""

import numpy as np

from kmeans_tui.clustering import kernels

# Distances in one temporary: 512 kB, which stays in the second-level cache.
_ROOM = 1 << 16
# Squared distances below this share of the norms have lost half of their digits.
_CANCELLED = 1e-8


def silhouette(
    points: np.ndarray, labels: np.ndarray, k: int, weights: np.ndarray | None = None
) -> float:
    """Return the mean silhouette of points (n, d); all ``labels`` (n,) from 0 to k - 1 occur.

    A point alone in its cluster counts 0, as in scikit-learn. A point of weight w counts as w
    points in one place: w - 1 of them are at distance 0 of it. 2 <= k < n, or the total weight.
    """
    n = len(points)
    sizes = np.bincount(labels, weights, minlength=k)
    members = np.zeros((k, n))
    members[labels, np.arange(n)] = 1.0 if weights is None else weights
    norms = np.einsum("ij,ij->i", points, points)
    size = max(1, _ROOM // n)
    total = 0.0
    for start in range(0, n, size):
        rows = np.arange(start, min(n, start + size))
        own = labels[rows]
        columns = np.arange(len(rows))
        sums = members @ _distances(points, norms, rows)
        several = sizes[own] > 1
        others = np.where(several, sizes[own] - 1, 1.0)
        inside = sums[own, columns] / others
        means = sums / sizes[:, np.newaxis]
        means[own, columns] = np.inf
        outside = means.min(axis=0)
        larger = np.maximum(inside, outside)
        found = np.divide(outside - inside, larger, out=np.zeros(len(rows)), where=larger > 0)
        found *= several
        total += float(found.sum() if weights is None else found @ weights[rows])
    return total / (n if weights is None else float(sizes.sum()))


def _distances(points: np.ndarray, norms: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the distances of all points to those in ``rows``, (n, rows)."""
    if points.shape[1] < kernels.PAIRWISE:
        squared = kernels.by_feature(points[rows], points)
        return np.sqrt(squared, out=squared)
    sums = norms[:, np.newaxis] + norms[rows]
    squared = points @ (-2.0 * points[rows].T)
    squared += sums
    first, second = np.nonzero(squared < _CANCELLED * sums)
    size = max(1, _ROOM // points.shape[1])
    for start in range(0, len(first), size):
        i, j = first[start : start + size], second[start : start + size]
        differences = points[i] - points[rows[j]]
        squared[i, j] = np.einsum("ij,ij->i", differences, differences)
    return np.sqrt(squared, out=squared)
