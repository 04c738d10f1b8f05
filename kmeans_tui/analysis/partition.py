"""A partition of points and its quality measures, from which the criteria are computed."""

import math
from collections.abc import Callable
from functools import cached_property

import numpy as np

from kmeans_tui.analysis.case_weights import copies, draw, rows_of
from kmeans_tui.analysis.rounding import Nothing, centred
from kmeans_tui.analysis.silhouette import silhouette
from kmeans_tui.clustering import kernels

# Exact up to here, in 0.3 s; all pairwise distances of 100,000 rows would take two minutes.
EXACT = 5000
# A sample of 2,000 is within 0.005 of the exact value.
SAMPLE = 2000


def silhouette_rows(n: int) -> int:
    """Return how many of n rows the silhouette is computed on."""
    return n if n <= EXACT else SAMPLE


class Partition:
    """The partition ``labels`` (n,) of X (n, d), with its ``inertia``.

    Each criterion is computed once, on demand, and is None where undefined. ``gap`` returns the gap
    statistic and its error, ``strength`` the prediction strength: they depend on more than the
    partition. With ``weights`` (n,) a row counts as so many copies of it.
    """

    def __init__(
        self,
        X: np.ndarray,
        labels: np.ndarray,
        inertia: float,
        gap: Callable[[], tuple[float, float] | None] = lambda: None,
        strength: Callable[[], float | None] = lambda: None,
        weights: np.ndarray | None = None,
    ) -> None:
        if weights is not None and not weights.all():
            # A row of no weight is no row.
            X, labels, weights = (each[weights > 0] for each in (X, labels, weights))
        numbers, self._own = np.unique(labels, return_inverse=True)
        self._X, self._labels, self._inertia, self._gap = X, labels, inertia, gap
        self._strength = strength
        self._weights, self._counts = weights, copies(weights)
        self._n, self.k = rows_of(len(X), self._counts), len(numbers)
        self._split = 2 <= self.k < self._n

    @cached_property
    def _nothing_left(self) -> bool:
        nothing = Nothing(self._X, self._weights)
        return self._split and nothing.is_left(self._labels, self._inertia)

    @property
    def perfect(self) -> bool:
        """Whether it leaves nothing unexplained: the inertia is 0 up to rounding.

        False if fewer than two rows per cluster coincide on average: one cluster per row explains
        nothing.
        """
        return self._nothing_left and self._n >= 2 * self.k

    @cached_property
    def _points(self) -> np.ndarray:
        return centred(self._X, self._counts)[0]

    @cached_property
    def silhouette(self) -> float | None:
        """The mean silhouette (Rousseeuw 1987), highest is best; from a sample if rows are many."""
        if not self._split:
            return None
        rows, counts = np.arange(len(self._X)), self._counts
        if len(rows) > EXACT:
            rows, counts = draw(len(rows), SAMPLE, counts, np.random.RandomState(0))
        numbers, own = np.unique(self._own[rows], return_inverse=True)
        if not 2 <= len(numbers) < rows_of(len(rows), counts):
            return None
        return silhouette(self._points[rows], own, len(numbers), counts)

    @cached_property
    def _spread(self) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """Sizes (k,), means (k, d), squared distances to the own mean (n,); None if undefined.

        Sizes are those of all copies of the rows.
        """
        if not self._split or self._nothing_left:
            return None
        sizes, means = self._sizes_and_means
        squared = kernels.own_distances(self._points, self._own, means)
        return (sizes, means, squared) if squared.sum() > 0 else None

    @cached_property
    def _sizes_and_means(self) -> tuple[np.ndarray, np.ndarray]:
        k, own, counts = self.k, self._own, self._counts
        if counts is None:
            sizes = kernels.sizes(own, k)
            start = np.zeros((k, self._points.shape[1]))
            return sizes, kernels.means(self._points, own, sizes, start)
        sizes = np.bincount(own, counts, k)
        sums = [np.bincount(own, column * counts, k) for column in self._points.T]
        return sizes, np.column_stack(sums) / sizes[:, np.newaxis]

    @cached_property
    def calinski_harabasz(self) -> float | None:
        """Variance between over variance within (1974), highest is best; infinite if perfect."""
        if self._spread is None:
            return math.inf if self.perfect else None
        sizes, means, squared = self._spread
        # For distant points the subtracted mean is rounded, so they are only roughly centred.
        middle = sizes @ means / self._n
        between = float(sizes @ ((means - middle) ** 2).sum(axis=1))
        within = float(squared.sum() if self._counts is None else squared @ self._counts)
        return between / within * (self._n - self.k) / (self.k - 1)

    @cached_property
    def davies_bouldin(self) -> float | None:
        """The mean overlap of the most similar clusters (1979), lowest is best."""
        if self._spread is None:
            return 0.0 if self.perfect else None
        sizes, means, squared = self._spread
        distances = np.sqrt(squared)
        if self._counts is not None:
            distances *= self._counts
        scatter = np.bincount(self._own, distances) / sizes
        worst = np.zeros(self.k)
        for part, between in kernels.blocks(means, means):
            apart = np.sqrt(between)
            # Coinciding clusters cannot be told apart; scikit-learn leaves them out too.
            apart[apart == 0] = np.inf
            worst[part] = ((scatter[:, np.newaxis] + scatter[part]) / apart).max(axis=0)
        return float(worst.mean())

    @cached_property
    def overlap(self) -> tuple[float | None, float | None]:
        """The share of rows near a border, of all rows and of the worst cluster; lowest is best.

        A row's place between the mean of the other rows of its cluster and the nearest other mean
        is 0 at the one, 1/2 at the border. In a cluster it is 0 on average, and near the border is
        at least 1/4: so are 25 % of evenly spread rows, 31 % of half a Gaussian, and 7 % of two
        Gaussians whose means are six deviations apart. A lone row counts as apart.
        """
        if not self._split:
            return None, None
        sizes, means = self._sizes_and_means
        apart = np.full((self.k, self.k), np.inf)
        for part, squared in kernels.blocks(means, means):
            apart[:, part] = squared
        # Without the row itself the mean is farther: few rows in many features would else always
        # seem apart.
        several = sizes > 1
        farther = np.where(several, sizes / np.where(several, sizes - 1, 1.0), 1.0) ** 2
        near = np.zeros(self.k)
        for part, squared in kernels.blocks(self._points, means):
            own, columns = self._own[part], np.arange(squared.shape[1])
            to_own = squared[own, columns] * farther[own]
            squared[own, columns] = np.inf
            rival = squared.argmin(axis=0)
            close = squared[rival, columns] - to_own <= apart[own, rival] / 2
            close = close & several[own]
            if self._counts is not None:
                close = close * self._counts[part]
            near += np.bincount(own, close, self.k)
        return float(near.sum()) / self._n, float((near / sizes).max())

    @cached_property
    def gap(self) -> tuple[float | None, float | None]:
        """The gap statistic and its standard error; infinite if perfect."""
        if self.perfect:
            return math.inf, 0.0
        return self._gap() or (None, None)

    @cached_property
    def prediction_strength(self) -> float | None:
        """How well one half of the rows predicts which rows of the other are together, 0 to 1."""
        return self._strength() if self._split else None
