"""Frames of plots: every tick stands in the cell of its value, at equal aspect and filled."""

from decimal import Decimal

import pytest

from kmeans_tui.aspect import Framing
from kmeans_tui.ui.widgets.axis_frame import of_curve, plane


def ticks(axes):
    """The labels of both axes with the column or row of the canvas that each stands at."""
    lines = ["".join(map(chr, row)) for row in axes.characters]
    left, top, columns, rows = axes.left, axes.top, axes.columns, axes.rows
    assert lines[0].index("┌") == left - 1
    upwards = [
        (line[: left - 1].strip(), row)
        for row, line in enumerate(lines[top : top + rows])
        if line[left - 1] == "┤"
    ]
    base = lines[top + rows]
    marks = [column for column in range(columns) if base[left + column] == "┬"]
    labels = lines[top + rows + 1].split()
    assert len(labels) == len(marks)
    return list(zip(labels, marks, strict=True)), upwards


def in_its_cell(label, place, span, cells):
    low, high = span
    cell = (float(label) - low) / (high - low) * cells
    return place - 1e-6 <= cell <= place + 1 + 1e-6


@pytest.mark.parametrize("size", [(24, 6), (60, 20), (61, 26), (118, 38), (200, 60)])
@pytest.mark.parametrize("x", [(0.0, 1.0), (-9.1, 6.9), (1e6, 3e6), (-1.5, 250.0)])
@pytest.mark.parametrize("y", [(-2.0, 2.0), (100.0, 900.0), (1e-5, 9e-5)])
@pytest.mark.parametrize("equal", [True, False])
def test_a_tick_stands_in_the_cell_of_its_value(size, x, y, equal):
    units = (1 / (x[1] - x[0]), 1 / (y[1] - y[0]))
    axes = plane(*size, (x, y), units, Framing("equal" if equal else "fill"))
    assert axes.characters.shape == size[::-1]
    assert axes.fit.equal is equal or abs(axes.fit.stretch - 1) < 0.01
    right, up = ticks(axes)
    assert right
    assert up
    for label, place in right:
        assert in_its_cell(label, place, axes.fit.window[0], axes.columns)
        # Along the points, not along the room beside them.
        assert x[0] <= float(label) <= x[1]
    for label, place in up:
        assert in_its_cell(label, axes.rows - 1 - place, axes.fit.window[1], axes.rows)
        assert y[0] <= float(label) <= y[1]


def test_a_part_of_the_plane_has_ticks_all_along():
    axes = plane(80, 24, ((0.0, 1.0),) * 2, (1.0, 1.0), Framing(zoom=((0.4, 0.5), (0.4, 0.5))))
    right, _ = ticks(axes)
    (left, end), _ = axes.fit.window
    assert axes.fit.equal
    assert left < 0.4 < 0.5 < end
    places = [place for _, place in right]
    assert min(places) < axes.columns / 4
    assert max(places) > axes.columns * 3 / 4


def test_digits_that_repeat_are_left_to_the_title():
    axes = plane(80, 24, ((1e9, 1e9 + 1e-3), (0.0, 1e-3)), (1.0, 1.0), Framing())
    assert axes.offsets == ("1e9", "")
    right, _ = ticks(axes)
    assert all(Decimal(label) <= Decimal("0.001") for label, _ in right)


@pytest.mark.parametrize("last", [1, 3, 14, 100, 1000])
def test_a_curve_counts_in_whole_numbers_from_its_first_to_its_last_cell(last):
    axes = of_curve(40, 14, (0, last), (0.0, 9.0))
    right, up = ticks(axes)
    assert right[0] == ("0", 0)
    assert all(label.isdecimal() for label, _ in right)
    if right[-1][0] == str(last):
        assert right[-1][1] == axes.columns - 1
    assert (up[-1], up[0][0]) == (("0", axes.rows - 1), "8")
