"""Which plane shows clusters apart: two features, or the first two principal components."""

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from kmeans_tui.vocabulary import PCA

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset, Floats

# The features that differ most between the clusters; of so many, all pairs are tried.
_TRIED: Final = 10
# More rows do not change which plane is the clearest.
_MOST_ROWS: Final = 4_000
# Components have no units of their own: they must show so much more of the rows rightly.
_WORTH: Final = 0.05


@dataclass(frozen=True)
class Separation:
    """The ``axes`` of the clearest plane, as ``Dataset`` takes them.

    ``share`` is how many of the rows are nearest to the centroid of their own cluster in it;
    ``other`` is that of the best plane of the other kind.
    """

    axes: tuple[str, ...]
    share: float
    other: float

    def sentence(self) -> str:
        """Why this plane is shown, in one sentence."""
        nearest = f"{_in_hundred(self.share)} rows are nearest to the centroid of their own cluster"
        other = f"{round(100 * self.other)} in 100"
        if self.axes == (PCA,):
            return (
                "The rows by the first two principal components, which tell the clusters apart "
                f"best: on these, {nearest}; on no two features more than {other}."
            )
        x, y = self.axes
        return (
            f"The rows by {x} and {y}, the two features that tell the clusters apart best: by "
            f"these, {nearest}; on the first two principal components it is {other}."
        )


def clearest(dataset: "Dataset", labels: np.ndarray, centroids: "Floats") -> Separation | None:
    """Return the plane that shows the clusters ``labels`` (n,) of ``centroids`` (k, d) best.

    It is the one in which most rows are nearest to their own centroid. The pairs are those of the
    features with the largest share of variance between the clusters (eta squared); indicators of
    encoded columns are only taken for want of two others. None with one or two features, which are
    all shown anyway.
    """
    if dataset.d < 3:
        return None
    chosen = np.arange(dataset.n)
    if dataset.n > _MOST_ROWS:
        chosen = np.sort(np.random.default_rng(0).choice(dataset.n, _MOST_ROWS, replace=False))
    points, own = dataset.points[chosen], labels[chosen]
    apart = _between(points, own, centroids)
    order = np.argsort(-apart, kind="stable")
    # Rows by an indicator lie on two lines, one over the other.
    measured = order[~dataset.indicators[order]]
    order = (order if len(measured) < 2 else measured)[:_TRIED]
    shares = {
        pair: _nearest_own(points[:, pair], centroids[:, pair], own)
        for pair in combinations(sorted(order.tolist()), 2)
    }
    pair = max(shares, key=lambda each: (shares[each], apart[list(each)].sum()))
    seen = dataset.with_axes((PCA,))
    components = _nearest_own(seen.shown()[chosen], seen.project(centroids), own)
    if components > shares[pair] + _WORTH:
        return Separation((PCA,), components, shares[pair])
    names = tuple(dataset.features[each] for each in pair)
    return Separation(names, shares[pair], components)


def _between(points: "Floats", labels: np.ndarray, centroids: "Floats") -> "Floats":
    """Return the share of the variance of each column that is between the clusters, (d,)."""
    middle = points.mean(axis=0)
    # Scaled, so that squares of large numbers stay finite.
    size = np.abs(points - middle).max(axis=0)
    size[size == 0] = 1.0
    whole = (((points - middle) / size) ** 2).sum(axis=0)
    between = (((centroids[labels] - middle) / size) ** 2).sum(axis=0)
    return np.asarray(np.divide(between, whole, out=np.zeros_like(whole), where=whole > 0))


def _nearest_own(points: "Floats", centroids: "Floats", labels: np.ndarray) -> float:
    """Return the share of points (m, 2) that are nearest to their own centroid of (k, 2)."""
    size = max(float(np.abs(points).max()), 1e-300)
    away = (((points / size)[:, None] - (centroids / size)[None]) ** 2).sum(axis=2)
    own = away[np.arange(len(points)), labels]
    return float((own <= away.min(axis=1)).mean())


def _in_hundred(share: float) -> str:
    # Never "100 in 100" while a row is elsewhere.
    return f"{round(100 * share) if share < 0.995 or share == 1 else 99} in 100"
