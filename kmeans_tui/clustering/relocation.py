"""How empty clusters are handled."""

from collections.abc import Callable

import numpy as np

from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.sparse_rows import Points
from kmeans_tui.clustering.steps import Event

RULES = ("farthest", "random")


def update(
    means: Callable[..., np.ndarray],
    X: Points,
    labels: np.ndarray,
    empty: np.ndarray,
    centroids: np.ndarray,
    rule: str,
    rng: np.random.RandomState,
    iteration: int,
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
    """
    if rule == "random":
        moved = means(centroids)
        points = np.array([rng.randint(len(X)) for _ in empty])
        moved[empty] = X[points]
        return moved, _events(iteration, empty, points, labels)
    points = _farthest(X, labels, centroids, len(empty))
    if len(points):
        return means(centroids, points, empty), _events(iteration, empty, points, labels)
    stays = tuple(Event("empty", iteration, int(cluster), None, None) for cluster in empty)
    return means(centroids), stays


def _farthest(X: Points, labels: np.ndarray, centroids: np.ndarray, count: int) -> np.ndarray:
    """Return the ``count`` points farthest from their own centroids; none if all coincide."""
    squared = kernels.own_distances(X, labels, centroids)
    # A mean of n equal points can be off by n roundings: three points at 0.1 have the mean
    # 0.10000000000000002. If that counted as a distance, empty clusters would swap places forever.
    rounding = np.finfo(float).eps * X.size * float(max(X.max(), -X.min()))
    if squared.max() <= rounding**2:
        return np.empty(0, np.intp)
    return np.argpartition(squared, -count)[-count:][::-1]


def _events(
    iteration: int, empty: np.ndarray, points: np.ndarray, labels: np.ndarray
) -> tuple[Event, ...]:
    return tuple(
        Event("empty", iteration, int(cluster), int(point), int(labels[point]))
        for cluster, point in zip(empty, points, strict=True)
    )
