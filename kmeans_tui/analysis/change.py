"""Two recorded runs of the same columns: whose rows they share, and what has changed."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kmeans_tui.analysis.case_weights import of_clusters
from kmeans_tui.analysis.drift import Change, Drift, moments
from kmeans_tui.analysis.matching import contingency
from kmeans_tui.analysis.pair import (
    Pair,
    PairSide,
    apart_at,
    common_weights,
    labels_of,
    numbered,
)
from kmeans_tui.data import edits
from kmeans_tui.data.columns import DataError
from kmeans_tui.words import few, plural

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

_LISTED = 8


def changed(first: PairSide, second: PairSide) -> Pair:
    """Match the clusters of two runs by what both hold, and find what has changed.

    By the rows in both if those are half of the smaller table or more; otherwise by the nearest
    centroids, in the units in which the first run measures distances (the assignment with the
    smallest sum of squares; Kuhn 1955). Raises ``DataError`` if the features differ.
    """
    _check(first, second)
    # Shown on the same plane, whatever the order of the columns.
    second = replace(second, dataset=second.dataset.with_axes(first.dataset.axes))
    by, rows = _common(first.dataset, second.dataset)
    by_rows = 2 * len(rows) >= min(first.dataset.n, second.dataset.n)
    length = max(len(first.history), len(second.history))
    numbers = _matched(first, second, rows if by_rows else rows[:0], length - 1)
    apart = apart_at(first, second, rows, numbers)
    parted = np.flatnonzero(apart)
    change = _change(first, second, numbers, rows, by, by_rows=by_rows)
    a, b = first.dataset, second.dataset
    comparable = a.features == b.features and a.digest == b.digest
    return Pair(
        first=first,
        second=second,
        numbers=numbers,
        rows=rows,
        apart=apart,
        parted_at=int(parted[0]) if len(parted) else None,
        comparable=comparable,
        sentence=_sentence(change, rows, int(apart[-1])),
        verdict=_verdict(change),
        change=change,
    )


def _check(first: PairSide, second: PairSide) -> None:
    ours, theirs = set(first.dataset.features), set(second.dataset.features)
    if ours == theirs:
        return
    alone = [
        f"only {side.name} clusters by {few(sorted(some), _LISTED)}"
        for side, some in ((first, ours - theirs), (second, theirs - ours))
        if some
    ]
    raise DataError(f"{' and '.join(alone)}: compare two runs with the same features")


def _common(first: "Dataset", second: "Dataset") -> tuple[str, np.ndarray]:
    """Return what rows in both are known by, and their places in each, (m, 2)."""
    one, two = (edits.row_numbers(each) for each in (first, second))
    _, ours, theirs = np.intersect1d(one, two, assume_unique=True, return_indices=True)
    a, b = _table(first, first.features), _table(second, first.features)
    if len(ours) and (a[ours] == b[theirs]).all():
        return "row", np.column_stack([ours, theirs])
    best, found = "", np.empty((0, 2), np.intp)
    for name in first.labels:
        if name not in second.labels:
            continue
        places = [_by_text(each.labels[name].tolist()) for each in (first, second)]
        if not all(places) or all(map(_counts_up, places)):
            continue
        both = [each for each in places[0] if each in places[1]]
        if len(both) > len(found):
            best = name
            found = np.array([[place[each] for place in places] for each in both], np.intp)
    return best, found


def _by_text(cells: list[str | None]) -> dict[str, int]:
    """Return the place of each text, or nothing if one is missing or there twice."""
    found = {str(each): i for i, each in enumerate(cells) if each}
    return found if len(found) == len(cells) else {}


def _counts_up(places: dict[str, int]) -> bool:
    """Whether texts only count the rows: such a number is of another row in another table."""
    first = next(iter(places), "")
    if not (first.isascii() and first.isdecimal() and len(first) < 16):
        return False
    start = int(first)
    return start in (0, 1) and all(each == str(start + i) for i, each in enumerate(places))


def _table(dataset: "Dataset", features: tuple[str, ...]) -> np.ndarray:
    """Return these features in their own units, (n, d)."""
    return dataset.table[:, [dataset.columns.index(each) for each in features]]


def _matched(first: PairSide, second: PairSide, rows: np.ndarray, i: int) -> np.ndarray:
    from scipy.optimize import linear_sum_assignment

    k, other = first.history.k, second.history.k
    if len(rows):
        own = common_weights(first, rows)
        table = contingency(*labels_of(first, second, rows, i), k, other, own)
        ours, matched = linear_sum_assignment(table, maximize=True)
        return numbered(ours, matched, k, other)
    order = [second.dataset.features.index(each) for each in first.dataset.features]
    places = second.dataset.in_units(second.history[-1].centroids)[:, order]
    theirs = first.dataset.prepared(_with_logarithms(first.dataset, places))
    squared = ((first.history[-1].centroids[:, np.newaxis] - theirs) ** 2).sum(axis=2)
    ours, matched = linear_sum_assignment(squared)
    return numbered(ours, matched, k, other)


def _with_logarithms(dataset: "Dataset", places: np.ndarray) -> np.ndarray:
    """Return places (m, d) with values that have a logarithm where the data take one."""
    found = places.copy()
    for at, offset in dataset.log_offsets.items():
        least = float(_table(dataset, (dataset.features[at],)).min())
        found[:, at] = np.where(found[:, at] + offset > 0, found[:, at], least)
    return found


def _change(
    first: PairSide, second: PairSide, numbers: np.ndarray, rows: np.ndarray, by: str,
    *, by_rows: bool,
) -> Change:  # fmt: skip
    features = first.dataset.features
    a, b = _table(first.dataset, features), _table(second.dataset, features)
    m = max(first.history.k, int(numbers.max()) + 1)
    last, other = first.history[-1], second.history[-1]
    then, now = last.labels.astype(np.intp), numbers[other.labels]
    weights, heavy = first.dataset.weights, second.dataset.weights
    means, deviations = moments(a, weights)
    moves = np.zeros((m, m), np.intp)
    if len(rows):
        moves = contingency(then[rows[:, 0]], now[rows[:, 1]], m, m)
    order = [second.dataset.features.index(each) for each in features]
    drift = Drift(
        features=features,
        sizes_then=np.bincount(then, minlength=m),
        sizes_now=np.bincount(now, minlength=m),
        distance_then=_mean_distance(first),
        distance_now=_mean_distance(second),
        means_then=means,
        means_now=moments(b, heavy)[0],
        deviations=deviations,
        weights_then=of_clusters(then, m, weights),
        weights_now=of_clusters(now, m, heavy),
    )
    return Change(
        by=by,
        by_rows=by_rows,
        moves=moves,
        drift=drift,
        means_then=first.dataset.means(then, m),
        means_now=second.dataset.means(now, m)[:, order],
    )


def _mean_distance(side: PairSide) -> float:
    from kmeans_tui.clustering import kernels

    last = side.history[-1]
    squared = kernels.own_distances(side.dataset.points, last.labels, last.centroids)
    return float(np.average(np.sqrt(squared), weights=side.dataset.weights))


def _sentence(change: Change, rows: np.ndarray, moved: int) -> str:
    how = "the rows in both match the clusters"
    if not change.by_rows:
        how = "the nearest centroids match the clusters"
    if not len(rows):
        return f"No row is in both; {how}."
    known = "" if change.by == "row" else f", by {change.by},"
    count = plural(len(rows), "row")
    there = f"{moved:,} of the {count} in both" if len(rows) > 1 else f"{moved} of 1 row in both"
    verb = "is" if moved == 1 else "are"
    return f"{there}{known} {verb} in another cluster; {how}."


def _verdict(change: Change) -> str:
    then, now = change.drift.shares
    at = int(np.abs(now - then).argmax())
    whole = "the weight" if change.drift.weighted else "the rows"
    said = f"every cluster has the same share of {whole}"
    if abs(now[at] - then[at]) > 0:
        said = f"cluster {at + 1} changes most, from {then[at]:.1%} to {now[at]:.1%} of {whole}"
    (feature,) = change.drift.most_moved(1)
    moved = float(change.drift.moved[feature])
    if moved:
        name = change.drift.features[feature]
        said += f"; of the means {name} moves most, by {moved:+.2g} standard deviations"
    return said
