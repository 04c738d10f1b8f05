"""The regions of the clusters in the plot: exact polygons, each a box cut by half planes."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def regions(
    centroids: Floats,
    unproject: Callable[[Floats], Floats],
    limits: tuple[tuple[float, float], tuple[float, float]],
) -> list[Floats]:
    """Return where each centroid is nearest: a convex polygon (m, 2) for each, possibly empty.

    ``centroids`` (k, d) are prepared coordinates, d at most 2; ``unproject`` maps positions (m, 2)
    in the plot to them, affinely; ``limits`` ((left, right), (bottom, top)) is the box to divide.
    The regions are Voronoi cells (Voronoi 1908), clipped by Sutherland and Hodgman's algorithm
    (1974).
    """
    (left, right), (bottom, top) = limits
    box = np.array([[left, bottom], [right, bottom], [right, top], [left, top]])
    norms = (centroids**2).sum(axis=1)
    found = []
    for j, own in enumerate(centroids):
        polygon = box
        # Only neighbouring centroids cut: take the one that is nearer by the most.
        for _ in range(len(centroids)):
            if not len(polygon):
                break
            nearer = 2 * unproject(polygon) @ (centroids - own).T + norms[j] - norms
            worst = int(nearer.max(axis=0).argmax())
            # Coinciding centroids: the lower number gets the region, as it gets the points.
            if (norms[worst] == norms[j]) and (centroids[worst] == own).all() and worst > j:
                break
            reach = nearer[:, worst]
            if reach.max() <= 1e-12 * max(float(norms.max()), 1e-300):
                break
            polygon = _cut(polygon, reach)
        found.append(polygon)
    return found


def _cut(polygon: Floats, beyond: Floats) -> Floats:
    """Return the part of a convex polygon (m, 2) where the affine ``beyond`` (m,) is at most 0."""
    kept = []
    for i in range(len(polygon)):
        here, there = beyond[i - 1], beyond[i]
        if (here > 0) != (there > 0):
            share = here / (here - there)
            kept.append(polygon[i - 1] + share * (polygon[i] - polygon[i - 1]))
        if there <= 0:
            kept.append(polygon[i])
    return np.array(kept).reshape(-1, 2)
