"""Resamples of the rows of a data set, clustered: what another sample would have given.

Resample ``number`` (from 1) holds rows drawn with ``np.random.RandomState([seed, number])``: a
bootstrap as many as there are, with replacement; of halves, numbers 2 i - 1 and 2 i are the two
halves of the permutation drawn for number 2 i - 1. Number 0 is the data set itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from kmeans_tui.clustering import resampled
from kmeans_tui.clustering.initialisation import initialise
from kmeans_tui.clustering.resampled import ResampledRun
from kmeans_tui.vocabulary import BOOTSTRAP

# From this many rows on, a start is drawn from a sample of them: at 10,000 rows of 8 features
# k-means++ takes longer than the run that follows.
_MANY: Final = 4096
_SAMPLE: Final = 2048
# Seconds of a run for each of its rows and clusters.
_COST: Final = 4e-8
# Inertias that differ by less are equal: the first start wins.
_EQUAL: Final = 1e-12


@dataclass(frozen=True)
class Clustering:
    """How a resample is clustered: the best of ``runs`` starts; the rest is as in ``KMeans``.

    Start s of resample r is drawn with ``RandomState(seed + r · runs + s)``.
    """

    k: int
    init: str = "k-means++"
    runs: int = 3
    seed: int = 42
    max_iterations: int = 100
    tolerance: float = 1e-4
    empty: str = "farthest"


@dataclass(frozen=True, eq=False)
class ClusteredResample:
    """A resample and the best of its runs: the drawn ``rows`` (m,), ascending, in X; ``start`` and
    ``centroids`` (k, d), and the inertia on the drawn rows.
    """

    number: int
    rows: np.ndarray
    start: np.ndarray
    centroids: np.ndarray
    inertia: float


def drawn_rows(n: int, number: int, way: str, seed: int) -> np.ndarray:
    """Return the rows of resample ``number`` of n rows, ascending: (n,), or (n / 2,) of halves."""
    if number == 0:
        return np.arange(n)
    if way == BOOTSTRAP:
        return np.sort(np.random.RandomState([seed, number]).randint(n, size=n))
    order = np.random.RandomState([seed, number - (number + 1) % 2]).permutation(n)
    first = (n + 1) // 2
    return np.sort(order[:first] if number % 2 else order[first:])


def start_of(
    points: np.ndarray,
    clustering: Clustering,
    number: int,
    run: int,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Return the start (k, d) of a run on the drawn ``points`` (m, d) with ``weights`` (m,)."""
    return _start(points, weights, clustering, _generator(clustering, number, run))


def clustered(
    X: np.ndarray,
    clustering: Clustering,
    numbers: Sequence[int],
    way: str,
    go_on: Callable[[], bool] = lambda: True,
    weights: np.ndarray | None = None,
) -> list[ClusteredResample] | None:
    """Draw and cluster resamples of X (n, d); None if ``go_on`` returned False.

    Rows are drawn alike whatever their ``weights`` (n,), and take these with them: a row of weight
    3 is one observation, not three.
    """
    drawn = [drawn_rows(len(X), number, way, clustering.seed) for number in numbers]
    runs = []
    for number, rows in zip(numbers, drawn, strict=True):
        points = X[rows] if number else X
        own = None if weights is None else weights[rows]
        for run in range(clustering.runs):
            generator = _generator(clustering, number, run)
            start = _start(points, own, clustering, generator)
            runs.append(ResampledRun(rows, start, generator))
        if not go_on():
            return None
    found = resampled.ends(
        X,
        runs,
        max_iterations=clustering.max_iterations,
        tolerance=clustering.tolerance,
        empty=clustering.empty,
        go_on=go_on,
        weights=weights,
    )
    if found is None:
        return None
    centroids, inertia = found
    result = []
    for i, number in enumerate(numbers):
        first = i * clustering.runs
        some = inertia[first : first + clustering.runs]
        best = first + int((some <= some.min() * (1 + _EQUAL)).argmax())
        result.append(
            ClusteredResample(
                number, drawn[i], runs[best].start, centroids[best], float(inertia[best])
            )
        )
    return result


def expected(n: int, clusters: int) -> float:
    """Estimate the seconds of runs on resamples of n rows whose numbers of clusters add up to this.

    On 5,000 to 100,000 rows of 2 to 8 features, each row and cluster takes 20 to 80 ns of a run.
    """
    return _COST * n * clusters


def at_a_time(n: int, k: int, d: int, runs: int) -> int:
    """Return how many resamples are best clustered in one call: as many as are reported at once."""
    return max(1, min(10, resampled.together(n, k, d) // runs))


def _generator(clustering: Clustering, number: int, run: int) -> np.random.RandomState:
    seed = (clustering.seed + number * clustering.runs + run) % 2**32
    return np.random.RandomState(seed)


def _start(
    points: np.ndarray,
    weights: np.ndarray | None,
    clustering: Clustering,
    generator: np.random.RandomState,
) -> np.ndarray:
    size = max(_SAMPLE, 32 * clustering.k)
    if len(points) > max(_MANY, size):
        rows = generator.randint(len(points), size=size)
        points, weights = points[rows], None if weights is None else weights[rows]
    return initialise(points, clustering.k, clustering.init, generator, weights=weights)
