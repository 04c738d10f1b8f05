"""Which numbers of clusters are reproducible: for each k, on pairs of resamples and of halves.

Three numbers, each a mean over pairs: the adjusted Rand index of two clusterings of all rows, each
by the nearest centroid of one resample (Fang and Wang 2012); the prediction strength of two halves
(Tibshirani and Walther 2005); and how dense the points are where clusters meet. The last is our
own: a cut through one long cloud is found again in every sample, but it is no gap.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np

from kmeans_tui.analysis.case_weights import copies
from kmeans_tui.analysis.cores import GoOn, Piece, in_order
from kmeans_tui.analysis.matching import adjusted_rand, contingency, match_counts
from kmeans_tui.analysis.progress import Progress, ProgressListener
from kmeans_tui.analysis.resampling import Clustering, clustered, expected
from kmeans_tui.analysis.stable_clusters import STRONG, margin, mean
from kmeans_tui.clustering import checks, kernels
from kmeans_tui.clustering.engines import Engine, engine_for
from kmeans_tui.vocabulary import BOOTSTRAP, HALVES

# The largest density at a border of a cluster, as a share of that at its centroid, that is a gap.
GAP: Final = 0.6
# Where a point lies on the way from its centroid (0) to the next (1): within _CORE of its own
# centroid, or within _CORE of the border at one half.
_CORE: Final = 0.125
# Pairs that are computed between two reports for one k.
_ROUND: Final = 5


@dataclass(frozen=True, eq=False)
class Reproducible:
    """What is known of one k: a value for each pair so far.

    ``borders`` and ``cores`` (k,) count the rows of each cluster, or their weight, at its border
    and at its centroid, summed over the pairs.
    """

    k: int
    aris: np.ndarray
    strengths: np.ndarray
    borders: np.ndarray
    cores: np.ndarray

    @property
    def pairs(self) -> int:
        """The number of pairs so far."""
        return len(self.aris)

    @cached_property
    def ari(self) -> float | None:
        """The mean adjusted Rand index."""
        return mean(self.aris)

    @cached_property
    def ari_margin(self) -> float | None:
        """Half of its 95 % interval."""
        return margin(self.aris)

    @cached_property
    def strength(self) -> float | None:
        """The mean prediction strength."""
        return mean(self.strengths)

    @cached_property
    def strength_margin(self) -> float | None:
        """Half of its 95 % interval."""
        return margin(self.strengths)

    @cached_property
    def border(self) -> float | None:
        """The density at the densest border, as a share of that at its centroid.

        0 is an empty gap; a cut through an even cloud has 1. Points did not take part in placing
        the centroids they are measured from.
        """
        if not self.pairs:
            return None
        # One row more at each place: of a handful of rows, none at the border proves little.
        each = self.pairs
        return float((2 * (self.borders + each / 2) / (self.cores + each)).max())

    @property
    def stable(self) -> bool:
        """Whether k clusters come back in other samples and have gaps between them."""
        strength, border = self.strength, self.border
        return strength is not None and border is not None and strength >= STRONG and border <= GAP


def by_k(
    X: np.ndarray,
    ks: Sequence[int],
    clustering: Clustering,
    way: str,
    pairs: int,
    known: Mapping[int, Reproducible] | None = None,
    progress: ProgressListener[Reproducible] | None = None,
    weights: np.ndarray | None = None,
) -> dict[int, Reproducible]:
    """Return what is known of each of ``ks`` (from 2) after this many pairs.

    ``known`` is continued. A few pairs for every k come first, then more; ``progress`` gets a row
    whenever it has grown, and stops the work by returning False. Left out are k for which half of
    the rows are too few. Rows of X are drawn alike and counted by their ``weights`` (n,).
    """
    points = checks.points(X)
    found = dict(known or {})
    ks = [k for k in ks if 2 <= k <= len(points) // 2]
    begun = {k: found[k].pairs if k in found else 0 for k in ks}
    rounds = [
        (k, range(max(begun[k], most - _ROUND) + 1, min(most, pairs) + 1))
        for most in range(_ROUND, pairs + _ROUND, _ROUND)
        for k in ks
        if begun[k] < min(most, pairs)
    ]
    total = len(ks) * -(-pairs // _ROUND)
    done, doing = total - len(rounds), ""

    def go_on(_: str = "") -> bool:
        said: Progress[Reproducible] = Progress(done, total, doing)
        return progress is None or progress(said) is not False

    work = _Pairs(way, weights)
    pieces = (
        Piece(work, (replace(clustering, k=k), found.get(k), numbers), k * len(numbers))
        for k, numbers in rounds
    )
    drawn = sum(k * len(numbers) for k, numbers in rounds) * 2 * (1 + (way == BOOTSTRAP))
    time = expected(len(points), drawn * clustering.runs)
    # The next round of a k needs its last one.
    with closing(in_order(points, pieces, go_on, expected=time, ahead=len(ks))) as rows:
        for k, _ in rounds:
            doing = f"k = {k}"
            row = next(rows, None) if go_on() else None
            if row is None:
                return found
            found[k] = row
            done += 1
            if progress is not None:
                progress(Progress(done, total, doing, row))
    return found


class _Pairs:
    """Takes more pairs of a k; in this process it remembers what they have in common."""

    def __init__(self, way: str, weights: np.ndarray | None) -> None:
        self._way, self._weights = way, weights
        self._known: dict[int, _OfK] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_known": {}}

    def __call__(
        self,
        X: np.ndarray,
        clustering: Clustering,
        row: Reproducible | None,
        numbers: Sequence[int],
        go_on: GoOn,
    ) -> Reproducible | None:
        """Return the row with these pairs; None if stopped."""
        if clustering.k not in self._known:
            self._known[clustering.k] = _OfK(X, clustering, self._way, self._weights)
        return self._known[clustering.k].more(row, numbers, lambda: go_on(""))


class _OfK:
    """The pairs of one k."""

    def __init__(
        self, X: np.ndarray, clustering: Clustering, way: str, weights: np.ndarray | None
    ) -> None:
        self._X, self._clustering, self._way = X, clustering, way
        self._weights, self._counts = weights, copies(weights)
        self._engine: Engine = engine_for(X, clustering.k)
        self._own: np.ndarray | None = None

    def more(
        self, known: Reproducible | None, numbers: Sequence[int], go_on: Callable[[], bool]
    ) -> Reproducible | None:
        """Return the row with these pairs; None if cancelled."""
        k, X = self._clustering.k, self._X
        if self._own is None:
            first = clustered(X, self._clustering, [0], "", go_on, self._weights)
            if first is None:
                return None
            self._own = self._engine.start(first[0].centroids)
        members = [each for number in numbers for each in (2 * number - 1, 2 * number)]
        halves = clustered(X, self._clustering, members, HALVES, go_on, self._weights)
        if halves is None:
            return None
        others = halves
        if self._way == BOOTSTRAP:
            drawn = clustered(X, self._clustering, members, BOOTSTRAP, go_on, self._weights)
            if drawn is None:
                return None
            others = drawn
        if known is None:
            none = np.empty(0)
            known = Reproducible(k, none, none, np.zeros(k), np.zeros(k))
        aris, strengths = [], []
        borders, cores = known.borders.copy(), known.cores.copy()
        for i in range(0, len(members), 2):
            two = [self._engine.start(each.centroids) for each in others[i : i + 2]]
            aris.append(adjusted_rand(contingency(two[0], two[1], k, k, self._counts)))
            if others is not halves:
                two = [self._engine.start(each.centroids) for each in halves[i : i + 2]]
            strength = 0.0
            for test, labels, trained in ((0, two[0], two[1]), (1, two[1], two[0])):
                rows, centroids = halves[i + test].rows, halves[i + 1 - test].centroids
                own = None if self._counts is None else self._counts[rows]
                strength += _predicted(rows, labels, trained, k, own) / 2
                order = match_counts(contingency(self._own, trained, k, k, self._counts))
                border, core = _density(X[rows], centroids, own)
                borders += border[order]
                cores += core[order]
            strengths.append(strength)
        return Reproducible(
            k, np.append(known.aris, aris), np.append(known.strengths, strengths), borders, cores
        )


def strength_of(
    X: np.ndarray,
    clustering: Clustering,
    pairs: int,
    go_on: Callable[[], bool] = lambda: True,
    weights: np.ndarray | None = None,
) -> float | None:
    """Return the mean prediction strength of ``by_k`` on this many pairs of halves, and no more.

    Matching the clusters, and what lies between them, takes as long again. None if half of the rows
    are too few, or ``go_on`` returned False.
    """
    k, counts = clustering.k, copies(weights)
    if not 2 <= k <= len(X) // 2:
        return None
    halves = clustered(X, clustering, range(1, 2 * pairs + 1), HALVES, go_on, weights)
    if halves is None:
        return None
    engine, found = engine_for(X, k), []
    for pair in zip(halves[::2], halves[1::2], strict=True):
        labels = [engine.start(each.centroids) for each in pair]
        strength = 0.0
        for half, own, other in zip(pair, labels, labels[::-1], strict=True):
            weight = None if counts is None else counts[half.rows]
            strength += _predicted(half.rows, own, other, k, weight) / 2
        found.append(strength)
    return mean(np.array(found))


def _predicted(
    rows: np.ndarray, own: np.ndarray, trained: np.ndarray, k: int, weights: np.ndarray | None
) -> float:
    """Return the prediction strength of a half, from the labels of all rows by it and the other."""
    return prediction_strength(contingency(own[rows], trained[rows], k, k, weights))


def pairs_for(resamples: int) -> int:
    """Return how many pairs are drawn for each k where one k has this many resamples.

    Half as many draws: the other k are there to compare with.
    """
    return max(_ROUND, resamples // 4)


def prediction_strength(table: np.ndarray) -> float:
    """Return the prediction strength of a table (k, k): clusters of test rows by those predicted.

    Of the pairs of rows in a test cluster, the share that is also predicted to be together: for the
    cluster where it is least. Clusters of a single row have no pairs. Weights in the table are
    numbers of copies.
    """
    sizes = table.sum(axis=1)
    several = sizes > 1
    if not several.any():
        return 1.0
    together = (table * np.maximum(table - 1, 0)).sum(axis=1)[several]
    return float((together / (sizes * (sizes - 1))[several]).min())


def _density(
    points: np.ndarray, centroids: np.ndarray, counts: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Count the rows of each cluster near its border and near its centroid, (k,) each."""
    k = len(centroids)
    apart = ((centroids[:, np.newaxis] - centroids) ** 2).sum(axis=2)
    borders, cores = np.zeros(k), np.zeros(k)
    for part, squared in kernels.blocks(points, centroids):
        own = squared.argmin(axis=0)
        at = np.arange(len(own))
        nearest = squared[own, at]
        squared[own, at] = np.inf
        other = squared.argmin(axis=0)
        between = apart[own, other]
        with np.errstate(divide="ignore", invalid="ignore"):
            way = (nearest - squared[other, at] + between) / (2 * between)
        for sums, near in ((borders, way >= 0.5 - _CORE), (cores, np.abs(way) <= _CORE)):
            sums += np.bincount(own[near], None if counts is None else counts[part][near], k)
    return borders, cores


def stable_k(rows: Collection[Reproducible]) -> int | None:
    """Return the largest stable k; None if there is none."""
    return max((row.k for row in rows if row.stable), default=None)
