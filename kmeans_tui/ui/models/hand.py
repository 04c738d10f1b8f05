"""The hand in the plane of the plot: what it holds, and what a run becomes when it lets go."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kmeans_tui.command import Options
from kmeans_tui.given_points import GivenPoints

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.aspect import Window
    from kmeans_tui.data.dataset import Dataset

Position: TypeAlias = tuple[float, float]
# What the hand places is written with as many digits as this share of the spread of a feature
# needs; a cell shows thirty times as much.
_PRECISE: Final = 1 / 500
# Cells within which the hand reaches a centroid or a point, a row counting as two columns.
REACH: Final = 4.0


@dataclass(frozen=True)
class Hand:
    """A hand at a position of the plane, holding the centroid of a cluster or nothing."""

    place: Position
    held: int | None = None

    def moved(self, across: int, up: int, window: "Window", columns: int, rows: int) -> "Hand":
        """Return the hand so many cells farther, kept inside a window of columns × rows cells."""
        x = _shifted(self.place[0], across, window[0], columns)
        y = _shifted(self.place[1], up, window[1], rows)
        return replace(self, place=(x, y))


def _shifted(at: float, cells: int, span: tuple[float, float], count: int) -> float:
    low, high = span
    half = (high - low) / count / 2
    return min(max(at + 2 * half * cells, low + half), high - half)


def nearest(place: Position, others: "np.ndarray", cell: Position) -> tuple[int, float]:
    """Return which of ``others``, (m, 2), is nearest to a place, and how many cells away.

    ``cell`` is the width of a cell and half of its height, in units of the plane.
    """
    import numpy as np

    away = np.hypot(*((others - np.asarray(place)) / np.asarray(cell)).T)
    at = int(away.argmin())
    return at, float(away[at])


def placed(
    dataset: "Dataset", centroids: "np.ndarray", cluster: int, place: Position
) -> GivenPoints:
    """Return prepared centroids, (k, d), as a start in which one of them is at another place."""
    import numpy as np

    moved = centroids.copy()
    own = slice(cluster, cluster + 1)
    moved[own] = dataset.moved(centroids[own], np.array([place]))
    return start(dataset, moved, cluster)


def with_another(dataset: "Dataset", centroids: "np.ndarray", place: Position) -> GivenPoints:
    """Return prepared centroids as a start with one more; what is not shown is at the mean."""
    import numpy as np

    return start(dataset, np.vstack([centroids, _anew(dataset, place)]), len(centroids))


def without(dataset: "Dataset", centroids: "np.ndarray", cluster: int) -> GivenPoints:
    """Return prepared centroids as a start that lacks one of them."""
    import numpy as np

    return start(dataset, np.delete(centroids, cluster, axis=0))


def start(dataset: "Dataset", centroids: "np.ndarray", rounded: int | None = None) -> GivenPoints:
    """Return prepared centroids, (k, d), in the units of the table, one of them rounded."""
    rows = dataset.in_units(centroids).tolist()
    if rounded is not None:
        rows[rounded] = _short(dataset, rows[rounded])
    return GivenPoints(tuple(map(tuple, rows)))


def with_point(dataset: "Dataset", options: Options, place: Position) -> dict[str, Any]:
    """Return the change of options that adds a point; what is not shown is at the mean."""
    (row,) = dataset.in_units(_anew(dataset, place)).tolist()
    new = tuple(_short(dataset, row))
    known = () if options.add is None else options.add.of(dataset.features, "--add")
    return {"add": GivenPoints((*known, new))}


def without_row(dataset: "Dataset", options: Options, row: int) -> dict[str, Any]:
    """Return the change of options that takes out a row, counted from 0."""
    from kmeans_tui.data import rows

    own = dataset.n - dataset.added
    if row >= own and options.add is not None:
        kept = [each for i, each in enumerate(options.add.rows) if i != row - own]
        return {"add": GivenPoints(tuple(kept), options.add.names) if kept else None}
    number = rows.number(dataset, row)
    return {"without": tuple(sorted({*(options.without or ()), number}))}


def _short(dataset: "Dataset", values: "list[float]") -> list[float]:
    """Return values of the features in as few digits as tell places apart."""
    spreads = [float(dataset.column(name).std()) for name in dataset.features]
    return [
        next(
            short
            for digits in range(3, 18)
            if abs((short := float(f"{value:.{digits}g}")) - value) <= spread * _PRECISE
        )
        for value, spread in zip(values, spreads, strict=True)
    ]


def _anew(dataset: "Dataset", place: Position) -> "np.ndarray":
    import numpy as np

    return dataset.moved(dataset.points.mean(axis=0, keepdims=True), np.array([place]))
