"""Would another sample of the rows give the same clusters, and keep every row in the same company.

Every resample is clustered as the data set is, and its clusters are compared with those of the data
set: per cluster by the Jaccard similarity of Hennig (2007), per row by whether it stays with its
cluster.
"""

import math
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from kmeans_tui.analysis.case_weights import of_clusters
from kmeans_tui.analysis.cores import GoOn, Piece, in_order
from kmeans_tui.analysis.matching import contingency, match_counts
from kmeans_tui.analysis.progress import Progress, ProgressListener
from kmeans_tui.analysis.resampling import (
    ClusteredResample,
    Clustering,
    at_a_time,
    clustered,
    expected,
)
from kmeans_tui.clustering import checks
from kmeans_tui.clustering.engines import Engine, engine_for
from kmeans_tui.vocabulary import BOOTSTRAP

# Hennig's marks (2007; R, fpc::clusterboot), each from this mean similarity on.
MARKS: Final = (
    (0.85, "highly stable"), (0.75, "valid"), (0.6, "doubtful"), (0.0, "no cluster"),
)  # fmt: skip
# At or below this similarity a cluster is dissolved in a resample (Hennig 2007).
DISSOLVED: Final = 0.5
# A k is found again from this prediction strength on (Tibshirani and Walther 2005).
STRONG: Final = 0.8
# Of a normal distribution, the quantile of a 95 % interval.
_Z: Final = 1.96
# Where numbers have settled: their interval is this narrow on either side.
SETTLED: Final = 0.02


def mark(jaccard: float | None) -> str:
    """Return Hennig's mark of a mean similarity, as it is shown; empty if there is none."""
    if jaccard is None:
        return ""
    return next(word for least, word in MARKS if round(jaccard, 2) >= least)


@dataclass(frozen=True, eq=False)
class Original:
    """The data set clustered as its resamples are: labels (n,), centroids (k, d), inertia.

    ``row_weights`` (n,) are those of its rows.
    """

    labels: np.ndarray
    centroids: np.ndarray
    inertia: float
    start: np.ndarray
    row_weights: np.ndarray | None = None

    @property
    def k(self) -> int:
        """The number of clusters."""
        return len(self.centroids)

    @cached_property
    def sizes(self) -> np.ndarray:
        """The rows in each cluster, (k,)."""
        return np.bincount(self.labels, minlength=self.k)

    @cached_property
    def weights(self) -> np.ndarray | None:
        """The weight of each cluster, (k,); None if rows have none."""
        return of_clusters(self.labels, self.k, self.row_weights)


@dataclass(frozen=True, eq=False)
class Resample:
    """One resample beside the original.

    ``jaccard`` (k,) is for each cluster of the original the similarity to the most similar of the
    resample, among the distinct rows drawn; NaN if none of its rows was drawn. ``kept`` holds a bit
    for each of the n rows, packed: whether the nearest centroid of the resample belongs to the
    cluster matched to its own.
    """

    number: int
    jaccard: np.ndarray
    kept: np.ndarray

    def keeps(self, n: int) -> np.ndarray:
        """Return whether each of the n rows kept its company, (n,) bool."""
        return np.unpackbits(self.kept, count=n).view(bool)


@dataclass(frozen=True, eq=False)
class ClusterStability:
    """The original and its resamples, in the order of their numbers.

    ``way`` is how they were drawn, ``counts`` (n,) in how many of them each row kept its company.
    """

    original: Original
    way: str
    resamples: tuple[Resample, ...]
    counts: np.ndarray

    @classmethod
    def of(cls, original: Original, way: str) -> "ClusterStability":
        """Return the stability before the first resample."""
        return cls(original, way, (), np.zeros(len(original.labels), np.int64))

    def joined_by(self, found: Sequence[Resample]) -> "ClusterStability":
        """Return it with more resamples."""
        counts = self.counts.copy()
        for each in found:
            counts += each.keeps(len(counts))
        return replace(self, resamples=(*self.resamples, *found), counts=counts)

    @property
    def shares(self) -> np.ndarray:
        """For each row the share of the resamples in which it kept its company, (n,)."""
        return self.counts / max(1, len(self.resamples))

    @cached_property
    def table(self) -> np.ndarray:
        """The similarities of all resamples, (B, k)."""
        k = self.original.k
        return np.array([each.jaccard for each in self.resamples]).reshape(-1, k)

    @cached_property
    def jaccard(self) -> list[float | None]:
        """The mean similarity of each cluster over the resamples with a row of it."""
        return [mean(column) for column in self.table.T]

    @cached_property
    def margins(self) -> list[float | None]:
        """How far each mean may still move: half of its 95 % interval; None below two values."""
        return [margin(column) for column in self.table.T]

    def dissolved(self, cluster: int) -> int:
        """Return in how many resamples a cluster was dissolved."""
        return int((self.table[:, cluster] <= DISSOLVED).sum())

    def worst(self, cluster: int) -> Resample | None:
        """Return the resample that broke a cluster most, the first in a tie."""
        column = self.table[:, cluster]
        if not len(column) or np.isnan(column).all():
            return None
        return self.resamples[int(np.nanargmin(column))]

    @property
    def settles(self) -> float | None:
        """The largest of ``margins``."""
        return max((each for each in self.margins if each is not None), default=None)

    @property
    def needed(self) -> int | None:
        """With about how many resamples all numbers would settle within ``SETTLED``."""
        found = [each for each in (needed(column) for column in self.table.T) if each is not None]
        return max(found, default=None)


def mean(values: np.ndarray) -> float | None:
    """Return the mean of the values that are not NaN; None if there are none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None


def margin(values: np.ndarray) -> float | None:
    """Return half of the 95 % interval of the mean; None for fewer than two values."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return None
    return _Z * float(known.std(ddof=1)) / math.sqrt(len(known))


def needed(values: np.ndarray) -> int | None:
    """Return how many values bring the margin of their mean to ``SETTLED``."""
    known = values[~np.isnan(values)]
    if len(known) < 2:
        return None
    return max(2, math.ceil((_Z * float(known.std(ddof=1)) / SETTLED) ** 2))


def original(
    X: np.ndarray,
    clustering: Clustering,
    progress: ProgressListener[Original] | None = None,
    weights: np.ndarray | None = None,
) -> Original | None:
    """Cluster X (n, d) as its resamples are, with ``weights`` (n,); None if cancelled."""
    points = checks.points(X)
    checks.enough_rows(points, clustering.k)

    def go_on() -> bool:
        said: Progress[Original] = Progress(0, 1, "clustering the data")
        return progress is None or progress(said) is not False

    found = clustered(points, clustering, [0], "", go_on, weights)
    if found is None:
        return None
    (own,) = found
    labels = engine_for(points, clustering.k).start(own.centroids)
    return Original(labels, own.centroids, own.inertia, own.start, weights)


def resample(
    X: np.ndarray,
    known: ClusterStability,
    clustering: Clustering,
    count: int,
    progress: ProgressListener[Resample] | None = None,
    weights: np.ndarray | None = None,
) -> ClusterStability:
    """Return ``known`` with as many resamples of X (n, d) as are missing of ``count``.

    ``clustering`` is that of the original. ``progress`` gets each resample as it is found.
    ``weights`` (n,) are those of the rows of X, which are drawn alike. Raises ``ValueError`` for
    unusable points or parameters.
    """
    points = checks.points(X)
    k, (n, d) = clustering.k, points.shape
    drawn = n if known.way == BOOTSTRAP else n // 2
    if drawn < k:
        raise ValueError(
            f"half of {n} rows are {drawn}, too few for {k} clusters; use bootstrap or a smaller k"
        )
    size = at_a_time(n, k, d, clustering.runs)
    firsts = range(len(known.resamples) + 1, count + 1, size)
    parts = [range(first, min(count + 1, first + size)) for first in firsts]
    done = len(known.resamples)

    def go_on(_: str = "") -> bool:
        said: Progress[Resample] = Progress(done, count, f"resample {done + 1} of {count}")
        return progress is None or progress(said) is not False

    own, way = known.original, known.way
    pieces = (Piece(_resampled, (part, own, clustering, way, weights)) for part in parts)
    time = expected(n, k * clustering.runs * (count - done))
    with closing(in_order(points, pieces, go_on, expected=time)) as found:
        for rows in found:
            known = known.joined_by(rows)
            done += len(rows)
            if progress is not None:
                for row in rows:
                    progress(Progress(row.number, count, f"resample {row.number} of {count}", row))
    return known


def _resampled(
    X: np.ndarray,
    numbers: Sequence[int],
    own: Original,
    clustering: Clustering,
    way: str,
    weights: np.ndarray | None,
    go_on: GoOn,
) -> list[Resample] | None:
    """Return some resamples of X (n, d) beside the original; None if stopped."""
    found = clustered(X, clustering, numbers, way, lambda: go_on(""), weights)
    if found is None:
        return None
    engine = engine_for(X, clustering.k)
    return [compared(own, each, engine, weights) for each in found]


def compared(
    own: Original,
    found: ClusteredResample,
    engine: Engine,
    weights: np.ndarray | None = None,
) -> Resample:
    """Compare the clusters of a resample with the original's; ``engine`` has all n rows."""
    k = own.k
    labels = engine.start(found.centroids)
    drawn = np.zeros(len(labels), bool)
    drawn[found.rows] = True
    drawn_weights = None if weights is None else weights[drawn]
    similar = similarities(own.labels[drawn], labels[drawn], k, drawn_weights)
    order = match_counts(contingency(own.labels, labels, k, k, weights))
    kept = order[own.labels] == labels
    return Resample(found.number, similar, np.packbits(kept))


def similarities(
    own: np.ndarray, other: np.ndarray, k: int, weights: np.ndarray | None = None
) -> np.ndarray:
    """Return for each cluster of ``own`` the largest Jaccard similarity to one of ``other``, (k,).

    Both (m,) label the same points, of these ``weights`` (m,); NaN for a cluster without points.
    """
    table = contingency(own, other, k, k, weights)
    sizes = table.sum(axis=1)
    union = sizes[:, np.newaxis] + table.sum(axis=0) - table
    found: np.ndarray = (table / np.where(union > 0, union, 1)).max(axis=1)
    return np.where(sizes > 0, found, np.nan)
