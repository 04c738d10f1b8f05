"""Whether the groups are of a shape that K-Means can find: round, and apart.

Measured on the points and a partition alone. Points that are mutual near neighbours are linked
(Brito et al. 1997); what hangs together is a connected group, whatever its shape. Where K-Means,
asked for as many clusters, cuts through the connected groups, they are long if a Gaussian for each
tells them apart, and curved or nested if not. Where groups touch, the partition is moved on with
the distance of Mahalanobis, as in the determinant criterion (Friedman and Rubin 1967): if that
finds other clusters, and those are apart, the groups are long.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np

from kmeans_tui.analysis.matching import adjusted_rand, contingency
from kmeans_tui.analysis.partition import Partition

GroupShape = Literal["curved", "long", "round"]

# Rows that are looked at: all distances between 1,000 take 0.02 s.
_SAMPLE: Final = 1000
# Rows are linked if each is among the other's so many nearest.
_NEIGHBOURS: Final = 10
# A group of a smaller share of the rows, or of fewer rows, is stray.
_STRAY: Final = 0.03
_FEWEST: Final = 8
# Of the rows, at most so many may be stray.
_STRAYED: Final = 0.10
# More connected groups, or one with a smaller share of the rows, tell nothing: of many round groups
# some touch, and hang together by chance.
_MOST: Final = 4
_SMALLEST: Final = 0.10
# The adjusted Rand index below which two partitions differ, and from which they are the same.
_DIFFERENT: Final = 0.75
_SAME: Final = 0.9
# The share of rows near a border below which clusters are apart, with the distance of Mahalanobis.
_APART: Final = 0.10
# The variance along the longest axis, as a multiple of that along the shortest, of long clusters.
_LONG: Final = 4.0
_STEPS: Final = 30
# The most clusters, and the most axes, for which slices are tried too.
_SLICES: Final = 5


@dataclass(frozen=True)
class Shape:
    """The shape of the groups, as seen with k clusters.

    ``groups``     connected groups in the points
    ``agreement``  the adjusted Rand index of clusters and connected groups, if they are as many
    ``kind``       what the groups are; "round" also if nothing else was found
    """

    k: int
    groups: int
    agreement: float | None
    kind: GroupShape

    @property
    def sentence(self) -> str:
        """What follows for K-Means; empty if it is a right tool."""
        return _SENTENCES.get(self.kind, "").format(k=self.k)

    def document(self) -> dict[str, int | float | str | None]:
        """Return it as plain values, with its sentence (None without one)."""
        return {**asdict(self), "sentence": self.sentence or None}


_SENTENCES: Final = {
    "curved": (
        "K-Means may be the wrong tool here: the groups are curved or nested, and its {k} clusters "
        "cut through them; DBSCAN or spectral clustering can follow such shapes"
    ),
    "long": (
        "K-Means may be the wrong tool here: the groups are long, and its {k} clusters cut across "
        "them; a Gaussian mixture can follow such shapes"
    ),
}


class Shapes:
    """The shape of the groups in X (n, d), for partitions of it; from a sample if rows are many."""

    def __init__(self, X: np.ndarray) -> None:
        n = len(X)
        rows = np.arange(n)
        if n > _SAMPLE:
            rows = np.sort(np.random.RandomState(0).choice(n, _SAMPLE, replace=False))
        self._rows = rows
        points = X[rows] - X[rows].mean(axis=0)
        largest = float(np.abs(points).max(initial=0.0))
        # Squares of very large or small numbers are not finite.
        self._points = points / largest if largest > 0 else points

    @cached_property
    def groups(self) -> np.ndarray:
        """The connected group of each row looked at, from 0 on; -1 for stray rows."""
        found = connected(self._points, _NEIGHBOURS)
        sizes = np.bincount(found)
        kept = np.flatnonzero(sizes >= max(_FEWEST, _STRAY * len(found)))
        numbers = np.full(len(sizes), -1)
        numbers[kept] = np.arange(len(kept))
        return numbers[found]

    def of(self, labels: np.ndarray, k: int) -> Shape:
        """Return the shape as seen with the partition ``labels`` (n,) into k clusters."""
        own = labels[self._rows]
        groups, m = self.groups, len(own)
        count = int(groups.max(initial=-1)) + 1
        kept = groups >= 0
        agreement: float | None = None
        kind: GroupShape = "round"
        told = (~kept).sum() <= _STRAYED * m and count <= _MOST
        if count == k > 1 and told and np.bincount(groups[kept]).min() >= _SMALLEST * m:
            agreement = adjusted_rand(contingency(groups[kept], own[kept], k, k))
            if agreement < _DIFFERENT:
                kind = self._of_groups(groups[kept], self._points[kept], k)
        elif k > 1 and count < k and self._is_long(own, k):
            kind = "long"
        return Shape(k, count, agreement, kind)

    def _of_groups(self, groups: np.ndarray, points: np.ndarray, k: int) -> GroupShape:
        """Return what keeps K-Means from the groups: nothing in their shape if they are round."""
        means = _means(points, groups, k)
        within = _within(points, groups, means)

        def told_apart(by: np.ndarray) -> bool:
            again = _nearest(points, means, by)
            return adjusted_rand(contingency(groups, again, k, k)) >= _SAME

        if _long(within, len(points)) and told_apart(within):
            return "long"
        return "round" if told_apart(np.eye(len(within))) else "curved"

    def _is_long(self, labels: np.ndarray, k: int) -> bool:
        """Whether other clusters, all long in the same direction, are apart."""
        return any(self._apart(labels, start, k) for start in (labels, *self._slices(k)))

    def _slices(self, k: int) -> Iterator[np.ndarray]:
        """Yield the rows cut into k equal parts along each of the shorter principal axes."""
        if k > _SLICES:
            return
        axes = np.linalg.eigh(self._points.T @ self._points)[1]
        for axis in axes[:, :_SLICES].T[: len(axes) - 1]:
            places = (self._points @ axis).argsort(kind="stable").argsort(kind="stable")
            yield places * k // len(places)

    def _apart(self, labels: np.ndarray, start: np.ndarray, k: int) -> bool:
        """Whether ``start``, moved on, ends in long clusters that are apart, not in ``labels``."""
        points, now = self._points, start
        fewest = max(_FEWEST, points.shape[1] + 1, _STRAY * len(points))
        for _ in range(_STEPS):
            if np.bincount(now, minlength=k).min() < fewest:
                return False
            means = _means(points, now, k)
            within = _within(points, now, means)
            moved = _nearest(points, means, within)
            if (moved == now).all():
                break
            now = moved
        if np.bincount(now, minlength=k).min() < fewest or not _long(within, len(points)):
            return False
        if adjusted_rand(contingency(labels, now, k, k)) >= _DIFFERENT:
            return False
        overlap = Partition(points @ _whitening(within), now, 1.0).overlap[0]
        return overlap is not None and overlap < _APART


def connected(points: np.ndarray, neighbours: int) -> np.ndarray:
    """Return the connected group of each of ``points`` (n, d), numbered from 0: (n,).

    Two points are linked if each is among the ``neighbours`` nearest of the other.
    """
    n = len(points)
    squares = (points**2).sum(axis=1)
    squared = squares[:, np.newaxis] - 2 * (points @ points.T) + squares
    np.fill_diagonal(squared, np.inf)
    linked = np.zeros((n, n), dtype=bool)
    most = max(1, min(neighbours, n - 1))
    if n > 1:
        near = np.argpartition(squared, most - 1, axis=1)[:, :most]
        linked[np.arange(n)[:, np.newaxis], near] = True
    linked &= linked.T
    # Equal distances leave neighbours unlinked; what is closer than neighbours mostly are, is near.
    cores = np.partition(squared, most - 1, axis=1)[:, most - 1] if n > 1 else np.zeros(n)
    linked |= squared <= np.median(cores)
    found = np.full(n, -1)
    number = 0
    for first in range(n):
        if found[first] >= 0:
            continue
        edge = np.zeros(n, dtype=bool)
        edge[first] = True
        while edge.any():
            found[edge] = number
            edge = linked[edge].any(axis=0) & (found < 0)
        number += 1
    return found


def _means(points: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    member = np.eye(k)[labels]
    return (member.T @ points) / np.maximum(member.sum(axis=0), 1)[:, np.newaxis]


def _within(points: np.ndarray, labels: np.ndarray, means: np.ndarray) -> np.ndarray:
    """Return the covariance (d, d) of the points around the mean of their cluster."""
    apart = points - means[labels]
    within = apart.T @ apart / len(points)
    # A feature that is equal everywhere has no width.
    return within + np.eye(len(within)) * (1e-9 * np.trace(within) + 1e-300)


def _long(within: np.ndarray, n: int) -> bool:
    """Whether clusters are long, beyond what n points in so many features show by chance.

    By chance the ratio of the variances is that of the edges of Marchenko and Pastur (1967).
    """
    share = np.sqrt(len(within) / n)
    if share >= 1:
        return False
    axes = np.linalg.eigvalsh(within)
    return bool(axes[-1] >= _LONG * axes[0] * ((1 + share) / (1 - share)) ** 2)


def _whitening(within: np.ndarray) -> np.ndarray:
    values, axes = np.linalg.eigh(within)
    return np.asarray(axes / np.sqrt(np.maximum(values, 1e-300)))


def _nearest(points: np.ndarray, means: np.ndarray, within: np.ndarray) -> np.ndarray:
    """Return the nearest of ``means`` by the distance of Mahalanobis: (n,)."""
    white = _whitening(within)
    x, c = points @ white, means @ white
    return np.asarray(((c**2).sum(axis=1) - 2 * (x @ c.T)).argmin(axis=1))
