"""The different rows of a table in sorted order, each with the weight of all its copies.

Starts drawn from them are the same whether a row has a weight or copies, in whatever order.
"""

import numpy as np

from kmeans_tui.clustering.sparse_rows import Points, SparseRows


def distinct(
    X: Points, weights: np.ndarray | None, k: int
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Where the different rows of X are, (m,), and their weights, (m,); those of weight 0 left out.

    (None, None) where there is nothing to tell apart: no weights, no row twice. (None, weights)
    where the different rows are fewer than the k that a start needs.
    """
    if isinstance(X, SparseRows):
        order, begins = _sorted_sparse(X)
    else:
        # One column without repetitions proves it, at the cost of a sort.
        if weights is None and any(_all_different(column) for column in X.T):
            return None, None
        order = np.lexsort(X.T[::-1])
        ordered = X[order]
        begins = np.append(True, (ordered[1:] != ordered[:-1]).any(axis=1))
    starts = np.flatnonzero(begins)
    mass = np.add.reduceat(np.ones(len(X)) if weights is None else weights[order], starts)
    rows, mass = order[starts][mass > 0], mass[mass > 0]
    if len(rows) < k or (weights is None and len(rows) == len(X)):
        return None, weights if weights is None or np.count_nonzero(weights) >= k else None
    return rows, mass


def _all_different(column: np.ndarray) -> bool:
    ordered = np.sort(column)
    return bool((ordered[1:] != ordered[:-1]).all())


def _sorted_sparse(X: SparseRows) -> tuple[np.ndarray, np.ndarray]:
    """The order of the rows, (n,), as of their plain numbers, and where in it a new one begins.

    Rows are told apart by their first entry that is not 0, then by their second, and so on, as
    long as some are alike. Of two entries in different columns the one further left decides: above
    all rows that have a 0 there if it is positive, below them if it is negative.
    """
    n = len(X)
    values, columns, ends = X.matrix.data, X.matrix.indices, X.matrix.indptr
    order, begins = np.arange(n), np.zeros(n, bool)
    begins[:1] = True
    alike = order.copy()  # places in ``order`` that share their rank with another
    entry = 0
    while len(alike) > 1:
        at = ends[order[alike]] + entry
        there = at < ends[order[alike] + 1]
        if not there.any():
            break
        at = np.where(there, at, 0)
        value = np.where(there, values[at], 0.0)
        sign = np.sign(value)
        column = np.where(there, -sign * columns[at], 0.0)
        group = np.cumsum(begins)[alike]
        by = np.lexsort((value, column, sign, group))
        order[alike] = order[alike][by]
        keys = np.stack((group[by], sign[by], column[by], value[by]))
        begins[alike[1:]] |= (keys[:, 1:] != keys[:, :-1]).any(axis=0)
        ended = np.append(begins[1:], True)
        alike = np.flatnonzero(~(begins & ended))
        entry += 1
    return order, begins
