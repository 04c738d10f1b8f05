"""Plots of points to scale, nearer and aside: measured on the cells that are drawn."""

import numpy as np
import pytest
from textual.events import MouseScrollDown, MouseScrollUp

from kmeans_tui import palette
from kmeans_tui.command import Options
from kmeans_tui.ui.widgets.chart import Chart
from kmeans_tui.ui.widgets.curve import Curve
from kmeans_tui.ui.widgets.picture import Picture
from tests.colour_vision import contrast
from tests.pilot import answered, cells, copied, framed, opened, press, settled, text

SIZES = ((80, 24), (100, 30), (120, 40), (200, 60))


def canvas(chart):
    """The lines of the canvas of a plot, without axes and labels."""
    lines = text(chart)
    left, right = lines[0].index("┌") + 1, lines[0].index("┐")
    bottom = next(y for y, line in enumerate(lines) if "└" in line)
    return [line[left:right] for line in lines[1:bottom]]


def drawn(chart):
    """Columns and rows of the smallest rectangle with all that is drawn."""
    filled = np.array([[character != " " for character in line] for line in canvas(chart)])
    return tuple(int(np.ptp(np.flatnonzero(filled.any(axis=axis)))) + 1 for axis in (0, 1))


def plots(pilot):
    return list(pilot.app.page.query(Chart))


def table(path, x, y):
    rows = "\n".join(f"{a!r},{b!r}" for a, b in zip(x.tolist(), y.tolist(), strict=True))
    path.write_text(f"a,b\n{rows}\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def circle(tmp_path):
    around = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    return table(tmp_path / "circle.csv", 5 + np.cos(around), np.sin(around) - 3)


@pytest.fixture
def ellipse(tmp_path):
    """A circle once it is standardised."""
    around = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    return table(tmp_path / "ellipse.csv", 5000 * np.cos(around), np.sin(around) - 3)


@pytest.mark.parametrize("where", ["1", "3", "4"])
async def test_a_circle_is_twice_as_many_columns_as_rows(circle, where):
    async with opened(Options(circle, k=3, scale="none"), (80, 24)) as pilot:
        if where != "1":
            await pilot.press(where)
            await answered(pilot)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            await pilot.pause()
            for chart in plots(pilot):
                columns, rows = drawn(chart)
                assert abs(columns - 2 * rows) <= 2, (size, columns, rows)
                assert rows >= 8, size
                assert "equal" in framed(chart)[0] or len(framed(chart)[0]) > 30


@pytest.mark.parametrize("where", ["3", "4"])
async def test_the_blobs_are_to_scale_where_plots_are_small(where):
    async with opened(Options("blobs"), (80, 24)) as pilot:
        await pilot.press(where)
        await answered(pilot)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            await pilot.pause()
            for chart in plots(pilot):
                assert chart.stretch == 1, size
                (left, right), (bottom, top) = chart.window
                columns, rows = chart.canvas
                assert rows >= 8
                assert (right - left) * 2 / columns == pytest.approx((top - bottom) / rows)


async def test_tab_goes_through_the_panels_and_back_to_the_plot():
    async with opened(Options("uniform", k=40, goto="last"), (80, 24)) as pilot:
        page, summary = pilot.app.page, pilot.app.query_one("#summary")
        first = text(summary)[1]
        await press(pilot, "tab", "j")
        assert page.focused is summary
        assert text(summary)[1] != first
        await press(pilot, "k", "k", "tab")
        assert page.focused is None
        assert text(summary)[1] == first
        await press(pilot, "shift+tab")
        assert page.focused is summary


async def test_the_distance_that_counts_is_that_of_the_prepared_space(ellipse):
    async with opened(Options(ellipse, k=3, scale="standard"), (100, 30)) as pilot:
        columns, rows = drawn(pilot.app.explore.stage.chart)
        assert abs(columns - 2 * rows) <= 2
        # As it is measured, it is a line; all of the plot is used, and a line says what would do.
        await press(pilot, "z")
        chart = pilot.app.explore.stage.chart
        assert "stretched" in framed(chart)[0]
        assert "z standardises: then equal" in framed(chart)[1]
        await press(pilot, "Z")
        assert copied(pilot.app).aspect == "equal"
        assert drawn(chart)[1] <= 2


async def test_other_fonts_have_other_cells(circle):
    async with opened(Options(circle, k=3, scale="none", cell_ratio=1.6), (120, 40)) as pilot:
        columns, rows = drawn(pilot.app.explore.stage.chart)
        assert abs(columns - 1.6 * rows) <= 2
        assert copied(pilot.app).cell_ratio == 1.6


async def test_the_aspect_can_be_switched_and_is_carried():
    async with opened() as pilot:
        chart = pilot.app.explore.stage.chart
        before = canvas(chart)
        await press(pilot, "Z")
        assert drawn(chart) > (50, 10)
        assert "stretched 1." in framed(chart)[0]
        assert copied(pilot.app).aspect == "fill"
        await press(pilot, "Z")
        assert canvas(chart) == before
        assert copied(pilot.app).aspect is None


async def test_nearer_farther_aside_and_back():
    async with opened() as pilot:
        chart = pilot.app.explore.stage.chart
        before = canvas(chart)
        await press(pilot, "right_parenthesis")
        assert "zoom" in framed(chart)[0]
        assert "of 300" in framed(chart)[0]
        nearer = chart.window
        await press(pilot, "shift+right", "shift+up")
        (left, _), (bottom, _) = chart.window
        assert (left > nearer[0][0], bottom > nearer[1][0]) == (True, True)
        zoom = copied(pilot.app).zoom
        assert zoom is not None
        # What the command carries shows the same picture.
        here = canvas(chart)
    async with opened(Options(zoom=zoom)) as pilot:
        chart = pilot.app.explore.stage.chart
        assert canvas(chart) == here
        await press(pilot, "W")
        assert canvas(chart) == before
        assert copied(pilot.app).zoom is None


async def test_nearer_to_every_cluster_by_turns_on_every_screen():
    async with opened(Options(goto="last")) as pilot:
        chart = pilot.app.explore.stage.chart
        for digit in "123":
            await press(pilot, "C")
            shown = "".join(canvas(chart))
            assert [each in shown for each in "123"] == [each == digit for each in "123"]
        await press(pilot, "C")
        assert copied(pilot.app).zoom is None
        await press(pilot, "C")
        zoom = copied(pilot.app).zoom
        await pilot.press("4")
        await answered(pilot)
        ours, theirs = plots(pilot)
        assert canvas(ours) == canvas(theirs)
        assert copied(pilot.app).zoom == zoom
        await pilot.press("W")
        await pilot.pause()
        assert "zoom" not in framed(ours)[0]


async def test_a_part_goes_with_its_plane():
    async with opened(Options("iris", zoom=(1.0, 2.0, 0.0, 1.0))) as pilot:
        await press(pilot, "z")
        assert copied(pilot.app).zoom == (1.0, 2.0, 0.0, 1.0)
        pilot.app.explore.change(features=("1", "2"))
        await settled(pilot)
        assert copied(pilot.app).zoom is None


async def test_the_wheel_goes_nearer_to_the_place_under_it():
    async with opened() as pilot:
        chart = pilot.app.explore.stage.chart
        place = chart.place_at(20, 8)
        for kind in (MouseScrollUp, MouseScrollDown):
            chart.post_message(kind(chart, 21, 9, 0, 0, 0, shift=False, meta=False, ctrl=False))
            await pilot.pause()
            if kind is MouseScrollUp:
                assert copied(pilot.app).zoom is not None
                assert chart.place_at(20, 8) == pytest.approx(place, abs=0.4)
        assert copied(pilot.app).zoom is None


async def test_the_point_in_question_stays_on_show():
    async with opened(Options(row=7)) as pilot:
        chart = pilot.app.explore.stage.chart
        for _ in range(4):
            await press(pilot, "right_parenthesis")
        assert "◉" in "".join(canvas(chart))
        await press(pilot, "slash", "2", "enter")
        assert "◉" in "".join(canvas(chart))
        # A part without it is left with the first step of the cursor.
        pilot.app.explore.see(zoom=(100.0, 101.0, 100.0, 101.0))
        assert "0 of 300" in framed(chart)[0]
        await press(pilot, "left")
        assert "◉" in "".join(canvas(chart))
        await press(pilot, "escape")
        pilot.app.explore.see(zoom=(100.0, 101.0, 100.0, 101.0))
        await press(pilot, "enter", "left", "C", "W")
        assert copied(pilot.app).row is None


async def test_the_wheel_over_a_curve_leaves_the_plane_alone():
    async with opened(Options(), size=(100, 30)) as pilot:
        curve = pilot.app.query_one(Curve)
        curve.post_message(Picture.Wheel(curve, 3, 3, 1, 0))
        await pilot.pause()
        assert pilot.app.is_running
        assert pilot.app.explore.session.options.zoom is None


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_every_cluster_stands_out_from_every_region(theme):
    async with opened(Options("uniform", k=9, goto="last", regions=True, theme=theme)) as pilot:
        drawn = [
            (style.color, style.bgcolor)
            for row in cells(pilot.app.query_one("#chart", Chart))
            for character, style in row
            if character in palette.GLYPHS and not style.bold and style.color and style.bgcolor
        ]
    inks, grounds = (
        {color.get_truecolor().hex for color in each} for each in zip(*drawn, strict=True)
    )
    assert len(inks) == len(grounds) == 9
    assert min(contrast(ink, ground) for ink in inks for ground in grounds) >= 3
