"""The gap statistic of Tibshirani, Walther and Hastie (2001)."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from kmeans_tui.analysis.case_weights import copies, rows_of
from kmeans_tui.analysis.reference_runs import ManySets
from kmeans_tui.analysis.rounding import centred

# The spread of log(inertia) over sets of 1,000 rows is at most 0.02; more rows only cost time.
ROWS: Final = 1000
# The spread falls with the rows of a set, and the error of its mean with the rows of all sets: with
# 25,000 it is at most 0.005, a tenth of the standard error of 150 rows.
_TOGETHER: Final = 25_000
_FEWEST, _MOST = 25, 100
# A reference whose inertia falls by more has as many clusters as rows, up to rounding.
_NOTHING: Final = 1e-12


def sets_of(rows: int) -> int:
    """Return how many reference sets of this many rows are drawn: 25 to 100."""
    return max(_FEWEST, min(_MOST, _TOGETHER // rows))


class Reference:
    """Sets of points without clusters, shaped like X, to compare its inertia with.

    25 to 100 sets of at most 1,000 rows, drawn from ``seed`` uniformly in the box that encloses X
    along its principal components (the paper's reference (b)). Each is clustered from ``starts``
    starts for each k: from random rows if ``drawn``, else continuing from k - 1, which ends as low
    as k-means++ does or lower.

    With ``weights`` (n,) the sets have as many rows as X has copies, still at most 1,000: what they
    are compared with is a table with every row repeated.
    """

    def __init__(
        self,
        X: np.ndarray,
        seed: int,
        starts: int = 3,
        weights: np.ndarray | None = None,
        *,
        drawn: bool = False,
    ) -> None:
        rng = np.random.RandomState(seed)
        counts = copies(weights)
        self._n = len(X) if weights is None else float(weights.sum())
        self._rows = min(round(rows_of(len(X), counts)), ROWS)
        points, self._exponent = centred(X, counts)
        low, high = _box(points, counts)
        # Turned along the components: distances are the same.
        sets = rng.uniform(low, high, (sets_of(self._rows), self._rows, len(low)))
        self._sets = ManySets(sets, starts, rng, drawn=drawn)

    def gap(
        self, k: int, inertia: float, go_on: Callable[[], bool] = lambda: True
    ) -> tuple[float, float] | None:
        """Return Gap(k) and its standard error s(k) for the ``inertia`` of X in k clusters.

        The gap is how much smaller log(inertia) is than the average on the reference. None if
        inertia is 0, the reference has fewer rows than k, or ``go_on`` returned False.
        """
        if inertia <= 0 or k > self._rows:
            return None
        whole, found = self._sets.inertia(1, go_on), self._sets.inertia(k, go_on)
        if whole is None or found is None or (found <= _NOTHING * whole).any():
            return None
        logs = np.log(found)
        # Inertia is a sum over the rows, and the sets may have fewer than X.
        expected = float(logs.mean()) + float(np.log(self._n / self._rows))
        error = float(logs.std()) * float(np.sqrt(1 + 1 / len(logs)))
        # The sets have the scale of X times a power of two.
        own = float(np.log(inertia)) + 2 * self._exponent * float(np.log(2))
        return expected - own, error


def _box(points: np.ndarray, counts: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the bounds of centred points (n, d) along their principal components, (r,) each.

    O(n d min(n, d)): n points have n - 1 components, and a d × d matrix takes 2 GB for 7,000
    features.
    """
    n, d = points.shape
    if d <= n:
        heavy = points if counts is None else points * counts[:, np.newaxis]
        axes = np.linalg.eigh(points.T @ heavy)[1]
        scores = points @ axes
        return scores.min(axis=0), scores.max(axis=0)
    heavy = points if counts is None else points * np.sqrt(counts)[:, np.newaxis]
    squares, sides = np.linalg.eigh(heavy @ heavy.T)
    kept = squares > n * np.finfo(np.float64).eps * squares[-1]
    kept[-1] = True
    lengths = np.sqrt(np.maximum(squares[kept], 0.0))
    scores = sides[:, kept] * lengths
    if counts is not None:
        scores = points @ (heavy.T @ sides[:, kept] / np.maximum(lengths, np.finfo(float).tiny))
    return scores.min(axis=0), scores.max(axis=0)


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
