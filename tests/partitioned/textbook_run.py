"""A run over parts held against the textbook, step by step."""

import numpy as np

from kmeans_tui.clustering import textbook
from kmeans_tui.partitioned import passes


def updated(X, labels, centroids, weights):
    """The textbook's update with weights, the lowest row first in a tie; and the rows taken over.

    Of a row that takes over, one copy leaves its cluster.
    """
    k = len(centroids)
    lone = np.flatnonzero(np.bincount(labels, minlength=k) == 0)
    own = ((X - centroids[labels]) ** 2).sum(axis=1)
    far = np.lexsort((np.arange(len(X)), -own))[: len(lone)]
    terms = max(X.size, weights.sum() * X.shape[1])
    left = weights.copy()
    if len(lone) and own.max() > (np.finfo(float).eps * terms * np.abs(X).max()) ** 2:
        left[far] = np.maximum(0, left[far] - 1)
    else:
        far = far[:0]
    moved = centroids.copy()
    for j in range(k):
        mine = (labels == j) & (left > 0)
        if mine.any():
            moved[j] = np.average(X[mine], axis=0, weights=left[mine])
    moved[lone[: len(far)]] = X[far]
    return moved, far


def check(executor, X, rows, start, weights=None, max_iterations=8, tolerance=1e-4):
    """Assert that every half step of a run is that of X (n, d), rows of the file; return them."""
    k, n = len(start), len(X)
    w = np.ones(n) if weights is None else weights
    size = max(1.0, float(np.abs(X).max()))
    labels = before = None
    steps = list(
        passes.half_steps(executor, start, max_iterations=max_iterations, tolerance=tolerance)
    )
    for step in steps:
        if step.kind == "update":
            expected, far = updated(X, labels, before, w)
            assert np.abs(step.centroids - expected).max() <= 1e-12 * size
            took = [event.point for event in step.events if event.point is not None]
            assert took == rows[far].tolist()
            donors = [event.donor for event in step.events if event.point is not None]
            assert donors == labels[far].tolist()
        else:
            old, labels = labels, textbook.assign(X, step.centroids)
            changed = n if old is None else int((old != labels).sum())
            assert step.changed == changed
        assert step.sizes.tolist() == np.bincount(labels, minlength=k).tolist()
        assert np.allclose(step.weight, np.bincount(labels, w, k), rtol=1e-12, atol=0)
        own = ((X - step.centroids[labels]) ** 2).sum(axis=1)
        assert abs(step.inertia - own @ w) <= 1e-12 * max(own @ w, size**2)
        before = step.centroids
    found = np.concatenate([each.labels for each in executor.labels(before)])
    assert (found[rows] == labels).all()
    assert (np.delete(found, rows) == -1).all()
    return steps
