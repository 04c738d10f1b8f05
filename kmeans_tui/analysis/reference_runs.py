"""K-Means on many sets of equal shape at once, each k from the best result for k - 1.

The sets of the gap statistic are small and many, so a run on one of them would spend its time in
the interpreter. Only the inertia is wanted, and only to a ten-thousandth, so distances come from
matrix products here, and a run ends where it hardly falls any more.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# A run ends once an iteration lowers its inertia by less than this share.
_HARDLY = 3e-4
_MOST_ITERATIONS = 100
# Distances in one temporary array: 1 MB, which stays in the second-level cache.
_ROOM = 1 << 17
# Rows of which the best are taken as the next centroid.
_CANDIDATES = 16


@dataclass(frozen=True, eq=False)
class _Ends:
    """For each of S sets: ``centroids`` (S, k, d), squared distances ``nearest`` (S, n)."""

    centroids: np.ndarray
    nearest: np.ndarray

    @property
    def inertia(self) -> np.ndarray:
        found: np.ndarray = self.nearest.sum(axis=1)
        return found


class ManySets:
    """S sets of n points, (S, n, d), and the best inertia that ``starts`` runs find in each.

    ``drawn`` starts every run from random rows; otherwise runs continue from the best centroids for
    k - 1 and one more row, drawn in proportion to the squared distance (the start "warm").
    """

    def __init__(
        self, points: np.ndarray, starts: int, rng: np.random.RandomState, *, drawn: bool = False
    ) -> None:
        self._starts, self._rng, self._drawn = starts, rng, drawn
        self._turned = np.ascontiguousarray(points.transpose(0, 2, 1))
        self._points = self._turned.transpose(0, 2, 1)
        self._norms = np.einsum("snd,snd->sn", points, points)
        self._ends: list[_Ends] = []

    def inertia(self, k: int, go_on: Callable[[], bool]) -> np.ndarray | None:
        """Return the best inertia of every set in k clusters, (S,); None if ``go_on`` said no."""
        while len(self._ends) < k:
            found = self._next(go_on)
            if found is None:
                return None
            self._ends.append(found)
        return self._ends[k - 1].inertia

    def _next(self, go_on: Callable[[], bool]) -> _Ends | None:
        k = len(self._ends) + 1
        if k == 1:
            middle = self._points.mean(axis=1)[:, np.newaxis]
            return _Ends(middle, self._assigned(middle, self._all)[1])
        best = None
        for start in self._random(k) if self._drawn else self._one_more(self._ends[-1]):
            found = self._run(start, go_on)
            if found is None:
                return None
            best = found if best is None else _better(best, found)
        return best

    @property
    def _all(self) -> np.ndarray:
        return np.arange(len(self._points))

    def _random(self, k: int) -> list[np.ndarray]:
        sets, n, _ = self._points.shape
        rows = [
            np.stack([self._rng.choice(n, k, replace=False) for _ in range(sets)])
            for _ in range(self._starts)
        ]
        return [np.take_along_axis(self._points, each[:, :, np.newaxis], 1) for each in rows]

    def _one_more(self, before: _Ends) -> list[np.ndarray]:
        """Return starts for one cluster more, by the rule of ``initialisation.one_more``."""
        sets, n, _ = self._points.shape
        count = min(n, max(_CANDIDATES, self._starts))
        reached = before.nearest.cumsum(axis=1)
        drawn = np.sort(self._rng.random_sample((sets, count)), axis=1) * reached[:, -1:]
        rows = np.stack([np.searchsorted(*each) for each in zip(reached, drawn, strict=True)])
        rows = np.minimum(rows, n - 1)[:, :, np.newaxis]
        tried = np.take_along_axis(self._points, rows, 1)
        gains = self._squared(tried, self._all)
        np.subtract(before.nearest[:, np.newaxis], gains, out=gains)
        np.maximum(gains, 0.0, out=gains)
        starts = []
        untouched = np.ones((sets, n, 1))
        every = np.arange(sets)
        for _ in range(self._starts):
            best = (gains @ untouched)[:, :, 0].argmax(axis=1)
            more = tried[every, best][:, np.newaxis]
            starts.append(np.concatenate([before.centroids, more], axis=1))
            untouched[:, :, 0][gains[every, best] > 0] = 0.0
            gains[every, best] = 0.0
        return starts

    def _squared(self, places: np.ndarray, sets: np.ndarray) -> np.ndarray:
        """Return squared distances of the points of these sets to places (s, m, d): (s, m, n)."""
        whole = len(sets) == len(self._points)
        squared = (-2.0 * places) @ (self._turned if whole else self._turned[sets])
        squared += np.einsum("smd,smd->sm", places, places)[:, :, np.newaxis]
        squared += (self._norms if whole else self._norms[sets])[:, np.newaxis]
        return np.maximum(squared, 0.0, out=squared)

    def _assigned(self, centroids: np.ndarray, sets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return labels and squared distances to the nearest centroid, (s, n) each."""
        n, k = self._norms.shape[1], centroids.shape[1]
        labels = np.zeros((len(sets), n), np.intp)
        nearest = np.empty((len(sets), n))
        size = max(1, _ROOM // (n * k))
        for first in range(0, len(sets), size):
            part = slice(first, first + size)
            squared = self._squared(centroids[part], sets[part])
            nearest[part] = squared[:, 0]
            for j in range(1, k):
                # Later centroids have higher labels: faster than a masked assignment.
                np.maximum(labels[part], (squared[:, j] < nearest[part]) * j, out=labels[part])
                np.minimum(nearest[part], squared[:, j], out=nearest[part])
        return labels, nearest

    def _run(self, centroids: np.ndarray, go_on: Callable[[], bool]) -> _Ends | None:
        sets, n, d = self._points.shape
        k = centroids.shape[1]
        running, ended = self._all, _Ends(np.array(centroids), np.empty((sets, n)))
        labels, nearest = self._assigned(centroids, running)
        for iteration in range(1, _MOST_ITERATIONS + 1):
            if not go_on():
                return None
            index = (labels + k * np.arange(len(running))[:, np.newaxis]).ravel()
            size = k * len(running)
            counts = np.bincount(index, minlength=size)
            sums = np.stack(
                [np.bincount(index, self._turned[running, f].ravel(), size) for f in range(d)],
                axis=1,
            )
            means = (sums / np.maximum(counts, 1)[:, np.newaxis]).reshape(-1, k, d)
            # An empty cluster stays where it is: of random rows none begins empty.
            centroids = np.where(counts.reshape(-1, k, 1) > 0, means, centroids)
            before = nearest.sum(axis=1)
            labels, nearest = self._assigned(centroids, running)
            still = before - nearest.sum(axis=1) <= _HARDLY * before
            still |= iteration == _MOST_ITERATIONS
            if still.any():
                ended.centroids[running[still]] = centroids[still]
                ended.nearest[running[still]] = nearest[still]
                left = ~still
                running, centroids = running[left], centroids[left]
                labels, nearest = labels[left], nearest[left]
                if not len(running):
                    break
        return ended


def _better(one: _Ends, other: _Ends) -> _Ends:
    less = other.inertia < one.inertia
    return _Ends(
        np.where(less[:, np.newaxis, np.newaxis], other.centroids, one.centroids),
        np.where(less[:, np.newaxis], other.nearest, one.nearest),
    )
