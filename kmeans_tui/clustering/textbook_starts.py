"""The starts of K-Means in their plainest form: n points X of d features, k centroids."""

import numpy as np


def random_partition(X: np.ndarray, k: int, rng: np.random.RandomState) -> np.ndarray:
    """Start from the means of a random partition of the points: (n, d) -> centroids (k, d).

    Every point draws its cluster; then k different points go to one cluster each.
    """
    labels = rng.randint(k, size=len(X))
    labels[rng.choice(len(X), k, replace=False)] = np.arange(k)
    return np.array([X[labels == j].mean(axis=0) for j in range(k)])


def plus_plus(X: np.ndarray, k: int, rng: np.random.RandomState) -> np.ndarray:
    """Start from points far from each other, by greedy k-means++: (n, d) -> centroids (k, d).

    The next point is drawn in proportion to its squared distance to the nearest so far; of
    2 + log k candidates the one that leaves the smallest sum is kept (Arthur, Vassilvitskii 2007).
    """
    n = len(X)
    rows = [rng.choice(n, p=np.full(n, 1.0 / n))]
    nearest = ((X - X[rows[0]]) ** 2).sum(axis=1)  # (n,)
    for _ in range(1, k):
        drawn = rng.uniform(size=2 + int(np.log(k))) * nearest.sum()
        candidates = np.searchsorted(np.cumsum(nearest), drawn).clip(max=n - 1)
        tried = [np.minimum(nearest, ((X - X[row]) ** 2).sum(axis=1)) for row in candidates]
        best = int(np.argmin([each.sum() for each in tried]))
        rows.append(candidates[best])
        nearest = tried[best]
    return X[rows].copy()


def farthest_points(X: np.ndarray, k: int, rng: np.random.RandomState) -> np.ndarray:
    """Start from a random point, then always the farthest from all so far: -> centroids (k, d)."""
    rows = [rng.randint(len(X))]
    nearest = ((X - X[rows[0]]) ** 2).sum(axis=1)  # (n,)
    for _ in range(1, k):
        rows.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, ((X - X[rows[-1]]) ** 2).sum(axis=1))
    return X[rows].copy()
