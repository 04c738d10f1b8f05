"""The picture of a density: colours, opacity, and updates that lead where a fresh start does."""

import numpy as np
import pytest

from kmeans_tui.export.figures.density import Density

COLOURS = np.array([[255, 0, 0], [0, 0, 255]], np.float32)
AREA = ((0.0, 10.0), (0.0, 10.0))


def test_an_outlier_is_seen_and_a_crowd_is_brighter():
    positions = np.array([[2.5, 2.5]] * 500 + [[7.5, 7.5]])
    labels = np.array([0] * 500 + [1], np.uint8)
    density = Density(positions, labels, COLOURS, AREA, 100, 80)
    found = density.colours(labels)
    assert found.shape == (80, 100, 3)
    # Row 0 is at the top.
    assert found[60, 25] == pytest.approx([255, 0, 0], abs=0.01)
    assert found[20, 75] == pytest.approx([0, 0, 255], abs=0.01)
    assert 0.3 < density.opacity[20, 75] < density.opacity[60, 25] <= 1
    assert density.opacity[0, 0] == 0


def test_a_pixel_has_the_mean_colour_of_its_points():
    positions = np.array([[5.0, 5.0]] * 4)
    labels = np.array([0, 0, 0, 1], np.uint8)
    found = Density(positions, labels, COLOURS, AREA, 11, 11).colours(labels)
    assert found[5, 5] == pytest.approx([191.25, 0, 63.75], abs=0.01)


@pytest.mark.parametrize("n", [1000, 300_001])
def test_changes_lead_where_a_fresh_start_does(n):
    rng = np.random.RandomState(0)
    positions = rng.uniform(0, 10, (n, 2))
    all_labels = [rng.randint(0, 2, n).astype(np.uint8) for _ in range(4)]
    walked = Density(positions, all_labels[0], COLOURS, AREA, 60, 50)
    for labels in all_labels:
        fresh = Density(positions, labels, COLOURS, AREA, 60, 50)
        np.testing.assert_array_equal(walked.colours(labels), fresh.colours(labels))
