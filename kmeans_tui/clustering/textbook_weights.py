"""Weighted K-Means in its plainest form: point i of X (n, d) counts weights[i] times."""

import numpy as np

from kmeans_tui.clustering.textbook import assign, has_converged
from kmeans_tui.clustering.textbook_swaps import MANY


def initialise(
    X: np.ndarray, weights: np.ndarray, k: int, rng: np.random.RandomState
) -> np.ndarray:
    """Start from k different points of X, drawn by weight: (n, d), (n,) -> centroids (k, d)."""
    left, rows = weights.copy(), []
    for _ in range(k):
        drawn = rng.random_sample() * left.sum()
        rows.append(int(np.searchsorted(np.cumsum(left), drawn, side="right")))
        left[rows[-1]] = 0
    return X[rows].copy()


def random_partition(
    X: np.ndarray, weights: np.ndarray, k: int, rng: np.random.RandomState
) -> np.ndarray:
    """Start from the means of a random partition of the points: (n, d), (n,) -> (k, d)."""
    labels = rng.randint(k, size=len(X))
    labels[rng.choice(np.flatnonzero(weights), k, replace=False)] = np.arange(k)
    return np.array([mean(X[labels == j], weights[labels == j]) for j in range(k)])


def plus_plus(X: np.ndarray, weights: np.ndarray, k: int, rng: np.random.RandomState) -> np.ndarray:
    """Start from points far from each other, by greedy k-means++: (n, d), (n,) -> (k, d).

    The next point is drawn in proportion to weight times squared distance to the nearest so far.
    """
    drawn = rng.random_sample() * weights.sum()
    rows = [int(np.searchsorted(np.cumsum(weights), drawn, side="right"))]
    nearest = ((X - X[rows[0]]) ** 2).sum(axis=1)  # (n,)
    for _ in range(1, k):
        drawn = rng.uniform(size=2 + int(np.log(k))) * (weights * nearest).sum()
        candidates = np.searchsorted(np.cumsum(weights * nearest), drawn).clip(max=len(X) - 1)
        tried = [np.minimum(nearest, ((X - X[row]) ** 2).sum(axis=1)) for row in candidates]
        best = int(np.argmin([(weights * each).sum() for each in tried]))
        rows.append(int(candidates[best]))
        nearest = tried[best]
    return X[rows].copy()


def farthest_points(
    X: np.ndarray, weights: np.ndarray, k: int, rng: np.random.RandomState
) -> np.ndarray:
    """Start from a point drawn by weight, then always the farthest from all so far: -> (k, d)."""
    rows = [one_copy(weights, rng)]
    nearest = ((X - X[rows[0]]) ** 2).sum(axis=1) * (weights > 0)  # (n,)
    for _ in range(1, k):
        rows.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, ((X - X[rows[-1]]) ** 2).sum(axis=1))
    return X[rows].copy()


def one_copy(weights: np.ndarray, rng: np.random.RandomState) -> int:
    """Draw a copy of a point, all alike if the weights are whole: (n,) -> the point's row."""
    whole = (weights == np.floor(weights)).all()
    drawn = int(rng.randint(weights.sum())) if whole else rng.random_sample() * weights.sum()
    return int(np.searchsorted(np.cumsum(weights), float(drawn), side="right"))


def mean(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted mean of points: (m, d), (m,) -> (d,)."""
    return np.asarray((points * weights[:, np.newaxis]).sum(axis=0) / weights.sum())


def update(
    X: np.ndarray,
    weights: np.ndarray,
    labels: np.ndarray,
    centroids: np.ndarray,
    empty: str = "farthest",
    rng: np.random.RandomState | None = None,
) -> np.ndarray:
    """Move every centroid to the weighted mean of its points: (n, d), (n,), (n,), (k, d) -> (k, d).

    One copy of the point farthest from its centroid takes over an empty cluster: of a point of
    weight 3, two stay where they are. With empty="random", its centroid moves to a point drawn by
    weight.
    """
    moved = centroids.copy()
    lone = np.flatnonzero(np.bincount(labels, weights, len(centroids)) == 0)
    counting, farthest = weights, np.empty(0, int)
    if empty == "farthest" and len(lone) > 0:
        squared = ((X - centroids[labels]) ** 2).sum(axis=1)  # (n,)
        squared[weights == 0] = -1
        most = max(X.size, weights.sum() * X.shape[1])
        if squared.max() > (np.finfo(float).eps * most * np.abs(X).max()) ** 2:
            farthest = np.argpartition(squared, -len(lone))[-len(lone) :][::-1]
            counting = weights.copy()
            counting[farthest] = np.maximum(weights[farthest] - 1, 0)
    for j in range(len(centroids)):
        if counting[labels == j].sum() > 0:
            moved[j] = mean(X[labels == j], counting[labels == j])
    moved[lone[: len(farthest)]] = X[farthest]
    if empty == "random" and rng is not None:
        for cluster in lone:
            moved[cluster] = X[one_copy(weights, rng)]
    return moved


def kmeans(
    X: np.ndarray,
    weights: np.ndarray,
    start: np.ndarray,
    max_iterations: int = 100,
    tolerance: float = 1e-4,
    empty: str = "farthest",
    rng: np.random.RandomState | None = None,
) -> list[dict]:
    """Repeat assign and update until nothing moves: (n, d), (n,), (k, d) -> the history."""
    centroids, labels = start, assign(X, start)
    history = [{"iteration": 0, "centroids": centroids, "labels": labels}]
    for i in range(1, max_iterations + 1):
        previous, centroids = centroids, update(X, weights, labels, centroids, empty, rng)
        labels = assign(X, centroids)
        history.append({"iteration": i, "centroids": centroids, "labels": labels})
        if has_converged(previous, centroids, tolerance):
            break
    return history


def weighted_split(points: np.ndarray, weights: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Halve a cluster as ``textbook_swaps.split`` does: (m, d), (m,) -> saved, two means (d,)."""
    centred = points - mean(points, weights)
    counted = centred * weights[:, np.newaxis]
    squares = (centred * counted).sum(axis=0)
    total = squares.sum()
    if len(points) < 2 or total == 0:
        return 0.0, mean(points, weights), mean(points, weights)
    widest = np.round(squares / total, 9).argmax()
    if points.shape[1] <= MANY:
        axis = np.linalg.matrix_power(centred.T @ counted / total, 16)[:, widest]
    else:  # the same without a (d, d) matrix
        axis = np.eye(1, points.shape[1], widest)[0]
        for _ in range(16):
            axis = counted.T @ (centred @ axis) / total
    reach = np.sqrt(total / weights.sum() * len(points))
    ahead = centred @ (axis / np.linalg.norm(axis)) > 1e-9 * reach
    if ahead.all() or not ahead.any():  # equal points, and a mean that is off by a rounding
        return 0.0, mean(points, weights), mean(points, weights)
    halves = mean(points[~ahead], weights[~ahead]), mean(points[ahead], weights[ahead])
    share = weights[ahead].sum() / weights.sum()
    apart = ((halves[0] - halves[1]) ** 2).sum()
    return float(weights.sum() * share * (1 - share) * apart), *halves
