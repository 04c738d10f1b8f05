"""Recognise differences that are only rounding: between points, inertias and results."""

from dataclasses import replace

import numpy as np

from kmeans_tui.clustering.ends import Ends

# Roundings by which values that should be equal may differ: 0.1 + 0.2 and 0.3 differ by one.
_ROUNDINGS = 8
# The same clusters with other numbers, or mirrored, differ by less.
_SAME = 1e-9


def centred(X: np.ndarray, weights: np.ndarray | None = None) -> tuple[np.ndarray, int]:
    """Return X (n, d) centred and times a power of two that brings it below 1, and that power.

    ``weights`` (n,) are those of the mean.

    Ratios of distances stay the same and keep their digits, whatever the origin and unit of X:
    squares of times in milliseconds since 1970 would round to thousands of seconds.
    """
    middle = X.mean(axis=0, dtype=np.float64)
    found: np.ndarray = X - middle
    if weights is not None:
        # From the mean of the rows: in a far place the sum of the products would lose digits.
        found -= weights @ found / weights.sum()
    largest = float(max(found.max(), -found.min()))
    # In two steps: a power beyond the range of floats would be infinite.
    exponent = -int(np.frexp(largest)[1])
    return np.ldexp(np.ldexp(found, exponent // 2), exponent - exponent // 2), exponent


class Nothing:
    """Tells which partitions of X (n, d) leave nothing unexplained: equal rows in each cluster.

    ``weights`` (n,) are those of their inertia.
    """

    def __init__(self, X: np.ndarray, weights: np.ndarray | None = None) -> None:
        self._X = X
        n = len(X) if weights is None else max(len(X), float(weights.sum()))
        eps = float(np.finfo(np.float64).eps)
        largest = np.maximum(X.max(axis=0), -X.min(axis=0)).astype(np.float64)
        self._rounding = _ROUNDINGS * eps * largest
        # The largest error of a mean of equal rows, summed row by row.
        missed = (n + _ROUNDINGS) * eps * largest
        with np.errstate(over="ignore"):
            self._bound = n * float(missed @ missed)

    def is_left(self, labels: np.ndarray, inertia: float) -> bool:
        """Whether the partition ``labels`` (n,), with this inertia, leaves nothing unexplained."""
        if inertia > self._bound:
            return False
        _, first, number = np.unique(labels, return_index=True, return_inverse=True)
        apart = np.abs(self._X - self._X[first[number]])
        return bool((apart <= self._rounding).all())

    def rounded(self, found: Ends) -> Ends:
        """Return the same ends, with an inertia of exactly 0 where only rounding is left."""
        if not (found.inertia <= self._bound).any():
            return found
        inertia = found.inertia.copy()
        for i, labels in enumerate(found.labels):
            if self.is_left(labels, float(inertia[i])):
                inertia[i] = 0.0
        return replace(found, inertia=inertia)


def same(a: float, b: float) -> bool:
    """Whether two inertias are equal up to rounding."""
    return abs(a - b) <= _SAME * max(a, b)
