"""Rows with weights as numbers of copies: a row of weight 3 counts as the row three times."""

import numpy as np


def copies(weights: np.ndarray | None) -> np.ndarray | None:
    """Return how many copies each row stands for, (n,) float64; None if each stands for itself.

    These are the ``weights`` (n,), unless they are below 1 on average: then they are shares, and
    stand for n rows together. What counts pairs or degrees of freedom needs rows; a total weight of
    1 would leave it nothing to count.
    """
    if weights is None:
        return None
    found = weights * max(1.0, len(weights) / float(weights.sum()))
    return None if (found == 1).all() else found


def rows_of(n: int, counts: np.ndarray | None) -> float:
    """Return how many rows n of them stand for; ``counts`` (n,) are their ``copies``."""
    return n if counts is None else float(counts.sum())


def of_clusters(labels: np.ndarray, k: int, weights: np.ndarray | None) -> np.ndarray | None:
    """Return the weight in each of k clusters, (k,); None without weights.

    ``labels`` and ``weights`` (n,) are those of the rows.
    """
    return None if weights is None else np.bincount(labels, weights, k)


def draw(
    n: int, size: int, counts: np.ndarray | None, generator: np.random.RandomState
) -> tuple[np.ndarray, np.ndarray | None]:
    """Draw ``size`` of n rows: their numbers (m,), and how often each was drawn, None for once.

    Rows of equal weight are drawn without replacement. Others are drawn as often as their share of
    the ``counts`` (n,) demands, so that a heavy row is not missed and memory does not grow with it.
    """
    if counts is None:
        return generator.choice(n, size, replace=False), None
    found = generator.choice(n, size, p=counts / counts.sum())
    rows, times = np.unique(found, return_counts=True)
    return rows, times.astype(np.float64)
