"""How well k clusters fit: what inertia alone cannot say."""

import math
from dataclasses import dataclass

import numpy as np

from kmeans_tui.analysis.rounding import Nothing, centred
from kmeans_tui.analysis.silhouette import silhouette
from kmeans_tui.clustering import kernels

# Exact up to here, 0.3 s; the distances of all pairs of 100,000 rows would take two minutes.
EXACT = 5000
# A sample of 2,000 is within 0.005 of the exact value.
SAMPLE = 2000


@dataclass(frozen=True)
class Criteria:
    """Silhouette (Rousseeuw 1987, highest is best), Calinski-Harabasz (1974, highest) and
    Davies-Bouldin (1979, lowest); None where a criterion is not defined.
    """

    silhouette: float | None
    calinski_harabasz: float | None
    davies_bouldin: float | None


def silhouette_rows(n: int) -> int:
    """How many of n rows the silhouette is computed on."""
    return n if n <= EXACT else SAMPLE


def measure(X: np.ndarray, labels: np.ndarray, inertia: float) -> Criteria:
    """The criteria of the partition ``labels`` (n,) of X (n, d), which has this ``inertia``.

    Where it leaves nothing unexplained, so that the inertia is 0 to rounding, the ratios are at
    their best: Davies-Bouldin 0, Calinski-Harabasz infinite. Not so where fewer than two rows share
    a place on average: a cluster for each row explains nothing.
    """
    n = len(X)
    numbers, own = np.unique(labels, return_inverse=True)
    found = len(numbers)
    if not 2 <= found <= n - 1:
        return Criteria(None, None, None)
    perfect = Nothing(X).is_left(labels, inertia)
    points, _ = centred(X)
    rows = np.arange(n)
    if n > EXACT:
        rows = np.random.RandomState(0).choice(n, SAMPLE, replace=False)
    sampled, of_sample = np.unique(own[rows], return_inverse=True)
    mean = None
    if 2 <= len(sampled) < len(rows):
        mean = silhouette(points[rows], of_sample, len(sampled))
    if perfect:
        return Criteria(mean, math.inf, 0.0) if n >= 2 * found else Criteria(mean, None, None)
    sizes = kernels.sizes(own, found)
    means = kernels.means(points, own, sizes, np.zeros((found, points.shape[1])))
    squared = kernels.own_distances(points, own, means)
    # Far out the mean that was subtracted is rounded, and the points are only about their middle.
    middle = sizes @ means / n
    between = float(sizes @ ((means - middle) ** 2).sum(axis=1))
    within = float(squared.sum())
    if within <= 0:
        return Criteria(mean, None, None)
    return Criteria(
        mean,
        between / within * (n - found) / (found - 1),
        _davies_bouldin(np.bincount(own, np.sqrt(squared)) / sizes, means),
    )


def _davies_bouldin(scatter: np.ndarray, means: np.ndarray) -> float:
    """From the mean distance to the mean of every cluster, (k,), and the means, (k, d)."""
    worst = np.zeros(len(means))
    for part, squared in kernels.blocks(means, means):
        apart = np.sqrt(squared)
        # Two clusters in one place could not be told apart; scikit-learn leaves them out too.
        apart[apart == 0] = np.inf
        worst[part] = ((scatter[:, np.newaxis] + scatter[part]) / apart).max(axis=0)
    return float(worst.mean())
