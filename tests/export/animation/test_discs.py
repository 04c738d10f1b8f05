"""Discs as weights: the same picture as Agg draws, whatever the labels become."""

import numpy as np
import pytest

from kmeans_tui.export.animation.discs import Discs, Sprite

COLOURS = np.array([[255, 0, 0], [0, 0, 255], [0, 200, 0]], np.float32)
EDGE = np.array([20, 20, 20], np.float32)


def painted(at, labels, area=40.0, edge=0.3, size=(80, 100)):
    background = np.full((*size, 3), 250, np.uint8)
    return background, Discs(at, labels, COLOURS, background, Sprite(area, edge, EDGE, 100))


def picture(background, discs, labels):
    found = background.astype(float)
    width = found.shape[1]
    found[discs.pixels // width, discs.pixels % width] = discs.paint(labels)
    return found


def test_a_lone_disc_is_what_agg_draws():
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure((1, 0.8), dpi=100, facecolor="#fafafa")
    canvas = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 100), ylim=(0, 80))
    axes.axis("off")
    axes.scatter(
        [50.4, 50.4], [40.4, 40.4], s=40, c="#ff0000", edgecolors="#141414", linewidths=0.3
    )
    canvas.draw()
    theirs = np.asarray(canvas.buffer_rgba())[..., :3].astype(float)
    labels = np.zeros(2, np.uint8)
    background, discs = painted(np.array([[50, 40], [50, 40]], np.int32), labels)
    # Two on one another: the roundings to 8 bits add up.
    assert np.abs(picture(background, discs, labels) - theirs).max() <= 8


@pytest.mark.parametrize("n", [50, 5000])
def test_changed_labels_lead_where_a_fresh_start_does(n):
    rng = np.random.RandomState(1)
    at = np.column_stack([rng.randint(-5, 105, n), rng.randint(-5, 85, n)]).astype(np.int32)
    all_labels = [rng.randint(0, 3, n).astype(np.uint8) for _ in range(3)]
    background, walked = painted(at, all_labels[0], area=13.0)
    for labels in all_labels:
        _, fresh = painted(at, labels, area=13.0)
        difference = picture(background, walked, labels) - picture(background, fresh, labels)
        assert np.abs(difference).max() < 0.05


def test_no_cluster_lies_on_top_of_another():
    # Each place twice, once in each cluster: about half of the places show either.
    rng = np.random.RandomState(2)
    at = rng.randint(0, 10, (100, 2)) * (10, 8)
    at = np.repeat(at, 2, axis=0).astype(np.int32)
    labels = np.tile([0, 1], 100).astype(np.uint8)
    background, discs = painted(at, labels)
    found = picture(background, discs, labels)
    red = np.mean([found[y, x, 0] > found[y, x, 2] for x, y in at])
    assert 0.3 < red < 0.7
