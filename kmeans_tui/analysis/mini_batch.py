"""scikit-learn's mini-batch K-Means, recorded step by step."""

from collections.abc import Callable

import numpy as np

from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.history import History

# Points of a batch, as scikit-learn's default; of small data a quarter, so that it is a part.
_BATCH = 1024
# Steps in a row after which no point has changed cluster: as scikit-learn's max_no_improvement.
_STILL = 10


def mini_batch(
    X: np.ndarray,
    start: np.ndarray,
    max_steps: int,
    random_state: int,
    go_on: Callable[[int], bool] | None = None,
    weights: np.ndarray | None = None,
) -> History | None:
    """Run ``MiniBatchKMeans.partial_fit`` (Sculley 2010) on X (n, d) from ``start`` (k, d).

    Every step draws a batch with replacement and moves the centroids; then all points are assigned,
    as in the history of any run. It ends after ``max_steps``, or when ten steps in a row changed no
    cluster. ``weights`` (n,) are those of the rows. ``go_on`` gets the number of each step; returns
    None if it returns False. Imports scikit-learn, and limits it to one thread.
    """
    from sklearn.cluster import MiniBatchKMeans
    from threadpoolctl import threadpool_limits

    n, k = len(X), len(start)
    size = min(_BATCH, max(k, n // 4))
    model = MiniBatchKMeans(k, init=start, n_init=1, batch_size=size, random_state=random_state)
    rng = np.random.RandomState(random_state)
    history = History(n, k, X.shape[1], weights)
    history.remember(X, 0.0)
    centroids = start.astype(np.float64)
    labels, inertia = _assigned(X, centroids, weights)
    history.record_start(centroids, labels, inertia, kernels.sizes(labels, k))
    still = 0
    with threadpool_limits(limits=1):
        for step in range(1, max_steps + 1):
            if go_on is not None and not go_on(step):
                return None
            rows = rng.randint(n, size=size)
            model.partial_fit(X[rows], sample_weight=None if weights is None else weights[rows])
            moved = model.cluster_centers_.astype(np.float64)
            shifts = np.linalg.norm(moved - centroids, axis=1)
            averaged = kernels.inertia_of(X, labels, moved, weights)
            history.record_update(moved, shifts, averaged, ())
            found, inertia = _assigned(X, moved, weights)
            changed = np.flatnonzero(found != labels)
            flips = found[changed] ^ labels[changed]
            history.record_assignment(changed, flips, inertia, kernels.sizes(found, k))
            centroids, labels = moved, found
            still = 0 if len(changed) else still + 1
            if still == _STILL or step == max_steps:
                history.finish("converged" if still == _STILL else "max_iterations")
                break
    return history


def _assigned(
    X: np.ndarray, centroids: np.ndarray, weights: np.ndarray | None
) -> tuple[np.ndarray, float]:
    labels, inertia = kernels.assign(X, centroids)
    if weights is not None:
        inertia = kernels.inertia_of(X, labels, centroids, weights)
    return labels, inertia
