"""What must be known of a part before its first assignment: a pass like those of part_kernels.

This module imports numpy alone and nothing of the program: it is also sent to other machines as
source text, see ``part_sources``.
"""

import math
from typing import Any

import numpy as np


def survey(blocks: Any, task: dict[str, Any], kept: Any, tell: Any) -> Any:
    """What must be known of a part before the first assignment, of ``d`` features.

    Returns (rows used by part [(m)], low (d,), high (d,), moments, least weight, largest): moments
    are (weight, means (3, d), weighted sums of squares around them (3, d)) of the values, their
    logarithms, and the logarithms of the values + 1, these of the features ``logs`` alone.
    """
    d, used = task["d"], 0
    low, high = np.full(d, np.inf), np.full(d, -np.inf)
    moments: Any = (0.0, np.zeros((3, d)), np.zeros((3, d)))
    least, most = math.inf, -math.inf
    for x, weights, _ in blocks:
        used += len(x)
        np.minimum(low, x.min(axis=0), out=low)
        np.maximum(high, x.max(axis=0), out=high)
        moments = _merge_moments(moments, _moments(x, weights, task["logs"]))
        if weights is not None:
            least, most = min(least, float(weights.min())), max(most, float(weights.max()))
        tell(len(x))
    return [used], low, high, moments, least, most


def _moments(x: np.ndarray, w: np.ndarray | None, logs: Any) -> Any:
    means, squares = np.zeros((3, x.shape[1])), np.zeros((3, x.shape[1]))
    total = float(len(x)) if w is None else float(np.add.reduce(w))
    for f, column in enumerate(x.T):
        kinds = [(0, column)]
        # Infinite where there are zeros, and refused if negative, or by their size.
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            if f in logs:
                kinds += [(1, np.log(column)), (2, np.log(column + 1.0))]
            for kind, values in kinds:
                mean = np.add.reduce(values if w is None else values * w) / total
                apart = values - mean
                left = np.add.reduce(apart if w is None else apart * w)
                apart *= apart
                around = np.add.reduce(apart if w is None else apart * w)
                means[kind, f], squares[kind, f] = mean, around - left * left / total
    return total, means, squares


def _merge_moments(a: Any, b: Any) -> Any:
    """Merge means and sums of squares (Chan, Golub and LeVeque 1983)."""
    (n, mean, squares), (m, other, more) = a, b
    if not n or not m:
        return b if not n else a
    with np.errstate(invalid="ignore", over="ignore"):
        apart = other - mean
        return n + m, mean + apart * (m / (n + m)), squares + more + apart**2 * (n * m / (n + m))


def merge_surveys(a: Any, b: Any) -> Any:
    """Return what is known of two neighbouring parts."""
    return (
        a[0] + b[0], np.minimum(a[1], b[1]), np.maximum(a[2], b[2]), _merge_moments(a[3], b[3]),
        min(a[4], b[4]), max(a[5], b[5]),
    )  # fmt: skip
