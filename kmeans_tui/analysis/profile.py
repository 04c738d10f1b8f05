"""Describe each cluster in the units of the table, and what sets it apart from the rest."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

# A label column with more distinct values says nothing about clusters.
_MOST_VALUES: Final = 50


@dataclass(frozen=True)
class Trait:
    """A feature in one cluster: mean and population deviation there, and the mean of the rest.

    ``difference`` is that of the two means in standard deviations of the feature over all rows;
    None if it does not vary, or there is no other row. ``is_share``: it indicates a value of a text
    column, and its mean is the share of the rows with that value; if ``weighted``, of their weight.
    """

    name: str
    mean: float
    spread: float
    rest: float | None
    difference: float | None
    is_share: bool = False
    weighted: bool = False

    def said(self) -> str:
        """How its mean differs from the rest: ``petal length lower (-2.7)``."""
        difference = self.difference or 0.0
        if self.is_share and self.rest is not None:
            whole = "the weight" if self.weighted else "rows"
            return f"{self.name} {self.mean:.0%} of {whole} (the rest {self.rest:.0%})"
        return f"{self.name} {'higher' if difference > 0 else 'lower'} ({difference:+.1f})"


@dataclass(frozen=True)
class Common:
    """The most frequent value of a label column in a cluster, and its count, or its weight."""

    name: str
    value: str
    count: float


@dataclass(frozen=True, eq=False)
class Profile:
    """One cluster: ``size`` rows, ``share`` of all, its features in their order, its labels.

    ``weight`` is that of its rows, and None if rows have none; the share, means, spreads and counts
    are by weight. ``inertia`` is the sum of the squared distances of its rows to the centroid;
    ``nearest`` and ``farthest`` are rows, counted from 0, by that distance.
    """

    cluster: int
    size: int
    share: float
    inertia: float
    traits: tuple[Trait, ...]
    common: tuple[Common, ...]
    nearest: np.ndarray
    farthest: np.ndarray
    weight: float | None = None

    @property
    def apart(self) -> tuple[Trait, ...]:
        """The features by how much they set the cluster apart, the strongest first."""
        told = [each for each in self.traits if each.difference is not None]
        return tuple(sorted(told, key=lambda each: -abs(each.difference or 0.0)))

    def sentence(self, most: int = 3) -> str:
        """What sets it apart: ``petal length lower (-2.7), petal width lower (-2.5)``."""
        if not self.size:
            return "no rows"
        parts = []
        for each in self.apart[:most]:
            difference = each.difference or 0.0
            # Less is what Cohen (1988) does not even call a small effect.
            if abs(difference) >= 0.2:
                parts.append(each.said())
        return ", ".join(parts) or "like the rest in every feature"


def profiles(
    dataset: "Dataset", labels: np.ndarray, centroids: np.ndarray, rows: int = 3
) -> tuple[Profile, ...]:
    """Return the profile of every cluster; ``labels`` (n,), ``centroids`` (k, d) as clustered.

    ``rows`` is how many nearest and farthest rows each profile lists.
    """
    k = len(centroids)
    weights = dataset.weights
    sizes = np.bincount(labels, weights, k).astype(np.float64)
    whole = float(sizes.sum())
    columns = np.column_stack([dataset.column(each) for each in dataset.features])
    # Relative to the middle of the table, so that squares of large numbers keep the variance.
    middle = columns.mean(axis=0)
    sums = _sums(columns - middle, labels, k, weights)
    squares = _sums((columns - middle) ** 2, labels, k, weights)
    points = dataset.points
    found = []
    for cluster in range(k):
        own = np.flatnonzero(labels == cluster)
        distances = np.linalg.norm(points[own] - centroids[cluster], axis=1)
        order = np.argsort(distances, kind="stable")
        squared = distances if weights is None else distances * weights[own]
        traits = tuple(
            _trait(
                name,
                (float(sizes[cluster]), float(sums[cluster, i]), float(squares[cluster, i])),
                (whole, float(sums[:, i].sum()), float(squares[:, i].sum())),
                float(middle[i]),
                bool(dataset.indicators[i]),
                weights is not None,
            )
            for i, name in enumerate(dataset.features)
            if sizes[cluster] > 0
        )
        found.append(
            Profile(
                cluster=cluster,
                size=len(own),
                share=float(sizes[cluster]) / whole,
                inertia=float(distances @ squared),
                traits=traits,
                common=_common(dataset, own),
                nearest=own[order[:rows]],
                farthest=own[order[::-1][:rows]],
                weight=None if weights is None else float(sizes[cluster]),
            )
        )
    return tuple(found)


def _sums(
    columns: np.ndarray, labels: np.ndarray, k: int, weights: np.ndarray | None
) -> np.ndarray:
    if weights is not None:
        columns = columns * weights[:, np.newaxis]
    return np.column_stack([np.bincount(labels, weights=c, minlength=k) for c in columns.T])


def _trait(
    name: str,
    part: tuple[float, float, float],
    whole: tuple[float, float, float],
    middle: float,
    is_share: bool,
    weighted: bool,
) -> Trait:
    """Return a trait from weights, sums and sums of squares of one cluster and of all rows."""
    size, total, square = part
    mean = total / size
    variance = max(0.0, square / size - mean**2)
    others = whole[0] - size
    # Fractions that add up to the whole leave its rounding.
    if others <= 1e-12 * whole[0]:
        return Trait(name, mean + middle, variance**0.5, None, None, is_share, weighted)
    rest = (whole[1] - total) / others
    overall = max(0.0, whole[2] / whole[0] - (whole[1] / whole[0]) ** 2) ** 0.5
    # Less is rounding: the squares are exact to about that share.
    scale = max(abs(mean), abs(rest), 1e-300)
    difference = (mean - rest) / overall if overall > 1e-9 * scale else None
    other = rest + middle
    return Trait(name, mean + middle, variance**0.5, other, difference, is_share, weighted)


def _common(dataset: "Dataset", own: np.ndarray) -> tuple[Common, ...]:
    found = []
    for name, cells in dataset.labels.items():
        if not len(own) or len(set(cells.tolist())) > _MOST_VALUES:
            continue
        counts: Counter[str | None] = Counter()
        if dataset.weights is None:
            counts.update(cells[own].tolist())
        else:
            for each, weight in zip(cells[own].tolist(), dataset.weights[own], strict=True):
                counts[each] += weight
        value, count = counts.most_common(1)[0]
        found.append(Common(name, "" if value is None else str(value), count))
    return tuple(found)
