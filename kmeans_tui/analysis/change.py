"""Two recorded runs of the same columns: whose rows they share, and what has changed."""

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Self

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
from kmeans_tui.words import few, plural, quoted

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

_LISTED = 8
# The axes of a picture that are no features.
_COMPONENTS = ("pca",)


def changed(first: PairSide, second: PairSide) -> Pair:
    """Match the clusters of two runs by what both hold, and find what has changed.

    By the rows in both if those are half of the smaller table or more; otherwise by the nearest
    centroids, in the units in which the first run measures distances (the assignment with the
    smallest sum of squares; Kuhn 1955). Values that an encoded column has in one run only do not
    take part. Raises ``DataError`` if the features differ otherwise.
    """
    _check(first, second)
    shared = _Shared.of(first.dataset, second.dataset)
    # Shown on the same plane, whatever the order of the columns.
    axes = first.dataset.axes
    if {*axes} <= {*second.dataset.features, *_COMPONENTS}:
        second = replace(second, dataset=second.dataset.with_axes(axes))
    by, rows = _common(first.dataset, second.dataset, shared)
    by_rows = 2 * len(rows) >= min(first.dataset.n, second.dataset.n)
    length = max(len(first.history), len(second.history))
    numbers = _matched(first, second, rows if by_rows else rows[:0], length - 1)
    apart = apart_at(first, second, rows, numbers)
    parted = np.flatnonzero(apart)
    change = _change(first, second, shared, numbers, rows, by, by_rows=by_rows)
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
        sentence=" ".join([_sentence(change, rows, int(apart[-1])), *change.alone]),
        verdict=_verdict(change),
        change=change,
    )


class _Shared(NamedTuple):
    """The features of both runs: their names in the first, their places in each, (m,)."""

    features: tuple[str, ...]
    first: list[int]
    second: list[int]

    @classmethod
    def of(cls, first: "Dataset", second: "Dataset") -> Self:
        places = _places(second)
        both = [(i, places[key]) for key, i in _places(first).items() if key in places]
        ours, theirs = [i for i, _ in both], [i for _, i in both]
        return cls(tuple(first.features[i] for i in ours), ours, theirs)


def _places(dataset: "Dataset") -> dict[tuple[str, str | None], int]:
    """Return the number of each feature by its column, and its value if that is encoded."""
    values = {
        name: (each.column, value)
        for each in dataset.encoded
        for name, value in zip(each.features, each.values, strict=True)
    }
    return {values.get(name, (name, None)): i for i, name in enumerate(dataset.features)}


def _check(first: PairSide, second: PairSide) -> None:
    ours, theirs = (dict.fromkeys(c for c, _ in _places(s.dataset)) for s in (first, second))
    alone = [
        f"only {side.name} clusters by {few(some, _LISTED)}"
        for side, some in (
            (first, sorted(ours.keys() - theirs.keys())),
            (second, sorted(theirs.keys() - ours.keys())),
        )
        if some
    ]
    kinds = [_encoded(each.dataset) for each in (first, second)]
    alone += [
        f"only {side.name} encodes {few(some, _LISTED)}"
        for side, some in (
            (first, sorted((kinds[0] - kinds[1]) & theirs.keys())),
            (second, sorted((kinds[1] - kinds[0]) & ours.keys())),
        )
        if some
    ]
    if alone:
        raise DataError(f"{' and '.join(alone)}: compare two runs with the same features")


def _encoded(dataset: "Dataset") -> set[str]:
    return {column for column, value in _places(dataset) if value is not None}


def _alone(first: PairSide, second: PairSide) -> tuple[str, ...]:
    """Return a sentence on each run that has values of encoded columns that the other has not."""
    found = []
    for side, other in ((first, second), (second, first)):
        known, own = _places(other.dataset), side.dataset
        table = _table(own)
        said = [
            f"{column} {quoted(value)} ({plural(int(table[:, i].sum()), 'row')})"
            for (column, value), i in _places(own).items()
            if value is not None and (column, value) not in known
        ]
        if said:
            found.append(f"Only {side.name} has {few(said, _LISTED)}, which is not compared.")
    return tuple(found)


def _common(first: "Dataset", second: "Dataset", shared: _Shared) -> tuple[str, np.ndarray]:
    """Return what rows in both are known by, and their places in each, (m, 2)."""
    one, two = (edits.row_numbers(each) for each in (first, second))
    _, ours, theirs = np.intersect1d(one, two, assume_unique=True, return_indices=True)
    a, b = _table(first)[:, shared.first], _table(second)[:, shared.second]
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


def _table(dataset: "Dataset") -> np.ndarray:
    """Return the features in their own units, (n, d)."""
    return dataset.table[:, [dataset.columns.index(each) for each in dataset.features]]


def _matched(first: PairSide, second: PairSide, rows: np.ndarray, i: int) -> np.ndarray:
    from scipy.optimize import linear_sum_assignment

    k, other = first.history.k, second.history.k
    if len(rows):
        own = common_weights(first, rows)
        table = contingency(*labels_of(first, second, rows, i), k, other, own)
        ours, matched = linear_sum_assignment(table, maximize=True)
        return numbered(ours, matched, k, other)
    shared = _Shared.of(first.dataset, second.dataset)
    units = second.dataset.in_units(second.history[-1].centroids)
    # No row of the second run has a value that only the first one has: its share is 0.
    places = np.zeros((other, first.dataset.d))
    places[:, shared.first] = units[:, shared.second]
    theirs = first.dataset.prepared(_with_logarithms(first.dataset, places))
    squared = ((first.history[-1].centroids[:, np.newaxis] - theirs) ** 2).sum(axis=2)
    ours, matched = linear_sum_assignment(squared)
    return numbered(ours, matched, k, other)


def _with_logarithms(dataset: "Dataset", places: np.ndarray) -> np.ndarray:
    """Return places (m, d) with values that have a logarithm where the data take one."""
    found = places.copy()
    for at, offset in dataset.log_offsets.items():
        least = float(_table(dataset)[:, at].min())
        found[:, at] = np.where(found[:, at] + offset > 0, found[:, at], least)
    return found


def _change(
    first: PairSide, second: PairSide, shared: _Shared, numbers: np.ndarray, rows: np.ndarray,
    by: str, *, by_rows: bool,
) -> Change:  # fmt: skip
    a, b = _table(first.dataset)[:, shared.first], _table(second.dataset)[:, shared.second]
    m = max(first.history.k, int(numbers.max()) + 1)
    last, other = first.history[-1], second.history[-1]
    then, now = last.labels.astype(np.intp), numbers[other.labels]
    weights, heavy = first.dataset.weights, second.dataset.weights
    means, deviations = moments(a, weights)
    moves = np.zeros((m, m), np.intp)
    if len(rows):
        moves = contingency(then[rows[:, 0]], now[rows[:, 1]], m, m)
    drift = Drift(
        features=shared.features,
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
        means_then=first.dataset.means(then, m)[:, shared.first],
        means_now=second.dataset.means(now, m)[:, shared.second],
        alone=_alone(first, second),
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
