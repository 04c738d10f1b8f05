"""The gap statistic of Tibshirani, Walther and Hastie (2001)."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from kmeans_tui.analysis.rounding import centred
from kmeans_tui.clustering.ends import from_starts
from kmeans_tui.clustering.initialisation import plus_plus

SETS = 20
# The spread of log(inertia) over sets of 1,000 rows is at most 0.02; more rows only cost time.
ROWS = 1000


class Reference:
    """Sets of points without clusters, shaped like X, to compare its inertia with.

    ``SETS`` sets of at most ``ROWS`` rows, drawn uniformly from the box that encloses X along its
    principal components (the paper's reference (b)), drawn from ``seed``.
    """

    def __init__(self, X: np.ndarray, seed: int) -> None:
        rng = np.random.RandomState(seed)
        self._n = len(X)
        rows = min(self._n, ROWS)
        points, self._exponent = centred(X)
        low, high, axes = _box(points)
        self._sets = [rng.uniform(low, high, (rows, len(low))) for _ in range(SETS)]
        if axes is not None:
            self._sets = [np.ascontiguousarray(each @ axes) for each in self._sets]
        self._seed = seed

    def gap(
        self, k: int, inertia: float, go_on: Callable[[], bool] = lambda: True
    ) -> tuple[float, float] | None:
        """Return Gap(k) and its standard error s(k) for the ``inertia`` of X in k clusters.

        The gap is how much smaller log(inertia) is than the average on the reference. None if
        inertia is 0, the reference has fewer rows than k, or ``go_on`` returned False.
        """
        if inertia <= 0 or k > len(self._sets[0]):
            return None
        logs = []
        for number, points in enumerate(self._sets):
            rng = np.random.RandomState((self._seed + number) % 2**32)
            found = from_starts(
                points,
                plus_plus(points, k, rng)[np.newaxis],
                max_iterations=100,
                # A thousandth of the spread: less does not change the third digit of inertia.
                tolerance=1e-3 * float(points.std()),
                empty="farthest",
                generators=[rng],
                go_on=go_on,
            )
            if found is None or found.inertia[0] <= 0:
                return None
            logs.append(float(np.log(found.inertia[0])))
        # Inertia is a sum over the rows, and the sets may have fewer than X.
        expected = float(np.mean(logs)) + float(np.log(self._n / len(self._sets[0])))
        error = float(np.std(logs)) * float(np.sqrt(1 + 1 / SETS))
        # The sets have the scale of X times a power of two.
        own = float(np.log(inertia)) + 2 * self._exponent * float(np.log(2))
        return expected - own, error


def _box(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Return the bounds of centred points (n, d) along their principal components.

    The bounds are (r,) each, the components (r, d) lead back; they are None if there are more
    features than rows. Distances along the components are the same, and n points have n - 1 of
    them: O(n² d) and n numbers per row, while a d × d matrix takes 2 GB for 7,000 features.
    """
    n, d = points.shape
    if d <= n:
        axes = np.linalg.eigh(points.T @ points)[1]
        scores = points @ axes
        return scores.min(axis=0), scores.max(axis=0), axes.T
    squares, sides = np.linalg.eigh(points @ points.T)
    kept = squares > n * np.finfo(np.float64).eps * squares[-1]
    kept[-1] = True
    scores = sides[:, kept] * np.sqrt(np.maximum(squares[kept], 0.0))
    return scores.min(axis=0), scores.max(axis=0), None


def one_standard_error(
    ks: Sequence[int], gaps: Sequence[float | None], errors: Sequence[float | None]
) -> int | None:
    """Return the smallest k with Gap(k) >= Gap(k + 1) - s(k + 1); None if there is none.

    A perfect k has an infinite gap, and is chosen.
    """
    perfect = [k for k, gap in zip(ks, gaps, strict=True) if gap == math.inf]
    if perfect:
        return min(perfect)
    found = {
        k: (gap, error)
        for k, gap, error in zip(ks, gaps, errors, strict=True)
        if gap is not None and error is not None
    }
    for k in sorted(found):
        if k + 1 in found and found[k][0] >= found[k + 1][0] - found[k + 1][1]:
            return k
    return None
