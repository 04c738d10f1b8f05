"""Assign rows that were not in a run to its clusters, and say how they differ from its rows."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from kmeans_tui.analysis.case_weights import copies
from kmeans_tui.analysis.drift import Drift, moments
from kmeans_tui.clustering import kernels
from kmeans_tui.data.new_rows import prepared

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset

# One row in so many is farther out than the threshold of a cluster: 99.9 % are not.
_ONE_IN: Final = 1000
# Products of larger weights and distances are not finite.
_HEAVIEST: Final = 1e100
# The same distance, added up in another order.
_ROUNDING: Final = 1e-9


class Placed(NamedTuple):
    """Where rows belong, (m,) each: the cluster (-1 without one), and the distance to its centroid.

    ``margins`` are how much farther the next centroid is, NaN with a single cluster; ``far`` marks
    rows farther out than the training rows of their clusters.
    """

    labels: np.ndarray
    distances: np.ndarray
    margins: np.ndarray
    far: np.ndarray


def nearest(points: np.ndarray, labels: np.ndarray, centroids: np.ndarray) -> Placed:
    """Return the distances of points (m, d) to their centroids and their margins; none is far."""
    own, margins = np.empty(len(points)), np.full(len(points), np.nan)
    for part, squared in kernels.blocks(points, centroids):
        distances = np.sqrt(squared)
        column = np.arange(distances.shape[1])
        mine = labels[part]
        own[part] = distances[mine, column]
        if len(centroids) > 1:
            distances[mine, column] = np.inf
            margins[part] = distances.min(axis=0) - own[part]
    return Placed(labels, own, margins, np.zeros(len(points), bool))


def thresholds(
    points: np.ndarray,
    labels: np.ndarray,
    centroids: np.ndarray,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Return the distance that 99.9 % of the rows of each cluster do not exceed: (k,).

    Below 1,000 rows in a cluster that is its farthest row; NaN for a cluster without rows. With
    ``weights`` (n,) a row counts as so many copies of it.
    """
    counts = copies(weights)
    distances = np.sqrt(kernels.own_distances(points, labels, centroids))
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(kernels.sizes(labels, len(centroids)))
    found = np.full(len(centroids), np.nan)
    for cluster, rows in enumerate(np.split(order, ends[:-1])):
        some = distances[rows]
        if len(some) and counts is not None:
            inwards = np.argsort(some, kind="stable")
            reached = np.cumsum(counts[rows][inwards])
            whole = float(reached[-1])
            # Fractions may add up to a rounding less than a whole number.
            within = whole - math.floor(whole / _ONE_IN * (1 + _ROUNDING))
            place = int(np.searchsorted(reached, within * (1 - _ROUNDING)))
            found[cluster] = some[inwards[min(place, len(some) - 1)]]
        elif len(some):
            # In whole numbers: 0.999 n is rounded.
            place = len(some) - len(some) // _ONE_IN - 1
            found[cluster] = np.partition(some, place)[place]
    return found


@dataclass(eq=False)
class Assigner:
    """Rows assigned to the clusters of a finished run, batch by batch, and what they add up to.

    ``filling`` (d,) replaces missing values, in table units; None leaves rows with a gap without a
    cluster. ``limits`` (k,) are the ``thresholds`` of the run. ``first_outside`` is the first row,
    from 1, with a value that has no place, its feature and the value. ``heavy`` (k,) are the
    weights in each cluster, if the rows have weights: ``unweighted`` rows had none.
    """

    dataset: "Dataset"
    history: "History"
    filling: np.ndarray | None
    limits: np.ndarray
    rows: int = 0
    gaps: int = 0
    outside: int = 0
    first_outside: tuple[int, str, float] | None = None
    far: np.ndarray = field(init=False)
    sizes: np.ndarray = field(init=False)
    heavy: np.ndarray | None = None
    unweighted: int = 0
    _distance: float = 0.0
    _whole: float = 0.0
    _sums: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        k = self.history.k
        self.far, self.sizes = np.zeros(k, np.int64), np.zeros(k, np.int64)
        self._sums = np.zeros(self.dataset.d)
        chosen = [self.dataset.columns.index(each) for each in self.dataset.features]
        self._means, self._deviations = moments(self.dataset.table[:, chosen], self.dataset.weights)

    def place(
        self, values: np.ndarray, whole: np.ndarray, weights: np.ndarray | None = None
    ) -> Placed:
        """Return where rows (m, d) of the features belong, NaN where a value is missing.

        Rows that are not ``whole`` (m,) get no cluster. ``weights`` (m,) say how much each counts;
        one without a weight, or with a weight that is no number above 0, gets its cluster and does
        not count.
        """
        found = prepared(self.dataset, values, self.filling)
        usable = found.usable & whole
        centroids = self.history[-1].centroids
        points = found.points if usable.all() else found.points[usable]
        labels, _ = kernels.assign(points, centroids)
        placed = nearest(points, labels, centroids)
        limits = self.limits[labels]
        far = ~(placed.distances <= limits * (1 + _ROUNDING))
        outside = np.flatnonzero(found.outside & whole)
        if len(outside) and self.first_outside is None:
            row = int(outside[0])
            at = int(found.unplaceable(self.dataset, row))
            name, value = self.dataset.features[at], float(found.table[row, at])
            self.first_outside = self.rows + row + 1, name, value
        self.rows += len(values)
        self.gaps += int((found.gaps & whole).sum())
        self.outside += len(outside)
        self.sizes += kernels.sizes(labels, len(centroids))
        self.far += np.bincount(labels[far], minlength=len(centroids))
        left = found.table[usable] - self._means
        if weights is None:
            self._whole += len(labels)
            self._distance += float(placed.distances.sum())
            self._sums += left.sum(axis=0)
        else:
            counted = self._counted(weights[usable])
            if self.heavy is None:
                self.heavy = np.zeros(len(centroids))
            self.heavy += np.bincount(labels, counted, len(centroids))
            self._whole += float(counted.sum())
            self._distance += float(placed.distances @ counted)
            self._sums += counted @ left
        if len(labels) == len(values):
            return Placed(labels.astype(np.intp), placed.distances, placed.margins, far)
        whole_labels = np.full(len(values), -1, np.intp)
        whole_labels[usable] = labels
        distances, margins = np.full((2, len(values)), np.nan)
        distances[usable], margins[usable] = placed.distances, placed.margins
        marks = np.zeros(len(values), bool)
        marks[usable] = far
        return Placed(whole_labels, distances, margins, marks)

    def _counted(self, weights: np.ndarray) -> np.ndarray:
        """Return weights that can be added up: 0 for what is no weight."""
        counts = (weights > 0) & (weights <= _HEAVIEST)
        self.unweighted += int((~counts).sum())
        return np.where(counts, weights, 0.0)

    @property
    def assigned(self) -> int:
        """How many rows have a cluster."""
        return int(self.sizes.sum())

    @property
    def drift(self) -> Drift:
        """How the rows so far differ from those of the run."""
        last, count, weights = self.history[-1], self._whole, self.dataset.weights
        own = np.sqrt(kernels.own_distances(self.dataset.points, last.labels, last.centroids))
        nothing = np.full(self.dataset.d, np.nan)
        return Drift(
            features=self.dataset.features,
            sizes_then=np.asarray(last.sizes),
            sizes_now=self.sizes.copy(),
            distance_then=float(np.average(own, weights=weights)),
            distance_now=self._distance / count if count else np.nan,
            means_then=self._means,
            means_now=self._means + self._sums / count if count else nothing,
            deviations=self._deviations,
            weights_then=last.weights,
            weights_now=None if self.heavy is None else self.heavy.copy(),
        )
