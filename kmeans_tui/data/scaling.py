"""How columns are scaled before clustering."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.weighing import quantiles

Floats: TypeAlias = NDArray[np.float64]

# What scaling does to a constant column, in words.
FLATTENED: Final = {
    "standard": "standardised, it is 0 everywhere",
    "minmax": "scaled to 0 to 1, it is 0 everywhere",
    "robust": "less its median, it is 0 everywhere",
}

# Below this, squares lose digits; and the power of two that such columns are multiplied by.
_LEAST: Final = 1e-150
_LIFT: Final = 2.0**600


def moments(columns: Floats, scale: str, weights: Floats | None = None) -> tuple[Floats, Floats]:
    """Return what ``scale`` subtracts from columns ``(n, d)`` and divides by: ``(d,)`` each.

    As in scikit-learn: ``standard`` uses mean and population deviation (StandardScaler),
    ``minmax`` minimum and range (MinMaxScaler), ``robust`` median and interquartile range
    (RobustScaler), ``none`` 0 and 1. A constant column is divided by 1. With
    ``weights`` ``(n,)``, a row of weight 3 counts like three rows.
    """
    n, d = columns.shape
    if scale == "none":
        return np.zeros(d), np.ones(d)
    if scale == "minmax":
        low = columns.min(axis=0)
        return low, _divisor(columns.max(axis=0) - low)
    if scale == "robust":
        if weights is None:
            lower, middle, upper = np.percentile(columns, (25, 50, 75), axis=0)
        else:
            lower, middle, upper = quantiles(columns, weights, (0.25, 0.5, 0.75))
        return middle, _divisor(upper - lower)
    # Squares of the smallest numbers are 0: such columns are measured in larger units.
    largest = np.abs(columns).max(axis=0)
    lift = np.where((largest > 0) & (largest < _LEAST), _LIFT, 1.0)
    columns = columns * lift if (lift > 1).any() else columns
    if weights is not None:
        mean, variance, n = *_weighted(columns, weights), float(weights.sum())
    else:
        mean, variance = _alike(columns)
    tiny = float(np.finfo(np.float64).eps)
    constant = variance <= n * tiny * variance + (n * mean * tiny) ** 2
    return mean / lift, np.where(constant, 1.0, np.sqrt(np.maximum(variance, 0.0)) / lift)


def _alike(columns: Floats) -> tuple[Floats, Floats]:
    """Return mean and variance of the columns, ``(d,)`` each."""
    n = len(columns)
    mean = columns.sum(axis=0) / n
    # The corrected two-pass variance, and the bound of a constant column, as in scikit-learn:
    # np.std rounds elsewhere, and the article's numbers are to come out to the last digit.
    left = columns - mean
    correction = left.sum(axis=0)
    left **= 2
    return mean, (left.sum(axis=0) - correction**2 / n) / n


def _weighted(columns: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the same by the weights of the rows."""
    total = weights.sum()
    mean = weights @ columns / total
    left = columns - mean
    correction = weights @ left
    return mean, (weights @ left**2 - correction**2 / total) / total


def log_offset(name: str, column: Floats) -> float:
    """Return what is added before taking the logarithm: 1 if there are zeros, else 0.

    Raises ``DataError`` for a column ``(n,)`` with negative values.
    """
    low = float(column.min())
    if low < 0:
        count = int((column < 0).sum())
        raise DataError(
            f"{name} has {count} negative {'value' if count == 1 else 'values'}, the lowest "
            f"{low:g}: a logarithm needs values of at least 0; leave it out of --log"
        )
    return 1.0 if low == 0 else 0.0


def _divisor(spread: Floats) -> Floats:
    return np.where(spread > 0, spread, 1.0)
