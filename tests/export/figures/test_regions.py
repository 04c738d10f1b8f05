"""Regions: a point is in the polygon of the centroid that is nearest to it."""

import numpy as np
import pytest
from matplotlib.path import Path

from kmeans_tui.command import Options
from kmeans_tui.export.figures.regions import regions
from tests.exporting import view_of

AREA = ((-3.0, 5.0), (-2.0, 4.0))


def area_of(polygon):
    x, y = polygon.T
    return abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2


@pytest.mark.parametrize("k", [1, 2, 7, 40])
def test_every_place_is_in_the_region_of_its_nearest_centroid(k):
    rng = np.random.RandomState(k)
    centroids = rng.uniform((-3, -2), (5, 4), (k, 2))
    found = regions(centroids, lambda positions: positions, AREA)
    places = rng.uniform((-3, -2), (5, 4), (2000, 2))
    nearest = ((places[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)
    for j, polygon in enumerate(found):
        inside = Path(polygon).contains_points(places)
        assert (inside == (nearest == j)).mean() > 0.999
    assert sum(map(area_of, found)) == pytest.approx(48)


def test_a_scaled_plane_is_divided_by_the_distances_that_were_clustered():
    view = view_of(Options("iris", k=3))
    centroids = view.history[-1].centroids
    found = regions(centroids, view.dataset.unproject, view.area)
    labels = view.history.labels(-1)
    for j, polygon in enumerate(found):
        inside = Path(polygon).contains_points(view.positions)
        assert (inside == (labels == j)).all()


def test_two_centroids_in_one_place_share_one_region():
    centroids = np.array([[0.0, 0.0], [0.0, 0.0], [2.0, 0.0]])
    found = regions(centroids, lambda positions: positions, AREA)
    assert area_of(found[0]) == pytest.approx(24)
    assert len(found[1]) == 0 or area_of(found[1]) == pytest.approx(24)
    assert area_of(found[2]) == pytest.approx(24)
