"""Two runs in lockstep: their clusters matched, and where they part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kmeans_tui.analysis.matching import contingency
from kmeans_tui.data import edits
from kmeans_tui.words import plural

if TYPE_CHECKING:
    from kmeans_tui.analysis.drift import Change
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset


@dataclass(frozen=True, eq=False)
class PairSide:
    """One of two runs: its name, its data, and its history on their points.

    ``parameters`` are those that a recording was started with.
    """

    name: str
    dataset: "Dataset"
    history: "History"
    parameters: Mapping[str, Any] | None = None


@dataclass(frozen=True, eq=False)
class Pair:
    """Two runs in lockstep; one that has ended stays at its end.

    ``numbers`` (k of the second,) are the clusters of the first that those of the second are
    matched to, for all iterations: one by one from the same start, else by their ends; unmatched
    ones have numbers from k of the first.
    ``rows`` (m, 2) are the rows in both data, by their places in each; ``parted_at`` is the first
    iteration with one of them in another cluster, None if there is none; ``apart`` (iterations,)
    counts them. ``comparable`` says that both inertias are of the same points. Two recordings may
    share no row; ``change`` tells what they have in common.
    """

    first: PairSide
    second: PairSide
    numbers: np.ndarray
    rows: np.ndarray
    apart: np.ndarray
    parted_at: int | None
    comparable: bool
    sentence: str
    verdict: str
    change: "Change | None" = None

    @property
    def agreement(self) -> float:
        """The share of the rows in both that end in matching clusters; NaN if there are none.

        By weight, if the rows of the first run have weights.
        """
        if not len(self.rows):
            return float("nan")
        weights = self.first.dataset.weights
        if weights is not None:
            return 1.0 - float(weights[self.disputed].sum() / weights[self.rows[:, 0]].sum())
        return 1.0 - float(self.apart[-1]) / len(self.rows)

    @property
    def disputed(self) -> np.ndarray:
        """The rows, by their places in the first data, that end in other clusters."""
        first, second = labels_of(self.first, self.second, self.rows, len(self.apart) - 1)
        return np.asarray(self.rows[first != self.numbers[second], 0])


def pair(first: PairSide, second: PairSide, why: str) -> Pair:
    """Match the clusters of two runs at their ends, and find where they part.

    ``why`` ends the sentence on that: what differs between the two. Raises ``ValueError`` if the
    data share no row.
    """
    # A row that was drawn several times counts once.
    one, two = (edits.row_numbers(each.dataset) for each in (first, second))
    _, ours, theirs = np.intersect1d(one, two, return_indices=True)
    if not len(ours):
        raise ValueError("the two runs share no row, so there is nothing to compare")
    rows = np.column_stack([ours, theirs])
    length = max(len(first.history), len(second.history))
    numbers = _matched(first, second, rows, length - 1)
    apart = apart_at(first, second, rows, numbers)
    parted = np.flatnonzero(apart)
    at = int(parted[0]) if len(parted) else None
    a, b = first.dataset.points, second.dataset.points
    comparable = a.shape == b.shape and bool((a == b).all())
    return Pair(
        first=first,
        second=second,
        numbers=numbers,
        rows=rows,
        apart=apart,
        parted_at=at,
        comparable=comparable,
        sentence=_sentence(first, second, apart, at, len(rows), why),
        verdict=_verdict(first, second, int(apart[-1]), len(rows), comparable=comparable),
    )


def labels_of(
    first: PairSide, second: PairSide, rows: np.ndarray, i: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the labels of the common rows in both at iteration i, or at the end before it."""
    found = [
        each.history[min(i, len(each.history) - 1)].labels[rows[:, place]].astype(np.intp)
        for place, each in enumerate((first, second))
    ]
    return found[0], found[1]


def common_weights(first: PairSide, rows: np.ndarray) -> np.ndarray | None:
    """Return the weights that the common rows have in the first run, (m,); None if none."""
    weights = first.dataset.weights
    return None if weights is None else weights[rows[:, 0]]


def apart_at(
    first: PairSide, second: PairSide, rows: np.ndarray, numbers: np.ndarray
) -> np.ndarray:
    """Count the common rows in another cluster at every iteration of the longer run, (length,)."""
    length = max(len(first.history), len(second.history))
    found = np.zeros(length, np.intp)
    for i in range(length if len(rows) else 0):
        labels, others = labels_of(first, second, rows, i)
        found[i] = int((labels != numbers[others]).sum())
    return found


def _matched(first: PairSide, second: PairSide, rows: np.ndarray, i: int) -> np.ndarray:
    from scipy.optimize import linear_sum_assignment

    k, other = first.history.k, second.history.k
    if k == other and _same_start(first, second):
        return np.arange(k)
    own = common_weights(first, rows)
    table = contingency(*labels_of(first, second, rows, i), k, other, own)
    ours, theirs = linear_sum_assignment(table, maximize=True)
    return numbered(ours, theirs, k, other)


def numbered(ours: np.ndarray, theirs: np.ndarray, k: int, other: int) -> np.ndarray:
    """Return the number of each of the ``other`` clusters, (other,).

    That of the cluster of ``ours`` that it is matched to; unmatched ones have numbers from k.
    """
    numbers = np.full(other, -1, np.intp)
    numbers[theirs] = ours
    lone = np.flatnonzero(numbers < 0)
    numbers[lone] = k + np.arange(len(lone))
    return numbers


def _same_start(first: PairSide, second: PairSide) -> bool:
    """Whether both start from the same places in the units of the table, however scaled."""
    if first.dataset.features != second.dataset.features:
        return False
    places = [each.dataset.in_units(each.history[0].centroids) for each in (first, second)]
    rounding = 1e-9 * float(np.abs(places[0]).max())
    return bool((np.abs(places[0] - places[1]) <= rounding).all())


def _sentence(
    first: PairSide, second: PairSide, apart: np.ndarray, at: int | None, n: int, why: str
) -> str:
    ends = [each.history.iterations for each in (first, second)]
    if at is None:
        if ends[0] == ends[1]:
            return f"They never part: in each iteration all {n:,} points are in the same clusters."
        early, late = (first, second) if ends[0] < ends[1] else (second, first)
        return (
            f"They never part: {early.name} stops after {plural(min(ends), 'update')}, {late.name} "
            f"after {max(ends)}, with all {n:,} points in the same clusters."
        )
    count = int(apart[at])
    differ = f"{count:,} of {plural(n, 'point')} {'differs' if count == 1 else 'differ'}"
    where = "from the start" if at == 0 else f"at iteration {at}"
    stopped = [each for each, end in zip((first, second), ends, strict=True) if end < at]
    if stopped:
        (side,) = stopped[:1]
        end = plural(side.history.iterations, "update")
        reason = f"{side.name} has stopped after {end}, and the other goes on"
    elif at and _filled(first, at) != _filled(second, at):
        reason = "a cluster that ran empty takes over another point"
    else:
        reason = why
    return f"They part {where}, where {differ}: {reason}."


def _filled(side: PairSide, at: int) -> list[tuple[int, int | None]]:
    """Where the empty clusters of an update went, by the numbers of the rows."""
    numbers = edits.row_numbers(side.dataset)
    return [
        (event.iteration, None if event.point is None else int(numbers[event.point]))
        for event in side.history[at].events
    ]


def _verdict(first: PairSide, second: PairSide, disputed: int, n: int, *, comparable: bool) -> str:
    ends = f"all {n:,} points end in the same clusters"
    if disputed:
        ends = f"{disputed:,} of {n:,} points end in other clusters"
    if not comparable:
        return f"{ends}; the inertias are of other points and cannot be compared"
    ours, theirs = (float(each.history[-1].inertia) for each in (first, second))
    if abs(ours - theirs) <= 1e-9 * max(ours, theirs):
        return f"{ends}, both at inertia {ours:.8g}"
    said = f"{ends}; inertia {ours:.8g} and {theirs:.8g}"
    # More centroids lower it by themselves.
    if first.history.k != second.history.k:
        return said
    return f"{said}: {(first if ours < theirs else second).name} is better"
