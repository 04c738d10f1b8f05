"""What is done to columns before they are clustered, and how it is undone."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import DataError

Floats: TypeAlias = NDArray[np.float64]

# What a column of one value is afterwards, in words.
FLATTENED: Final = {
    "standard": "standardised it is 0 everywhere",
    "minmax": "between 0 and 1 it is 0 everywhere",
    "robust": "less its median it is 0 everywhere",
}

# Below it squares lose digits, and the power of two that brings such columns into the middle.
_LEAST: Final = 1e-150
_LIFT: Final = 2.0**600


def moments(columns: Floats, scale: str) -> tuple[Floats, Floats]:
    """What ``scale`` takes from columns ``(n, d)`` and divides them by: ``(d,)`` each.

    As scikit-learn has them: ``standard`` mean and population deviation (StandardScaler),
    ``minmax`` least value and range (MinMaxScaler), ``robust`` median and the distance of the
    quartiles (RobustScaler), ``none`` 0 and 1. A column of one value is divided by 1.
    """
    n, d = columns.shape
    if scale == "none":
        return np.zeros(d), np.ones(d)
    if scale == "minmax":
        low = columns.min(axis=0)
        return low, _divisor(columns.max(axis=0) - low)
    if scale == "robust":
        lower, middle, upper = np.percentile(columns, (25, 50, 75), axis=0)
        return middle, _divisor(upper - lower)
    # Squares of the smallest numbers are 0: such columns are measured in larger units.
    largest = np.abs(columns).max(axis=0)
    lift = np.where((largest > 0) & (largest < _LEAST), _LIFT, 1.0)
    columns = columns * lift if (lift > 1).any() else columns
    mean = columns.sum(axis=0) / n
    # The corrected two-pass variance, and the bound below, as in scikit-learn: np.std rounds
    # elsewhere, and the article's numbers are to come out to the last digit.
    left = columns - mean
    correction = left.sum(axis=0)
    left **= 2
    variance = (left.sum(axis=0) - correction**2 / n) / n
    tiny = float(np.finfo(np.float64).eps)
    constant = variance <= n * tiny * variance + (n * mean * tiny) ** 2
    return mean / lift, np.where(constant, 1.0, np.sqrt(np.maximum(variance, 0.0)) / lift)


def log_offset(name: str, column: Floats) -> float:
    """What is added before the logarithm: 0 above 0, 1 where zeros are among the values.

    Raises ``DataError`` for a column ``(n,)`` with negative values.
    """
    low = float(column.min())
    if low < 0:
        count = int((column < 0).sum())
        raise DataError(
            f"{name} has {count} negative {'value' if count == 1 else 'values'}, the least "
            f"{low:g}: a logarithm needs values of 0 and above; leave it out of --log"
        )
    return 1.0 if low == 0 else 0.0


def _divisor(spread: Floats) -> Floats:
    return np.where(spread > 0, spread, 1.0)
