"""K-Means as a class: one method per conceptual step, and the history of every run."""

from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any, Self

import numpy as np

from kmeans_tui.clustering import checks, kernels, relocation
from kmeans_tui.clustering.engines import engine_for
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.initialisation import STARTS, initialise
from kmeans_tui.clustering.lloyd import lloyd
from kmeans_tui.clustering.steps import Step, StoppedBy
from kmeans_tui.clustering.stillness import Stillness
from kmeans_tui.clustering.watched_start import WatchedStart, watched_start
from kmeans_tui.vocabulary import EMPTY_RULES


class KMeans:
    """K-Means by Lloyd's iteration (Lloyd 1957, published 1982), with its complete history.

    Parameters
    ----------
    k : number of clusters, 1 to the number of points.
    max_iterations : maximum number of updates.
    tolerance : converged when every centroid moves less than this, in the units of the data; if
        their spread is below 1, less than this share of it (``stillness.limit``). 0 requires that
        none moves at all.
    init : "random" (k distinct points), "partition", "k-means++", "farthest", or the first
        centroids as an array (k, d).
    empty : how a cluster without points is handled. "farthest": the point farthest from its
        centroid takes over, as in scikit-learn; "random": its centroid moves to a random point.
    random_state : None draws from numpy's global legacy generator (``np.random.seed``), an int from
        a new ``RandomState`` in every fit, a ``RandomState`` from itself.
    improve : at the end, move centroids that are hardly needed to clusters that deserve two, until
        that no longer helps (``swap``). Then ``max_iterations`` limits each stretch between swaps.

    After ``fit``
    -------------
    centroids : (k, d), the final ones; labels : (n,) int, the cluster of every point.
    iterations : updates performed; stopped_by : "converged", "max_iterations" or "cancelled".
    history : ``History``, one snapshot more than updates. Each fit starts a new one.

    Before, ``centroids`` and ``labels`` are None. Every method raises ``ValueError``, one sentence
    with the remedy, for unusable parameters or points.
    """

    def __init__(
        self,
        k: int = 3,
        max_iterations: int = 100,
        tolerance: float = 1e-4,
        init: str | np.ndarray = "random",
        empty: str = "farthest",
        random_state: int | np.random.RandomState | None = None,
        improve: bool = False,
    ) -> None:
        self.k = k
        self.max_iterations = max_iterations
        self.tolerance = tolerance
        self.init, self.empty = init, empty
        self.random_state = random_state
        self.improve = improve
        self.centroids: np.ndarray | None = None
        self._labels: np.ndarray | None = None
        self._check_parameters()
        self.history = History(0, k, 0)

    def _check_parameters(self) -> None:
        checks.whole_number("k", self.k)
        checks.whole_number("max_iterations", self.max_iterations)
        checks.tolerance(self.tolerance)
        if isinstance(self.init, str):
            checks.one_of("init", self.init, (*STARTS,))
        checks.one_of("empty", self.empty, EMPTY_RULES)
        checks.random_state(self.random_state)

    @property
    def iterations(self) -> int:
        """Updates performed in the latest run; 0 before the first."""
        return self.history.iterations

    @property
    def stopped_by(self) -> StoppedBy | None:
        """Why the latest run ended; None before it has."""
        return self.history.stopped_by

    @property
    def labels(self) -> np.ndarray | None:
        """(n,) int, the cluster of every point after the latest run; None before its end."""
        # Built on demand: eight bytes per point, as much as the whole history takes.
        if self._labels is None and self.centroids is not None:
            self._labels = self.history[-1].labels.astype(np.intp)
        return self._labels

    @property
    def weights(self) -> np.ndarray | None:
        """(n,) how much each point of the latest run counts; None if all count alike."""
        return self.history.weights

    # The conceptual steps, each callable by itself.

    def initialise_centroids(self, X: Any, weights: Any = None) -> np.ndarray:
        """Return the initial centroids, (k, d), by the rule ``init``."""
        points = self._points(X)
        mass = checks.weights(weights, len(points), self.k)
        return self._start(points, checks.generator(self.random_state), mass)

    def watched_start(self, X: Any, weights: Any = None) -> WatchedStart:
        """Return the initial centroids draw by draw, the same as of ``fit`` from the same state.

        Raises ``ValueError`` if they are given and not drawn.
        """
        self._check_parameters()
        if not isinstance(self.init, str):
            raise ValueError("the initial centroids are given: nothing is drawn")
        return watched_start(X, self.k, self.init, self.random_state, weights)

    def assign_clusters(self, X: Any, centroids: Any) -> np.ndarray:
        """Return the nearest centroid of every point, (n,) int; the lower number wins a tie."""
        points = checks.points(X)
        places = checks.places("centroids", centroids, None, points.shape[1])
        return kernels.assign(points, places)[0].astype(np.intp)

    def update_centroids(self, X: Any, labels: Any, centroids: Any = None) -> np.ndarray:
        """Return the mean of every cluster, (k, d), and empty clusters by the rule ``empty``.

        ``labels`` (n,) are whole numbers from 0 to k - 1; ``centroids`` (k, d) those the points
        were assigned to, by default the fitted ones. They are needed only for empty clusters.
        """
        points = checks.points(X)
        numbers = checks.labels(labels, len(points), self.k)
        places = self.centroids if centroids is None else centroids
        if places is None:
            if len(np.unique(numbers)) < self.k:
                raise ValueError(
                    "a cluster has no points and there are no centroids yet to replace it; "
                    "pass the current centroids"
                )
            places = np.zeros((self.k, points.shape[1]))
        places = checks.places("centroids", places, self.k, points.shape[1])

        def means(here: np.ndarray, rows: Any = (), clusters: Any = ()) -> np.ndarray:
            taken = numbers.copy()
            taken[np.asarray(rows, np.intp)] = clusters
            return kernels.means(points, taken, kernels.sizes(taken, self.k), here)

        empty = np.flatnonzero(kernels.sizes(numbers, self.k) == 0)
        if not len(empty):
            return means(places)
        rng = checks.generator(self.random_state)
        return relocation.update(
            means, points, numbers, empty, places, self.empty, rng, iteration=0
        )[0]

    def has_converged(self, old: Any, new: Any) -> bool:
        """Whether every centroid moved less than the tolerance, or none at all; both (k, d).

        If the points of the latest run have a spread below 1, its scaled tolerance applies.
        """
        ways = np.asarray(new, float) - np.asarray(old, float)
        largest = float(np.linalg.norm(ways, axis=1).max())
        within = self.history.tolerance
        return largest < (self.tolerance if within is None else within) or largest == 0

    # The run.

    def steps(self, X: Any, weights: Any = None) -> Generator[Step, None, None]:
        """Run on X (n, d), yielding each half step: assign, update, assign, …, assign.

        ``weights`` (n,) are those of ``fit``.

        ``history`` is new and grows by a snapshot with every assignment. If the generator is closed
        or dropped early, the run is kept up to that point, with ``stopped_by`` "cancelled".
        """
        run = self._run(X, weights)
        history = self.history
        with closing(run):
            for number in run:
                if number is not None:
                    yield history.half_step(number)

    def fit(
        self,
        X: Any,
        progress: Callable[[Step], bool | None] | None = None,
        weights: Any = None,
    ) -> Self:
        """Run on X (n, d) to the end. ``progress`` gets every half step; False cancels the run.

        Labels and centroids still match then: an update without assignment is dropped.

        ``weights`` (n,) say how much each point counts: numbers of at least 0, not only whole ones.
        A point of weight 3 counts like three equal points, one of 0 is only labelled. So centroids
        are weighted means and the inertia is a weighted sum; memory does not grow with the weights.
        """
        run = self._run(X, weights)
        history, known = self.history, 0
        for number in run:
            # While a swap is looked for, the latest half step is reported again.
            known = known if number is None else number
            if progress is not None and progress(history.half_step(known)) is False:
                run.close()
        return self

    def _run(self, X: Any, weights: Any) -> Generator[int | None, None, None]:
        """Check all and return a generator that runs and yields the numbers of the half steps.

        It yields None where it may only be stopped.
        """
        points = self._points(X)
        mass = None if weights is None else checks.weights(weights, len(points), self.k)
        if not isinstance(self.init, str):
            checks.places("init", self.init, self.k, points.shape[1])
        self.centroids = self._labels = None
        self.history = History(len(points), self.k, points.shape[1], mass)
        self.history.remember(points, self.tolerance)
        return self._recorded(points, self.history)

    def _recorded(self, X: np.ndarray, history: History) -> Generator[int | None, None, None]:
        rng = checks.generator(self.random_state)
        weights = history.weights
        start, engine = self._start(X, rng, weights), engine_for(X, self.k, weights)
        is_still = Stillness(self.tolerance, X, weights)
        try:
            yield from lloyd(
                engine,
                X,
                start,
                history,
                self.max_iterations,
                is_still,
                self.empty,
                rng,
                weights,
            )
            if self.improve:
                from kmeans_tui.clustering import swap

                yield from swap.improve(engine, X, history, self.max_iterations, is_still)
        finally:
            if history:
                self.centroids = history[-1].centroids.copy()

    # The result.

    def predict(self, X: Any) -> np.ndarray:
        """Return the nearest fitted centroid for every row of X, (n,) int."""
        return self.assign_clusters(X, self._fitted())

    def inertia(self, X: Any) -> float:
        """Return the sum of squared distances from the rows of X to their nearest centroids."""
        centroids = self._fitted()
        points = checks.points(X)
        return kernels.assign(points, checks.places("centroids", centroids, None, points.shape[1]))[
            1
        ]

    def _fitted(self) -> np.ndarray:
        if self.centroids is None:
            raise ValueError("there are no centroids yet; call fit(X) first")
        return self.centroids

    def _points(self, X: Any) -> np.ndarray:
        """Return X, checked against the parameters, as (n, d) float32 or float64."""
        self._check_parameters()
        points = checks.points(X)
        checks.enough_rows(points, self.k)
        return points

    def _start(
        self, X: np.ndarray, rng: np.random.RandomState, weights: np.ndarray | None = None
    ) -> np.ndarray:
        if isinstance(self.init, str):
            return initialise(X, self.k, self.init, rng, weights=weights)
        return checks.places("init", self.init, self.k, X.shape[1])
