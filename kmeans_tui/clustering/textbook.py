"""K-Means in its plainest form (Lloyd 1957/1982): n points X of d features, k centroids."""

import numpy as np


def initialise(X: np.ndarray, k: int, rng: np.random.RandomState) -> np.ndarray:
    """Start from k different points of X, drawn at random: (n, d) -> centroids (k, d)."""
    return X[rng.choice(len(X), k, replace=False)].copy()


def assign(X: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Label every point with its nearest centroid: (n, d), (k, d) -> labels (n,)."""
    differences = X[:, np.newaxis, :] - centroids  # (n, k, d)
    squared_distances = (differences**2).sum(axis=2)  # (n, k)
    return squared_distances.argmin(axis=1)  # a tie goes to the lower label


def update(
    X: np.ndarray,
    labels: np.ndarray,
    centroids: np.ndarray,
    empty: str = "farthest",
    rng: np.random.RandomState | None = None,
) -> np.ndarray:
    """Move every centroid to the mean of its points: (n, d), (n,), (k, d) -> (k, d).

    An empty cluster takes over the point farthest from its centroid
    (empty="farthest"), or its centroid moves to a random point (empty="random").
    """
    lone = np.flatnonzero(np.bincount(labels, minlength=len(centroids)) == 0)
    if empty == "farthest" and len(lone) > 0:
        squared_distances = ((X - centroids[labels]) ** 2).sum(axis=1)  # (n,)
        farthest = np.argpartition(squared_distances, -len(lone))[-len(lone) :][::-1]
        rounding = np.finfo(float).eps * X.size * np.abs(X).max()
        if squared_distances.max() > rounding**2:  # else every point is its own centroid
            labels = labels.copy()
            labels[farthest] = lone
    moved = centroids.copy()
    for j in range(len(centroids)):
        if (labels == j).any():
            moved[j] = X[labels == j].mean(axis=0)
        elif empty == "random" and rng is not None:
            moved[j] = X[rng.randint(len(X))]
    return moved


def has_converged(old: np.ndarray, new: np.ndarray, tolerance: float) -> bool:
    """Whether all centroids moved less than the tolerance: (k, d), (k, d) -> bool."""
    largest = np.linalg.norm(new - old, axis=1).max()
    return bool(largest < tolerance or largest == 0)


def kmeans(
    X: np.ndarray,
    start: np.ndarray,
    max_iterations: int = 100,
    tolerance: float = 1e-4,
    empty: str = "farthest",
    rng: np.random.RandomState | None = None,
) -> list[dict]:
    """Repeat assign and update until nothing moves: (n, d), (k, d) -> the history."""
    centroids, labels = start, assign(X, start)
    history = [{"iteration": 0, "centroids": centroids, "labels": labels}]
    for i in range(1, max_iterations + 1):
        previous, centroids = centroids, update(X, labels, centroids, empty, rng)
        labels = assign(X, centroids)
        history.append({"iteration": i, "centroids": centroids, "labels": labels})
        if has_converged(previous, centroids, tolerance):
            break
    return history
