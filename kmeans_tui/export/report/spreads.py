"""How widely the features vary: their standard deviations over all rows."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset


def spreads(dataset: "Dataset") -> Mapping[str, float]:
    """Return the standard deviation of every feature, in units of the table; 0 if constant."""
    found = {}
    for name in dataset.features:
        column = dataset.column(name)
        # Scaled, so that squares of large numbers stay finite.
        size = float(np.abs(column).max())
        varies = size > 0 and np.ptp(column) > 0
        found[name] = float((column / size).std() * size) if varies else 0.0
    return found
