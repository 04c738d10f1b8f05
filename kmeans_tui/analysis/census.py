"""How often many starts lead to each result, and what that means for a single start."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kmeans_tui.analysis.lower_ends import LowestEnd, lowest_end
from kmeans_tui.analysis.matching import agreement
from kmeans_tui.analysis.progress import Progress, ProgressListener
from kmeans_tui.analysis.rounding import same
from kmeans_tui.analysis.seed_runs import ends_of_seeds, near, times_as_bad
from kmeans_tui.analysis.starts import called
from kmeans_tui.clustering.kmeans import KMeans

# Two results are one optimum if their inertia is the same, or if it is within 1 % and 8 of 10
# points are in matching clusters. On the blobs, the 242 runs in 1,000 that end near 5482 merge the
# same two groups and split the third in 26 ways: 26 partitions, but one failure to the reader.
_SAME_POINTS = 0.8


@dataclass(frozen=True, eq=False)
class Optimum:
    """Results that are the same to the reader, best first in a census.

    ``inertia`` and ``centroids`` (k, d) are those of the best of its ``partitions``, numbered as in
    the run of ``first_seed``, the first that leads to that one.
    """

    inertia: float
    count: int
    share: float
    first_seed: int
    partitions: int
    centroids: np.ndarray


@dataclass(frozen=True, eq=False)
class Census:
    """How often each result was reached in ``runs`` runs: all of them unless cancelled.

    ``init`` is the start they used; with ``improve`` each was improved by swaps. ``outside`` is
    what k-means++ and swaps found to check them, None if they were not asked or stopped.
    """

    optima: tuple[Optimum, ...]
    runs: int
    partitions: int
    complete: bool
    init: str = "random"
    improve: bool = False
    outside: LowestEnd | None = None

    @property
    def lowest(self) -> float | None:
        """The lowest inertia known: of these runs, or found outside them; None without runs."""
        ends = [each.inertia for each in self.optima[:1]]
        return min(ends if self.outside is None else [*ends, self.outside.inertia], default=None)

    @property
    def supported(self) -> bool | None:
        """Whether the best of these ends is the best known; None if nothing checked it."""
        if not self.optima:
            return None
        best = self.optima[0]
        if self.improve or len(best.centroids) == 1 or best.inertia == 0:
            return True
        return None if self.outside is None else not self.outside.is_below(best.inertia)

    @property
    def failures(self) -> float:
        """The share of single starts that miss the best optimum."""
        return 1 - self.optima[0].share

    @property
    def starts_needed(self) -> int | None:
        """How many starts find the best at least 99 times in 100; None if it takes thousands."""
        if self.failures == 0:
            return 1
        needed = math.ceil(math.log(0.01) / math.log(self.failures))
        return needed if needed < 10_000 else None

    def beside(self, end: LowestEnd) -> "Census":
        """Return the census with one more ``end`` from outside it, if that is the lowest."""
        if self.outside is not None and not end.is_below(self.outside.inertia):
            return self
        return replace(self, outside=end)

    def joined_by(self, inertia: float, seed: int, centroids: np.ndarray) -> "Census":
        """Return the census with one more run, from another ``seed``, that is better than all.

        ``centroids`` (k, d) are its final ones.
        """
        runs = self.runs + 1
        first = Optimum(inertia, 1, 1 / runs, seed, 1, centroids)
        rest = (replace(each, share=each.count / runs) for each in self.optima)
        return replace(self, optima=(first, *rest), runs=runs, partitions=self.partitions + 1)

    def sentence(self) -> str:
        """Return in words how reliable a single start is, and how many are needed."""
        if not self.optima:
            return "no starts have been counted yet"
        kind = f"improved {called(self.init)}" if self.improve else called(self.init)
        best = "the best known" if self.supported else "the best of these ends"
        lower = ""
        if self.supported is False and self.outside is not None:
            lower = self.outside.words(self.optima[0].inertia)
        if self.failures == 0:
            return self._all_alike(kind, lower)
        missed = 100 * self.failures
        digits = ".0f" if 1 <= missed < 99 else ".3g" if missed < 99.9 else ".6g"
        times = f"{missed:{digits}}"
        single = f"a single {kind} start fails here {times} times in 100"
        needed = self.starts_needed
        if needed is None:
            other = "use another kind of start"
            return f"{single}; {other}: {lower}" if lower else f"{single}; {other}"
        many = "1 start finds" if needed == 1 else f"{needed:,} starts find"
        misses = self.optima[1:]
        cost = sum(each.inertia * each.count for each in misses) / sum(e.count for e in misses)
        but = f"; but {lower}, so none of them is the best known" if lower else ""
        return (
            f"{single}; {many} {best} 99 times in 100 "
            f"(on average a miss is {times_as_bad(cost, self.optima[0].inertia)}){but}"
        )

    def _all_alike(self, kind: str, lower: str) -> str:
        """Return the sentence on runs that all reach one end."""
        if lower:
            ran = f"all {self.runs:,} {kind} starts end alike"
            ran = ran if self.runs > 1 else f"1 {kind} start has run"
            return f"{ran}, but {lower}, so this is not the best known"
        all_of_them = f"all {self.runs:,} {kind} starts find"
        found = all_of_them if self.runs > 1 else f"1 {kind} start finds"
        found += " the best known here" if self.supported else " the best of these ends"
        # The 95 % upper bound on the failure rate when none is seen in ``runs``; for many runs
        # the rule of three, 300 / runs (Hanley and Lippman-Hand 1983).
        most = 100 * (1 - 0.05 ** (1 / self.runs))
        if most <= 1:
            return f"{found}: one is enough"
        return f"{found}; so few starts can miss a failure rate of up to {most:.0f} in 100"


def census(
    X: np.ndarray,
    k: int,
    seeds: Sequence[int] = range(1000),
    *,
    init: str = "random",
    max_iterations: int = 100,
    tolerance: float = 1e-4,
    empty: str = "farthest",
    improve: bool = False,
    progress: ProgressListener[None] | None = None,
    checking: ProgressListener[None] | None = None,
    weights: np.ndarray | None = None,
) -> Census:
    """Count the results of ``KMeans(k, init=init, …, random_state=seed)`` on X (n, d) over seeds.

    Results are distinguished by their partition, regardless of cluster numbers; nearly equal ones
    are joined into an ``Optimum``. Then k-means++ and swaps look for a lower end, unless all were
    improved; ``checking`` can stop them alone, or else ``progress``. ``weights`` (n,) are those of
    the rows. Raises ``ValueError`` for
    unusable points or parameters.
    """
    partitions: dict[bytes, _Partition] = {}
    done = 0
    options = KMeans(k, max_iterations, tolerance, init, empty, improve=improve)
    for part, ends in ends_of_seeds(X, options, seeds, progress, weights=weights):
        labels = _canonical(ends.labels, k)
        for i, seed in enumerate(part):
            key = labels[i].tobytes()
            if key in partitions:
                partitions[key].count += 1
            else:
                partitions[key] = _Partition(
                    labels[i].copy(), float(ends.inertia[i]), seed, ends.centroids[i].copy()
                )
        done += len(part)
    optima = _joined(list(partitions.values()), k, done, weights)
    found = Census(optima, done, len(partitions), done == len(seeds), init, improve)
    if not optima or found.supported:
        return found
    hears = progress if checking is None else checking

    def go_on() -> bool:
        said: Progress[None] = Progress(done, len(seeds), "k-means++ and swaps")
        return hears is None or hears(said) is not False

    outside = lowest_end(
        X, optima[0].centroids, optima[0].inertia, init=init, max_iterations=max_iterations,
        tolerance=tolerance, empty=empty, go_on=go_on, weights=weights,
    )  # fmt: skip
    return replace(found, outside=outside)


@dataclass(eq=False)
class _Partition:
    """A partition by its canonical labels (n,), and the first run that ended in it."""

    labels: np.ndarray
    inertia: float
    first_seed: int
    centroids: np.ndarray
    count: int = 1


def _canonical(labels: np.ndarray, k: int) -> np.ndarray:
    """Return labels (R, n) renumbered by the first appearance of each cluster in its run."""
    n = labels.shape[1]
    first = np.full((len(labels), k), n)
    for j in range(k):
        here = labels == j
        np.copyto(first[:, j], here.argmax(axis=1), where=here.any(axis=1))
    rank = first.argsort(axis=1, kind="stable").argsort(axis=1).astype(labels.dtype)
    return np.take_along_axis(rank, labels.astype(np.intp), axis=1)


def _of_one_inertia(groups: "list[list[_Partition]]") -> "list[list[_Partition]]":
    """Return the groups, best first, merging those whose best results have equal inertia."""
    found: list[list[_Partition]] = []
    for least, group in sorted(
        ((min(one.inertia for one in group), group) for group in groups), key=lambda pair: pair[0]
    ):
        if found and same(least, min(one.inertia for one in found[-1])):
            found[-1] += group
        else:
            found.append(group)
    return found


def _joined(
    partitions: list[_Partition], k: int, runs: int, weights: np.ndarray | None
) -> tuple[Optimum, ...]:
    """Return partitions joined into optima around the most frequent ones, best first."""
    groups: list[list[_Partition]] = []
    for each in sorted(partitions, key=lambda one: (-one.count, one.inertia)):
        for group in groups:
            leader = group[0]
            if same(each.inertia, leader.inertia) or (
                near(each.inertia, leader.inertia)
                and near(leader.inertia, each.inertia)
                and (agreement(leader.labels, each.labels, k, weights) >= _SAME_POINTS)
            ):
                group.append(each)
                break
        else:
            groups.append([each])
    groups = _of_one_inertia(groups)
    leads = [min(group, key=lambda one: (one.inertia, one.first_seed)) for group in groups]
    found = []
    for lead, group in zip(leads, groups, strict=True):
        count = sum(one.count for one in group)
        share = count / runs
        found.append(
            Optimum(lead.inertia, count, share, lead.first_seed, len(group), lead.centroids)
        )
    return tuple(found)
