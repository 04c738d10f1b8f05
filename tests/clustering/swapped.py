"""Points and runs on which swaps help."""

import numpy as np

from kmeans_tui.clustering.kmeans import KMeans


def clumps(groups: int, each: int, d: int, seed: int = 5) -> np.ndarray:
    """Return ``groups`` clumps of ``each`` points in d features: (groups · each, d)."""
    draw = np.random.RandomState(seed)
    places = draw.uniform(0, 30, (groups, d))
    return np.concatenate([place + draw.normal(0, 0.7, (each, d)) for place in places])


def shared_group(each: int = 12) -> tuple[np.ndarray, np.ndarray]:
    """Return three rings of ``each`` points, and a start with two centroids in the first.

    The third centroid serves the second and the third ring.
    """
    angle = np.linspace(0, 2 * np.pi, each, endpoint=False)
    ring = 0.5 * np.column_stack([np.cos(angle), np.sin(angle)])
    places = np.array([[0.0, 0.0], [20.0, 0.0], [23.0, 3.0]])
    return (
        np.concatenate([place + ring for place in places]),
        np.array([[0.3, 0.0], [-0.3, 0.0], [21.0, 1.0]]),
    )


def improved(X: np.ndarray, k: int, seed: int) -> KMeans:
    """Return a fitted model that was improved."""
    return KMeans(k, random_state=seed, improve=True).fit(X)
