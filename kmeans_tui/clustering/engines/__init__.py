"""Five exact engines for Lloyd's iteration, and the rule that chooses between them.

At every iteration, each gives the labels of the textbook's rule in float64 for the given centroids:
the smallest sum of squared differences as numpy computes it, the lowest label in a tie. They differ
in what they avoid computing:

``small``    nothing; up to a few thousand distances, the interpreter takes most of the time
``dense32``  float64: one float32 matrix product screens all distances, unclear ones are redone
``bounded``  and the points that the last moves of the centroids cannot have changed
``grid``     points: a cell of the plane that belongs to one centroid is skipped as a whole
``sparse``   the zeros of compressed rows

The centroids are means of these labels. ``small`` adds in the textbook's order, to the last bit;
the others update running sums and are within a few roundings of the exact mean, often nearer than
the textbook, whose sums start at the origin. So from equal starts a whole run equals the textbook's
unless such a rounding decides a tie; for the centroids it records, every label is exact.

Ratios in the engines are of CPU time to scikit-learn's Lloyd, one thread each, as measured by
``tests/benchmarks/engine.py``. A fit uses one thread: calls that stay in the cache are too short
for two to overlap. With two threads on half of the points each, the pass of ``dense32`` is 1.03 to
1.1 times as fast with up to 8 features; with 64, a whole fit is 1.02 to 1.04 times as fast
(30,000, k 64; 100,000, k 8), and with 8 features and 64 clusters 0.7 times. The other core is
better used for another run.
"""

from typing import Protocol

import numpy as np

from kmeans_tui.clustering.engines.bounded import Bounded
from kmeans_tui.clustering.engines.dense32 import Dense32
from kmeans_tui.clustering.engines.grid import Grid
from kmeans_tui.clustering.engines.small import Small
from kmeans_tui.clustering.engines.sparse import Sparse
from kmeans_tui.clustering.sparse_rows import Points, SparseRows


class Engine(Protocol):
    """Points with the labels of the latest assignment, and the resulting sums."""

    def start(self, centroids: np.ndarray) -> np.ndarray:
        """Forget all labels and assign every point to ``centroids`` (k, d): new labels (n,)."""

    def assign(self, centroids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Reassign; return the changed rows, in any order, and their old XOR new labels."""

    def another(self) -> "Engine":
        """Return an engine that shares the prepared points and has its own labels.

        Both may run at the same time. Call this before either runs.
        """

    def sizes(self) -> np.ndarray:
        """Return the points in every cluster, a new array (k,) int64."""

    def means(
        self, centroids: np.ndarray, points: np.ndarray = ..., clusters: np.ndarray = ...
    ) -> np.ndarray:
        """Return the mean of every cluster, (k, d); an empty one keeps its row of ``centroids``.

        Rows ``points`` (m,) are counted in ``clusters`` (m,) instead of their own.
        """

    def has_empty(self) -> bool:
        """Whether a cluster has no points, or none with a weight."""

    def emptied(self) -> np.ndarray:
        """Return the clusters without points (with a weight), ascending."""

    def inertia(self, centroids: np.ndarray) -> float:
        """Return the sum of squared distances of all points to their own centroids."""


# Distances times features up to which fixed costs dominate: at 7,800 ``small`` is as fast as
# ``dense32``, at 15,000 it takes one and a half times as long.
_SMALL = 8_192
# Points times clusters, by features, from which the cells of ``grid`` pay for their sorting. At
# 200,000 × 2, k 8, it is 1.1 times as fast as ``dense32``, at 100,000 0.8 times; with one feature,
# 100,000 and k 8, 1.8 times. Below 30,000 points, cells hold too few.
_MANY = {1: 400_000, 2: 1_200_000}


# Points up to which ``bounded`` is the faster one for runs without history: at 10,000 it takes 0.7
# to 1.0 of the time of ``dense32``. Beyond, it is not measured.
_BOUNDED = 32_768


def engine_for(
    X: Points, k: int, weights: np.ndarray | None = None, *, watched: bool = True
) -> Engine:
    """Return the engine for k clusters of X (n, d), checked float32 or float64 in C order.

    ``watched`` is whether the inertia of every half step is asked for.
    """
    if isinstance(X, SparseRows):
        return Sparse(X, weights)
    n, d = X.shape
    if n * k * d <= _SMALL:
        return Small(X, weights)
    if d in _MANY and n * k >= _MANY[d] and n >= 30_000 and weights is None:
        return Grid(X)
    return Dense32(X, weights) if watched or n > _BOUNDED else Bounded(X, weights)
