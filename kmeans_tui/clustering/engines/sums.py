"""The sums of the clusters, updated by the points that move.

After the first few iterations few points change cluster: over a whole run, however long, the moves
total 0.2 to 1.3 times the number of points. So only moved points update sums and counts (2.5 ns per
point and iteration instead of 9.5 at two features, 10 instead of 140 at 64), and these are
recomputed when more than 30 % moved. Rounding adds up to 1e-14 of the data's spread in a long run.

The inertia then costs O(k d): with S_j and m_j the sum and mass of cluster j, and c_j its centroid,

    Σ |x - c|² = Σ |x|² - 2 Σ_j S_j · c_j + Σ_j m_j |c_j|²,

with everything relative to the mean of the data, as such an expansion requires: relative to the
origin, a cloud at distance 10⁸ would lose every digit.
"""

from collections.abc import Callable
from copy import copy
from typing import Self

import numpy as np

from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.sparse_rows import Points

_NONE = np.empty(0, np.intp)
# Rows added up at once: errors of a running sum grow with its length.
_RUN = 8192
# Of the terms of the expansion; its rounding is below 700 units for runs of 8192 equal numbers.
_ROUNDING = 1024 * float(np.finfo(np.float64).eps)
_ACCURACY = 1e-9


def middle(X: np.ndarray) -> np.ndarray:
    """Return roughly the mean of X (n, d), (d,) float64, as a point of reference.

    A product with ones: numpy's mean over the rows of a narrow table takes 9 times as long.
    """
    total = np.zeros(X.shape[1])
    for start in range(0, len(X), _RUN):
        rows = X[start : start + _RUN].astype(np.float64, copy=False)
        total += np.ones(len(rows)) @ rows
    return total / len(X)


class Sums:
    """The mass and sums of the clusters.

    ``points`` takes an index (a slice or rows) and returns these points, (m, d) float64, relative
    to ``centre`` (d,); ``spread`` is the weighted sum of squares of all of them.
    """

    def __init__(
        self,
        points: Callable[[slice | np.ndarray], np.ndarray],
        n: int,
        centre: np.ndarray,
        spread: float,
        weights: np.ndarray | None = None,
    ) -> None:
        self._points, self._n, self._spread = points, n, spread
        self._centre, self._weights = centre, weights
        self._measured = (centre, centre, centre)
        self._run = max(256, min(_RUN, (1 << 17) // len(centre)))

    def restart(self, labels: np.ndarray, k: int) -> None:
        """Add up all points with these labels (n,)."""
        self.reset(np.zeros((k, len(self._centre))), np.zeros(k, np.int64))
        for start in range(0, self._n, self._run):
            part = slice(start, start + self._run)
            self._add(part, labels[part])

    def reset(self, sums: np.ndarray, counts: np.ndarray) -> None:
        """Set the sums (k, d), relative to the centre, and the counts (k,) of points."""
        self._sums, self.counts = sums, counts
        # With weights: the points that have one, and their weight. Counted separately, because the
        # weight of an emptied cluster may not return to exactly 0.
        self._weighty, self._mass = np.zeros(len(counts), np.int64), np.zeros(len(counts))

    def shift(
        self, joined: tuple[np.ndarray, np.ndarray], left: tuple[np.ndarray, np.ndarray]
    ) -> None:
        """Add and subtract sums (k, d) and counts (k,) of points that join and leave clusters."""
        self._sums = self._sums + (joined[0] - left[0])
        self.counts = self.counts + (joined[1] - left[1])

    def move(self, rows: np.ndarray, new: np.ndarray, old: np.ndarray) -> None:
        """Move these rows (m,) from the clusters ``old`` (m,) to ``new`` (m,)."""
        for start in range(0, len(rows), self._run):
            part = slice(start, start + self._run)
            self._add(rows[part], new[part], old[part])

    def _add(
        self, index: slice | np.ndarray, new: np.ndarray, old: np.ndarray | None = None
    ) -> None:
        k = len(self._sums)
        signed = [(1, new.astype(np.intp))] + ([] if old is None else [(-1, old.astype(np.intp))])
        weights = None if self._weights is None else self._weights[index]
        for sign, labels in signed:
            self.counts += sign * np.bincount(labels, minlength=k)
            if weights is not None:
                self._weighty += sign * np.bincount(labels[weights > 0], minlength=k)
                self._mass += sign * np.bincount(labels, weights, minlength=k)
        self._gather(index, signed)

    def _gather(self, index: slice | np.ndarray, signed: list[tuple[int, np.ndarray]]) -> None:
        """Add these points, for each (sign, labels), to the sums of the labelled clusters."""
        x = self._points(index)
        k, d = self._sums.shape
        if self._weights is not None:
            x = x * self._weights[index][:, np.newaxis]
        if d > 4 and (k <= 16 or (len(signed) > 1 and k <= d)):
            # 11 ns per point instead of 17 at d = k = 8, 88 instead of 138 at d = 64; 100 movers
            # at d = k = 64 take 44 µs instead of 158.
            clusters = np.arange(k)[:, np.newaxis]
            net = (clusters == signed[0][1]).astype(np.float64)
            for _, labels in signed[1:]:
                net -= clusters == labels
            self._sums += net @ x
        else:
            for f, column in enumerate(x.T):
                net = np.bincount(signed[0][1], column, k)
                for _, labels in signed[1:]:
                    net -= np.bincount(labels, column, k)
                self._sums[:, f] += net

    def has_empty(self) -> bool:
        """Whether a cluster has no points (with a weight)."""
        return 0 in (self.counts if self._weights is None else self._weighty).tolist()

    def filled(self) -> np.ndarray:
        """Return which clusters have points (with a weight), (k,) bool."""
        return (self.counts if self._weights is None else self._weighty) > 0

    def means(
        self,
        centroids: np.ndarray,
        points: np.ndarray = _NONE,
        new: np.ndarray = _NONE,
        old: np.ndarray = _NONE,
    ) -> np.ndarray:
        """Return every cluster's mean, (k, d), with ``points`` in ``new`` instead of ``old``."""
        if len(points):
            kept = self._sums, self.counts, self._weighty, self._mass
            self._sums, self.counts = self._sums.copy(), self.counts.copy()
            self._weighty, self._mass = self._weighty.copy(), self._mass.copy()
            try:
                self.move(points, new, old)
                return self.means(centroids)
            finally:
                self._sums, self.counts, self._weighty, self._mass = kept
        mass = self.counts if self._weights is None else self._mass
        if not self.has_empty():
            moved = self._sums / mass[:, np.newaxis]
            moved += self._centre
            return moved
        filled = self.filled()
        mass = np.where(filled, mass, 1.0)
        means = self._sums / mass[:, np.newaxis] + self._centre
        return np.where(filled[:, np.newaxis], means, centroids)

    def inertia(self, centroids: np.ndarray) -> float | None:
        """Return the inertia of the labels with ``centroids``; None if cancellation would show."""
        if centroids is not self._measured[0]:  # called twice for each, before and after assigning
            places = centroids - self._centre
            self._measured = centroids, places, np.einsum("ij,ij->i", places, places)
        _, places, squares = self._measured
        held = float((self.counts if self._weights is None else self._mass) @ squares)
        crossed = 2 * float(np.vdot(self._sums, places))
        left = self._spread - crossed + held
        if _ROUNDING * (self._spread + abs(crossed) + held) <= _ACCURACY * left:
            return left
        return None


class Summed:
    """What an engine says of its clusters by their ``Sums``, and its inertia where they say none.

    Points, labels and weights, if there are any, are the engine's own.
    """

    _sums: Sums
    _X: Points
    _labels: np.ndarray
    _weights: np.ndarray | None

    def another(self) -> Self:
        twin = copy(self)
        twin._sums = copy(self._sums)
        return twin

    def sizes(self) -> np.ndarray:
        return self._sums.counts.copy()

    def has_empty(self) -> bool:
        return self._sums.has_empty()

    def emptied(self) -> np.ndarray:
        return np.flatnonzero(~self._sums.filled())

    def means(
        self, centroids: np.ndarray, points: np.ndarray = _NONE, clusters: np.ndarray = _NONE
    ) -> np.ndarray:
        return self._sums.means(centroids, points, clusters, self._labels[points])

    def inertia(self, centroids: np.ndarray) -> float:
        inertia = self._sums.inertia(centroids)
        return self._plain_inertia(centroids) if inertia is None else inertia

    def _plain_inertia(self, centroids: np.ndarray) -> float:
        return kernels.inertia_of(self._X, self._labels, centroids, self._weights)
