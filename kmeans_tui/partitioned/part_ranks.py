"""Passes that find order statistics exactly: see ``order_statistics``.

This module imports numpy alone and nothing of the program: it is also sent to other machines as
source text, see ``part_sources``.
"""

from typing import Any

import numpy as np


def ranks(blocks: Any, task: dict[str, Any], kept: Any, tell: Any) -> Any:
    """Count the finite values of every feature between its ``edges``, which ascend.

    Returns an array (edges + 1,) for each feature: values up to the first edge, above it and up to
    the second, and so on.
    """
    found = [np.zeros(len(edges) + 1, np.int64) for edges in task["edges"]]
    for x, _, _ in blocks:
        for f, edges in enumerate(task["edges"]):
            column = _finite(x[:, f])
            found[f] += np.bincount(np.searchsorted(edges, column), minlength=len(edges) + 1)
        tell(len(x))
    return found


def merge_ranks(a: Any, b: Any) -> Any:
    """Return the counts of two parts."""
    return [x + y for x, y in zip(a, b, strict=True)]


def between(blocks: Any, task: dict[str, Any], kept: Any, tell: Any) -> Any:
    """Return the values strictly inside each of the ``gaps`` (feature, low, high)."""
    found: list[list[np.ndarray]] = [[np.empty(0)] for _ in task["gaps"]]
    for x, _, _ in blocks:
        for inside, (f, low, high) in zip(found, task["gaps"], strict=True):
            column = x[:, f]
            inside.append(column[(column > low) & (column < high)])
        tell(len(x))
    return [np.concatenate(inside) for inside in found]


def merge_between(a: Any, b: Any) -> Any:
    """Return the values in two parts."""
    return [np.concatenate(pair) for pair in zip(a, b, strict=True)]


def _finite(column: np.ndarray) -> np.ndarray:
    return column if np.isfinite(np.add.reduce(column)) else column[np.isfinite(column)]
