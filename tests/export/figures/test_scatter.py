"""Points and centroids in axes."""

import numpy as np
import pytest

from kmeans_tui import palette
from kmeans_tui.export.figures.scatter import contrast, disc_area, limits


def test_limits_hold_all_points_with_room():
    rng = np.random.RandomState(0)
    positions = rng.normal(size=(50, 2)) * (1, 1e6)
    for (low, high), column in zip(limits(positions), positions.T, strict=True):
        assert low < column.min() < column.max() < high
        assert high - low == pytest.approx(1.1 * np.ptp(column))


@pytest.mark.parametrize("value", [0.0, 5.0, -1e13, 1e-12])
def test_limits_of_equal_points_are_an_interval(value):
    for low, high in limits(np.full((3, 2), value)):
        assert low < value < high


def test_discs_shrink_where_points_are_many():
    areas = [disc_area(n) for n in (1, 300, 1000, 5000, 20_000, 1_000_000)]
    assert areas[:3] == [40, 40, 40]
    assert areas == sorted(areas, reverse=True)
    assert areas[-1] == 3


@pytest.mark.parametrize("colour", [s for hue in palette.HUES for s in (hue.dark, hue.light)])
def test_the_number_on_a_disc_can_be_read(colour):
    def luminance(text):
        channels = [int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(colour), luminance(contrast(colour))))
    assert (high + 0.05) / (low + 0.05) >= 4.5
