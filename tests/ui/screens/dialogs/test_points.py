"""The dialogs about rows: what they list, in which order, and in whose units."""

import numpy as np
import pytest
from textual.widgets import Input, OptionList

from kmeans_tui import load_data
from kmeans_tui.analysis.point import changed
from kmeans_tui.command import Options
from kmeans_tui.ui.screens import questions
from kmeans_tui.ui.screens.dialogs.points import ChangesDialog, FindDialog, ProfileDialog
from tests.pilot import opened, press, screen_text, settled, text, until

FIRST = Options(goto="1")


def listed(pilot):
    options = pilot.app.screen.query_one(OptionList)
    return [str(options.get_option_at_index(i).prompt) for i in range(options.option_count)]


def border(line):
    return float(line.split()[5])


def inside(pilot):
    """The lines of the dialog, without its frame and its scrollbar."""
    region = pilot.app.screen.query_one(".dialog").region
    rows = screen_text(pilot.app).splitlines()[region.y + 1 : region.bottom - 1]
    return [row[region.x + 1 : region.right - 4].strip() for row in rows]


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
        assert pilot.app.explore.row is None


@pytest.mark.parametrize(("goto", "iteration"), [("0", 0), ("0:initialise", 0), ("last", 3)])
async def test_without_changes_there_is_a_sentence_and_no_list(goto, iteration):
    async with opened(Options(goto=goto), notifications=True) as pilot:
        await press(pilot, "c")
        assert len(pilot.app.screen_stack) == 1
        assert f"No point changed cluster in iteration {iteration}." in screen_text(pilot.app)


async def test_a_large_set_lists_a_thousand_and_says_how_many_more(monkeypatch):
    monkeypatch.setattr(questions, "AT_ONCE", 100)
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
        assert pilot.app.explore.row == expected[0] - 1


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


async def test_the_find_dialog_remembers_what_was_looked_for():
    async with opened() as pilot:
        await press(pilot, "slash", "4", "4", "enter")
        assert pilot.app.explore.session.options.row == 44
        await pilot.press("slash")
        assert isinstance(pilot.app.screen, FindDialog)
        assert pilot.app.screen.query_one(Input).value == "44"
        await press(pilot, "7", "enter")
        assert pilot.app.explore.session.options.row == 7, "what is typed replaces it"


@pytest.mark.parametrize("size", [(100, 30), (80, 24), (60, 16)])
async def test_the_profile_has_numpys_numbers_in_the_units_of_the_table(size):
    options = Options("iris", features=("1", "2", "3", "4"), scale="standard", goto="last", seed=0)
    async with opened(options, size=size) as pilot:
        run = pilot.app.explore.session.run
        labels = run.history[-1].labels
        await pilot.press("d")
        assert isinstance(pilot.app.screen, ProfileDialog)
        await until(pilot, lambda: "cluster 1" in screen_text(pilot.app))
        lines = inside(pilot)
        for _ in range(40):
            await pilot.press("j")
            lines += inside(pilot)
        for c in range(3):
            own = run.dataset.table[labels == c]
            rest = run.dataset.table[labels != c]
            assert f"cluster {c + 1} · {len(own)} rows, {len(own) / 150:.1%}" in lines
            for i, name in enumerate(run.dataset.features):
                pooled = np.sqrt((len(own) * own.var(axis=0) + len(rest) * rest.var(axis=0)) / 150)
                numbers = (
                    own[:, i].mean(),
                    own[:, i].std(),
                    rest[:, i].mean(),
                    (own[:, i].mean() - rest[:, i].mean()) / pooled[i],
                )
                rows = [w.removeprefix(name).split() for w in lines if w.startswith(name)]
                rows = [row for row in rows if len(row) == 4]
                assert any(
                    np.allclose([float(cell) for cell in row], numbers, rtol=0.006, atol=0.006)
                    for row in rows
                ), (c, name, numbers, rows)


async def test_the_profile_names_labels_and_rows_of_the_file(tmp_path):
    rows = [("a", 0.0), ("a", 1.0), ("b", None), ("b", 100.0), ("b", 101.0), ("c", 103.0)]
    path = tmp_path / "t.csv"
    cells = "".join(f"{name},{'' if x is None else x},0.5,{x}\n" for name, x in rows)
    path.write_text("kind,x,y,z\n" + cells.replace("None", "7"))
    options = Options(str(path), k=2, init="farthest", features=("x", "z"), goto="last")
    async with opened(options) as pilot:
        await pilot.press("d")
        await until(pilot, lambda: "cluster 2" in screen_text(pilot.app))
        shown = screen_text(pilot.app)
        assert "kind: mostly a, 2 of 2" in shown
        assert "kind: mostly b, 2 of 3" in shown
        assert "nearest rows 5, 4, 6" in shown
        assert "farthest rows 6, 4, 5" in shown


async def test_nothing_is_described_before_the_first_assignment():
    async with opened(Options(goto="0:initialise"), notifications=True) as pilot:
        await press(pilot, "d")
        assert len(pilot.app.screen_stack) == 1
        assert "No point is assigned yet." in screen_text(pilot.app)


@pytest.mark.parametrize("key", ["slash", "c", "d"])
@pytest.mark.parametrize("size", [(100, 30), (80, 24), (60, 16)])
async def test_dialogs_lie_within_the_screen_and_close(key, size):
    async with opened(FIRST, size=size) as pilot:
        await pilot.press(key)
        (box,) = pilot.app.screen.query(".dialog")
        await until(pilot, lambda: box.region.width)
        assert box.region.right <= size[0]
        assert box.region.bottom <= size[1]
        assert str(box.border_subtitle) in screen_text(pilot.app)
        await press(pilot, "escape")
        assert len(pilot.app.screen_stack) == 1
