"""K-Means with its history as a scikit-learn estimator, a drop-in for ``sklearn.cluster.KMeans``.

Every parameter has the same meaning as there, including ``tol``, and equal starts end with the same
labels after the same number of iterations, unless a point is exactly as near to two centroids. What
is new is ``history_``, the complete recording, at negligible cost.
"""

import warnings
from functools import partial
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    ClusterMixin,
    TransformerMixin,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions, validate_parameter_constraints
from sklearn.utils.validation import (
    _check_sample_weight,
    check_is_fitted,
    validate_data,
)

from kmeans_tui.clustering import checks, kernels
from kmeans_tui.clustering.engines import engine_for, sparse
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.runs import runs
from kmeans_tui.clustering.seeding import seeding
from kmeans_tui.clustering.sparse_rows import Points, SparseRows, best_kept


class TracedKMeans(
    ClassNamePrefixFeaturesOutMixin,  # type: ignore[misc]  # scikit-learn comes without types
    TransformerMixin,  # type: ignore[misc]
    ClusterMixin,  # type: ignore[misc]
    BaseEstimator,  # type: ignore[misc]
):
    """K-Means (Lloyd 1957/1982) that keeps every iteration.

    Parameters
    ----------
    n_clusters : clusters, at most as many as samples.
    init : "k-means++", "random", the first centres (n_clusters, n_features), or a function of
        (X, n_clusters, random_state) that gives them.
    n_init : runs from different starts, of which the one with the lowest inertia is kept; "auto" is
        10 for "random" and functions, else 1.
    max_iter : maximum number of iterations of a run.
    tol : converged when the sum of the squared shifts of the centres is at most this share of the
        mean variance of the features; 0 requires that no label changes.
    verbose : 1 prints the inertia of every iteration, and why a run ended.
    random_state : None, an int, or a ``RandomState``, for the starts.
    copy_x : accepted but not needed: X is never modified.
    algorithm : "lloyd" or "elkan", with the same history; both use the fastest engine for the size
        of X.
    n_jobs : parallel runs, in threads that share the prepared points; None is 1, -1 one per core.
        The results are the same.

    X can be sparse. It stays sparse if that is faster or if a dense copy does not fit in memory;
    the history is the same.

    If samples have weights or rows are repeated, the starts are drawn from the sorted distinct
    rows. A weight of 3 then has exactly the effect of three copies, in any row order.

    After ``fit``
    -------------
    cluster_centers_ (n_clusters, n_features) in the float type of X, labels_ (n_samples,),
    inertia_, n_iter_, n_features_in_, and feature_names_in_ if X had names.
    history_ : ``History`` of the kept run; ``history_[i].centroids`` are the centres after i
        iterations in float64, ``history_.save(path)`` writes a file for ``kmeans-tui path``.
    """

    _parameter_constraints = {  # noqa: RUF012  # as scikit-learn reads them, in its words
        "n_clusters": [Interval(Integral, 1, None, closed="left")],
        "init": [StrOptions({"k-means++", "random"}), callable, "array-like"],
        "n_init": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "tol": [Interval(Real, 0, None, closed="left")],
        "verbose": ["verbose"],
        "random_state": ["random_state"],
        "copy_x": ["boolean"],
        "algorithm": [StrOptions({"lloyd", "elkan"})],
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        n_init: int | str = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        verbose: int = 0,
        random_state: Any = None,
        copy_x: bool = True,
        algorithm: str = "lloyd",
        n_jobs: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.verbose = verbose
        self.random_state = random_state
        self.copy_x = copy_x
        self.algorithm = algorithm
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Run on X (n_samples, n_features); ``y`` is ignored."""
        self._check_parameters()
        jobs = checks.jobs(self.n_jobs)
        given = self._checked(X)
        k, n = self.n_clusters, given.shape[0]
        if n < k:
            raise ValueError(f"n_samples={n} should be >= n_clusters={k}: choose fewer clusters")
        self._n_init = self._runs()
        weights = self._weights(sample_weight, given)
        rng = check_random_state(self.random_state)
        points = given if isinstance(given, np.ndarray) else best_kept(given)
        stillness = self.tol * _mean_variance(points)
        draw = seeding(self.init, k, given, points, weights)
        done = runs(
            engine_for(points, k, weights),
            points,
            (draw(rng) for _ in range(self._n_init)),
            self.max_iter,
            lambda ways: sum(way * way for way in ways) <= stillness,
            rng,
            min(jobs, self._n_init),
            watch=partial(_print, stillness) if self.verbose else None,
            weights=weights,
        )
        best: History | None = None
        for history in done:
            if best is None or _is_better(history, best):
                best = history
        assert best is not None
        best.remember(given)
        self.history_, last = best, best[-1]
        self.cluster_centers_ = last.centroids.astype(points.dtype)
        self.labels_ = last.labels.astype(np.int32)
        self.inertia_ = last.inertia
        self.n_iter_ = best.iterations
        self._n_features_out = self.n_clusters
        found = np.count_nonzero(last.sizes)
        if found < self.n_clusters:
            warnings.warn(
                f"Number of distinct clusters ({found}) found smaller than n_clusters "
                f"({self.n_clusters}). Possibly due to duplicate points in X.",
                ConvergenceWarning,
                stacklevel=2,
            )
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Return the nearest centre of every sample, (n_samples,) int32; the lower wins a tie."""
        points, centres = self._known(X), self._exact_centres()
        if isinstance(points, SparseRows):
            return sparse.nearest(points, centres).astype(np.int32)
        return kernels.assign(points, centres)[0].astype(np.int32)

    def fit_predict(self, X: Any, y: Any = None, sample_weight: Any = None) -> np.ndarray:
        """Fit and return the labels."""
        return self.fit(X, sample_weight=sample_weight).labels_

    def transform(self, X: Any) -> np.ndarray:
        """Return the distance of every sample to every centre, (n_samples, n_clusters)."""
        points = self._known(X)
        centres = np.ascontiguousarray(self.cluster_centers_, dtype=np.float64)
        if isinstance(points, SparseRows):
            return sparse.distances(points, centres)
        distances = np.empty((len(points), len(centres)), points.dtype)
        for part, squared in kernels.blocks(points, centres):
            distances[part] = np.sqrt(squared).T
        return distances

    def fit_transform(self, X: Any, y: Any = None, sample_weight: Any = None) -> np.ndarray:
        """Fit and return the distances."""
        return self.fit(X, sample_weight=sample_weight).transform(X)

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """Return minus the inertia of X: larger is better."""
        points, centres = self._known(X), self._exact_centres()
        weights = self._weights(sample_weight, points)
        if isinstance(points, SparseRows):
            engine = engine_for(points, len(centres), weights)
            engine.start(centres)
            return -engine.inertia(centres)
        return -kernels.inertia_of(points, kernels.assign(points, centres)[0], centres, weights)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def _check_parameters(self) -> None:
        # scikit-learn's _validate_params takes 45 µs, a tenth of a fit of 300 points; unchanged
        # parameters need no check.
        defaults = TracedKMeans.__init__.__kwdefaults__ or {}
        values = {name: getattr(self, name) for name in self._parameter_constraints}
        changed = {name: v for name, v in values.items() if v is not defaults.get(name)}
        validate_parameter_constraints(
            self._parameter_constraints, changed, caller_name=type(self).__name__
        )

    def _checked(self, X: Any, **how: Any) -> Any:
        """Return X as an array in C order or a CSR matrix, of float64 or float32."""
        return validate_data(
            self,
            X,
            accept_sparse="csr",
            accept_large_sparse=False,
            dtype=(np.float64, np.float32),
            order="C",
            **how,
        )

    def _known(self, X: Any) -> Points:
        check_is_fitted(self)
        found = self._checked(X, reset=False)
        return found if isinstance(found, np.ndarray) else best_kept(found)

    def _exact_centres(self) -> np.ndarray:
        """``cluster_centers_`` in float64, before they were rounded to the float type of X."""
        exact = self.history_[-1].centroids
        if np.array_equal(exact.astype(self.cluster_centers_.dtype), self.cluster_centers_):
            return exact
        return np.ascontiguousarray(self.cluster_centers_, dtype=np.float64)

    def _runs(self) -> int:
        """Return how many runs to do, and warn about parameters that are ignored."""
        if self.algorithm == "elkan" and self.n_clusters == 1:
            warnings.warn(
                "algorithm='elkan' doesn't make sense for a single cluster. Using 'lloyd' instead.",
                RuntimeWarning,
                stacklevel=3,
            )
        if not isinstance(self.init, str) and not callable(self.init):
            if self.n_init not in ("auto", 1):  # every run from given centres is the same
                warnings.warn(
                    "Explicit initial center position passed: performing only one init in "
                    f"{type(self).__name__} instead of n_init={self.n_init}.",
                    RuntimeWarning,
                    stacklevel=3,
                )
            return 1
        if self.n_init == "auto":
            return 1 if self.init == "k-means++" else 10
        return int(self.n_init)

    @staticmethod
    def _weights(sample_weight: Any, X: Any) -> np.ndarray | None:
        """Return the weights (n,) float64, or None if all are 1."""
        if sample_weight is None:
            return None
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64)
        if weights.min() < 0:
            raise ValueError("Negative values in sample_weight: give weights of at least 0")
        if not weights.any():
            raise ValueError("Sample weights must contain at least one non-zero number.")
        return None if (weights == 1).all() else weights


def _mean_variance(points: Points) -> float:
    if isinstance(points, SparseRows):
        return float(points.variances().mean())
    return float(np.var(points, axis=0, dtype=np.float64).mean())


def _print(stillness: float, history: History, step: int) -> None:
    """Print what scikit-learn prints about half step ``step``; iterations count from 0."""
    if step == 0:
        print("Initialization complete")
    if step == 0 or step % 2 == 1:
        return
    ended = step // 2 - 1
    print(f"Iteration {ended}, inertia {history[ended].inertia}.")
    if history.stopped_by == "converged":
        way = float((history[-1].shifts ** 2).sum())
        why = f"center shift {way} within tolerance {stillness}" if way else "strict convergence"
        print(f"Converged at iteration {ended}: {why}.")


def _is_better(history: History, best: History) -> bool:
    """Whether a run ended lower, and not in the same clusters up to rounding and numbering."""
    if history[-1].inertia >= best[-1].inertia:
        return False
    both = best[-1].labels.astype(np.int64) * best.k + history[-1].labels
    pairs = len(np.unique(both))
    mine, theirs = (np.count_nonzero(each[-1].sizes) for each in (history, best))
    return not pairs == mine == theirs
