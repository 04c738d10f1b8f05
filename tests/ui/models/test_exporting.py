"""The command shown with files writes them again: on every screen, with every option changed."""

import shlex
from dataclasses import fields, replace

import pytest

from kmeans_tui.cli import main
from kmeans_tui.command import Options
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.bundle import write
from kmeans_tui.export.items import KINDS, Item
from kmeans_tui.ui.models.exporting import exportable
from tests.pilot import opened, settled, until

SCREENS = {"explore": "1", "elbow": "2", "seeds": "3", "compare": "4", "data": "5"}
# Another value for every option; what is not said of a table here, it is said of the workbook.
OTHER = {
    "data": "blobs:n=40",
    "k": 4,
    "init": "farthest",
    "seed": 7,
    "max_iterations": 2,
    "tolerance": 3.0,
    "empty": "random",
    "features": ("x", "z"),
    "scale": "standard",
    "log": ("z",),
    "missing": "median",
    "truth": "group",
    "na": ("9",),
    "separator": ";",
    "header": True,
    "skip": 1,
    "header_row": 1,
    "decimal": ".",
    "thousands": "none",
    "encoding": "latin-1",
    "sheet": "2",
    "runs": 2,
    "k_max": 2,
    "curve": "silhouette",
    "seeds": (0, 2, 3),
    "census": 3,
    "order": "seed",
    "start": "defaults",
    "axes": ("z", "y"),
    "goto": "1",
    "row": 3,
    "marker": "braille",
    "trails": True,
    "regions": True,
    "speed": 8.0,
    "play": True,
    "theme": "textual-light",
    "ascii": True,
}
SMALL = Options(k=3, seed=1, k_max=3, runs=1, census=4, seeds=range(2))
LOOK = {"size": (400, 300), "dpi": 40}


def test_every_option_has_another_value_here():
    assert {*OTHER, "screen"} == {each.name for each in fields(Options)}
    assert {"runs", "k_max"} <= set(OTHER)


@pytest.fixture
def table(tmp_path):
    """A table in which every option about tables makes a difference or none by right."""
    path = tmp_path / "t.csv"
    cells = [(i % 7 + i / 10, (i * i) % 11, 1 + i % 9, "ab"[i % 2]) for i in range(30)]
    lines = [";".join(map(str, row)) for row in cells]
    path.write_text("\n".join(["x;y;z;group", *lines, "1;;2;a"]) + "\n")
    return path


def asked(table, changed):
    """The options of a small table with one of them changed."""
    if changed == "sheet":
        openpyxl = pytest.importorskip("openpyxl")
        book = openpyxl.Workbook()
        for sheet in (book.active, book.create_sheet("other")):
            sheet.append(["x", "y", "z"])
            for i in range(20):
                sheet.append([i % 5, i % 3, i])
        table = table.with_name("t.xlsx")
        book.save(table)
    known = {"data": str(table)}
    return replace(SMALL, **known | ({changed: OTHER[changed]} if changed else {}))


async def on(pilot, screen):
    """Show a screen, and wait for its answer."""
    await pilot.press(SCREENS[screen])
    await until(pilot, lambda: pilot.app.current_mode == screen.capitalize())
    await until(pilot, lambda: not getattr(pilot.app.page, "busy", False))
    await pilot.pause()


def same_again(app, folder, look="light"):
    """Write what the screen offers, then what its command writes; the files there are, compared."""
    explore = app.explore
    offered = exportable(
        explore.session.run, explore.view_options(), app._pages, app.current_mode, ""
    )
    names = [name for name in ("iteration", "run", "labels", "elbow", "seeds", "compare", "code")
             if name not in offered.missing]  # fmt: skip
    items = tuple(Item(name, KINDS[name].forms[0]) for name in names)
    assert items
    settings = Appearance(
        look=look,
        regions=offered.options.regions,
        trails=offered.options.trails,
        **LOOK,
    )
    whole = offered.work_out(items, settings, lambda *_: True)
    ours = write(whole.request(items, folder / "ours", settings)).paths
    program, *words = shlex.split(offered.command(items, settings))
    assert program == "kmeans-tui"
    assert main([*words, "--out", str(folder / "theirs")]) == 0
    for path in ours:
        assert path.read_bytes() == (folder / "theirs" / path.name).read_bytes(), path.name
    return names


@pytest.mark.parametrize("changed", OTHER)
@pytest.mark.parametrize("screen", SCREENS)
async def test_the_command_of_a_screen_opened_with_an_option_writes_the_same(
    screen, changed, table, tmp_path
):
    async with opened(asked(table, changed)) as pilot:
        await on(pilot, screen)
        names = same_again(pilot.app, tmp_path)
        if screen in ("elbow", "seeds", "compare"):
            assert screen in names


@pytest.mark.parametrize("changed", [name for name in OTHER if name not in ("sheet", "play")])
@pytest.mark.parametrize("screen", ["elbow", "seeds", "compare"])
async def test_an_option_changed_after_the_question_is_not_said_of_its_answer(
    screen, changed, table, tmp_path
):
    async with opened(asked(table, None)) as pilot:
        await on(pilot, screen)
        await on(pilot, "explore")
        explore = pilot.app.explore
        explore.change(**{changed: OTHER[changed]})
        await settled(pilot)
        same_again(pilot.app, tmp_path / "explore")
        await on(pilot, screen)
        assert screen in same_again(pilot.app, tmp_path / screen)


@pytest.mark.parametrize("key", ["n", "i", "plus", "greater_than_sign"])
@pytest.mark.parametrize("empty", ["farthest", "random"])
async def test_an_elbow_asked_with_its_own_seed_and_rule_names_them(key, empty, table, tmp_path):
    async with opened(replace(asked(table, None), empty=empty)) as pilot:
        await on(pilot, "elbow")
        await pilot.press(key)
        await until(pilot, lambda: not pilot.app.page.busy)
        assert "elbow" in same_again(pilot.app, tmp_path / "elbow")
        await on(pilot, "explore")
        await pilot.press("n")
        await settled(pilot)
        same_again(pilot.app, tmp_path / "explore")


@pytest.mark.parametrize("look", ["dark", "article"])
async def test_the_look_of_the_article_says_whose_runs_it_shows(look, table, tmp_path):
    async with opened(asked(table, None)) as pilot:
        await on(pilot, "elbow")
        assert "elbow" in same_again(pilot.app, tmp_path, look)
