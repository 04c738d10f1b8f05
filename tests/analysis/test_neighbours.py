"""Points on the screen: nearest to a place, next in a direction; fast for a million."""

import time

import numpy as np
import pytest

from kmeans_tui.analysis.neighbours import nearest, neighbour

CROSS = np.array([[0.0, 0.0], [2.0, 0.5], [-1.0, 0.1], [0.2, 3.0], [0.0, -1.0], [5.0, 0.0]])


def test_the_nearest_point():
    assert nearest(CROSS, (0.1, -0.2)) == 0
    assert nearest(CROSS, (4.0, 0.0)) == 5
    # One step up is as far as four across.
    assert nearest(np.array([[4.1, 0.0], [0.0, 1.0]]), (0.0, 0.0), cell=(4.0, 1.0)) == 1
    assert nearest(np.array([[3.9, 0.0], [0.0, 1.0]]), (0.0, 0.0), cell=(4.0, 1.0)) == 0


@pytest.mark.parametrize(
    ("direction", "reached"), [("right", 1), ("left", 2), ("up", 3), ("down", 4)]
)
def test_the_neighbour_in_a_direction(direction, reached):
    assert neighbour(CROSS, 0, direction) == reached


def test_the_edge_and_a_point_out_of_the_quarter():
    assert neighbour(CROSS, 5, "right") is None
    points = np.array([[0.0, 0.0], [1.0, 5.0]])
    assert neighbour(points, 0, "right") == 1, "steeper than the quarter, but all there is"
    assert neighbour(np.zeros((4, 2)), 1, "up") is None, "points in one place count as one"


def test_every_place_is_reached_by_arrows():
    points = np.random.default_rng(1).normal(size=(60, 2))
    seen, todo = {0}, [0]
    while todo:
        row = todo.pop()
        for direction in ("left", "right", "up", "down"):
            found = neighbour(points, row, direction)
            if found is not None and found not in seen:
                seen.add(found)
                todo.append(found)
    assert len(seen) == 60


def test_a_million_points_take_a_moment():
    points = np.random.default_rng(0).normal(size=(1_000_000, 2))
    began = time.thread_time()
    row = nearest(points, (0.5, 0.5))
    assert neighbour(points, row, "left") is not None
    assert time.thread_time() - began < 0.5
