"""The initial centroids.

Every function takes the points ``X`` (n, d), the number of clusters ``k`` (1 to n) and a generator,
and returns new centroids (k, d). The generator is numpy's legacy ``RandomState``, which the article
and scikit-learn also use. ``watch`` is told every draw as it is made; the rows drawn are the same.

With ``weights`` (n,), at least k of them above 0, a row is drawn as often as if it were repeated.
Whole-number weights give "k-means++" and "farthest" the very draws that they make where each row
is repeated as often, its copies next to each other. "random" draws no row twice, as it could of
copies, and "partition" gives all copies of a row to one cluster.
"""

from collections.abc import Callable

import numpy as np

from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.draws import Draw, Rule, Watch, single
from kmeans_tui.clustering.engines.sums import middle
from kmeans_tui.clustering.sparse_rows import Points, SparseDistances, SparseRows
from kmeans_tui.clustering.weighted_draws import by_weight, one_of_the_copies

# Rows that ``one_more`` samples, and rows among them that it chooses from. 2048 and 64 make a sweep
# of 5,000 points 12 % slower and its results 0.03 % lower. Choosing rows in different clusters,
# whatever points they win, leaves twice as many results above 1.01 times scikit-learn's; choosing
# the best of 16 new draws for every start, four times as many.
_SAMPLE, _CANDIDATES = 1024, 32


def random_points(
    X: np.ndarray,
    k: int,
    rng: np.random.RandomState,
    watch: Watch | None = None,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Return k distinct rows of X, all equally likely (Forgy 1965) or by weight: (k, d)."""
    if weights is None:
        rows = rng.choice(len(X), k, replace=False)
    else:
        rows, left = np.empty(k, np.intp), weights.copy()
        for c in range(k):
            rows[c] = by_weight(left, rng)
            left[rows[c]] = 0.0
    if watch is not None:
        for row in rows:
            watch(single(_evenly(weights), row))
    return X[rows].copy()


def random_partition(
    X: np.ndarray,
    k: int,
    rng: np.random.RandomState,
    watch: Watch | None = None,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Return the means of a random partition of the points into k clusters: (k, d).

    Each point draws its cluster independently (Peña, Lozano and Larrañaga 1999, "RA"); then k
    points drawn without replacement go to one cluster each, so that none is empty.
    """
    labels = rng.randint(k, size=len(X)).astype(kernels.label_type(k))
    if weights is None or weights.all():
        labels[rng.choice(len(X), k, replace=False)] = np.arange(k)
    else:
        labels[rng.choice(np.flatnonzero(weights), k, replace=False)] = np.arange(k)
    if watch is not None:
        watch(Draw("partition", np.empty(0, np.intp), labels=labels.copy()))
    nowhere = np.zeros((k, X.shape[1]))
    if weights is not None:
        return kernels.weighted_means(X, labels, weights, nowhere)
    return kernels.means(X, labels, kernels.sizes(labels, k), nowhere)


def plus_plus(
    X: np.ndarray,
    k: int,
    rng: np.random.RandomState,
    watch: Watch | None = None,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Return points drawn far from those already drawn: greedy k-means++, (k, d)."""
    return X[plus_plus_rows(X, k, rng, weights, watch)]


def plus_plus_rows(
    X: Points,
    k: int,
    rng: np.random.RandomState,
    weights: np.ndarray | None = None,
    watch: Watch | None = None,
) -> np.ndarray:
    """Return the rows picked by greedy k-means++, (k,).

    The next point is drawn with a probability proportional to its weight and to the squared
    distance to the nearest point picked so far (Arthur and Vassilvitskii 2007). The greedy variant,
    from the same paper, draws 2 + log k candidates and keeps the one with the smallest sum.
    The draws are those of ``sklearn.cluster.kmeans_plusplus``: the same generator picks the same
    rows.
    """
    n = len(X)
    rows = np.empty(k, np.intp)
    rows[0] = _first_row(n, rng, weights)
    if watch is not None:
        watch(single(_evenly(weights), rows[0]))
    distances = SparseDistances(X) if isinstance(X, SparseRows) else Distances(X)
    candidates = 2 + int(np.log(k))
    # Squared distances to the nearest point picked so far, and their sums over the parts: for the
    # choice made, and for each candidate for the next.
    nearest, sums = np.empty(n), np.empty(len(distances.parts))
    tried_nearest, tried_sums = np.empty((candidates, n)), np.empty((candidates, len(sums)))
    for number, part in enumerate(distances.parts):
        nearest[part] = distances.squared(part, rows[:1])[0]
        sums[number] = nearest[part].sum() if weights is None else nearest[part] @ weights[part]
    for c in range(1, k):
        reached = np.cumsum(sums)
        tried = np.empty(candidates, np.intp)
        for j, drawn in enumerate(rng.uniform(size=candidates) * reached[-1]):
            # The cumulative sums of one part suffice; rounding can put a draw above the last.
            number = min(int(np.searchsorted(reached, drawn)), len(sums) - 1)
            part = distances.parts[number]
            mass = nearest[part] if weights is None else nearest[part] * weights[part]
            before = reached[number - 1] if number else 0.0
            row = part.start + int(np.searchsorted(np.cumsum(mass), drawn - before))
            tried[j] = min(row, n - 1)
        for number, part in enumerate(distances.parts):
            squared = distances.squared(part, tried)
            np.minimum(squared, nearest[part], out=squared)
            tried_nearest[:, part] = squared
            tried_sums[:, number] = (
                squared.sum(axis=1) if weights is None else squared @ weights[part]
            )
        totals = tried_sums.sum(axis=1)
        best = totals.argmin()
        rows[c] = tried[best]
        if watch is not None:
            watch(Draw("squared distance", tried, int(best), totals))
        nearest[:], sums = tried_nearest[best], tried_sums[best].copy()
    return rows


def _first_row(n: int, rng: np.random.RandomState, weights: np.ndarray | None) -> int:
    """Return what ``rng.choice(n, p=…)`` draws, usually without dividing n probabilities."""
    if weights is not None:
        return by_weight(weights, rng)
    drawn = rng.random_sample()
    place = drawn * n
    if abs(place - round(place)) > 1e-9 * n:
        return int(place)
    # Too near a boundary: the rounding of these sums decides.
    sums = np.cumsum(np.full(n, 1.0 / n))
    return int(np.searchsorted(sums / sums[-1], drawn, side="right"))


def _evenly(weights: np.ndarray | None) -> Rule:
    return "uniform" if weights is None else "weight"


class Distances:
    """Squared distances of all points to a few of them, in parts of the rows.

    Up to four features by differences, else as |x|² - 2 x · c + |c|², relative to the mean.
    """

    def __init__(self, X: np.ndarray) -> None:
        n, d = X.shape
        self._X, self._direct = X, d <= 4
        size = 4096 if self._direct else max(256, 32768 // d)
        self.parts = [slice(start, min(n, start + size)) for start in range(0, n, size)]
        if not self._direct:
            self._centre = middle(X)
            self._norms = np.empty(n)
            for part in self.parts:
                x = X[part] - self._centre
                np.einsum("ij,ij->i", x, x, out=self._norms[part])
            # (x - m) · c = x · c - m · c saves the subtraction, unless it cancels digits.
            self._near = float(self._centre @ self._centre) < 1e4 * float(self._norms.mean())

    def squared(self, part: slice, rows: np.ndarray) -> np.ndarray:
        """Return distances from the points of ``part`` to those of ``rows``, (rows, points)."""
        if self._direct:
            return kernels.by_feature(self._X[part], self._X[rows].astype(np.float64))
        places = self._X[rows] - self._centre
        norms = self._norms[rows]
        if self._near:
            squared = (-2.0 * places) @ self._X[part].astype(np.float64, copy=False).T
            norms = norms + 2.0 * places @ self._centre
        else:
            squared = (-2.0 * places) @ (self._X[part] - self._centre).T
        squared += norms[:, np.newaxis]
        squared += self._norms[part]
        return np.maximum(squared, 0.0, out=squared)


def farthest_points(
    X: np.ndarray,
    k: int,
    rng: np.random.RandomState,
    watch: Watch | None = None,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Return a random point, then always the farthest from all so far (Gonzalez 1985): (k, d)."""
    rows = np.empty(k, np.intp)
    rows[0] = rng.randint(len(X)) if weights is None else one_of_the_copies(weights, rng)
    if watch is not None:
        watch(single(_evenly(weights), rows[0]))
    nearest = kernels.distances_to(X, X[rows[0]])
    if weights is not None:
        nearest[weights == 0] = 0.0
    for c in range(1, k):
        rows[c] = nearest.argmax()
        if watch is not None:
            watch(single("farthest", rows[c]))
        np.minimum(nearest, kernels.distances_to(X, X[rows[c]]), out=nearest)
    return X[rows]


def one_more(
    X: np.ndarray,
    labels: np.ndarray,
    centroids: np.ndarray,
    count: int,
    rng: np.random.RandomState,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Return starts for k + 1 clusters from a result for k: its centroids and one more row of X.

    ``labels`` (n,) and ``centroids`` (k, d) are that result; returns (count, k + 1, d) float64.
    From each, inertia can only fall. 32 rows are drawn in proportion to the squared distance to
    their centroid, and the first start takes the one that lowers inertia most, on a sample (the
    step of greedy k-means++, Arthur and Vassilvitskii 2007). Every further start takes the one that
    does so on the points not won by an earlier row: the second best on all points is next to the
    best, and both lead to the same result.
    """
    n = len(X)
    untouched = np.ones(min(n, _SAMPLE))
    if n <= _SAMPLE:
        rows = np.arange(n)
        untouched = untouched if weights is None else weights.copy()
    elif weights is None:
        rows = rng.randint(n, size=_SAMPLE)
    else:
        sums = np.cumsum(weights)
        rows = np.searchsorted(sums, rng.random_sample(_SAMPLE) * sums[-1], side="right")
        rows = np.minimum(rows, n - 1)
    every = untouched.copy()
    sample = X.take(rows, axis=0)
    squared = kernels.own_distances(sample, labels.take(rows), centroids)
    reached = np.cumsum(squared if weights is None else squared * every)
    drawn = np.searchsorted(
        reached, rng.random_sample(max(_CANDIDATES, count)) * reached[-1], side="right"
    )
    candidates = sample.take(np.minimum(drawn, len(sample) - 1), axis=0).astype(np.float64)
    gains = np.empty((len(candidates), len(sample)))
    for part, to_candidates in kernels.blocks(sample, candidates):
        np.maximum(squared[part] - to_candidates, 0.0, out=gains[:, part])
    starts = np.empty((count, len(centroids) + 1, X.shape[1]))
    starts[:, :-1] = centroids
    for start in starts:
        gained = gains @ untouched
        if not gained.any():
            untouched[:] = every
            gained = gains @ untouched
        best = gained.argmax()
        start[-1] = candidates[best]
        untouched[gains[best] > 0] = 0.0
        gains[best] = 0.0
    return starts


STARTS: dict[str, Callable[..., np.ndarray]] = {
    "random": random_points,
    "partition": random_partition,
    "k-means++": plus_plus,
    "farthest": farthest_points,
}


def initialise(
    X: np.ndarray,
    k: int,
    init: str | np.ndarray,
    rng: np.random.RandomState,
    watch: Watch | None = None,
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """Return the start named ``init``, one of ``STARTS``, or a copy of a given array (k, d).

    Raises ``KeyError`` for a name not in ``STARTS``.
    """
    if isinstance(init, str):
        start = STARTS[init](X, k, rng, watch=watch, weights=weights)
    else:
        start = np.array(init)
    return start.astype(np.float64, order="C", copy=False)
