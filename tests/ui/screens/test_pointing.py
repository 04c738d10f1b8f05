"""Clicks and the wheel: each does what a key does, and nothing beside what it means."""

import pytest
from textual.events import MouseDown, MouseScrollDown, MouseUp

from kmeans_tui import key_table, palette
from kmeans_tui.command import Options
from kmeans_tui.footer import footer as last_line
from kmeans_tui.footer import pressed
from kmeans_tui.ui.widgets.chart import Chart
from kmeans_tui.ui.widgets.curve import Curve
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.panels import Algorithm, Bar, Clusters
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.summary import Summary
from tests.pilot import answered, asking, opened, press, screen_text, settled, text

FIRST = Options("blobs", goto="1")


async def click(pilot, x, y):
    """Click a cell of the screen as the terminal reports it."""
    for kind in (MouseDown, MouseUp):
        event = kind(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y)
        pilot.app.post_message(event)
        await pilot.pause()
    await settled(pilot)


async def click_on(pilot, widget, x, y):
    """Click a cell inside the frame of a widget."""
    corner = widget.region.offset
    await click(pilot, corner.x + x + widget.framed, corner.y + y + widget.framed)


async def turn(pilot, widget):
    """Turn the wheel towards the user over a widget."""
    x, y = widget.region.center
    x, y = int(x), int(y)
    event = MouseScrollDown(None, x, y, 0, 0, 0, False, False, False, screen_x=x, screen_y=y)
    pilot.app.post_message(event)
    await pilot.pause()
    await settled(pilot)


def footer(pilot, word):
    """The column of a word in the last line."""
    bar = pilot.app.screen.query_one("#keys", Bar)
    return bar, text(bar)[0].index(word)


async def test_points_steps_clusters_and_the_curve_answer_in_explore():
    async with opened(FIRST, size=(120, 40)) as pilot:
        explore = pilot.app.explore
        chart, run = pilot.app.query_one(Chart), explore.session.run
        # Where a point is drawn, and what the click asks for.
        lines = text(chart)
        y = next(i for i, line in enumerate(lines) if palette.glyph(1) in line[8:])
        await click_on(pilot, chart, lines[y].index(palette.glyph(1), 8), y)
        row = explore.cursor.row
        assert run.history.labels(1)[row] == 1
        await click_on(pilot, chart, lines[y].index(palette.glyph(1), 8), y)
        assert run.history.labels(1)[explore.cursor.row] == 1
        await press(pilot, "escape")
        await click_on(pilot, chart, 12, 1)
        assert explore.cursor.row is None

        steps = pilot.app.query_one(Algorithm)
        for line, position in ((0, 0), (3, run.last), (2, run.last - 1), (1, run.last)):
            await click_on(pilot, steps, 5, line)
            assert explore.session.position == position, line

        curve = pilot.app.query_one(Curve)
        axes = curve._axes
        for iteration in range(run.history.iterations + 1):
            low, high = axes.fit.window[0]
            column = axes.left + int((iteration - low) / (high - low) * axes.columns)
            await click_on(pilot, curve, column, 8)
            assert explore.session.position == 2 * iteration + 1

        await click_on(pilot, pilot.app.query_one(Clusters), 4, 2)
        assert explore.session.options.zoom is not None
        assert explore._cluster == 1
        await press(pilot, "W")


async def test_the_steps_of_a_narrow_screen_answer():
    async with opened(FIRST, size=(80, 24)) as pilot:
        summary = pilot.app.query_one(Summary)
        last = pilot.app.explore.session.run.last
        for title, position in (("1 initialise", 0), ("4 converged", last)):
            await click_on(pilot, summary, text(summary)[0].index(title) + 2, 0)
            assert pilot.app.explore.session.position == position


async def test_tabs_and_the_last_line_press_the_keys_they_show():
    async with opened(FIRST, size=(100, 30)) as pilot:
        bar, x = footer(pilot, "←→")
        before = pilot.app.explore.session.position
        await click_on(pilot, bar, x + 1, 0)
        assert pilot.app.explore.session.position == before + 2
        await click_on(pilot, bar, x, 0)
        assert pilot.app.explore.session.position == before
        bar, x = footer(pilot, "Help")
        await click_on(pilot, bar, x, 0)
        assert "help · Explore" in screen_text(pilot.app)
        # Under a dialog nothing answers but its own keys.
        tabs = pilot.app.explore.query_one("#tabs", Bar)
        await click_on(pilot, tabs, text(tabs)[0].index("2 Elbow"), 0)
        assert pilot.app.page is pilot.app.explore
        bar, x = footer(pilot, "Close")
        await click_on(pilot, bar, x, 0)
        assert "help · Explore" not in screen_text(pilot.app)
        await click_on(pilot, tabs, text(tabs)[0].index("5 Data") + 2, 0)
        assert pilot.app.page.PLACE == "Data"


async def test_the_wheel_turns_lists_and_long_texts():
    async with opened(Options("uniform", k=30), size=(100, 30)) as pilot:
        panel = pilot.app.query_one(Clusters)
        first = text(panel)[1]
        await turn(pilot, panel)
        assert text(panel)[1] != first
    async with asking("elbow", Options("blobs:n=60", k_max=4)) as pilot:
        await answered(pilot)
        page = pilot.app.page
        page.action_first()
        await pilot.pause()
        await turn(pilot, page.query_one(Listing))
        assert page._chosen == 2
        curve = page.query_one(Curve)
        axes = curve._axes
        await click_on(pilot, curve, axes.left + axes.columns - 1, 6)
        assert page._chosen == 4
        said = page.query_one(Passage)
        top = text(said)[0]
        await turn(pilot, said)
        assert text(said)[0] != top or len(said._sentences) <= said.inner.height


async def test_with_the_hand_out_a_click_grabs_and_drops():
    async with opened(FIRST, size=(100, 30)) as pilot:
        explore, chart = pilot.app.explore, pilot.app.query_one(Chart)
        await press(pilot, "H")
        lines = text(chart)
        y = next(i for i, line in enumerate(lines) if "1" in line[8:])
        await click_on(pilot, chart, lines[y].index("1", 8), y)
        assert explore.hand.held == 0
        await click_on(pilot, chart, 20, 8)
        assert explore.hand.held is None
        assert explore.session.options.init == "given"


@pytest.mark.parametrize("where", ["Explore", "Elbow", "Seeds", "Compare", "Data"])
def test_every_key_of_a_last_line_can_be_pressed(where):
    bound = {
        name
        for row in (*key_table.rows(where), *key_table.rows("everywhere"))
        for names, _ in row.bindings
        for name in names.split(",")
    }
    pairs = last_line(where, 200)
    line = "".join(f" {shown} {word} " for shown, word in pairs)
    found = [pressed(pairs, x) for x in range(len(line) + 2)]
    assert set(found) - {None} <= bound
    for shown, word in pairs:
        start = line.index(f" {shown} {word} ") + 1
        assert None not in found[start : start + len(shown)]
        assert len(set(found[start + len(shown) + 1 : start + len(shown) + 1 + len(word)])) == 1
    assert found[-1] is None


def test_every_dialog_s_keys_can_be_pressed():
    for pairs in key_table.ALONE.values():
        for shown, _ in pairs:
            assert pressed(((shown, "Word"),), 1), shown


@pytest.mark.parametrize("size", [(80, 24), (100, 30)])
async def test_a_long_notice_leaves_the_status_and_goes_at_the_next_click_or_key(size):
    async with opened(FIRST, size=size, notifications=True) as pilot:
        app = pilot.app
        before = screen_text(app).splitlines()
        for said in ("word " * 60, "x" * 500, "语" * (size[0] // 2), "x" * size[0]):
            app.notify(said)
            await pilot.pause(0.1)
            lines = screen_text(app).splitlines()
            assert lines[-2:] == before[-2:]
            assert said.split()[-1][-1] in lines[-3]
            assert lines[-3] != before[-3]
            await click(pilot, 1, 3)
            assert screen_text(app).splitlines() == before
        app.notify("y" * (size[0] - 1))
        await pilot.pause(0.1)
        *others, last = screen_text(app).splitlines()
        assert last == "▌" + "y" * (size[0] - 1)
        assert others == before[:-1]
        await press(pilot, "escape")
        assert screen_text(app).splitlines() == before
