"""A start, watched draw by draw: what could have been drawn each time, and how likely it was.

Only the rows are kept. The chances of a draw are computed again when they are asked for, in the
same way and from the same rows, so they are those of the draw to the last bit.
"""

from collections.abc import Sequence
from typing import overload

import numpy as np

from kmeans_tui.clustering import checks, kernels
from kmeans_tui.clustering.draws import Draw
from kmeans_tui.clustering.initialisation import STARTS, Distances, initialise


class WatchedStart(Sequence[Draw]):
    """The draws of one start on points X (n, d), in order, and its ``centroids`` (k, d).

    For "partition" there is one draw, of all labels. Memory: the rows tried, a few for each
    centroid; for a partition a label for each point.
    """

    def __init__(
        self,
        X: np.ndarray,
        init: str,
        draws: Sequence[Draw],
        centroids: np.ndarray,
        weights: np.ndarray | None = None,
    ) -> None:
        self.init, self.centroids, self.weights = init, centroids, weights
        self._X, self._draws = X, tuple(draws)

    def __len__(self) -> int:
        return len(self._draws)

    @overload
    def __getitem__(self, at: int) -> Draw: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Draw, ...]: ...
    def __getitem__(self, at: int | slice) -> Draw | tuple[Draw, ...]:
        return self._draws[at]

    def rows(self, number: int) -> np.ndarray:
        """Return the rows taken before draw ``number`` (from 0), (number,)."""
        return np.array([each.row for each in self._draws[:number]], np.intp)

    def nearest(self, number: int) -> np.ndarray:
        """Return the squared distance of each point to the nearest centroid before a draw, (n,).

        Infinite before the first. Raises ``ValueError`` for a partition.
        """
        self._check_rows()
        X, before = self._X, self._draws[:number]
        found = np.full(len(X), np.inf)
        if self.init != "k-means++":
            for row in self.rows(number):
                np.minimum(found, kernels.distances_to(X, X[row]), out=found)
            return found
        if not before:
            return found
        distances = Distances(X)
        for part in distances.parts:
            for each in before:
                # All that were tried at once, as then: the last bit depends on it.
                squared = distances.squared(part, each.tried)[each.best]
                np.minimum(squared, found[part], out=found[part])
        return found

    def chances(self, number: int) -> np.ndarray:
        """Return how likely each row was at a draw, (n,), each trial by itself; the sum is 1.

        For "farthest" the one row is certain, after the first. Raises ``ValueError`` for a
        partition.
        """
        self._check_rows()
        draw, n = self._draws[number], len(self._X)
        if draw.rule == "farthest":
            found = np.zeros(n)
            found[draw.tried] = 1.0
        elif draw.rule in ("uniform", "weight"):
            left = np.ones(n) if self.weights is None else self.weights.copy()
            left[self.rows(number)] = 0.0
            found = left / left.sum()
        else:
            nearest = self.nearest(number)
            nearest = nearest if self.weights is None else nearest * self.weights
            total = nearest.sum()
            # All points on centroids: the first row is what is left of the draw.
            found = nearest / total if total > 0 else np.arange(n) == 0
        return np.asarray(found, np.float64)

    def placed(self, number: int) -> np.ndarray:
        """Return the centroids after a draw, (number + 1, d); all of them for a partition."""
        if self._draws[number].labels is not None:
            return self.centroids
        return self.centroids[: number + 1]

    def _check_rows(self) -> None:
        if self.init == "partition":
            raise ValueError("a random partition draws clusters and not rows")


def watched_start(
    X: np.ndarray,
    k: int,
    init: str,
    random_state: int | np.random.RandomState | None = None,
    weights: np.ndarray | None = None,
) -> WatchedStart:
    """Return the start that ``KMeans`` makes of these parameters on X (n, d), draw by draw.

    A generator is left as that start leaves it. Raises ``ValueError`` for an ``init`` that draws
    nothing, and for unusable points.
    """
    checks.one_of("init", init, (*STARTS,))
    checks.whole_number("k", k)
    points = checks.points(X)
    checks.enough_rows(points, k)
    mass = checks.weights(weights, len(points), k)
    draws: list[Draw] = []
    rng = checks.generator(random_state)
    centroids = initialise(points, k, init, rng, draws.append, mass)
    return WatchedStart(points, init, draws, centroids, mass)
