"""Nearest centroids of a block of points: screened in float32, proved or computed again.

This module imports numpy alone and nothing of the program: it is also sent to other machines as
source text, see ``part_sources``.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

_ROUND32, _ROUND64 = 2.0**-24, 2.0**-53
_LARGEST = 1e30
_EIGHT = 8  # From eight features on, numpy adds the squares of a row in another order.
_HONEST: list[bool] = []


class Nearest:
    """Finds nearest centroids, (k, d), as the textbook does: the lowest label wins a tie.

    A float32 product screens; a point whose winner is not ahead by twice the error bound (Higham
    2002, *Accuracy and Stability of Numerical Algorithms*, section 3.1; the same as in the engine
    of points in memory) is labelled by float64 differences. ``low`` and ``high`` (d,) bound the
    points, ``middle`` (d,) lies among them. All scratch is allocated once, for parts of ``rows``.
    """

    def __init__(
        self, centroids: np.ndarray, low: np.ndarray, high: np.ndarray, middle: np.ndarray,
        rows: int = 1 << 14,
    ) -> None:  # fmt: skip
        k, d = centroids.shape
        self.k, self.d, self.centroids, self._middle = k, d, centroids, middle[:, np.newaxis]
        self.type = np.min_scalar_type(k - 1)
        self.size = max(256, min(rows, (1 << 17) // (k + d + 1)))
        self.columns = np.empty((d, self.size))
        self._narrow = np.ones((d + 1, self.size), np.float32)
        self._products, self._masks = (
            np.empty(k * self.size, np.float32),
            np.empty(k * self.size, bool),
        )
        self._code = np.arange(k, dtype=self.type)[:, np.newaxis]
        self._own, self._term = np.empty(self.size), np.empty(self.size)
        self._rows = np.empty((self.size, d)) if d >= _EIGHT else None
        self.slack = 2 * (d + 2) * _ROUND64 if d >= _EIGHT else 0.0
        self._turned = np.ascontiguousarray(centroids.T)
        width = float(high.max()) - float(low.min())
        self._scale = math.ldexp(1.0, -max(-400, math.frexp(width or 1.0)[1]))
        reach = np.maximum(np.abs(low - middle), np.abs(high - middle)) * self._scale
        self._scoring = _scoring(centroids, middle, self._scale, float(np.sqrt(reach @ reach)))

    @classmethod
    def of(cls, task: dict[str, Any]) -> "Nearest":
        """Return it for the centroids and bounds of a pass."""
        rows = min(1 << 14, task["rows"])
        return cls(task["centroids"], task["low"], task["high"], task["middle"], rows)

    def some_at_a_time(self, block: Any) -> Iterator[Any]:
        """Yield a block (points, weights or None, row numbers) in parts of at most ``size``."""
        x, weights, numbers = block
        for start in range(0, len(x), self.size):
            part = slice(start, start + self.size)
            yield x[part], None if weights is None else weights[part], numbers[part]

    def label(self, x: np.ndarray, out: np.ndarray) -> None:
        """Write the labels of x (m, d), m at most ``size``, into ``out`` (m,).

        Leaves the points relative to ``middle``, feature by feature, in ``columns``.
        """
        m, k = len(x), self.k
        columns = self.columns[:, :m]
        np.subtract(x.T, self._middle, out=columns)
        if self._scoring is None:
            _by_differences(x, self.centroids, out)
            return
        scores, margin = self._scoring
        np.multiply(columns, self._scale, out=self._narrow[:-1, :m], casting="same_kind")
        products = self._products[: k * m].reshape(k, m)
        masks = self._masks[: k * m].reshape(k, m)
        np.dot(scores, self._narrow[:, :m], out=products)
        least = np.maximum.reduce(products, axis=0)
        least -= margin
        np.greater_equal(products, least, out=masks)
        winners, unclear = masks.view(np.uint8), None
        if np.count_nonzero(masks) != m:
            unclear = (np.add.reduce(winners, axis=0, dtype=np.intp) != 1).nonzero()[0]
        picked = np.multiply(winners, self._code, out=winners if k <= 256 else None)
        np.bitwise_or.reduce(picked, axis=0, out=out)
        if unclear is not None:
            found = np.empty(len(unclear), self.type)
            _by_differences(x.take(unclear, axis=0), self.centroids, found)
            out[unclear] = found

    def own(self, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Return the squared distances of x (m, d) to the centroids of ``labels`` (m,) intp.

        Each is within the share ``slack`` of that of ``exactly``; the array is reused.
        """
        m = len(x)
        own = self._own[:m]
        if self._rows is not None:
            # Adding by ``sum(axis=1)`` takes three times as long.
            rows = self._rows[:m]
            np.take(self.centroids, labels, axis=0, out=rows, mode="clip")
            np.subtract(x, rows, out=rows)
            found: np.ndarray = np.einsum("ij,ij->i", rows, rows, out=own)
            return found
        term = self._term[:m]
        for f in range(self.d):
            to = own if f == 0 else term
            np.take(self._turned[f], labels, out=to, mode="clip")
            np.subtract(x[:, f], to, out=to)
            np.multiply(to, to, out=to)
            if f:
                np.add(own, term, out=own)
        return own

    def exactly(self, x: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """Return the same distances (m,), the squares added as by ``sum(axis=1)``."""
        if self._rows is None:
            return self.own(x, labels)
        squares: np.ndarray = (x - self.centroids[labels]) ** 2
        found: np.ndarray = np.add.reduce(squares, axis=1)
        return found


def _scoring(
    centroids: np.ndarray, middle: np.ndarray, scale: float, reach: float
) -> tuple[np.ndarray, np.float32] | None:
    """Return [c, -|c|²/2] (k, d + 1) float32 and how far ahead a winner must be, or None."""
    if not _float32_is_honest():
        return None
    k, d = centroids.shape
    places = (centroids - middle) * scale
    squares = np.einsum("ij,ij->i", places, places)
    high = float(squares.max()) / 2
    far = math.sqrt(2 * high)
    reach *= 1 + 2.0**-40
    error = _ROUND32 * ((d + 6) * reach * far + (d + 5) * high)
    error += 2 * (d + 4) * _ROUND64 * (reach + far) * (reach + far)
    error += (d + 1) * 2.0**-120 * (1 + reach + far)
    error += (d + 1) * 2.0**-1074 * scale * scale
    if not (high < _LARGEST and error < _LARGEST):
        return None
    scores = np.empty((k, d + 1), np.float32)
    scores[:, :d] = places
    scores[:, d] = squares * -0.5
    return scores, np.float32(2.02 * error)


def _float32_is_honest() -> bool:
    """Whether this machine's float32 products keep the IEEE error bound: bfloat16 does not."""
    if not _HONEST:
        draw = np.random.RandomState(0)
        a, x = (draw.uniform(-1, 1, size).astype(np.float32) for size in ((16, 65), (65, 600)))
        wide, other = a.astype(np.float64), x.astype(np.float64)
        bound = 1.01 * 65 * _ROUND32 * (np.abs(wide) @ np.abs(other))
        _HONEST.append(bool((np.abs((a @ x) - wide @ other) <= bound).all()))
    return _HONEST[0]


def _by_differences(x: np.ndarray, centroids: np.ndarray, out: np.ndarray) -> None:
    """Write the labels of x (m, d) by the textbook's rule, some rows at a time."""
    size = max(1, 65536 // centroids.size)
    for start in range(0, len(x), size):
        apart = x[start : start + size, np.newaxis, :] - centroids
        out[start : start + size] = (apart**2).sum(axis=2).argmin(axis=1)
