"""The curve of the inertia: every value in its cell, drawn up to the present iteration."""

import numpy as np
import pytest
from textual.geometry import Region

from kmeans_tui import palette
from kmeans_tui.palette import CURSOR
from kmeans_tui.ui.widgets.curve import _BESIDE, _PRESENT, _SWAP, OTHER, STOP, Curve
from kmeans_tui.ui.widgets.picture import Colours
from tests.pilot import cells, framed, shown, text, until, whole

VALUES = [100.0, 50.0, 25.0, 0.0]
CAPTION = "inertia 25.00"


@pytest.fixture
async def curve():
    widget = Curve()
    async with shown(widget, size=(42, 17)):
        yield widget


def where(curve, character):
    """The cells (column, row) of the widget with this character."""
    return [
        (x, y)
        for y, line in enumerate(text(curve))
        for x, found in enumerate(line)
        if found == character
    ]


def columns_of_labels(curve):
    """The column of each whole number under the axis."""
    *_, base, labels = text(curve)
    marks = [x for x, character in enumerate(base) if character == "┬"]
    return dict(zip(map(int, labels.split()), marks, strict=True))


def rows_of_labels(curve):
    return {float(line.partition("┤")[0]): y for y, line in enumerate(text(curve)) if "┤" in line}


@pytest.mark.parametrize("at", range(4))
async def test_the_present_iteration_stands_over_its_label(curve, at):
    curve.draw(VALUES, at, CAPTION)
    ((x, _),) = where(curve, _PRESENT)
    assert columns_of_labels(curve)[at] == x


async def test_values_stand_at_the_height_of_their_labels(curve):
    curve.draw(VALUES, 3, CAPTION)
    rows = rows_of_labels(curve)
    stops = sorted(where(curve, STOP) + where(curve, _PRESENT))
    assert stops[0][1] == rows[100.0] == min(rows.values())
    assert stops[-1][1] == rows[0.0] == max(rows.values())
    heights = [y for _, y in stops]
    assert heights == sorted(heights)
    assert heights[1] - heights[0] == pytest.approx(2 * (heights[2] - heights[1]), abs=1.5)


async def test_what_is_still_to_come_is_not_shown(curve):
    curve.draw(VALUES, 1, CAPTION)
    assert len(where(curve, STOP)) == 1
    right = where(curve, _PRESENT)[0][0]
    assert max(x for x, _ in where(curve, palette.TRAIL)) < right


async def test_the_axes_hold_the_whole_run_from_the_start(curve):
    curve.draw(VALUES, 0, CAPTION)
    rows, columns = rows_of_labels(curve), columns_of_labels(curve)
    assert {0.0, 100.0} <= set(rows)
    assert set(columns) == {0, 1, 2, 3}
    curve.draw(VALUES, 3, CAPTION)
    assert (rows_of_labels(curve), columns_of_labels(curve)) == (rows, columns)


async def test_the_line_has_no_gap(curve):
    curve.draw(VALUES, 3, CAPTION)
    way = {*where(curve, STOP), *where(curve, _PRESENT), *where(curve, palette.TRAIL)}
    first, last = min(way), max(way)
    seen, edge = {first}, [first]
    while edge:
        x, y = edge.pop()
        near = {p for p in way - seen if max(abs(p[0] - x), abs(p[1] - y)) == 1}
        seen |= near
        edge += near
    assert last in seen
    assert seen == way


async def test_backwards_gives_the_same_picture(curve):
    curve.draw(VALUES, 1, CAPTION)
    before = cells(curve)
    curve.draw(VALUES, 3, CAPTION)
    assert cells(curve) != before
    curve.draw(VALUES, 1, CAPTION)
    assert cells(curve) == before


async def test_the_same_again_refreshes_nothing(curve, monkeypatch):
    curve.draw(VALUES, 2, CAPTION)
    asked = []
    monkeypatch.setattr(curve, "refresh", lambda *regions, **_: asked.append(regions))
    curve.draw(np.array(VALUES).tolist(), 2, CAPTION)
    assert asked == []
    curve.draw(VALUES, 3, CAPTION)
    assert len(asked) == 1
    assert asked[0]


async def test_long_runs_label_some_iterations_only(curve):
    curve.draw(list(range(200, 0, -1)), 199, CAPTION)
    labels = columns_of_labels(curve)
    assert 2 <= len(labels) <= 10
    assert len({b - a for a, b in zip(list(labels), list(labels)[1:], strict=False)}) == 1


@pytest.mark.parametrize("values", [[5.0], [0.0], [3.0, 3.0, 3.0], [1e300, 0.0], [1e-300, 0.0]])
async def test_one_value_equal_values_and_extreme_ones_are_drawn(curve, values):
    curve.draw(values, len(values) - 1, CAPTION)
    assert len(where(curve, _PRESENT)) == 1
    assert "nan" not in "".join(text(curve))


async def test_a_flat_curve_runs_through_the_middle(curve):
    curve.draw([3.0, 3.0], 1, CAPTION)
    rows = [y for _, y in where(curve, STOP) + where(curve, _PRESENT)]
    frame = [y for y, line in enumerate(text(curve)) if "│" in line or "┤" in line]
    assert rows[0] == rows[1]
    assert abs(rows[0] - (frame[0] + frame[-1]) / 2) <= 1


@pytest.mark.parametrize("mono", [False, True])
async def test_the_line_wears_the_colour_of_no_cluster(curve, mono):
    curve.colours = Colours(mono=mono)
    curve.forget()
    curve.draw(VALUES, 3, CAPTION)
    ((x, y),) = where(curve, _PRESENT)
    assert cells(curve)[y][x][1].color == cells(curve)[0][0][1].color


async def test_ascii_holds_in_every_cell(curve):
    curve.colours = Colours(ascii_only=True)
    curve.draw(VALUES, 3, CAPTION)
    assert "".join(text(curve)).isascii()
    assert "?" not in "".join(text(curve))


async def test_the_caption_stands_above_the_plot():
    widget = Curve(title="inertia")
    async with shown(widget, size=(42, 17)):
        for at, caption in enumerate(("inertia 100.00", "inertia 50.00", "")):
            widget.draw(VALUES, at, caption)
            assert text(widget)[0].strip() == caption
            assert "┌" in text(widget)[1]
            assert framed(widget) == ("inertia", "")
        widget.draw(VALUES, 1, CAPTION)
        (first, *_), (other, *_) = cells(widget)[:2]
        assert first[1].bold
        assert not other[1].bold


@pytest.mark.parametrize("size", [(42, 7), (17, 17), (42, 3)])
async def test_where_there_is_no_room_for_a_plot_the_caption_stays(size):
    widget = Curve()
    async with shown(widget, size=size):
        widget.draw(VALUES, 1, CAPTION)
        assert [line.strip() for line in text(widget)] == [CAPTION] + [""] * (size[1] - 3)


async def test_only_the_caption_is_sent_where_nothing_else_changes(curve, monkeypatch):
    curve.draw(VALUES, 1, "inertia 50.00")
    asked = []
    monkeypatch.setattr(curve, "refresh", lambda *regions, **_: asked.append(regions))
    curve.draw(VALUES, 1, "inertia 51.00")
    assert asked == [(Region(11, 1, 1, 1),)]


async def test_no_size_is_too_small():
    widget = Curve()
    async with shown(widget, size=(30, 8)) as pilot:
        for width in (1, 15, 16, 17, 30):
            for height in (1, 2, 4, 5, 8):
                await pilot.resize_terminal(width, height)
                size = (width, height)
                await until(pilot, lambda size=size: widget.size == size)
                widget.draw(VALUES, 2, CAPTION)
                assert [len(strip.text) for strip in whole(widget)] == [width] * height
        assert len(where(widget, _PRESENT)) == 1


# --- one value per k ---------------------------------------------------------------------------


async def test_the_axis_counts_from_the_first_to_the_last(curve):
    curve.draw(VALUES, 1, CAPTION, first=1, last=8, whole=True)
    labels = columns_of_labels(curve)
    assert (min(labels), max(labels)) == (1, 8)
    # The second value stands over 2, and there is room for those still to come.
    assert where(curve, _PRESENT)[0][0] == labels[2]
    assert max(x for x, _ in where(curve, STOP)) == labels[4]
    curve.draw(VALUES, 1, CAPTION, first=1, whole=True)
    assert max(columns_of_labels(curve)) == 4


async def test_whole_shows_what_lies_behind_the_present_too(curve):
    curve.draw(VALUES, 1, CAPTION, whole=True)
    assert len(where(curve, STOP)) == 3
    curve.draw(VALUES, 1, CAPTION)
    assert len(where(curve, STOP)) == 1


async def test_the_marked_value_has_its_sign_unless_it_is_the_present_one(curve):
    curve.draw(VALUES, 1, CAPTION, whole=True, marked=2)
    ((x, _),) = where(curve, CURSOR)
    assert x == columns_of_labels(curve)[2]
    curve.draw(VALUES, 2, CAPTION, whole=True, marked=2)
    assert where(curve, CURSOR) == []
    assert len(where(curve, _PRESENT)) == 1
    curve.draw(VALUES, 2, CAPTION, whole=True, marked=9)
    assert where(curve, CURSOR) == []


async def test_values_beside_are_dots_and_widen_the_axis(curve):
    curve.draw(VALUES, 0, CAPTION, whole=True, beside=[100.0, 200.0, 25.0, None])
    rows = rows_of_labels(curve)
    assert {0.0, 200.0} <= set(rows)
    # Those that lie on the line are covered by it.
    ((x, y),) = where(curve, _BESIDE)
    assert (x, y) == (columns_of_labels(curve)[1], rows[200.0])


@pytest.mark.parametrize("values", [[None, 5.0, 2.0, 1.0], [9.0, None, 2.0, 1.0], [9.0, 5.0, None]])
async def test_a_missing_value_is_left_out_and_the_others_keep_their_places(curve, values):
    curve.draw(values, 0, CAPTION, last=3, whole=True)
    labels = columns_of_labels(curve)
    stops = where(curve, STOP) + where(curve, _PRESENT)
    known = [at for at, value in enumerate(values) if value is not None]
    assert sorted(x for x, _ in stops) == [labels[at] for at in known]
    assert len(where(curve, _PRESENT)) == (values[0] is not None)


async def test_without_any_value_the_caption_stays(curve):
    for values in ([], [None, None]):
        curve.draw(values, 0, CAPTION, first=1, last=4, whole=True)
        assert text(curve)[0].strip() == CAPTION
        assert where(curve, STOP) == where(curve, _PRESENT) == []


async def test_the_chord_joins_the_ends_and_lies_above_a_knee(curve):
    curve.draw(VALUES, 0, CAPTION, whole=True, chord=True)
    chord = dict(where(curve, palette.BORDER))
    line = dict(where(curve, palette.TRAIL))
    both = chord.keys() & line.keys()
    assert both
    assert all(chord[x] < line[x] for x in both)
    rows = rows_of_labels(curve)
    assert rows[100.0] <= min(chord.values()) <= max(chord.values()) <= rows[0.0]
    curve.draw(VALUES, 0, CAPTION, whole=True)
    assert where(curve, palette.BORDER) == []


async def test_a_curve_that_grows_keeps_its_axis(curve):
    curve.draw(VALUES[:2], 0, CAPTION, first=1, last=6, whole=True)
    labels = columns_of_labels(curve)
    curve.draw(VALUES, 0, CAPTION, first=1, last=6, whole=True)
    assert columns_of_labels(curve) == labels
    curve.draw(VALUES, 0, CAPTION, first=1, last=9, whole=True)
    assert max(columns_of_labels(curve)) > 6


async def test_half_steps_stand_between_the_counts(curve):
    curve.draw([100.0, 60.0, 50.0, 50.0, 40.0], 4, CAPTION, halves=True)
    labels = columns_of_labels(curve)
    assert set(labels) == {0, 1, 2}
    assert len(where(curve, _BESIDE)) == 2
    between = sorted(x for x, _ in where(curve, _BESIDE))
    middles = [(labels[i] + labels[i + 1]) / 2 for i in (0, 1)]
    assert between == pytest.approx(middles, abs=1)
    ((x, _),) = where(curve, _PRESENT)
    assert x == labels[2]
    curve.draw([100.0, 60.0, 50.0, 50.0, 40.0], 1, CAPTION, halves=True)
    ((x, _),) = where(curve, _PRESENT)
    assert x == pytest.approx(middles[0], abs=1)


async def test_more_is_said_where_the_plot_keeps_its_rows(curve):
    lines = ("inertia 25.00", "moving took off 5", "")
    curve.draw(VALUES, 2, lines)
    assert [line.strip() for line in text(curve)[:3]] == list(lines)
    async with shown(low := Curve(), size=(42, 12)):
        low.draw(VALUES, 2, lines)
        assert "moving" not in "".join(text(low))
        assert "inertia 25.00" in text(low)[0]


async def test_a_second_line_goes_on_where_the_first_has_ended(curve):
    other = [90.0, 80.0, 70.0, 60.0, 55.0, 52.0]
    curve.draw(VALUES, 5, CAPTION, last=5, second=other)
    labels = columns_of_labels(curve)
    assert sorted(x for x, _ in where(curve, _PRESENT)) == [labels[3], labels[5]]
    assert sorted(x for x, _ in where(curve, STOP)) == [labels[i] for i in range(3)]
    assert {x for x, _ in where(curve, OTHER)} <= {labels[i] for i in range(5)}
    curve.draw(VALUES, 0, CAPTION, last=5, second=other)
    assert {x for x, _ in where(curve, _PRESENT)} == {labels[0]}
    assert where(curve, STOP) == where(curve, OTHER) == []


async def test_a_swap_is_marked_at_the_height_before_it(curve):
    values = [100.0, 90.0, 50.0, None, 40.0, 30.0, 30.0]
    curve.draw(values, 2, CAPTION, halves=True, swaps=[3])
    assert where(curve, _SWAP) == []  # it comes later
    curve.draw(values, 6, CAPTION, halves=True, swaps=[3])
    ((x, y),) = where(curve, _SWAP)
    columns = columns_of_labels(curve)
    assert columns[1] < x < columns[2]
    stops = sorted(where(curve, STOP))
    assert stops[1][1] == y  # iteration 1
    curve.draw(values, 3, CAPTION, halves=True, swaps=[3])
    assert where(curve, _SWAP) == [(x, y)]
