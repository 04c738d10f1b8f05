"""How far a table has moved away from another: shares of clusters, distances, means."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Drift:
    """Rows in clusters, then and now; arrays by cluster (k,) and by feature (d,).

    ``sizes`` are rows in each cluster, ``weights`` theirs, None if those rows have none; shares,
    means and distances are by weight. ``distances`` are the mean distances to the own centroid, NaN
    without rows; ``means`` those of all rows, in the units of the table; ``deviations`` the
    standard deviations of the features then.
    """

    features: tuple[str, ...]
    sizes_then: np.ndarray
    sizes_now: np.ndarray
    distance_then: float
    distance_now: float
    means_then: np.ndarray
    means_now: np.ndarray
    deviations: np.ndarray
    weights_then: np.ndarray | None = None
    weights_now: np.ndarray | None = None

    @property
    def weighted(self) -> bool:
        """Whether the rows of then or of now have weights."""
        return self.weights_then is not None or self.weights_now is not None

    @property
    def amounts(self) -> tuple[np.ndarray, np.ndarray]:
        """The weight of each cluster, then and now; the rows where they have none."""
        return (
            self.sizes_then if self.weights_then is None else self.weights_then,
            self.sizes_now if self.weights_now is None else self.weights_now,
        )

    @property
    def shares(self) -> tuple[np.ndarray, np.ndarray]:
        """The share of each cluster in all rows, by weight, then and now; 0 without rows."""
        then, now = (each / (each.sum() or 1) for each in self.amounts)
        return then, now

    @property
    def moved(self) -> np.ndarray:
        """How far the mean of each feature has moved, in deviations of then: (d,).

        Infinite for a feature that had one value and has others now; NaN without rows.
        """
        return in_deviations(self.means_now - self.means_then, self.deviations)

    def most_moved(self, most: int) -> list[int]:
        """The features whose means moved most, by number, the farthest first."""
        moved = np.abs(self.moved)
        order = np.argsort(-np.nan_to_num(moved, nan=0.0), kind="stable")[:most]
        return [int(each) for each in order]


@dataclass(frozen=True, eq=False)
class Change:
    """What changed from the first to the second run; clusters have the numbers of the first.

    ``by`` is what rows in both are known by: "row", the name of a column, or "" if there are none;
    ``by_rows`` says that these rows match the clusters, otherwise the nearest centroids do.
    ``moves`` (m, m) counts them by their clusters in the first and in the second, m being all
    numbers in use. ``means_then`` and ``means_now`` (m, d) are the means of each cluster in the
    units of the table, NaN where a run has no such cluster. ``alone`` are sentences on values of
    encoded columns that one run only has; they are no features of the change.
    """

    by: str
    by_rows: bool
    moves: np.ndarray
    drift: Drift
    means_then: np.ndarray
    means_now: np.ndarray
    alone: tuple[str, ...] = ()

    @property
    def moved(self) -> np.ndarray:
        """How far the means of each cluster moved, in standard deviations of the first: (m, d)."""
        return in_deviations(self.means_now - self.means_then, self.drift.deviations)


def in_deviations(difference: np.ndarray, deviations: np.ndarray) -> np.ndarray:
    """Return differences (…, d) in standard deviations (d,); infinite where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = difference / deviations
    return np.where(difference == 0, 0.0, found)


def moments(table: np.ndarray, weights: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation of every column of a table (n, d): (d,) each.

    ``weights`` (n,) are those of the rows. The deviation of a constant column is 0, not its
    rounding.
    """
    middle = table[0]
    left = table - middle
    if weights is None:
        mean, spread = left.mean(axis=0), left.std(axis=0)
    else:
        mean = np.average(left, axis=0, weights=weights)
        spread = np.sqrt(np.average((left - mean) ** 2, axis=0, weights=weights))
    deviation = np.where(np.ptp(table, axis=0) == 0, 0.0, spread)
    return mean + middle, deviation
