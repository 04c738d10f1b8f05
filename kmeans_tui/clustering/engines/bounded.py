"""For many runs on a few thousand points: ``dense32``, and points that cannot change are skipped.

A run of 60 iterations on 10,000 points ends with 50 in which few points change cluster. Each point
keeps its slack, by how much its second nearest centroid is farther than its own at least; while the
centroids have moved by less, it keeps its cluster without a test (Hamerly 2010). The slack comes
from the same certified float32 product, its error included, so the labels are those of ``dense32``
and of the textbook; and the sums, which depend on nothing but the moves, are the same to the last
bit.

To maintain the slack costs 3 passes over n numbers and a wider first pass, so it begins only when
few points change. Alone, on large data, a run gains little by it: most of its time goes into the
first iterations, where centroids move farther than any slack.
"""

import numpy as np

from kmeans_tui.clustering import kernels, textbook
from kmeans_tui.clustering.engines.dense32 import Dense32, float32_is_honest

_ROUND32 = 2.0**-24
# Shares of all points: changes from which on slack is kept, and open ones beyond which it is not.
_FEW, _OPEN = 0.1, 0.5
# Of the reach of points and centroids: gaps in distance that are certain in float64 as well, whose
# squares differ by rounding of 1e-15 of the squares; and roundings of a slack in float32.
_CLEAR, _LOOSE = 1e-6, 2.0**-21


class Bounded(Dense32):
    """The certified float32 product, for points without slack."""

    def __init__(self, X: np.ndarray, weights: np.ndarray | None = None) -> None:
        super().__init__(X, weights)
        places = self.columns[:-1]
        self._norms = np.einsum("ij,ij->j", places, places)
        self._slack: np.ndarray | None = None
        self._centroids = self._centre

    def start(self, centroids: np.ndarray) -> np.ndarray:
        self._slack, self._centroids = None, centroids
        self._keeps = False
        self._doubt = _FEW
        return super().start(centroids)

    def assign(self, centroids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        n, k = len(self._X), len(centroids)
        scoring = self.scoring(centroids) if float32_is_honest() else None
        open_ = None if scoring is None else self._without_slack(centroids)
        self._centroids = centroids
        if scoring is None or (open_ is None and not self._keeps):
            self._slack = None
            rows, flips = super().assign(centroids)
        else:
            if open_ is None:
                self._slack, open_ = np.empty(n, np.float32), np.arange(n)
            old = self._labels.take(open_)
            new = self._relabel(open_, *scoring, centroids)
            flips = old ^ new
            changed = flips.nonzero()[0]
            rows, flips = open_.take(changed), flips.take(changed)
            self._labels[rows] = new.take(changed)
            if len(rows) > 0.3 * n:
                self._sums.restart(self._labels, k)
            else:
                self._sums.move(rows, new.take(changed), old.take(changed))
        self._keeps = len(rows) <= self._doubt * n
        return rows, flips

    def _without_slack(self, centroids: np.ndarray) -> np.ndarray | None:
        """Return the rows that may change when the centroids move there; None if too many may."""
        if self._slack is None:
            return None
        squares = centroids - self._centroids
        squares *= squares
        ways = np.sqrt(np.add.reduce(squares, axis=1)) * self._scale
        farthest = int(ways.argmax())
        others = np.full(len(ways), ways[farthest])
        ways[farthest], others[farthest] = 0.0, ways[farthest]
        second = ways.max()
        ways[farthest], others[farthest] = others[farthest], second
        lost = (ways + others) * (1 + 1e-6) + self._extent * _LOOSE
        self._slack -= lost.astype(np.float32).take(self._labels)
        open_: np.ndarray = (self._slack <= self._extent * _CLEAR).nonzero()[0]
        if len(open_) > _OPEN * len(self._X):
            # Until fewer points change than now.
            self._slack, self._keeps = None, False
            self._doubt /= 2
            return None
        return open_

    def _relabel(
        self, rows: np.ndarray, scores: np.ndarray, margin: np.float32, centroids: np.ndarray
    ) -> np.ndarray:
        """Return the nearest centroids of these rows, ascending, and write down their slack."""
        assert self._slack is not None
        k, kind = len(centroids), self._labels.dtype
        reach, far = self._radius, float(np.sqrt(2 * max(-float(scores[:, -1].min()), 0.0)))
        # Of a squared distance: twice that of a score, the rounding of the norm and of its sums.
        self._extent = reach + far
        off = np.float32(margin + 8 * _ROUND32 * self._extent**2)
        code = np.arange(k, dtype=kind)[:, np.newaxis]
        found = np.empty(len(rows), kind)
        every = len(rows) == len(self._X)
        for start in range(0, len(rows), self._size):
            part = rows[start : start + self._size]
            m = len(part)
            here = slice(start, start + m)
            columns = self.columns[:, here] if every else self.columns.take(part, axis=1)
            products = self._products[: k * m].reshape(k, m)
            masks = self._masks[: k * m].reshape(k, m)
            np.dot(scores, columns, out=products)
            best = np.maximum.reduce(products, axis=0)
            np.greater_equal(products, best - margin, out=masks)
            winners = masks.view(np.uint8)
            unclear = None
            if np.count_nonzero(masks) != m:
                shared = np.add.reduce(winners, axis=0, dtype=kernels.label_type(k + 1))
                unclear = (shared != 1).nonzero()[0]
            np.copyto(products, np.float32(-np.inf), where=masks)
            second = np.maximum.reduce(products, axis=0)
            norms = self._norms[here] if every else self._norms.take(part)
            second *= -2
            second += norms
            second -= off
            best *= -2
            best += norms
            np.maximum(best, 0, out=best)
            best += off
            np.maximum(second, 0, out=second)
            slack = np.sqrt(second, out=second)
            slack -= np.sqrt(best, out=best)
            slack -= np.float32(self._extent * _LOOSE)
            picked = np.multiply(winners, code, out=winners if k <= 256 else None)
            np.bitwise_or.reduce(picked, axis=0, out=found[here])
            if unclear is not None:
                slack[unclear] = -np.inf
                points = self._X.take(part.take(unclear), axis=0)
                found[start + unclear] = (
                    textbook.assign(points.astype(np.float64, copy=False), centroids)
                    if points.size * k <= 4096
                    else kernels.assign(points, centroids)[0]
                )
            if every:
                self._slack[here] = slack
            else:
                self._slack[part] = slack
        return found
