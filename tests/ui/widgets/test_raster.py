"""Points to cells: numpy's answer is that of a loop over the points."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kmeans_tui import palette
from kmeans_tui.analysis.neighbours import neighbour
from kmeans_tui.ui.widgets.raster import EMPTY, Raster, limits, segment

# Numbers of the dots of a braille cell, (column, row) from the top left, as Unicode counts them.
DOTS = {
    (0, 0): 1, (0, 1): 2, (0, 2): 3, (1, 0): 4, (1, 1): 5, (1, 2): 6, (0, 3): 7, (1, 3): 8,
}  # fmt: skip
coordinate = st.floats(-1e3, 1e3).map(lambda value: round(value, 6)) | st.integers(-9, 9).map(float)
clouds = st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=60).map(np.array)
sizes = st.tuples(st.integers(1, 24), st.integers(1, 12))
cell = st.tuples(st.integers(0, 60), st.integers(0, 30))


def fine(value, low, high, steps):
    """The step a value falls in, the edges of the axis counted in."""
    return max(0, min(steps - 1, int((value - low) * (steps / (high - low)))))


def brute(xy, width, height, axes):
    """For every point its cell and the dot within it, one by one."""
    (x0, x1), (y0, y1) = axes
    for x, y in xy.tolist():
        column = fine(x, x0, x1, width * 2)
        row = height * 4 - 1 - fine(y, y0, y1, height * 4)
        yield (column // 2, row // 4), (column % 2, row % 4)


@given(clouds, sizes)
def test_cells_and_dots_are_those_of_a_loop(xy, size):
    width, height = size
    axes = limits(xy)
    raster = Raster(xy, width, height, axes)
    dots = {}
    for point, ((column, row), dot) in enumerate(brute(xy, width, height, axes)):
        assert raster.cell[point] == row * width + column
        dots.setdefault(row * width + column, set()).add(DOTS[dot])
    for at in range(width * height):
        bits = sum(1 << (dot - 1) for dot in dots.get(at, ()))
        assert raster.bits[at] == bits
        assert raster.braille()[at] == 0x2800 + bits
        rows = sum(1 << r * 2 + c for (c, r), dot in DOTS.items() if bits >> (dot - 1) & 1)
        assert raster.octants()[at] == ord(palette.OCTANTS[rows])
    assert raster.used.tolist() == sorted(dots)


@given(clouds, sizes, st.integers(1, 6), st.randoms(use_true_random=False))
def test_the_majority_wins_and_of_equals_the_lower_cluster(xy, size, k, random):
    width, height = size
    axes = limits(xy)
    labels = np.array([random.randrange(k) for _ in xy], np.uint8)
    votes = {}
    for label, ((column, row), _) in zip(labels, brute(xy, width, height, axes), strict=True):
        votes.setdefault(row * width + column, Counter())[int(label)] += 1
    winners = Raster(xy, width, height, axes).winners(labels, k).tolist()
    for at, winner in enumerate(winners):
        if at not in votes:
            assert winner == EMPTY
        else:
            assert winner == min(votes[at], key=lambda c: (-votes[at][c], c))


def test_a_tie_goes_to_the_lower_cluster():
    xy = np.array([[0.0, 0.0], [0.0, 0.0], [1.0, 1.0]])
    raster = Raster(xy, 4, 4, limits(xy))
    winners = raster.winners(np.array([2, 1, 0], np.uint8), 3)
    assert sorted(set(winners.tolist())) == [EMPTY, 0, 1]


@given(clouds, sizes)
def test_a_point_and_a_centroid_on_it_share_a_cell(xy, size):
    raster = Raster(xy, *size, limits(xy))
    places = [row * size[0] + column for column, row in raster.places(xy)]
    assert places == raster.cell.tolist()


def test_what_lies_outside_is_drawn_at_the_edge():
    raster = Raster(np.array([[0.0, 0.0], [1.0, 1.0]]), 10, 5, ((0.0, 1.0), (0.0, 1.0)))
    far = np.array([[-9.0, 0.5], [9.0, 0.5], [0.5, -9.0], [0.5, 9.0], [1e300, -1e300]])
    assert raster.places(far) == [(0, 2), (9, 2), (5, 4), (5, 0), (9, 4)]


@given(clouds)
def test_limits_hold_every_point_with_room_on_each_side(xy):
    for axis, (low, high) in enumerate(limits(xy)):
        assert low < xy[:, axis].min()
        assert high > xy[:, axis].max()


@pytest.mark.parametrize("value", [0.0, 5.0, -1e-9, 1e12, -3e8])
def test_equal_points_stand_in_the_middle(value):
    xy = np.full((4, 2), value)
    (low, high), _ = axes = limits(xy)
    assert low < value < high
    assert (low + high) / 2 == pytest.approx(value)
    assert Raster(xy, 11, 5, axes).places(xy[:1]) == [(5, 2)]


@given(clouds, sizes)
def test_the_centre_of_a_cell_falls_in_that_cell(xy, size):
    width, height = size
    raster = Raster(xy, width, height, limits(xy))
    centres = raster.centres()
    assert raster.places(centres) == [(x, y) for y in range(height) for x in range(width)]


def test_centres_are_in_the_units_of_the_data_from_the_top_left():
    raster = Raster(np.zeros((1, 2)), 2, 2, ((0.0, 4.0), (10.0, 20.0)))
    assert raster.centres().tolist() == [[1, 17.5], [3, 17.5], [1, 12.5], [3, 12.5]]


@given(cell, cell)
def test_a_segment_connects_its_ends_and_leaves_them_out(start, end):
    between = segment(start, end)
    assert start not in between
    assert end not in between
    way = [start, *between, end]
    if start != end:
        assert len(between) == max(abs(end[0] - start[0]), abs(end[1] - start[1])) - 1
        assert all(max(abs(x1 - x), abs(y1 - y)) == 1 for (x, y), (x1, y1) in pairwise(way))
    else:
        assert between == []


@given(cell, cell)
def test_a_segment_stays_within_a_cell_of_the_straight_line(start, end):
    assume(start != end)
    (x0, y0), (x1, y1) = start, end
    length = max(abs(x1 - x0), abs(y1 - y0))
    for x, y in segment(start, end):
        assert abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) <= length


@pytest.mark.parametrize("scale", [1e300, 8e307, 1e-300])
def test_extreme_ranges_are_drawn_without_a_warning(scale):
    xy = np.array([[-1.0, -1.0], [0.0, 0.0], [1.0, 1.0]]) * scale
    with np.errstate(all="raise", under="ignore"):
        axes = limits(xy)
        raster = Raster(xy, 11, 5, axes)
        assert np.isfinite(axes).all()
        assert raster.places(xy) == [(0, 4), (5, 2), (10, 0)]
        assert np.isfinite(raster.centres()).all()
    assert len(raster.used) == 3


def test_spots_are_the_cells_with_points_in_the_order_of_their_first_rows():
    points = np.random.RandomState(0).normal(size=(500, 2)).round(1)
    raster = Raster(points, 30, 12, limits(points))
    spots = raster.spots
    assert sorted(spots.cells) == raster.used.tolist()
    assert spots.rows.tolist() == sorted(spots.rows)
    for cell, row, count, (x, up) in zip(
        spots.cells, spots.rows, spots.counts, spots.positions, strict=True
    ):
        here = np.flatnonzero(raster.cell == cell)
        assert (row, count) == (here[0], len(here))
        assert (cell % 30, 11 - cell // 30) == (x, up)
    assert spots.counts.sum() == 500


@pytest.mark.parametrize("direction", ["left", "right", "up", "down"])
def test_a_neighbour_among_spots_is_the_neighbour_among_points(direction):
    points = np.random.RandomState(1).normal(size=(300, 2))
    raster = Raster(points, 40, 15, limits(points))
    row, column = np.divmod(raster.cell, 40)
    everyone = np.column_stack([column, 14 - row]).astype(float)
    spots = raster.spots
    for at, first in enumerate(spots.rows):
        among = neighbour(spots.positions, at, direction, (2.0, 1.0))
        slow = neighbour(everyone, int(first), direction, (2.0, 1.0))
        assert (None if among is None else spots.rows[among]) == slow


@given(st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_the_highest_level_in_a_cell_is_found(n, seed):
    rng = np.random.RandomState(seed)
    points, levels = rng.normal(size=(n, 2)), rng.randint(0, 11, n).astype(np.uint8)
    raster = Raster(points, 9, 5, limits(points))
    expected = [levels[raster.cell == cell].max() for cell in raster.used]
    assert raster.most(levels).tolist() == expected
