"""How widely the features vary: their standard deviations over all rows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset


def spreads(dataset: "Dataset") -> Mapping[str, float]:
    """Return the standard deviation of every feature, in units of the table; 0 if constant.

    Rows count by their weights, if they have some.
    """
    found = {}
    for name in dataset.features:
        column = dataset.column(name)
        # Scaled, so that squares of large numbers stay finite.
        size = float(np.abs(column).max())
        varies = size > 0 and np.ptp(column) > 0
        if varies:
            scaled = column / size
            middle = np.average(scaled, weights=dataset.weights)
            variance = np.average((scaled - middle) ** 2, weights=dataset.weights)
            found[name] = float(np.sqrt(variance) * size)
        else:
            found[name] = 0.0
    return found
