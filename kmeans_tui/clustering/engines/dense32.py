"""For many points: one float32 product finds the nearest centroids, and proves which are certain.

The nearest centroid of x is the one with the largest score x · c - |c|² / 2, and the scores of a
block of points are one matrix product, [c, -|c|²/2] · [x; 1]. In float32 it takes half the time
and half the bytes, but it is not exact. So every score has an error bound (Higham
2002, *Accuracy and Stability of Numerical Algorithms*, section 3.1), and a point whose winner is
not ahead by twice that bound is labelled again by the textbook's rule in float64. These are 1 to 50
points of 100,000; everywhere else the float64 rule is bound to agree. The labels are those of the
textbook, ties included.

The bound needs centred data: seen from the origin, a cloud at distance 10⁸ is one point in float32.
It also needs a BLAS that follows IEEE float32, which ``float32_is_honest`` tests once.

The default engine. Bounds per point (Elkan 2003, Hamerly 2010, Yinyang 2015) skip 19 to 97 % of the
distances and are still slower than the plain product, 0.1 to 0.96 times as fast as scikit-learn: a
distance inside a product costs 1 to 3 ns, less than maintaining a bound. This engine is
1.2 to 2 times as fast.
"""

import math
from functools import cache, partial

import numpy as np

from kmeans_tui.clustering import kernels, textbook
from kmeans_tui.clustering.engines.sums import Summed, Sums, middle

_NONE = np.empty(0, np.intp)
_ROUND32, _ROUND64 = 2.0**-24, 2.0**-53
# Of |c|² / 2 in scaled units, where the data have |x|² ≤ d: far inside the range of float32.
_LARGEST = 1e30


class Dense32(Summed):
    """The certified float32 product."""

    def __init__(self, X: np.ndarray, weights: np.ndarray | None = None) -> None:
        n, d = X.shape
        self._X, self._weights = X, weights
        self._centre = middle(X)
        # A power of two, so scaling is exact: coordinates of at most 1 stay in float32's range.
        width = float(X.max()) - float(X.min())
        # At most 2^400: anything smaller falls within the margin, and nothing overflows.
        self._scale = math.ldexp(1.0, -max(-400, math.frexp(width or 1.0)[1]))
        self.columns = np.empty((d + 1, n), np.float32)
        self.columns[d] = 1
        spread = largest = 0.0
        step = max(256, min(8192, 32768 // d))
        for start in range(0, n, step):
            part = slice(start, start + step)
            x = _columns_of(X[part], self._centre)
            np.multiply(x, self._scale, out=self.columns[:d, part], casting="same_kind")
            x *= x
            squares = np.add.reduce(x, axis=0)
            spread += float(squares.sum() if weights is None else squares @ weights[part])
            largest = max(largest, float(squares.max()))
        self._radius = math.sqrt(largest) * self._scale
        self._sums = Sums(partial(_points, X, self._centre), n, self._centre, spread, weights)
        self._labels = self._before = _NONE

    def start(self, centroids: np.ndarray) -> np.ndarray:
        n, k = len(self._X), len(centroids)
        self._labels, self._before = (np.empty(n, kernels.label_type(k)) for _ in range(2))
        # Blocks of equal size whose points and scores stay in the second-level cache.
        size = max(256, min(16384, (1 << 17) // (k + len(self.columns))))
        self._size = -(-n // -(-n // size))
        self._products = np.empty(k * self._size, np.float32)
        self._masks = np.empty(k * self._size, bool)
        self._label(centroids)
        self._sums.restart(self._labels, k)
        return self._labels.copy()

    def assign(self, centroids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self._labels, self._before = self._before, self._labels
        self._label(centroids)
        rows = (self._labels != self._before).nonzero()[0]
        new, old = self._labels.take(rows), self._before.take(rows)
        if len(rows) > 0.3 * len(self._X):
            self._sums.restart(self._labels, len(centroids))
        else:
            self._sums.move(rows, new, old)
        return rows, new ^ old

    def _label(self, centroids: np.ndarray) -> None:
        """Write the nearest centroid of every point into ``_labels``."""
        scoring = self.scoring(centroids) if float32_is_honest() else None
        if scoring is None:
            self._labels[:] = kernels.assign(self._X, centroids)[0]
            return
        scores, margin = scoring
        n, k, out = len(self._X), len(centroids), self._labels
        code = np.arange(k, dtype=out.dtype)[:, np.newaxis]
        count_type = kernels.label_type(k + 1)
        unclear = []
        for start in range(0, n, self._size):
            end = min(n, start + self._size)
            m = end - start
            products = self._products[: k * m].reshape(k, m)
            masks = self._masks[: k * m].reshape(k, m)
            np.dot(scores, self.columns[:, start:end], out=products)
            least = np.maximum.reduce(products, axis=0)
            least -= margin
            np.greater_equal(products, least, out=masks)
            winners = masks.view(np.uint8)
            if np.count_nonzero(masks) != m:
                shared = np.add.reduce(winners, axis=0, dtype=count_type)
                unclear.append((shared != 1).nonzero()[0] + start)
            # Finds all labels of a block at once, two to three times faster than argmin.
            picked = np.multiply(winners, code, out=winners if k <= 256 else None)
            np.bitwise_or.reduce(picked, axis=0, out=out[start:end])
        if unclear:
            rows = np.concatenate(unclear)
            points = self._X.take(rows, axis=0)
            # The plain form takes a third of the calls, and n · k · d numbers.
            few = points.size * k <= 4096
            out[rows] = (
                textbook.assign(points.astype(np.float64, copy=False), centroids)
                if few
                else kernels.assign(points, centroids)[0]
            )

    def scoring(self, centroids: np.ndarray) -> tuple[np.ndarray, np.float32] | None:
        """Return [c, -|c|²/2] (k, d + 1) float32, and by how much a winner must be ahead.

        With u = 2^-24, |x| ≤ r and |c|² / 2 ≤ h, the products and sums of a score err by at most
        (d + 1) u (r |c| + h), the rounding of x, c and h to float32 by 2 u r |c| + u h; another 3 u
        cover the subtraction of the margin and terms of u². Underflow in float32 adds less than
        2^-126 in each of d + 1 terms. The textbook's own distance, whose order is to be certified,
        errs by (d + 3) 2^-53 (r + |c|)², the centring by as much, and underflow in float64 by
        2^-1074.

        None if a centroid is so distant that float32 would overflow.
        """
        k, d = centroids.shape
        places = (centroids - self._centre) * self._scale
        squares = np.einsum("ij,ij->i", places, places)
        high, reach = max(squares.tolist()) / 2, self._radius
        far = math.sqrt(2 * high)
        error = _ROUND32 * ((d + 6) * reach * far + (d + 5) * high)
        error += 2 * (d + 4) * _ROUND64 * (reach + far) * (reach + far)
        error += (d + 1) * 2.0**-120 * (1 + reach + far)
        error += (d + 1) * 2.0**-1074 * self._scale * self._scale
        if not (high < _LARGEST and error < _LARGEST):
            return None
        scores = np.empty((k, d + 1), np.float32)
        scores[:, :d] = places
        scores[:, d] = squares * -0.5
        return scores, np.float32(2.02 * error)


def _columns_of(X: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return X (n, d) relative to ``centre`` (d,), feature by feature: (d, n) float64.

    With two features, subtracting along the rows would take three times as long.
    """
    columns = np.empty(X.shape[::-1])
    return np.subtract(X.T, centre[:, np.newaxis], out=columns)


def _points(X: np.ndarray, centre: np.ndarray, index: slice | np.ndarray) -> np.ndarray:
    """Return these rows of X (n, d) relative to ``centre`` (d,): (m, d) float64.

    Not a method: sums that refer to their engine would form a cycle, which delays freeing both.
    """
    # For rows, ``take`` is several times faster than indexing.
    rows = X[index] if isinstance(index, slice) else X.take(index, axis=0)
    return _columns_of(rows, centre).T if X.shape[1] <= 8 else rows - centre


@cache
def float32_is_honest() -> bool:
    """Whether products of this machine's BLAS keep the IEEE float32 error bound; takes 0.3 ms.

    A BLAS that uses bfloat16 or TF32 errs a hundred to ten thousand times as much.
    """
    draw = np.random.RandomState(0)
    for k, d in ((8, 3), (16, 65)):
        a, x = (draw.uniform(-1, 1, size).astype(np.float32) for size in ((k, d), (d, 600)))
        wide, other = a.astype(np.float64), x.astype(np.float64)
        bound = 1.01 * d * _ROUND32 * (np.abs(wide) @ np.abs(other))
        if not (np.abs((a @ x) - wide @ other) <= bound).all():
            return False
    return True
