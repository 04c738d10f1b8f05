"""Four exact engines for Lloyd's iteration, and the rule that chooses between them.

All give, at every iteration, the labels of the textbook's rule in float64 for the centroids
they are handed: the smallest sum of squared differences as numpy computes it, the lowest label
among equals. They differ in what they avoid computing:

``small``    nothing; up to a few thousand distances the interpreter is what costs time
``dense32``  float64: one float32 matrix product screens all distances, the unclear are redone
``grid``     the points: a cell of the plane that belongs to one centroid is not looked into
``sparse``   the zeros of compressed rows

The centroids are means of these labels. ``small`` adds in the textbook's order, to the last bit;
the others carry sums along and are within a few roundings of the exact mean, often nearer than the
textbook, whose sums start at the origin. So on equal starts a whole run is that of the textbook
unless such a rounding decides a tie; against the centroids it records, every label is exact.

Ratios in the engines are of CPU time to scikit-learn's Lloyd, one thread each, as measured by
``tests/benchmarks/engine.py``. One thread is what a fit takes: calls that stay in the cache are too
short for two to overlap. Two on halves of the points make the pass of ``dense32`` 1.03 to 1.1 times
as fast with up to 8 features; with 64 a whole fit is so 1.02 to 1.04 times as fast (30,000, k 64;
100,000, k 8), and with 8 features and 64 clusters 0.7 times. The other core is better used by
another run.
"""

from typing import Protocol

import numpy as np

from kmeans_tui.clustering.engines.dense32 import Dense32
from kmeans_tui.clustering.engines.grid import Grid
from kmeans_tui.clustering.engines.small import Small
from kmeans_tui.clustering.engines.sparse import Sparse
from kmeans_tui.clustering.sparse_rows import Points, SparseRows


class Engine(Protocol):
    """Points with the labels of the latest assignment, and what these labels add up to."""

    def start(self, centroids: np.ndarray) -> np.ndarray:
        """Forget all labels and assign every point to ``centroids`` (k, d): new labels (n,)."""

    def assign(self, centroids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Assign again: the rows that changed, in any order, and their old XOR new labels."""

    def another(self) -> "Engine":
        """An engine for the same points, which prepares nothing again and has its own labels.

        Both may work at the same time. To be asked before either is at work.
        """

    def sizes(self) -> np.ndarray:
        """Points in every cluster, a new array (k,) int64."""

    def means(
        self, centroids: np.ndarray, points: np.ndarray = ..., clusters: np.ndarray = ...
    ) -> np.ndarray:
        """The mean of every cluster, (k, d); one without points keeps its row of ``centroids``.

        ``points`` (m,) rows are counted in ``clusters`` (m,) instead of in their own.
        """

    def has_empty(self) -> bool:
        """Whether a cluster has no points, or none with a weight."""

    def emptied(self) -> np.ndarray:
        """The clusters without points, or without any with a weight, ascending."""

    def inertia(self, centroids: np.ndarray) -> float:
        """Sum of the squared distances of all points to the centroids of their own clusters."""


# Distances times features up to which the fixed costs decide: at 7,800 ``small`` is as fast as
# ``dense32``, at 15,000 it takes one and a half times as long.
_SMALL = 8_192
# Points times clusters from which the cells of ``grid`` pay for their sorting, by features. At
# 200,000 × 2, k 8, it is 1.1 times as fast as ``dense32``, at 100,000 0.8 times; with one feature,
# 100,000 and k 8, 1.8 times. Below 30,000 points the cells hold too few.
_MANY = {1: 400_000, 2: 1_200_000}


def engine_for(X: Points, k: int, weights: np.ndarray | None = None) -> Engine:
    """The engine for k clusters of X (n, d), float32 or float64 in C order, checked."""
    if isinstance(X, SparseRows):
        return Sparse(X, weights)
    n, d = X.shape
    if n * k * d <= _SMALL:
        return Small(X, weights)
    if d in _MANY and n * k >= _MANY[d] and n >= 30_000 and weights is None:
        return Grid(X)
    return Dense32(X, weights)
