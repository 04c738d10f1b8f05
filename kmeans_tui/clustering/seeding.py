"""Starts drawn as in scikit-learn, also from weighted and sparse points."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kmeans_tui.clustering.distinct import distinct
from kmeans_tui.clustering.initialisation import plus_plus_rows
from kmeans_tui.clustering.sparse_rows import Points, SparseRows


def seeding(
    init: Any, k: int, given: Any, points: Points, weights: np.ndarray | None
) -> Callable[[np.random.RandomState], np.ndarray]:
    """Return a function that draws the next start, (k, d) float64, for ``points`` (n, d).

    ``init`` is "k-means++", "random", an array (k, d), or a function of (X, k, random_state) that
    is called with ``given``, the points as the user passed them. Drawing raises ``ValueError`` for
    an array of another shape.
    """
    if isinstance(init, str):
        rows, mass = distinct(points, weights, k)
        pool = points
        if rows is not None:
            pool = points.subset(rows) if isinstance(points, SparseRows) else points[rows]

        def drawn(rng: np.random.RandomState) -> np.ndarray:
            if init == "k-means++":
                picked = plus_plus_rows(pool, k, rng, mass)
            else:
                chances = np.full(len(pool), 1.0) if mass is None else mass
                picked = rng.choice(len(pool), k, replace=False, p=chances / chances.sum())
            return pool[picked].astype(np.float64)

        return drawn

    def placed(rng: np.random.RandomState) -> np.ndarray:
        from sklearn.utils.validation import check_array

        centres = init(given, k, random_state=rng) if callable(init) else init
        found: np.ndarray = check_array(centres, dtype=np.float64, copy=True, order="C")
        features = points.shape[1]
        for size, wanted, what in (
            (len(found), k, f"number of clusters {k}"),
            (found.shape[1], features, f"number of features of the data {features}"),
        ):
            if size != wanted:
                raise ValueError(
                    f"The shape of the initial centers {found.shape} does not match the {what}."
                )
        return found

    return placed
