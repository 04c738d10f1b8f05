"""One unit as long across as down, wherever that leaves enough to see."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kmeans_tui.aspect import fit, stretched

SQUARE = ((0.0, 1.0), (0.0, 1.0))


def lengths(found, units, columns, rows, cell=2.0):
    """How long a row's height is across and down, in the space of the distances."""
    (left, right), (bottom, top) = found.window
    return (right - left) * units[0] / (columns / cell), (top - bottom) * units[1] / rows


@pytest.mark.parametrize("size", [(60, 20), (118, 30), (30, 40)])
@pytest.mark.parametrize("units", [(1.0, 1.0), (0.5, 1.0), (1e-9, 1e-9)])
@pytest.mark.parametrize("cell", [1.6, 2.0, 2.4])
def test_equal_aspect_is_equal_in_the_units_of_the_distances(size, units, cell):
    found = fit(SQUARE, units, *size, cell=cell, aspect="equal")
    across, down = lengths(found, units, *size, cell)
    assert across == pytest.approx(down)
    assert found.equal
    # What was asked for lies in the middle, and takes one side whole.
    for (low, high), share in zip(found.window, found.share, strict=True):
        assert low <= 0 < 1 <= high
        assert low + high == pytest.approx(1)
        assert share == pytest.approx(1 / (high - low))
    assert max(found.share) == 1


@pytest.mark.parametrize(
    ("window", "size", "equal"),
    [
        (SQUARE, (71, 12), True),  # 24 columns of 71
        (SQUARE, (71, 11), False),  # 22
        (SQUARE, (30, 8), True),  # 16 of 30: half of the cells
        (((0.0, 4.0), (0.0, 1.0)), (80, 30), True),  # 10 rows
        (((0.0, 4.1), (0.0, 1.0)), (80, 40), False),
        (((0.0, 1.0), (0.0, 1.2)), (71, 12), True),  # upright: 20 columns
        (((0.0, 1.0), (0.0, 1.3)), (71, 12), False),
    ],
)
def test_left_open_it_is_equal_where_enough_is_left(window, size, equal):
    found = fit(window, (1.0, 1.0), *size)
    assert found.equal is equal
    if not equal:
        assert found.window == window
        assert found.share == (1.0, 1.0)
        across, down = lengths(found, (1.0, 1.0), *size)
        assert found.stretch == pytest.approx(down / across)


def test_what_is_asked_for_decides():
    assert not fit(SQUARE, (1.0, 1.0), 70, 30, aspect="fill").equal
    assert fit(SQUARE, (1.0, 1.0), 71, 3, aspect="equal").equal


def test_without_a_common_unit_there_is_nothing_to_draw_to_scale():
    found = fit(SQUARE, None, 60, 30, aspect="equal")
    assert (found.window, found.stretch, found.equal) == (SQUARE, None, False)


@given(
    st.tuples(*[st.floats(-1e300, 1e300)] * 2),
    st.tuples(*[st.floats(1e-300, 1e300)] * 4),
    st.sampled_from(["equal", "fill", None]),
)
@example(corner=(0.0, 0.0), sizes=(1e5, 1e-7, 1e249, 1e-63), aspect="equal")
def test_whatever_the_numbers_the_window_holds_what_was_asked_for(corner, sizes, aspect):
    window = tuple((at, at + size) for at, size in zip(corner, sizes[:2], strict=True))
    found = fit(window, sizes[2:], 60, 20, aspect=aspect)
    for (low, high), (least, most) in zip(found.window, window, strict=True):
        slack = 1e-9 * max(abs(least), abs(most), most - least)
        assert math.isnan(high - low) or (low <= least + slack and most - slack <= high)


@pytest.mark.parametrize(
    ("stretch", "words"),
    [
        (3.44, "stretched 3.4 times across"),
        (1 / 2.5, "stretched 2.5 times down"),
        (12.3, "stretched 12 times across"),
        (45678.0, "stretched 45,678 times across"),
        (3e9, "stretched 3e+09 times across"),
    ],
)
def test_how_far_it_is_from_equal_in_words(stretch, words):
    assert stretched(stretch) == words
