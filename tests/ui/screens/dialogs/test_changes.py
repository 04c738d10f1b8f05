"""The points that changed cluster: which, in which order, and by whose row numbers."""

import pytest
from textual.widgets import OptionList

from kmeans_tui import load_data
from kmeans_tui.analysis.point import changed
from kmeans_tui.command import Options
from kmeans_tui.ui.models import cursor
from kmeans_tui.ui.screens.dialogs.changes import ChangesDialog
from tests.pilot import opened, press, screen_text, settled, text, until

FIRST = Options(goto="1")


def listed(pilot):
    options = pilot.app.screen.query_one(OptionList)
    return [str(options.get_option_at_index(i).prompt) for i in range(options.option_count)]


def border(line):
    return float(line.split()[5])


async def test_c_lists_45_points_nearest_to_the_border_first():
    async with opened(FIRST) as pilot:
        await pilot.press("c")
        assert isinstance(pilot.app.screen, ChangesDialog)
        assert "45 points changed cluster in iteration 1" in screen_text(pilot.app)
        lines = listed(pilot)
        assert len(lines) == 45
        borders = [border(line) for line in lines]
        assert borders == sorted(borders)
        assert borders[0] < borders[-1]
        assert lines[0].split()[:5] == ["row", "56", "1", "→", "3"]


async def test_enter_questions_the_chosen_row_and_the_panel_says_why():
    async with opened(FIRST) as pilot:
        await pilot.press("c", "j", "j", "k")
        second = listed(pilot)[1].split()[1]
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.explore.session.options.row == int(second)
        panel = " ".join(" ".join(text(pilot.app.query_one("#question"))).split())
        assert f"─ row {second} ─" in screen_text(pilot.app)
        assert "cluster 3, margin" in panel
        assert "iteration 1: its own centroid moved" in panel
        assert "centroid 3" in panel


async def test_c_and_enter_at_once_takes_the_first():
    async with opened(FIRST) as pilot:
        await press(pilot, "c", "enter")
        assert pilot.app.explore.session.options.row == 56


@pytest.mark.parametrize("close", ["escape", "q"])
async def test_closing_the_list_chooses_nothing(close):
    async with opened(FIRST) as pilot:
        await press(pilot, "c", "j", close)
        assert len(pilot.app.screen_stack) == 1
        assert pilot.app.explore.cursor.row is None


@pytest.mark.parametrize(("goto", "iteration"), [("0", 0), ("0:initialise", 0), ("last", 3)])
async def test_without_changes_there_is_a_sentence_and_no_list(goto, iteration):
    async with opened(Options(goto=goto), notifications=True) as pilot:
        await press(pilot, "c")
        assert len(pilot.app.screen_stack) == 1
        assert f"No point changed cluster in iteration {iteration}." in screen_text(pilot.app)


async def test_a_large_set_lists_a_thousand_and_says_how_many_more(monkeypatch):
    monkeypatch.setattr(cursor, "AT_ONCE", 100)
    options = Options("uniform:n=20000", k=12, goto="1")
    async with opened(options) as pilot:
        run = pilot.app.explore.session.run
        count = run.history[1].changed
        assert count > 1000
        await pilot.press("c")
        await until(pilot, lambda: len(listed(pilot)) == 1000)
        assert f"and {count - 1000:,} more, farther from it" in screen_text(pilot.app)
        expected = changed(run.history, run.dataset.points, 1).rows[:1000] + 1
        assert [int(line.split()[1].replace(",", "")) for line in listed(pilot)] == list(expected)
        await press(pilot, "enter")
        assert pilot.app.explore.cursor.row == expected[0] - 1


async def test_the_list_has_the_row_numbers_of_the_file(tmp_path):
    points = load_data("blobs").points
    lines = ["name,x,y", "nobody,,1"] + [
        f"p{i},{x!r},{y!r}" for i, (x, y) in enumerate(points.tolist())
    ]
    path = tmp_path / "late.csv"
    path.write_text("\n".join(lines) + "\n")
    async with opened(Options(str(path), k=3, scale="none", goto="1")) as pilot:
        await pilot.press("c")
        lines = listed(pilot)
        assert len(lines) == 45
        assert lines[0].split()[1] == "57", "one row was dropped before it"
        await press(pilot, "enter")
        panel = "".join(text(pilot.app.query_one("#question")))
        assert "name: p55" in panel
