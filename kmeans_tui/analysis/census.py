"""How often many starts lead to each result, and what that means for a single start."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kmeans_tui.analysis.matching import agreement
from kmeans_tui.analysis.progress import ProgressListener
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

    ``init`` is the start they used; with ``improve`` each was improved by swaps.
    """

    optima: tuple[Optimum, ...]
    runs: int
    partitions: int
    complete: bool
    init: str = "random"
    improve: bool = False

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
        if self.failures == 0:
            all_of_them = f"all {self.runs:,} {kind} starts find"
            found = all_of_them if self.runs > 1 else f"1 {kind} start finds"
            found += " the best known here"
            # The 95 % upper bound on the failure rate when none is seen in ``runs``; for many runs
            # the rule of three, 300 / runs (Hanley and Lippman-Hand 1983).
            most = 100 * (1 - 0.05 ** (1 / self.runs))
            if most <= 1:
                return f"{found}: one is enough"
            return f"{found}; so few starts can miss a failure rate of up to {most:.0f} in 100"
        missed = 100 * self.failures
        times = f"{missed:.0f}" if 1 <= missed < 99 else f"{missed:.3g}"
        single = f"a single {kind} start fails here {times} times in 100"
        needed = self.starts_needed
        if needed is None:
            return f"{single}; use another kind of start"
        many = "1 start finds" if needed == 1 else f"{needed} starts find"
        misses = self.optima[1:]
        cost = sum(each.inertia * each.count for each in misses) / sum(e.count for e in misses)
        return (
            f"{single}; {many} the best known 99 times in 100 "
            f"(on average a miss is {times_as_bad(cost, self.optima[0].inertia)})"
        )


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
) -> Census:
    """Count the results of ``KMeans(k, init=init, …, random_state=seed)`` on X (n, d) over seeds.

    Results are distinguished by their partition, regardless of cluster numbers; nearly equal ones
    are joined into an ``Optimum``. Raises ``ValueError`` for unusable points or parameters.
    """
    partitions: dict[bytes, _Partition] = {}
    done = 0
    options = KMeans(k, max_iterations, tolerance, init, empty, improve=improve)
    for part, found in ends_of_seeds(X, options, seeds, progress):
        labels = _canonical(found.labels, k)
        for i, seed in enumerate(part):
            key = labels[i].tobytes()
            if key in partitions:
                partitions[key].count += 1
            else:
                partitions[key] = _Partition(
                    labels[i].copy(), float(found.inertia[i]), seed, found.centroids[i].copy()
                )
        done += len(part)
    return Census(
        _joined(list(partitions.values()), k, done),
        done,
        len(partitions),
        done == len(seeds),
        init,
        improve,
    )


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


def _joined(partitions: list[_Partition], k: int, runs: int) -> tuple[Optimum, ...]:
    """Return partitions joined into optima around the most frequent ones, best first."""
    groups: list[list[_Partition]] = []
    for each in sorted(partitions, key=lambda one: (-one.count, one.inertia)):
        for group in groups:
            leader = group[0]
            if same(each.inertia, leader.inertia) or (
                near(each.inertia, leader.inertia)
                and near(leader.inertia, each.inertia)
                and (agreement(leader.labels, each.labels, k) >= _SAME_POINTS)
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
