"""Mostly zero points, stored as compressed sparse rows (CSR) as in scipy.

``SparseRows`` behaves like an array (n, d) as far as ``kernels`` needs: it returns blocks of rows
as dense arrays. So code that reads points in blocks accepts it, and code that would be too slow on
dense arrays (products, sums, distances to a start) uses ``matrix``.
"""

import os
from typing import Any

import numpy as np

# Features, and the share of nonzeros up to which compressed rows are faster for that many. Ten
# iterations, CPU time dense / compressed with 8 and 64 clusters: 20,000 × 1000 at 10 %
# 3.7 and 3.5, at 25 % 1.7 and 1.5, at 40 % 0.9 and 0.8; 5,000 × 200 at 10 % 1.1 and 1.2, at 25 %
# 0.8 and 0.7; 100,000 × 30 at 15 % 0.4 and 0.4.
_SPARSE = ((500, 0.3), (64, 0.12))
# Array size up to which zeros cost less than the overhead of compressed rows.
_FEW = 1 << 16
# Bytes a fit needs per dense number: at most 8 for itself and 4 for the float32 copy.
_BYTES = 12


class SparseRows:
    """The rows (n, d) of a CSR matrix of float32 or float64, which is never modified."""

    def __init__(self, matrix: Any) -> None:
        if not matrix.has_canonical_format or not matrix.data.all():
            matrix = matrix.copy()
            matrix.sum_duplicates()
            matrix.eliminate_zeros()
        self.matrix = matrix
        self.shape: tuple[int, int] = matrix.shape
        self.dtype: np.dtype = matrix.dtype
        self.size = matrix.shape[0] * matrix.shape[1]

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: slice | np.ndarray) -> np.ndarray:
        """Return these rows as a dense array, (m, d)."""
        part = self.block(index) if isinstance(index, slice) else self.matrix[index]
        return np.asarray(part.toarray())

    def take(self, rows: np.ndarray, axis: int = 0) -> np.ndarray:
        return self[rows]

    def subset(self, rows: np.ndarray) -> "SparseRows":
        return SparseRows(self.matrix[rows])

    def block(self, part: slice) -> Any:
        """Return the CSR matrix of a range of rows, without a copy."""
        start, stop, _ = part.indices(len(self))
        ends = self.matrix.indptr[start : stop + 1]
        inside = slice(ends[0], ends[-1])
        kept = self.matrix.data[inside], self.matrix.indices[inside], ends - ends[0]
        return type(self.matrix)(kept, (stop - start, self.shape[1]), copy=False)

    def wide(self) -> "SparseRows":
        """Return the same rows in float64."""
        return self if self.dtype == np.float64 else SparseRows(self.matrix.astype(np.float64))

    def max(self) -> float:
        return float(self.matrix.max())

    def min(self) -> float:
        return float(self.matrix.min())

    def squared_norms(self) -> np.ndarray:
        """Return the sum of squares of every row, (n,) float64."""
        squares = self.matrix.data.astype(np.float64)
        squares *= squares
        ends = self.matrix.indptr
        filled = np.flatnonzero(ends[1:] > ends[:-1])
        norms = np.zeros(len(self))
        norms[filled] = np.add.reduceat(squares, ends[filled]) if len(filled) else 0.0
        return norms

    def variances(self) -> np.ndarray:
        """Return the variance of every feature, (d,), in two passes."""
        n, d = self.shape
        values, columns = self.matrix.data.astype(np.float64), self.matrix.indices
        means = np.bincount(columns, values, d) / n
        values -= means[columns]
        values *= values
        zeros = n - np.bincount(columns, minlength=d)
        return np.asarray((np.bincount(columns, values, d) + zeros * means**2) / n)


Points = np.ndarray | SparseRows


def best_kept(matrix: Any) -> Points:
    """Return the points of a CSR matrix in the fastest form for a fit: dense or compressed.

    They also stay compressed if a dense array does not fit in free memory.
    """
    n, d = matrix.shape
    most = next((share for features, share in _SPARSE if d >= features), 0.0)
    pays = n * d <= _FEW or matrix.nnz > most * n * d
    if pays and n * d * _BYTES <= _free():
        try:
            return np.ascontiguousarray(matrix.toarray())
        except MemoryError:
            pass  # less memory may be free for this process; the slower way needs none
    return SparseRows(matrix)


def _free() -> float:
    """Return the bytes of memory not used at all, not even as cache; infinite if unknown."""
    try:
        return float(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        return np.inf


class SparseDistances:
    """Squared distances of all rows to a few of them, as |x|² - 2 x · c + |c|²."""

    def __init__(self, X: SparseRows) -> None:
        self._X = X.wide()
        self._norms = X.squared_norms()
        self.parts = [slice(at, min(at + 32768, len(X))) for at in range(0, len(X), 32768)]

    def squared(self, part: slice, rows: np.ndarray) -> np.ndarray:
        """Return distances from the points of ``part`` to those of ``rows``, (rows, points)."""
        squared = -2.0 * (self._X.block(part) @ self._X[rows].T).T
        squared += self._norms[rows, np.newaxis]
        squared += self._norms[part]
        return np.maximum(squared, 0.0, out=np.ascontiguousarray(squared))
