"""The measures of colour give the published numbers."""

import numpy as np
import pytest

from tests.colour_vision import ciede2000, contrast, difference, turned


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((90.8027, -2.0831, 1.441), (91.1528, -1.6435, 0.0447), 1.4441),
    ],
)
def test_differences_are_those_of_sharma(first, second, expected):
    assert ciede2000(np.array(first), np.array(second)) == pytest.approx(expected, abs=1e-4)
    assert ciede2000(np.array(second), np.array(first)) == pytest.approx(expected, abs=1e-4)


def test_contrast_is_that_of_black_on_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


def test_some_eyes_see_red_and_green_alike():
    red, green = "#d62728", "#2ca02c"
    assert difference(red, green) > 60
    assert difference(red, green, "protan") < 25
    assert difference(red, green, "deutan") < 15


def test_angles_go_round():
    assert turned(359, 2) == 3
    assert turned(10, 200) == 170
