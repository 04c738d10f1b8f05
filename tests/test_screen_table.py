"""The table of the screens: a row added to it is a tab, a key, a flag, a help and a command."""

import subprocess
import sys
from pathlib import Path

import pytest

from kmeans_tui import key_table, screen_table

ROOT = Path(__file__).parent.parent
# The row, its module and its class; tables are read when the program starts.
ADDED = """
import sys, types
from dataclasses import replace
from kmeans_tui import screen_table

screen_table.TABLE += (screen_table.Screen(
    "sizes", "8", "Sizes: how large the clusters are", "run", help="Each cluster and its rows."
),)

from textual.widgets import Static
from kmeans_tui.ui.screens.page import Page

class Sizes(Page):
    PLACE = "Sizes"

    def body(self):
        yield Static("145, 100 and 55 rows")

    def paint(self):
        self.paint_bars("blobs")

    def view_options(self):
        return replace(self.session.options, screen="sizes")

    def stop(self):
        return False

    def change(self, **fields): ...

    def undo(self): ...

module = sys.modules["kmeans_tui.ui.screens.sizes"] = types.ModuleType("sizes")
module.Sizes = Sizes
"""
SHOWN = """
import asyncio
from kmeans_tui.command import Options
from tests.pilot import copied, opened, screen_text, until

async def show():
    async with opened(OPTIONS, size=(120, 50)) as pilot:
        app = pilot.app
        if app.current_mode != "Sizes":
            await pilot.press("8")
        await until(pilot, lambda: "145, 100 and 55 rows" in screen_text(app))
        print(screen_text(app))
        await pilot.press("y")
        await pilot.pause()
        print(app.clipboard)
        await pilot.press("question_mark")
        await until(pilot, lambda: "Each cluster and its rows." in screen_text(app))
        await pilot.press("escape")
        await pilot.press("2", "8")
        await until(pilot, lambda: app.current_mode == "Sizes")

asyncio.run(show())
"""
ASKED = """
from kmeans_tui.cli import main
from kmeans_tui import key_table

print(key_table.markdown())
print(main(["iris", "--screen", "sizes"]))
try:
    main(["--help"])
except SystemExit:
    pass
"""


def run(code):
    """What a fresh Python prints, on both streams, with the row added."""
    done = subprocess.run(
        [sys.executable, "-c", ADDED + code], cwd=ROOT, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("options", ["Options()", "Options(screen='sizes')"])
def test_an_added_screen_has_a_tab_a_key_and_its_help(options):
    shown = run(SHOWN.replace("OPTIONS", options))
    assert "8 Sizes" in shown
    assert "kmeans-tui blobs -k 3 --init random --seed 42 --screen sizes" in shown


def test_an_added_screen_has_a_flag_a_row_of_keys_and_a_command_that_stands_in():
    said = run(ASKED)
    assert "| `8` | everywhere | Sizes: how large the clusters are |" in said
    assert "lessons,sizes}" in "".join(said.split())
    assert "without a screen: kmeans-tui run iris" in said


def test_names_and_keys_are_one_each():
    table = screen_table.TABLE
    for field in ("name", "key", "place"):
        values = [getattr(each, field) for each in table]
        assert len(set(values)) == len(values)
    known = {place for key in key_table.TABLE for place in key.where}
    modes = {mode for found in key_table.MODES.values() for mode in found}
    assert known == {"everywhere", *modes, *(each.place for each in table)}
