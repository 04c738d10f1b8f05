"""For few points: the textbook's own arithmetic with as few numpy calls as possible.

At 300 points in the plane and three clusters, an assignment is 1800 multiplications, less than the
cost of a single numpy call. So only calls and temporary arrays are saved: the squared differences
are computed feature by feature in buffers kept for the whole run, in the textbook's order of
additions. Labels and centroids agree with ``textbook`` to the last bit.

Chosen up to 8,192 products n · k · d: a whole fit of 300 × 2, k 3, in five iterations takes 0.2 ms
with its history, scikit-learn 0.5 ms and ``dense32`` 0.4 ms. That is near the limit of numpy:
an iteration is 28 calls of 0.5 to 2.5 µs (11 to label, 3 for what changed, 4 for the means, 4 for
the inertia before and after, 6 in ``lloyd`` and the history), together 30 µs; checks and set-up
take 50 µs once.
"""

from copy import copy
from typing import Self

import numpy as np

from kmeans_tui.clustering import kernels

_NONE = np.empty(0, np.intp)


class Small:
    """Direct differences, all points at once."""

    def __init__(self, X: np.ndarray, weights: np.ndarray | None = None) -> None:
        self._X = X.astype(np.float64, copy=False)
        columns = np.ascontiguousarray(self._X.T)
        self._columns = columns[:, np.newaxis]
        self._weights = weights
        self._weighted = columns if weights is None else columns * weights
        self._labels = _NONE

    def another(self) -> Self:
        return copy(self)

    def start(self, centroids: np.ndarray) -> np.ndarray:
        k, (n, d) = len(centroids), self._X.shape
        self._code = np.arange(k, dtype=kernels.label_type(k))[:, np.newaxis]
        self._squares = np.empty((d, k, n)) if d < kernels.PAIRWISE else None
        self._label(centroids)
        return self._labels

    def assign(self, centroids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        before = self._labels
        self._label(centroids)
        flips = self._labels ^ before
        rows = flips.nonzero()[0]
        return rows, flips.take(rows)

    def _label(self, centroids: np.ndarray) -> None:
        k = len(centroids)
        if self._squares is None:
            squared = kernels.by_row(self._X, centroids)
        else:
            np.subtract(self._columns, centroids.T[:, :, np.newaxis], self._squares)
            np.multiply(self._squares, self._squares, self._squares)
            squared = np.add.reduce(self._squares, axis=0)
        self._nearest = np.minimum.reduce(squared, axis=0)
        self._assigned_to = centroids
        winners = squared == self._nearest
        # Finds all labels at once: including the minimum, half the time of argmin(axis=0).
        self._labels = (
            np.bitwise_or.reduce(winners * self._code, axis=0)
            if np.count_nonzero(winners) == len(self._nearest)
            else squared.argmin(axis=0).astype(self._code.dtype)
        )
        self._index = self._labels.astype(np.intp)  # the type that bincount and take use
        self._sizes = np.bincount(self._index, minlength=k)
        self._mass = (
            self._sizes
            if self._weights is None
            else np.bincount(self._index, self._weights, minlength=k)
        )
        self._full = 0 not in self._mass.tolist()

    def sizes(self) -> np.ndarray:
        return self._sizes

    def has_empty(self) -> bool:
        return not self._full

    def emptied(self) -> np.ndarray:
        return np.flatnonzero(self._mass == 0)

    def means(
        self, centroids: np.ndarray, points: np.ndarray = _NONE, clusters: np.ndarray = _NONE
    ) -> np.ndarray:
        labels, mass, full = self._index, self._mass, self._full
        k = len(centroids)
        if len(points):
            labels = labels.copy()
            labels[points] = clusters
            mass = np.bincount(labels, self._weights, minlength=k)
            full = bool(mass.all())
        if self._weights is None and (len(self._weighted) == 1 or not full):
            return kernels.means(self._X, labels, mass, centroids)
        sums = np.array([np.bincount(labels, column, k) for column in self._weighted]).T
        if full:
            return np.divide(sums, mass[:, np.newaxis], order="C")
        filled = mass > 0
        moved = centroids.copy()
        moved[filled] = sums[filled] / mass[filled, np.newaxis]
        return moved

    def inertia(self, centroids: np.ndarray) -> float:
        if centroids is self._assigned_to:
            nearest, weights = self._nearest, self._weights
            return float(np.add.reduce(nearest) if weights is None else nearest @ weights)
        differences = self._X - centroids.take(self._index, axis=0)
        if self._weights is None:
            return float(np.vdot(differences, differences))
        return float(np.einsum("ij,ij,i", differences, differences, self._weights))
