"""The path dialog: completion, what would be read, settings, refusals."""

import os
import time
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from kmeans_tui.command import Options
from kmeans_tui.data.reading import files
from kmeans_tui.ui.models import paths
from kmeans_tui.ui.screens.dialogs.open import OpenDialog
from tests.pilot import screen_text, until
from tests.ui.screens.test_data import data, ready, wish

HOSTILE = Path(__file__).parents[3] / "cases" / "hostile"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    rows = "\n".join(f"{i};{i % 7},5;{'abc'[i % 3]}" for i in range(40))
    (tmp_path / "sales 2024.csv").write_text(f"n;x;kind\n{rows}\n")
    (tmp_path / "sales 2025.csv").write_text("a,b\n1,2\n3,x\n" + "5,6\n" * 20)
    (tmp_path / "notes.md").write_text("no table")
    (tmp_path / "iris").write_text("a b\n1 2\n3 4\n5 6\n")
    (tmp_path / ".hidden.csv").write_text("a\n1\n")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "table.parquet").write_bytes(b"PAR1")
    return tmp_path


def said(pilot):
    return str(pilot.app.screen.query_one("#found", Static).render())


async def looked(pilot):
    dialog = pilot.app.screen
    await until(pilot, lambda: not dialog._reader.busy)
    await pilot.pause()
    return said(pilot)


async def typed(pilot, path):
    await pilot.press("p")
    await until(pilot, lambda: isinstance(pilot.app.screen, OpenDialog))
    pilot.app.screen.query_one(Input).value = path
    await pilot.pause()
    return await looked(pilot)


# --- completion --------------------------------------------------------------------------------


def test_tables_and_folders_are_offered(folder):
    assert paths.matching("").names == ("deep/", "sales 2024.csv", "sales 2025.csv")
    assert paths.matching("~/sa").names == ("~/sales 2024.csv", "~/sales 2025.csv")
    assert paths.matching("SA").names == ("sales 2024.csv", "sales 2025.csv")
    assert paths.matching(".h").names == (".hidden.csv",)
    assert paths.matching("nowhere/x").names == ()
    assert paths.matching(str(folder) + "/de").names == (f"{folder}/deep/",)


def test_completion_goes_as_far_as_all_agree():
    assert paths.completed("sa") == "sales 202"
    assert paths.completed("sales 202") == "sales 202"
    assert paths.completed("d") == "deep/"
    assert paths.completed("deep/") == "deep/table.parquet"
    assert paths.completed("~") == "~/"
    assert paths.completed("zz") == "zz"


def test_pictures_behind_their_prefix(folder):
    (folder / "photo.PNG").write_bytes(b"")
    assert paths.completed("image:ph") == "image:photo.PNG"


async def test_tab_completes_and_then_goes_on():
    async with data() as pilot:
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, OpenDialog))
        await pilot.press("s", "tab")
        field = pilot.app.screen.query_one(Input)
        assert field.value == "sales 202"
        assert field.has_focus
        assert "sales 2024.csv" in screen_text(pilot.app)
        await pilot.press("tab")
        assert not field.has_focus
        await pilot.press("shift+tab", "shift+tab")
        field.focus()
        await pilot.press("down", "down", "enter")
        assert field.value == "sales 2025.csv"
        assert field.has_focus


async def test_letters_are_letters_in_the_path():
    async with data() as pilot:
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, OpenDialog))
        await pilot.press(*"qxyzp15")
        assert pilot.app.screen.query_one(Input).value == "qxyzp15"


# --- files that lie ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("far.xlsx", "far.xlsx has cells so far apart"),
        ("image:photo_eps.png", "is no picture that can be read"),
        ("hole.csv", "has nothing at byte"),
        ("/proc/cpuinfo", "is made up by the system"),
    ],
)
async def test_a_file_that_lies_is_refused_in_a_sentence(folder, path, says):
    for each in (HOSTILE / "far.xlsx", HOSTILE / "photo_eps.png"):
        (folder / each.name).write_bytes(each.read_bytes())
    with (folder / "hole.csv").open("wb") as file:
        file.write(b"x,y\n1,2\n")
        file.truncate(100 << 30)
    async with data() as pilot:
        assert says in await typed(pilot, path)
        await pilot.press("enter")
        assert says in await looked(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, OpenDialog))


# --- what would be read ------------------------------------------------------------------------


async def test_it_says_what_would_be_read_before_it_is_opened():
    async with data() as pilot:
        shown = await typed(pilot, "sales 2024.csv")
        assert "40 rows × 3 columns" in shown
        assert "separator ';'" in shown
        assert "decimal ','" in shown
        assert "identifier: n" in shown
        assert "number: x" in shown
        assert "text: kind" in shown
        await pilot.press("enter")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        shown = await ready(pilot)
        assert wish(pilot) == Options("sales 2024.csv")
        assert "sales 2024.csv · 1 of 2 columns" in shown
        # Opened, not loaded: that is asked for by another enter.
        assert pilot.app.explore.session.run.dataset.name == "blobs"


async def test_enter_completes_first_where_that_can_be_one_thing_only():
    async with data() as pilot:
        await typed(pilot, "dee")
        await pilot.press("enter")
        assert pilot.app.screen.query_one(Input).value == "deep/"


async def test_a_bad_cell_is_refused_and_counted_as_missing_when_asked_for():
    async with data() as pilot:
        shown = await typed(pilot, "sales 2025.csv")
        assert "✗ row 2, column b: 'x' is not a number" in shown
        await pilot.press("tab", "end", "space")
        shown = await looked(pilot)
        assert "✗" not in shown
        assert "1 row of 22 dropped" in shown
        await pilot.press("enter")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        await ready(pilot)
        assert wish(pilot).na == ("x",)


async def test_settings_are_read_with_at_once_and_taken_along():
    async with data() as pilot:
        await typed(pilot, "sales 2024.csv")
        await pilot.press("tab", "space")
        shown = await looked(pilot)
        assert "separator ','" in shown or "✗" in shown
        await pilot.press("right")
        assert "separator ';'" in await looked(pilot)
        await pilot.press("j", "right", "right")
        assert "no header" in await looked(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        assert wish(pilot).separator == "semicolon"
        assert wish(pilot).header is False


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("", "type the path of a file"),
        ("nowhere.csv", "there is no file nowhere.csv"),
        ("deep/", "is a folder"),
        ("-", "there is no file -"),
    ],
)
async def test_what_is_no_file_is_said_on_enter(path, says):
    async with data() as pilot:
        await typed(pilot, path)
        pilot.app.screen._accept()
        assert says in said(pilot)
        assert isinstance(pilot.app.screen, OpenDialog)
        await pilot.press("escape")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        assert pilot.app.current_mode == "Data"


async def test_a_damaged_file_is_refused_and_stays_in_the_dialog():
    async with data() as pilot:
        shown = await typed(pilot, "deep/table.parquet")
        assert shown.startswith("✗")
        assert "table.parquet" in shown
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, OpenDialog)


async def test_a_file_called_like_a_built_in_set_is_the_file():
    async with data() as pilot:
        assert "3 rows × 2 columns" in await typed(pilot, "iris")
        await pilot.press("enter")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        await ready(pilot)
        assert wish(pilot).data == os.path.join(".", "iris")


async def test_home_is_expanded():
    async with data() as pilot:
        assert "40 rows" in await typed(pilot, "~/sales 2024.csv")


async def test_reading_is_cancelled_by_ctrl_c_and_by_escape(monkeypatch):
    stopped = []

    def slow(data, *arguments, listener=None, **keywords):
        while listener(3 * 10**6, 9 * 10**6) is not False:
            time.sleep(0.005)
        stopped.append(data)
        raise files.DataError("reading it was stopped")

    monkeypatch.setattr(files, "open_file", slow)
    async with data() as pilot:
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, OpenDialog))
        pilot.app.screen.query_one(Input).value = "sales 2024.csv"
        await until(pilot, lambda: "3 of 9 MB" in screen_text(pilot.app))
        await pilot.press("enter")
        await until(pilot, lambda: "then opens" in screen_text(pilot.app))
        await pilot.press("ctrl+c")
        assert "was stopped" in await looked(pilot)
        assert len(stopped) == 1
        pilot.app.screen.query_one(Input).value = "sales 2025.csv"
        await until(pilot, lambda: "3 of 9 MB" in screen_text(pilot.app))
        await pilot.press("escape")
        await until(pilot, lambda: len(stopped) == 2)
        assert pilot.app.current_mode == "Data"


async def test_it_begins_with_the_file_that_is_chosen():
    async with data(Options("sales 2024.csv")) as pilot:
        await pilot.press("p")
        await until(pilot, lambda: isinstance(pilot.app.screen, OpenDialog))
        await pilot.pause()
        assert pilot.app.screen.query_one(Input).value == "sales 2024.csv"
        # At hand already: nothing is read again.
        assert "40 rows" in said(pilot)


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (100, 30)])
async def test_it_fits(size):
    async with data(size=size) as pilot:
        await typed(pilot, "sales 2024.csv")
        shown = screen_text(pilot.app)
        assert "separator" in shown
        assert "40 rows" in shown
        box = pilot.app.screen.query_one("#open").region
        assert box.right <= size[0]
        assert box.bottom <= size[1]
