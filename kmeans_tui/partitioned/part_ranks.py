"""Passes that find order statistics exactly: see ``order_statistics``.

This module imports numpy alone and nothing of the program: it is also sent to other machines as
source text, see ``part_sources``.
"""

from typing import Any

import numpy as np


def ranks(blocks: Any, task: dict[str, Any], kept: Any, tell: Any) -> Any:
    """Weigh the finite values of every feature between its ``edges``, which ascend.

    Returns (weights (edges + 1,) for each feature, rows (d,), whether all weights are whole): of
    values up to the first edge, above it and up to the second, and so on.
    """
    found = [np.zeros(len(edges) + 1) for edges in task["edges"]]
    rows, whole = np.zeros(len(found), np.int64), True
    for x, w, _ in blocks:
        whole = whole and (w is None or bool((w == np.floor(w)).all()))
        for f, edges in enumerate(task["edges"]):
            known = np.isfinite(x[:, f])
            column, mine = (x[:, f], w) if known.all() else (x[known, f], _only(w, known))
            rows[f] += len(column)
            places = np.searchsorted(edges, column)
            found[f] += np.bincount(places, mine, minlength=len(edges) + 1)
        tell(len(x))
    return found, rows, whole


def merge_ranks(a: Any, b: Any) -> Any:
    """Return the weights of two parts."""
    return [x + y for x, y in zip(a[0], b[0], strict=True)], a[1] + b[1], a[2] and b[2]


def between(blocks: Any, task: dict[str, Any], kept: Any, tell: Any) -> Any:
    """Return (values, weights) strictly inside each of the ``gaps`` (feature, low, high)."""
    found: list[Any] = [[(np.empty(0), np.empty(0))] for _ in task["gaps"]]
    for x, w, _ in blocks:
        for inside, (f, low, high) in zip(found, task["gaps"], strict=True):
            mask = (x[:, f] > low) & (x[:, f] < high)
            values = x[mask, f]
            inside.append((values, np.ones(len(values)) if w is None else w[mask]))
        tell(len(x))
    return [tuple(map(np.concatenate, zip(*inside, strict=True))) for inside in found]


def merge_between(a: Any, b: Any) -> Any:
    """Return the values in two parts."""
    return [tuple(map(np.concatenate, zip(*pair, strict=True))) for pair in zip(a, b, strict=True)]


def _only(weights: np.ndarray | None, mask: np.ndarray) -> np.ndarray | None:
    return None if weights is None else weights[mask]
