"""The working of an iteration, as it is written by hand: all distances, and how the means come out.

For small data only. Numbers are rounded to two decimals, and to more where two distances would
otherwise look the same.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kmeans_tui.analysis.empty_clusters import taken_over
from kmeans_tui.data import rows
from kmeans_tui.words import tally

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History, Snapshot
    from kmeans_tui.data.dataset import Dataset

# Beyond these nobody writes it by hand, or reads it.
MOST_DISTANCES: Final = 400
MOST_FEATURES: Final = 6
# Members of a cluster that are added up one by one.
_ADDED_UP: Final = 8
_MOST_DECIMALS: Final = 12


@dataclass(frozen=True)
class Line:
    """One row of the table: its ``name``, its ``point``, and its ``distances`` to the k centroids.

    ``nearest`` is the cluster it is assigned to, from 0; ``tied`` the others that are as near.
    ``before`` is its cluster in the iteration before, None in the first.
    """

    name: str
    point: str
    distances: tuple[str, ...]
    nearest: int
    tied: tuple[int, ...]
    before: int | None


@dataclass(frozen=True)
class Mean:
    """How a cluster's next centroid comes out: its members, and a ``sum`` for each feature.

    ``note`` says what becomes of an empty cluster, which has no members.
    """

    cluster: int
    members: tuple[str, ...]
    sums: tuple[str, ...]
    centroid: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Working:
    """One iteration: the ``centroids``, the table of distances, and the means that follow.

    ``means`` are empty after the last assignment, which no update follows. ``distances`` (n, k) are
    the numbers behind the texts, in clustered units.
    """

    iteration: int
    centroids: tuple[str, ...]
    lines: tuple[Line, ...]
    means: tuple[Mean, ...]
    features: tuple[str, ...]
    distances: np.ndarray

    def text(self) -> list[str]:
        """Return the working as lines of ASCII; the smallest distance of each row has a ``*``."""
        k = len(self.centroids)
        found = [f"iteration {self.iteration}"]
        found += [f"  centroid {c + 1}: {place}" for c, place in enumerate(self.centroids)]
        found.append("")
        table = [["row", "point", *(f"to {c + 1}" for c in range(k)), "cluster", ""]]
        for line in self.lines:
            marked = [f"{each} " for each in line.distances]
            marked[line.nearest] = f"{line.distances[line.nearest]}*"
            told = ""
            if line.tied:
                told = f"as near to {' and '.join(str(c + 1) for c in line.tied)}: the lower wins"
            elif line.before not in (None, line.nearest):
                told = f"was in {int(line.before or 0) + 1}"
            table.append([line.name, line.point, *marked, str(line.nearest + 1), told])
        widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
        for row in table:
            # Names, points and remarks to the left, numbers to the right.
            cells = [
                cell.ljust(width) if i < 2 or i == len(row) - 1 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            found.append("  ".join(cells).rstrip())
        if self.means:
            found.append("")
        for mean in self.means:
            head = f"cluster {mean.cluster + 1}"
            if mean.note:
                found.append(f"{head}: {mean.note}")
                continue
            found.append(f"{head}: {', '.join(mean.members)}")
            found += [
                f"  {name} = {total}" for name, total in zip(self.features, mean.sums, strict=True)
            ]
        return found


def check(dataset: "Dataset", k: int) -> None:
    """Raise ``ValueError``, one sentence, if the working of a run with k clusters is too long."""
    problem = refusal(dataset.counted, k, dataset.d)
    if problem is not None:
        raise ValueError(problem)


def refusal(n: int, k: int, d: int) -> str | None:
    """Return why the working of n points, k centroids and d features is not written; or None."""
    if n * k > MOST_DISTANCES:
        return (
            f"the working is for small data: {n:,} rows and {k} centroids have {n * k:,} "
            f"distances, and the limit is {MOST_DISTANCES}"
        )
    if d > MOST_FEATURES:
        return f"the working is for few features: there are {d}, and the limit is {MOST_FEATURES}"
    return None


def working(dataset: "Dataset", history: "History", iteration: int) -> Working:
    """Return the working of one iteration of a run on the prepared points of the data.

    Raises ``ValueError``, one sentence, if the data are not small.
    """
    points = dataset.points
    check(dataset, history.k)
    snapshot = history[iteration]
    labels, centroids = snapshot.labels, snapshot.centroids
    distances = np.sqrt(((points[:, np.newaxis] - centroids) ** 2).sum(axis=2))
    decimals = _decimals(points)
    before = history[iteration - 1].labels if iteration else None
    lines = []
    for i, (own, row) in enumerate(zip(labels.tolist(), distances.tolist(), strict=True)):
        tied = tuple(c for c, each in enumerate(row) if each == row[own] and c != own)
        lines.append(
            Line(
                rows.name(dataset, i),
                _place(points[i], decimals),
                _apart(row, own, decimals),
                own,
                tied,
                None if before is None else int(before[i]),
            )
        )
    following = iteration + 1 < len(history)
    return Working(
        iteration=iteration,
        centroids=tuple(_place(each, decimals) for each in centroids),
        lines=tuple(lines),
        means=_means(dataset, history, iteration + 1, decimals) if following else (),
        features=tuple(_measured(each, dataset) for each in dataset.features),
        distances=distances,
    )


def document(found: Working) -> dict[str, Any]:
    """Return the working as plain numbers; clusters and rows count from 0."""
    return {
        "iteration": found.iteration,
        "distances": found.distances.tolist(),
        "nearest": [line.nearest for line in found.lines],
        "tied": [list(line.tied) for line in found.lines],
    }


def _means(
    dataset: "Dataset", history: "History", iteration: int, decimals: int
) -> tuple[Mean, ...]:
    points, weights, following = dataset.points, dataset.weights, history[iteration]
    labels = history[iteration - 1].labels
    if following.swap is not None:
        return _swapped(following, decimals)
    moved = {event.cluster: event for event in following.events}
    counted = _counted(dataset, labels, following)
    found = []
    for cluster in range(history.k):
        members = np.flatnonzero((labels == cluster) & (counted > 0))
        place = _place(following.centroids[cluster], decimals)
        if cluster in moved:
            note = f"{taken_over([moved[cluster]], dataset)}, {place}"
            found.append(Mean(cluster, (), (), place, note))
            continue
        if not len(members):
            found.append(Mean(cluster, (), (), place, f"it has no points and stays at {place}"))
            continue
        own = None if weights is None else counted[members].tolist()
        names = tuple(rows.name(dataset, int(row)) for row in members)
        if own is not None:
            names = tuple(
                f"{name} (weight {tally(each)})" for name, each in zip(names, own, strict=True)
            )
        sums = tuple(
            _mean(
                points[members, i].tolist(), own, float(following.centroids[cluster, i]), decimals
            )
            for i in range(dataset.d)
        )
        found.append(Mean(cluster, names, sums, place))
    return tuple(found)


def _swapped(following: "Snapshot", decimals: int) -> tuple[Mean, ...]:
    """Return where a swap leaves the centroids: two at the means of the halves of one cluster."""
    swap, found = following.swap, []
    assert swap is not None
    for cluster, centroid in enumerate(following.centroids):
        place = _place(centroid, decimals)
        note = f"it stays at {place}: this is a swap, not an update"
        if cluster in (swap.cluster, swap.into):
            note = f"it goes to the mean of one half of cluster {swap.into + 1}, {place}"
        found.append(Mean(cluster, (), (), place, note))
    return tuple(found)


def _counted(dataset: "Dataset", labels: np.ndarray, following: "Snapshot") -> np.ndarray:
    """Return how much each row counts in the mean of its cluster before an update, (n,).

    One copy of a row that takes over an empty cluster no longer does. It does count where a random
    row takes over; the new centroid of its cluster tells.
    """
    points, weights = dataset.points, dataset.weights
    whole = np.ones(len(points)) if weights is None else weights
    counted, left = whole.copy(), whole.copy()
    donors = set()
    for event in following.events:
        if event.point is not None and event.donor is not None:
            left[event.point] = max(left[event.point] - 1.0, 0.0)
            donors.add(event.donor)
    for donor in donors:
        own = labels == donor
        if not left[own].any():
            continue
        gaps = [
            float(np.abs(np.average(points[own], 0, each[own]) - following.centroids[donor]).max())
            for each in (left, whole)
        ]
        if gaps[0] <= gaps[1]:
            counted[own] = left[own]
    return counted


def _mean(
    values: Sequence[float], weights: Sequence[float] | None, mean: float, decimals: int
) -> str:
    """Return a mean with its sum: ``(8 + 5) / 2 = 6.5``; by weight ``(3 * 8 + 5) / 4 = 7.25``."""
    written = _written(mean, decimals)
    if len(values) == 1:
        return written
    whole = str(len(values)) if weights is None else tally(math.fsum(weights))
    heavy = [1.0] * len(values) if weights is None else weights
    if len(values) > _ADDED_UP:
        products = (value * each for value, each in zip(values, heavy, strict=True))
        total = _written(math.fsum(products), decimals)
    else:
        terms = [
            f"{'' if weight == 1 else f'{tally(weight)} * '}{_written(abs(value), decimals)}"
            for value, weight in zip(values, heavy, strict=True)
        ]
        signs = ["-" if value < 0 else "+" for value in values]
        first = f"{'-' if _negative(values[0], decimals) else ''}{terms[0]}"
        rest = [f"{sign} {term}" for sign, term in zip(signs[1:], terms[1:], strict=True)]
        total = f"({' '.join([first, *rest])})"
    return f"{total} / {whole} = {written}"


def _negative(value: float, decimals: int) -> bool:
    return _written(value, decimals).startswith("-")


def _apart(row: Sequence[float], own: int, decimals: int) -> tuple[str, ...]:
    """Return distances with as many decimals as tell the smallest from all that are not equal."""
    for more in range(decimals, max(decimals, _MOST_DECIMALS) + 1):
        found = tuple(_written(each, more) for each in row)
        others = (text for text, each in zip(found, row, strict=True) if each != row[own])
        if found[own] not in others:
            break
    return found


def _measured(name: str, dataset: "Dataset") -> str:
    """Return what the numbers of a feature are: its values, or what was made of them."""
    made = f"log {name}" if name in dataset.log else name
    return made if dataset.scale == "none" else f"{made}, scaled"


def _place(point: np.ndarray, decimals: int) -> str:
    return f"({', '.join(_written(float(each), decimals) for each in point)})"


def _decimals(points: np.ndarray) -> int:
    """Return how many decimals tell these points apart: two, and more for small spreads."""
    spread = float(np.ptp(points, axis=0).max())
    return 2 if spread <= 0 else max(2, min(_MOST_DECIMALS, 2 - math.floor(math.log10(spread))))


def _written(value: float, decimals: int) -> str:
    """Return a number without needless zeros: 5, 0.5, 3.61; a half is rounded up, as by hand."""
    if abs(value) >= 1e15:
        return f"{value:.6g}"
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{rounded:f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
