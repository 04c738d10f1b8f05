"""Compare our result with scikit-learn's: match clusters, measure and explain differences."""

import time
import warnings
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from kmeans_tui.analysis.case_weights import copies
from kmeans_tui.analysis.matching import (
    adjusted_rand,
    contingency,
    match_centroids,
    match_counts,
)
from kmeans_tui.analysis.progress import Progress, ProgressListener
from kmeans_tui.clustering import checks, kernels
from kmeans_tui.clustering.ends import from_starts
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.initialisation import initialise
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.words import plural

# "same": both get one start and run until nothing moves. "k-means++": each draws its own from the
# same seed. "defaults": each library's defaults.
STARTS: Final = ("same", "k-means++", "defaults")
Cause = Literal["rounding", "ties", "stop", "optimum"]

# Sums in a different order differ by less; ties are recognised by the same bound.
_ROUNDING: Final = 1e-9
# The most updates to find out whether two results are on the way to the same optimum.
_LONG: Final = 300


@dataclass(frozen=True, eq=False)
class Outcome:
    """One of the two results: ``centroids`` (k, d), ``labels`` (n,) in the matched order."""

    inertia: float
    updates: int
    centroids: np.ndarray
    labels: np.ndarray
    seconds: float


@dataclass(frozen=True, eq=False)
class Truth:
    """Our clusters compared with the known groups.

    ``ari``     adjusted Rand index (Hubert and Arabie 1985), 1 for the same partition, 0 by chance
    ``table``   (groups, k) rows of group i in cluster ``clusters[j]``; matches on the diagonal
    ``right``   rows on that diagonal
    """

    ari: float
    table: np.ndarray
    clusters: np.ndarray
    right: int


@dataclass(frozen=True, eq=False)
class Comparison:
    """Our result compared with scikit-learn's.

    ``agreement`` is the share of points (of their weight) in the same cluster, ``disputed`` the
    other rows,
    ``largest_centroid_gap`` the largest distance between matched centroids. ``kind`` and
    ``verdict`` classify the difference, ``reason`` explains it. ``history`` is our run. ``truth``
    is None if the data have none.
    """

    start: str
    ours: Outcome
    scikit_learn: Outcome
    agreement: float
    disputed: np.ndarray
    largest_centroid_gap: float
    kind: Cause
    verdict: str
    reason: str
    truth: Truth | None
    history: History


def compare(
    X: np.ndarray,
    k: int,
    *,
    start: str = "same",
    init: str | np.ndarray = "random",
    random_state: int = 42,
    max_iterations: int = 100,
    tolerance: float = 1e-4,
    empty: str = "farthest",
    improve: bool = False,
    truth: np.ndarray | None = None,
    progress: ProgressListener[Outcome] | None = None,
    weights: np.ndarray | None = None,
) -> Comparison | None:
    """Run both on X (n, d) from a ``start`` of ``STARTS``; ``truth`` (n,) are the known groups.

    ``init`` is the start that "same" gives to both, by name or as an array (k, d); "defaults" uses
    only the seed of the other parameters. ``improve`` is for ours alone. ``weights`` (n,) are those
    of the rows, for both. ``progress`` gets each side as it is found, ours first; returns None if
    it stops the work. Raises ``ValueError`` for unusable points or parameters.

    Imports scikit-learn, which takes a second the first time, and limits it to one thread.
    """
    checks.one_of("start", start, STARTS)
    model = KMeans(k, max_iterations, tolerance, init, empty, random_state, improve)
    points = checks.points(X)
    checks.enough_rows(points, k)
    if start == "same":
        given = initialise(points, k, init, np.random.RandomState(random_state), weights=weights)
        model = KMeans(k, max_iterations, 0.0, given, empty, random_state, improve)
        theirs: dict[str, Any] = {"init": given, "n_init": 1, "tol": 0.0}
    elif start == "k-means++":
        model.init = "k-means++"
        theirs = {"init": "k-means++", "n_init": 1}
    else:
        model = KMeans(k, random_state=random_state, improve=improve)
        theirs = {}
    if start != "defaults":
        theirs |= {"max_iter": max_iterations, "algorithm": "lloyd"}

    def go_on(doing: str, done: int = 0, row: Outcome | None = None) -> bool:
        return progress is None or progress(Progress(done, 2, doing, row)) is not False

    ours = _ours(model, points, weights, lambda _: go_on("ours"))
    if model.stopped_by == "cancelled" or not go_on("loading scikit-learn", 1, ours):
        return None
    other = _scikit_learn(points, k, {**theirs, "random_state": random_state}, ours, weights)
    if not go_on("scikit-learn", 2, other):
        return None
    disputed = np.flatnonzero(ours.labels != other.labels)
    agreement = 1 - len(disputed) / len(points)
    if weights is not None:
        agreement = 1 - float(weights[disputed].sum() / weights.sum())
    kind = _kind(points, ours, other, disputed, weights)
    return Comparison(
        start=start,
        ours=ours,
        scikit_learn=other,
        agreement=agreement,
        disputed=disputed,
        largest_centroid_gap=float(np.linalg.norm(ours.centroids - other.centroids, axis=1).max()),
        kind=kind,
        verdict=_verdict(kind, ours, other, len(disputed), len(points)),
        reason=_reason(kind, start, model),
        truth=None if truth is None else against_truth(truth, ours.labels, k, weights),
        history=model.history,
    )


def against_truth(
    truth: np.ndarray, labels: np.ndarray, k: int, weights: np.ndarray | None = None
) -> Truth:
    """Return how ``labels`` (n,) of k clusters fit the known groups ``truth`` (n,), from 0.

    The table counts rows; with ``weights`` (n,) the index counts each as so many copies.
    """
    from sklearn.metrics import adjusted_rand_score

    ari: float
    if weights is None:
        ari = float(adjusted_rand_score(truth, labels))
    else:
        ari = adjusted_rand(contingency(truth, labels, int(truth.max()) + 1, k, copies(weights)))
    table = contingency(truth, labels, int(truth.max()) + 1, k)
    clusters = match_counts(table)
    table = table[:, clusters]
    return Truth(ari, table, clusters, int(np.trace(table)))


def _ours(model: KMeans, points: np.ndarray, weights: np.ndarray | None, progress: Any) -> Outcome:
    began = time.perf_counter()
    model.fit(points, progress, weights=weights)
    seconds = time.perf_counter() - began
    last = model.history[-1]
    return Outcome(float(last.inertia), model.iterations, last.centroids, last.labels, seconds)


def _scikit_learn(
    points: np.ndarray,
    k: int,
    parameters: dict[str, Any],
    ours: Outcome,
    weights: np.ndarray | None,
) -> Outcome:
    from sklearn.cluster import KMeans as Theirs
    from sklearn.exceptions import ConvergenceWarning
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1), warnings.catch_warnings():
        # Fewer distinct rows than k: our run has already warned.
        warnings.simplefilter("ignore", ConvergenceWarning)
        began = time.perf_counter()
        model = Theirs(k, **parameters).fit(points, sample_weight=weights)
        seconds = time.perf_counter() - began
    order = match_centroids(ours.centroids, model.cluster_centers_)
    number = np.empty(k, ours.labels.dtype)
    number[order] = np.arange(k)
    return Outcome(
        float(model.inertia_),
        int(model.n_iter_),
        model.cluster_centers_[order],
        number[model.labels_],
        seconds,
    )


def _kind(
    points: np.ndarray,
    ours: Outcome,
    other: Outcome,
    disputed: np.ndarray,
    weights: np.ndarray | None = None,
) -> Cause:
    apart = abs(ours.inertia - other.inertia) / max(ours.inertia, other.inertia, 1e-300)
    if not len(disputed) and apart <= _ROUNDING:
        return "rounding"
    if len(disputed) and apart <= 1e3 * _ROUNDING:
        rows = points[disputed]
        a, b = (
            kernels.own_distances(rows, side.labels[disputed], ours.centroids)
            for side in (ours, other)
        )
        if (np.abs(a - b) <= _ROUNDING * (a + b)).all():
            return "ties"
    rng = np.random.RandomState(0)
    ends = from_starts(
        points,
        np.stack([ours.centroids, other.centroids]),
        max_iterations=_LONG,
        tolerance=0,
        empty="farthest",
        generators=[rng, rng],
        weights=weights,
    )
    assert ends is not None  # nothing asks it to stop
    return "stop" if (ends.labels[0] == ends.labels[1]).all() else "optimum"


def _verdict(kind: Cause, ours: Outcome, other: Outcome, disputed: int, n: int) -> str:
    if kind == "rounding":
        return f"the same to rounding: all {n:,} points are in the same cluster"
    if kind == "ties":
        ties = "1 tie" if disputed == 1 else f"{disputed} ties"
        return f"the same up to {ties}: points equally near to two centroids"
    if kind == "stop":
        return (
            f"on the way to the same optimum, stopped at different steps: {disputed} of {n} points "
            f"differ, "
            f"inertia {ours.inertia:.8g} and {other.inertia:.8g}"
        )
    if ours.inertia == other.inertia:
        return f"a different optimum of the same inertia: {disputed} of {n} points differ"
    better, worse = sorted((ours.inertia, other.inertia))
    who, whom = ("our", "theirs") if ours.inertia > other.inertia else ("their", "ours")
    if worse > 2 * better:
        by = f"{worse / better:.1f} times {whom}" if better > 0 else f"{worse:.3g} and {whom} 0"
    else:
        by = f"{100 * (worse / better - 1):.2g} % above {whom}"
    return f"a different optimum: {disputed} of {n} points differ, {who} inertia is {by}"


def _reason(kind: Cause, start: str, model: KMeans) -> str:
    if start == "defaults":
        starts = (
            "ours starts once from random points and stops when no centroid moves by "
            f"{model.history.tolerance or model.tolerance:.3g}; "
            "scikit-learn starts once with k-means++ (n_init='auto') and stops when the squared "
            "shifts add up to less than 0.0001 of the mean variance"
        )
        return starts if kind != "rounding" else f"{starts}; here that leads to the same end"
    if swaps := len(model.history.swaps):
        return f"at the end of its run, ours goes on with {plural(swaps, 'swap')}"
    events = model.history.events
    if kind in ("rounding", "ties"):
        if start == "k-means++":
            return "the same seed draws the same start in both, and both reach the same end"
        if events:
            return "same start, same rule for empty clusters, and both run until nothing moves"
        return "same start, and both run until nothing moves"
    if model.stopped_by == "max_iterations":
        return f"the limit of {model.max_iterations} updates ended the run before it converged"
    if events and model.empty == "random":
        return "a cluster ran empty: ours replaced it by a random point, theirs by the farthest"
    if start == "k-means++":
        return (
            f"the same seed draws the same start; ours stops when no centroid moves by "
            f"{model.history.tolerance or model.tolerance:.3g}, scikit-learn when the squared "
            "shifts add up to less than 0.0001 of the mean variance"
        )
    return (
        "same start; scikit-learn first subtracts the mean of the data and so rounds differently, "
        "which is enough to break a tie differently on the way"
    )
