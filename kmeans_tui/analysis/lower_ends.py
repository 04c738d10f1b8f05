"""Whether the best end of many starts holds: k-means++ and swaps look for a lower one.

A thousand random starts can all miss: with 50 groups none of them places a centroid in each. A few
k-means++ starts (Arthur and Vassilvitskii 2007), then swaps from the best end known, come from
outside those starts and end lower there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from kmeans_tui.analysis.rounding import Nothing
from kmeans_tui.analysis.starts import Best, Rules, from_seeds, improved
from kmeans_tui.clustering import checks
from kmeans_tui.clustering.kernels import assign
from kmeans_tui.clustering.stillness import limit

# Starts by k-means++: a hundredth of a census. For large tables, as many as cover these rows.
_STARTS: Final = 10
_ROWS_AT_MOST: Final = 1_000_000
# An end lower by less is another cut through a border, not a better clustering.
_LOWER: Final = 1e-4


@dataclass(frozen=True)
class LowestEnd:
    """The lowest inertia found outside a census, ``by`` "k-means++", "swaps" or both in words."""

    inertia: float
    by: str

    def is_below(self, best: float) -> bool:
        """Whether this end is lower than the best of the census, by more than a border."""
        return self.inertia < best * (1 - _LOWER)

    def words(self, best: float) -> str:
        """Return in words how much lower than ``best`` it is: "k-means++ ends 3.2 % lower"."""
        end = "end" if self.by == "swaps" else "ends"
        if self.inertia < 0.01 * best:
            return f"{self.by} {end} at {self.inertia:.6g}"
        less = 100 * (1 - self.inertia / best)
        return f"{self.by} {end} {less:{'.2g' if less < 9.95 else '.0f'}} % lower"


def lowest_end(
    X: np.ndarray,
    centroids: np.ndarray,
    inertia: float,
    *,
    init: str,
    max_iterations: int,
    tolerance: float,
    empty: str,
    go_on: Callable[[], bool] = lambda: True,
    weights: np.ndarray | None = None,
) -> LowestEnd | None:
    """Return the lowest end from outside a census of starts by ``init`` on X (n, d).

    ``centroids`` (k, d) and ``inertia`` are the best end of the census, where swaps begin unless
    k-means++ ends lower. ``weights`` (n,) are those of the rows. None if ``go_on`` said stop.
    """
    points = checks.points(X)
    within, nothing = limit(tolerance, points, weights), Nothing(points, weights)
    rules = Rules(max_iterations, within, empty, nothing, go_on, weights)
    labels = assign(points, centroids)[0]
    best = Best(inertia, inertia, 0, centroids, None, None, centroids, labels)
    by = []
    if init != "k-means++":
        runs = max(1, min(_STARTS, _ROWS_AT_MOST // len(points)))
        other = from_seeds(points, len(centroids), runs, "k-means++", 0, rules)
        if other is None:
            return None
        if LowestEnd(other.inertia, "").is_below(inertia):
            best, by = other, ["k-means++"]
    swapped = improved(points, best, rules)
    if swapped is None:
        return None
    if LowestEnd(swapped.inertia, "").is_below(best.inertia):
        best, by = swapped, [*by, "swaps"]
    return LowestEnd(best.inertia, " with ".join(by) or "k-means++ and swaps")
