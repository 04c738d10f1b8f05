"""A run over parts held against the textbook, step by step."""

import numpy as np

from kmeans_tui.clustering import textbook
from kmeans_tui.partitioned import passes
from kmeans_tui.partitioned.executor import Assign


def updated(X, labels, centroids, weights):
    """The textbook's update, weighted, whose ties go to the lowest row; and the rows taken over."""
    k = len(centroids)
    weighty = np.bincount(labels, weights > 0, k) > 0
    lone = np.flatnonzero(~weighty)
    own = ((X - centroids[labels]) ** 2).sum(axis=1)
    far = np.lexsort((np.arange(len(X)), -own))[: len(lone)]
    labels = labels.copy()
    if len(lone) and own.max() > (np.finfo(float).eps * X.size * np.abs(X).max()) ** 2:
        labels[far] = lone
    else:
        far = far[:0]
    moved = centroids.copy()
    for j in range(k):
        mine = labels == j
        if weights[mine].sum() > 0:
            moved[j] = np.average(X[mine], axis=0, weights=weights[mine])
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
    given = []
    executor.iterate(Assign(before, before, given.append))
    found = np.concatenate([each.labels for each in given])
    assert (found[rows] == labels).all()
    assert (np.delete(found, rows) == -1).all()
    return steps
