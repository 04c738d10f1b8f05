"""The distinct rows of a table in sorted order, each with the total weight of its copies.

Starts drawn from them are the same whether a row has a weight or copies, in any order.
"""

import numpy as np

from kmeans_tui.clustering.sparse_rows import Points, SparseRows


def distinct(
    X: Points, weights: np.ndarray | None, k: int
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """Return the positions of the distinct rows of X, (m,), and their positive weights, (m,).

    (None, None) if there are no weights and no repeated rows. (None, weights) if there are fewer
    distinct rows than the k that a start needs.
    """
    if isinstance(X, SparseRows):
        order, begins = _sorted_sparse(X)
    else:
        # A column without repetitions proves that all rows differ, at the cost of a sort.
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
    """Return the sorted order of the rows, (n,), as if dense, and where each distinct one begins.

    Rows are compared by their first nonzero entry, then by their second, and so on, while some are
    equal. Of two entries in different columns, the one further left decides: its row comes after
    all rows with a 0 there if it is positive, before them if it is negative.
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
