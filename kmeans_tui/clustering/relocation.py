"""How empty clusters are handled."""

from collections.abc import Callable

import numpy as np

from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.sparse_rows import Points
from kmeans_tui.clustering.steps import Event
from kmeans_tui.clustering.weighted_draws import one_of_the_copies


def update(
    means: Callable[..., np.ndarray],
    X: Points,
    labels: np.ndarray,
    empty: np.ndarray,
    centroids: np.ndarray,
    rule: str,
    rng: np.random.RandomState,
    iteration: int,
    weights: np.ndarray | None = None,
) -> tuple[np.ndarray, tuple[Event, ...]]:
    """Return the next centroids, (k, d), and one event for every cluster without points.

    ``means`` is that of an ``Engine``; ``X`` (n, d) are the points, ``labels`` (n,) their clusters,
    ``empty`` the clusters without any, ``centroids`` (k, d) the current ones, ``iteration`` the
    number of this update.

    ``rule`` "farthest" moves the points farthest from their centroids, one for each empty cluster,
    out of their clusters before the means are taken (as scikit-learn does in
    ``_relocate_empty_clusters_dense``); if every point coincides with its centroid, the cluster
    stays empty and its centroid stays where it is. "random" moves the centroid to a random point,
    drawn from ``rng``, which still counts in its own cluster's mean.

    With ``weights`` (n,), one of the copies that a point counts for takes over: of a point of
    weight 3, two stay in its cluster, and one of weight 1 or less leaves as a whole. Without them,
    the weights that ``means`` knows of leave as a whole (as in scikit-learn).
    """
    if rule == "random":
        moved = means(centroids)
        if weights is None:
            points = np.array([rng.randint(len(X)) for _ in empty])
        else:
            points = np.array([one_of_the_copies(weights, rng) for _ in empty])
        moved[empty] = X[points]
        return moved, _events(iteration, empty, points, labels)
    points = _farthest(X, labels, centroids, len(empty), weights)
    if len(points):
        moved = means(centroids, points, empty)
        if weights is not None:
            _put_back(moved, X, labels, points, weights)
        return moved, _events(iteration, empty, points, labels)
    stays = tuple(Event("empty", iteration, int(cluster), None, None) for cluster in empty)
    return means(centroids), stays


def _farthest(
    X: Points,
    labels: np.ndarray,
    centroids: np.ndarray,
    count: int,
    weights: np.ndarray | None,
) -> np.ndarray:
    """Return the ``count`` points farthest from their own centroids; none if all coincide.

    A point of weight 0 is never one of them.
    """
    squared = kernels.own_distances(X, labels, centroids)
    # A mean of n equal points can be off by n roundings: three points at 0.1 have the mean
    # 0.10000000000000002. If that counted as a distance, empty clusters would swap places forever.
    terms = X.size
    if weights is not None:
        squared[weights == 0] = -1.0
        terms = max(terms, float(weights.sum()) * X.shape[1])
    rounding = np.finfo(float).eps * terms * float(max(X.max(), -X.min()))
    if squared.max() <= rounding**2:
        return np.empty(0, np.intp)
    return np.argpartition(squared, -count)[-count:][::-1]


def _put_back(
    moved: np.ndarray, X: Points, labels: np.ndarray, points: np.ndarray, weights: np.ndarray
) -> None:
    """Count in the means ``moved`` (k, d) what stays of ``points`` (m,) that left as a whole."""
    taken = labels.astype(np.intp)
    mass = np.bincount(taken, weights, len(moved))
    np.subtract.at(mass, taken[points], weights[points])
    # Emptied, but for a rounding of its weight.
    alone = np.bincount(np.delete(taken, points), np.delete(weights, points), len(moved)) == 0
    mass[alone] = 0.0
    for point in points:
        stays, cluster = weights[point] - 1.0, taken[point]
        if stays > 0:
            mass[cluster] += stays
            share = stays / mass[cluster]
            moved[cluster] = X[point] * share + moved[cluster] * (1.0 - share)


def _events(
    iteration: int, empty: np.ndarray, points: np.ndarray, labels: np.ndarray
) -> tuple[Event, ...]:
    return tuple(
        Event("empty", iteration, int(cluster), int(point), int(labels[point]))
        for cluster, point in zip(empty, points, strict=True)
    )
