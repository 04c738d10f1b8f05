"""Beyond the end of a run: the centroid that is needed least goes where two are deserved.

Lloyd's iteration ends in a local optimum: two centroids share one group while one holds two. Moving
one of them there, and iterating again, leaves it (Fränti and Kivijärvi 2000, with random swaps).
Here nothing is random. What a centroid is needed for is exact: the sum, over its points, of how
much farther the second nearest is. What a cluster would save with two is exact for its halves
across its principal axis. So of all pairs those that promise most are tried first, and a pair that
promises more than nothing is certain unless the two are neighbours: on sets of 31 to 100 clusters
no kept swap needed a second try, and ten are enough to find that none helps.

A try iterates among the clusters around the two alone: of 100 clusters about 14 take part, a
fiftieth of the distances. A swap that helps there helps everywhere, because the other points may
only come nearer. The kept swap is recorded with the whole iterations that follow it.

Of few points all pairs are tried, each among all clusters: on 150 flowers of four features and k
from 8 to 10, ten tries end up to 2 % above the best known inertia, all pairs up to 0.9 %, and among
all clusters within 0.3 %, from any of 40 times ten starts.

The method is that of ``textbook_swaps``, points counting by the weights of the history. Nothing is
drawn, and an empty cluster takes over the farthest point whatever the rule of the run.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import numpy as np

from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.batch import Ends
from kmeans_tui.clustering.engines import Engine, engine_for
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.lloyd import iterations
from kmeans_tui.clustering.steps import Step, StoppedBy, Swap
from kmeans_tui.clustering.stillness import Stillness
from kmeans_tui.clustering.textbook_swaps import FEW, LESS, STEPS, TRIES, WIDE, WORK, split
from kmeans_tui.clustering.textbook_weights import weighted_split

# Rows whose distances to all centroids are computed by one product.
_ROWS = 4096


def improve(
    engine: Engine,
    X: np.ndarray,
    history: History,
    max_iterations: int,
    is_still: Callable[[list[float]], bool],
) -> Generator[int | None, None, None]:
    """Swap and iterate from the end of the run in ``history`` on X (n, d), until no swap helps.

    Yields the numbers of new half steps once they are certain to stay, and None where the search
    may be stopped. ``engine`` holds the points; each stretch between two swaps has at most
    ``max_iterations`` updates. Closing the generator keeps the swaps that helped.
    """
    ended: StoppedBy = history.stopped_by or "converged"
    history.stopped_by, history.tried = None, None
    stopped_by: StoppedBy = "cancelled"
    sure, settled, since = len(history), True, 0
    rng = np.random.RandomState(0)  # unused: the rule "farthest" draws nothing
    weights = history.weights
    engine.start(history[-1].centroids)
    try:
        while True:
            search, tried = _Search(X, history), 0
            for pair in search.pairs():
                yield None
                if not search.helps(pair):
                    tried += 1
                    continue
                limit = min(STEPS, max_iterations)
                yield from _recorded(engine, X, history, search, pair, limit, is_still)
                if not history[-1].inertia < (1 - LESS) * search.inertia:
                    history.cut(sure)
                    engine.start(search.centroids)
                    tried += 1
                    continue
                since = len(history) - sure - 1
                settled = history.stopped_by == "converged" or since == max_iterations
                ended = "converged" if history.stopped_by == "converged" else "max_iterations"
                history.stopped_by = None
                before, sure = sure, len(history)
                yield from range(2 * before - 1, 2 * sure - 1)
                break
            else:
                if settled:
                    history.tried, stopped_by = tried, ended
                    return
                last, limit = history[-1], max_iterations - since
                for number in iterations(
                    engine, X, last.centroids, last.inertia, history, limit, is_still,
                    "farthest", rng, weights,
                ):  # fmt: skip
                    sure = len(history)
                    ended = history.stopped_by or ended
                    yield number
                history.stopped_by, settled = None, True
    finally:
        history.cut(sure)
        history.finish(stopped_by)


def continued(
    X: np.ndarray,
    history: History,
    max_iterations: int,
    tolerance: float,
    progress: Callable[[Step], bool | None] | None = None,
) -> History:
    """Return the run in ``history`` on X (n, d), continued by ``improve``; it stays as it is.

    The parameters are those of ``KMeans.fit``.
    """
    found = history.resume()
    found.stopped_by = history.stopped_by
    found.remember(X, tolerance)
    weights = history.weights
    engine, is_still = engine_for(X, history.k, weights), Stillness(tolerance, X, weights)
    run = improve(engine, X, found, max_iterations, is_still)
    number = 2 * history.iterations
    for each in run:
        number = number if each is None else each
        if progress is not None and progress(found.half_step(number)) is False:
            run.close()
    return found


def from_end(
    X: np.ndarray,
    centroids: np.ndarray,
    labels: np.ndarray,
    inertia: float,
    max_iterations: int,
    is_still: Callable[[list[float]], bool],
    go_on: Callable[[], bool] = lambda: True,
    weights: np.ndarray | None = None,
) -> History | None:
    """Return the way by ``improve`` from the end of a run on X (n, d); None if stopped.

    The end are its ``centroids`` (k, d), ``labels`` (n,) and ``inertia``; it is the snapshot 0.
    """
    k = len(centroids)
    history = History(len(X), k, centroids.shape[1], weights)
    kind = kernels.label_type(k)
    sizes = kernels.sizes(labels, k)
    history.record_start(centroids.copy(), labels.astype(kind), inertia, sizes)
    for _ in improve(engine_for(X, k, weights), X, history, max_iterations, is_still):
        if not go_on():
            return None
    return history


def improved_ends(
    X: np.ndarray,
    ends: Ends,
    max_iterations: int,
    tolerance: float,
    go_on: Callable[[], bool] = lambda: True,
    weights: np.ndarray | None = None,
) -> Ends | None:
    """Return the ends of runs on X (n, d), each improved; None if stopped.

    ``tolerance`` is in the units of X (``stillness.limit``).
    """
    centroids, labels = ends.centroids.copy(), ends.labels.copy()
    inertia, updates, converged = ends.inertia.copy(), ends.updates.copy(), ends.converged.copy()
    for i in range(len(inertia)):

        def is_still(ways: list[float]) -> bool:
            return max(ways) < tolerance or max(ways) == 0

        found = from_end(
            X, centroids[i], labels[i], float(inertia[i]), max_iterations, is_still, go_on, weights
        )
        if found is None:
            return None
        if found.swaps:
            last = found[-1]
            centroids[i], labels[i], inertia[i] = last.centroids, last.labels, last.inertia
            updates[i] += found.iterations
            converged[i] = found.stopped_by == "converged"
    return Ends(centroids, labels, inertia, updates, converged)


def _recorded(
    engine: Engine,
    X: np.ndarray,
    history: History,
    search: "_Search",
    pair: tuple[int, int],
    limit: int,
    is_still: Callable[[list[float]], bool],
) -> Iterator[None]:
    """Record a swap and up to ``limit`` updates after it, yielding None after each half step."""
    places = search.after(pair)
    shifts = np.sqrt(np.add.reduce(np.square(places - search.centroids), axis=1))
    swap = Swap(len(history), *pair, search.share(pair[0]))
    history.record_update(places, shifts, engine.inertia(places), (), swap)
    rows, flips = engine.assign(places)
    inertia = engine.inertia(places)
    history.record_assignment(rows, flips, inertia, engine.sizes())
    yield None
    rng = np.random.RandomState(0)
    for _ in iterations(
        engine, X, places, inertia, history, limit, is_still, "farthest", rng, history.weights
    ):
        yield None


@dataclass(frozen=True, eq=False)
class _Halves:
    """What a cluster would save with two centroids, and the two, (d,) each."""

    saved: float
    first: np.ndarray
    second: np.ndarray


class _Search:
    """Where the centroids at the end of a history are needed least, and where two are deserved."""

    def __init__(self, X: np.ndarray, history: History) -> None:
        last = history[-1]
        self.centroids, self.inertia = last.centroids, float(last.inertia)
        self._X, self._k, self._weights = X, history.k, history.weights
        self._labels = last.labels.astype(np.intp)
        if self._k == 1 or not self.inertia:
            return
        self._nearest = kernels.own_distances(X, self._labels, self.centroids)
        self._second, beyond = _second_nearest(X, self.centroids, self._labels)
        farther = np.maximum(beyond - self._nearest, 0.0)
        if self._weights is not None:
            farther *= self._weights
            self._nearest *= self._weights
        self._needed = np.bincount(self._labels, farther, self._k) / self.inertia
        order = self._labels.argsort(kind="stable")
        ends = np.cumsum(np.bincount(self._labels, minlength=self._k)).tolist()
        self._halves = [
            self._split(order[start:end])
            if end > start
            else _Halves(0.0, self.centroids[0], self.centroids[0])
            for start, end in zip([0, *ends], ends, strict=False)
        ]

    def _split(self, rows: np.ndarray) -> _Halves:
        points = self._X.take(rows, axis=0).astype(np.float64, copy=False)
        if self._weights is None:
            return _Halves(*split(points))
        weights = self._weights.take(rows)
        if not weights.all():
            points, weights = points[weights > 0], weights[weights > 0]
        if not len(weights):
            return _Halves(0.0, self.centroids[0], self.centroids[0])
        return _Halves(*weighted_split(points, weights))

    def share(self, cluster: int) -> float:
        """Return what a centroid is needed for, as a share of the inertia."""
        return float(self._needed[cluster])

    def after(self, pair: tuple[int, int]) -> np.ndarray:
        """Return the centroids (k, d) after the swap of a pair."""
        cluster, into = pair
        places = self.centroids.copy()
        places[into], places[cluster] = self._halves[into].first, self._halves[into].second
        return places

    def pairs(self) -> list[tuple[int, int]]:
        """Return the centroids to move with the clusters to move them to, best first."""
        if self._k == 1 or not self.inertia:
            return []
        # Rounded, so that equal clusters are equal however their sums were added.
        saved = np.array([each.saved for each in self._halves]) / self.inertia
        least = np.sort(np.round(self._needed, 9).argsort(kind="stable")[:WIDE])
        most = np.sort((-np.round(saved, 9)).argsort(kind="stable")[:WIDE])
        most = most[saved[most] > 0]
        net = np.round(saved[most] - self._needed[least, np.newaxis], 9)
        order = (-net).argsort(axis=None, kind="stable")
        width = max(1, len(most))
        cluster, into = least[order // width], most[order % width]
        apart = into != cluster
        limit = max(TRIES, WORK // len(self._X))
        return list(zip(cluster[apart][:limit].tolist(), into[apart][:limit].tolist(), strict=True))

    def helps(self, pair: tuple[int, int]) -> bool:
        """Whether a swap lowers the inertia within ``STEPS`` iterations among those around it."""
        around = np.zeros(self._k, bool)
        around[list(pair)] = True
        for each in pair:
            around[self._second[self._labels == each]] = True
        if len(self._X) <= FEW:
            around[:] = True
        rows = np.flatnonzero(around[self._labels])
        enough = self._nearest[rows].sum() - LESS * self.inertia
        part, places = self._X.take(rows, axis=0), self.after(pair)[around]
        weights = None if self._weights is None else self._weights.take(rows)
        engine = engine_for(part, len(places), weights)
        engine.start(places)
        for _ in range(STEPS):
            if engine.inertia(places) < enough:
                return True
            moved = engine.means(places)
            if (moved == places).all():
                return False
            places = moved
            engine.assign(places)
        return engine.inertia(places) < enough


def _second_nearest(
    X: np.ndarray, centroids: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the second nearest centroid of every point (n,), and its squared distance (n,)."""
    second, beyond = np.empty(len(X), np.intp), np.empty(len(X))
    for part, squared in _blocks(X, centroids):
        columns = np.arange(squared.shape[1])
        squared[labels[part], columns] = np.inf
        second[part] = squared.argmin(axis=0)
        beyond[part] = squared[second[part], columns]
    return second, beyond


def _blocks(X: np.ndarray, centroids: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Yield slices of m rows with their squared distances (k, m): exact with few features.

    With many, by a product relative to the mean, a tenth of the time and off by a few roundings.
    """
    if X.shape[1] < kernels.PAIRWISE:
        yield from kernels.blocks(X, centroids)
        return
    middle = centroids.mean(axis=0)
    places = centroids - middle
    own = np.square(places).sum(axis=1)[:, np.newaxis]
    for start in range(0, len(X), _ROWS):
        rows = X[start : start + _ROWS] - middle
        yield (
            slice(start, start + len(rows)),
            own - 2 * (places @ rows.T) + np.square(rows).sum(axis=1),
        )
