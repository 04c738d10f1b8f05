"""The experiments of the article behind this program, in its order, on one generator."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from kmeans_tui.analysis.census import Census, census
from kmeans_tui.analysis.comparison import against_truth
from kmeans_tui.analysis.seed_runs import SeedRuns, run_seeds
from kmeans_tui.analysis.sweep import Sweep, sweep
from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.kmeans import KMeans

SEED = 42


class ArticleData(Protocol):
    """The part of a data set used here: prepared ``points`` (n, d), and ``truth`` (n,)."""

    @property
    def points(self) -> np.ndarray: ...
    @property
    def truth(self) -> np.ndarray | None: ...


@dataclass(frozen=True)
class Claim:
    """What the article says, what is measured, whether the claim holds, and one sentence why."""

    id: str
    claim: str
    measured: str
    holds: bool
    why: str


class ArticleScript:
    """The article's experiments; the four that share its generator run together, in its order."""

    def __init__(self, load: Callable[..., ArticleData]) -> None:
        self.load = load
        self.blobs, self.iris = load("blobs"), load("iris")
        rng = np.random.RandomState(SEED)
        X, petals = self.blobs.points, self.iris.points
        self.run = KMeans(empty="random", random_state=rng).fit(X)
        self.iris_run = KMeans(empty="random", random_state=rng).fit(petals)
        self.elbows: list[Sweep] = [
            sweep(each, init="article", random_state=rng, criteria=False) for each in (X, petals)
        ]

    @cached_property
    def seeds(self) -> SeedRuns:
        return run_seeds(self.blobs.points, 3, range(5), empty="random")

    @cached_property
    def iris_seeds(self) -> SeedRuns:
        return run_seeds(self.iris.points, 3, range(5), empty="random")

    @cached_property
    def census(self) -> Census:
        return census(self.blobs.points, 3)

    @cached_property
    def best_curve(self) -> list[float]:
        """The lowest inertia known for k = 1 … 10, from ten k-means++ starts each."""
        rows = sweep(self.blobs.points, runs=10, random_state=0, criteria=False).rows
        return [row.best for row in rows]

    def right(self, data: ArticleData) -> tuple[int, float]:
        """Return rows in the matching cluster and the adjusted Rand index, best of 20 starts."""
        assert data.truth is not None
        best = run_seeds(data.points, 3, range(20), init="k-means++").best
        found = against_truth(data.truth, kernels.assign(data.points, best.centroids)[0], 3)
        return found.right, found.ari
