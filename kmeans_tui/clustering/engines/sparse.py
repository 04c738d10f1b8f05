"""For mostly zero points: a product of compressed rows, and proof of which winners are certain.

The scores x · c - |c|² / 2 cost time only for nonzeros. As in ``dense32``, each has an error bound
(Higham 2002, section 3.1), here in float64, and a point whose winner is not ahead by twice that
bound is labelled by the textbook's rule on its dense row. So the labels are the textbook's, ties
included. Nothing is centred, which would fill the zeros: if the points are many times farther from
the origin than from each other, more of them are unclear and are computed densely.
"""

import numpy as np

from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.engines.sums import Summed, Sums
from kmeans_tui.clustering.sparse_rows import SparseRows

_NONE = np.empty(0, np.intp)
_ROUND = 2.0**-53
# Scores in one block; rows added up in one go.
_CHUNK, _RUN = 1 << 18, 1 << 16
# As a share of |x|² + |c|²: smaller squared distances have lost half of their digits.
_CANCELLED = 1e-7


class Sparse(Summed):
    """The certified product of compressed rows."""

    _X: SparseRows

    def __init__(self, X: SparseRows, weights: np.ndarray | None = None) -> None:
        self._X, self._weights = X.wide(), weights
        norms = X.squared_norms()
        self._lengths = np.sqrt(norms)
        spread = float(norms.sum() if weights is None else norms @ weights)
        self._sums: Sums = _SparseSums(self._X, spread, weights)
        self._labels = _NONE

    def start(self, centroids: np.ndarray) -> np.ndarray:
        self._labels = nearest(self._X, centroids, self._lengths)
        self._sums.restart(self._labels, len(centroids))
        return self._labels

    def assign(self, centroids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        before, self._labels = self._labels, nearest(self._X, centroids, self._lengths)
        rows = (self._labels != before).nonzero()[0]
        new, old = self._labels[rows], before[rows]
        if len(rows) > 0.3 * len(self._X):
            self._sums.restart(self._labels, len(centroids))
        else:
            self._sums.move(rows, new, old)
        return rows, new ^ old


class _SparseSums(Sums):
    """Sums of compressed rows, relative to the origin."""

    def __init__(self, X: SparseRows, spread: float, weights: np.ndarray | None) -> None:
        super().__init__(X.__getitem__, len(X), np.zeros(X.shape[1]), spread, weights)
        self._rows, self._run = X, _RUN

    def _gather(self, index: slice | np.ndarray, signed: list[tuple[int, np.ndarray]]) -> None:
        from scipy.sparse import csr_matrix

        rows = self._rows.block(index) if isinstance(index, slice) else self._rows.matrix[index]
        weights = 1.0 if self._weights is None else self._weights[index]
        k = len(self._sums)
        for sign, labels in signed:
            # One row per cluster, its points in order.
            order = np.argsort(labels, kind="stable")
            ends = np.append(0, np.cumsum(np.bincount(labels, minlength=k)))
            shares = np.broadcast_to(sign * weights, len(labels))[order].astype(np.float64)
            own = csr_matrix((shares, order, ends), (k, len(labels)))
            self._sums += (own @ rows).toarray()


def nearest(X: SparseRows, centroids: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
    """Return the nearest centroid of every row, (n,) unsigned; the lower one wins a tie.

    ``lengths`` (n,) are the norms of the rows.

    With u = 2^-53, |x| = r and |c| ≤ s, a score errs by at most (d + 4) u (r s + s²), the order of
    the textbook's distances, halved, by (d + 3) u (r + s)² / 2, and what falls below the range of
    float64 by 2^-1074 in each term: together less than (d + 8) (2 u (r + s)² + 2^-1070).
    """
    X = X.wide()
    lengths = np.sqrt(X.squared_norms()) if lengths is None else lengths
    k, d = centroids.shape
    labels = np.empty(len(X), kernels.label_type(k))
    unclear = []
    with np.errstate(over="ignore", invalid="ignore"):  # non-finite scores count as unclear
        halves = np.einsum("ij,ij->i", centroids, centroids) / 2
        farthest = float(np.sqrt(2 * halves.max()))
        margins = lengths + farthest
        margins *= margins
        margins *= 4.04 * (d + 8) * _ROUND
        margins += (d + 8) * 2.0**-1069
        columns = np.ascontiguousarray(centroids.T)
        size = max(256, _CHUNK // k)
        for start in range(0, len(X), size):
            part = slice(start, min(start + size, len(X)))
            scores = X.block(part) @ columns
            scores -= halves
            labels[part] = scores.argmax(axis=1)
            floor = scores.max(axis=1) - margins[part]
            behind = np.count_nonzero(scores < floor[:, np.newaxis], axis=1)
            unclear.append((behind != k - 1).nonzero()[0] + start)
    rows = np.concatenate(unclear)
    if len(rows):
        labels[rows] = kernels.assign(X.subset(rows), centroids)[0]
    return labels


def distances(X: SparseRows, centroids: np.ndarray) -> np.ndarray:
    """Return the distance of every row to every centroid, (n, k) in the type of X."""
    wide, k = X.wide(), len(centroids)
    found = np.empty((len(X), k), X.dtype)
    norms, places = wide.squared_norms(), np.einsum("ij,ij->i", centroids, centroids)
    columns = np.ascontiguousarray(centroids.T)
    size = max(256, _CHUNK // k)
    for start in range(0, len(X), size):
        part = slice(start, min(start + size, len(X)))
        reach = norms[part, np.newaxis] + places
        squared = reach - 2.0 * (wide.block(part) @ columns)
        rows = np.flatnonzero((squared <= _CANCELLED * reach).any(axis=1))
        if len(rows):
            for each, plain in kernels.blocks(wide.subset(rows + start), centroids):
                squared[rows[each]] = plain.T
        found[part] = np.sqrt(squared)
    return found
