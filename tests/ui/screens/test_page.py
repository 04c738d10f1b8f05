"""What every screen has: bars, a notice where there is no room, keys that wait meanwhile."""

import pytest

from kmeans_tui import key_table
from kmeans_tui.command import Options
from kmeans_tui.footer import footer
from tests.pilot import ask, asking, opened, screen_text, settled

SMALL = Options("blobs:n=60", k=3, k_max=4, runs=1, census=5)
NAMES = ("elbow", "seeds", "compare")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [60, 80, 100])
async def test_the_bars_name_the_screen_the_data_and_the_keys(name, width):
    async with asking(name, SMALL, size=(width, 24)) as pilot:
        first, *_, last = (await ask(pilot)).splitlines()
        (key,) = [key for key, shown in zip("234", NAMES, strict=True) if shown == name]
        assert f"[{key} {name.capitalize()}]" in first
        assert first.count("[") == 1
        assert "blobs" in first
        pairs = footer(name.capitalize(), width)
        assert last.split() == " ".join(f"{k} {word}" for k, word in pairs).split()


@pytest.mark.parametrize("name", NAMES)
async def test_too_small_it_says_so_keys_wait_and_it_comes_back(name):
    async with asking(name, SMALL) as pilot:
        before = await ask(pilot)
        await pilot.resize_terminal(59, 15)
        await pilot.pause()
        await pilot.press("plus", "i", "o", "f", "enter", "n", "x", "question_mark", "y", "r")
        await pilot.pause()
        assert "kmeans-tui needs 60 × 16 cells; this is 59 × 15" in screen_text(pilot.app)
        assert pilot.app.current_mode == name.capitalize()
        assert pilot.app.clipboard == ""
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert await ask(pilot) == before
        await pilot.resize_terminal(30, 9)
        await pilot.press("q")
        await pilot.pause()
        assert pilot.app.current_mode == "Explore"


@pytest.mark.parametrize("name", NAMES)
async def test_a_window_resized_behind_another_screen_is_noticed(name):
    async with asking(name, SMALL, size=(80, 24)) as pilot:
        narrow = await ask(pilot)
    async with asking(name, SMALL) as pilot:
        wide = await ask(pilot)
        await pilot.press("1")
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        key = str(NAMES.index(name) + 2)
        # Seconds differ from run to run, not within one.
        assert mended(await ask(pilot, key)) == mended(narrow)
        await pilot.press("question_mark")
        await pilot.resize_terminal(100, 30)
        await pilot.press("escape")
        assert mended(await ask(pilot)) == mended(wide)


def mended(shown):
    return [line for line in shown.splitlines() if "s, one run" not in line]


@pytest.mark.parametrize("name", NAMES)
async def test_ascii_and_themes_reach_every_screen_and_go_again(name):
    async with asking(name, SMALL) as pilot:
        before = await ask(pilot)
        await pilot.press("1")
        for _ in range(4):
            await pilot.press("T")
        await pilot.press("A")
        await pilot.pause()
        shown = await ask(pilot, str(NAMES.index(name) + 2))
        assert shown.isascii()
        assert await ask(pilot, "A") == before


async def test_help_names_every_key_of_its_screen():
    async with opened(SMALL, size=(120, 90)) as pilot:
        for key, name in (("2", "Elbow"), ("3", "Seeds"), ("4", "Compare"), ("1", "Explore")):
            await pilot.press(key, "question_mark")
            await pilot.pause()
            shown = screen_text(pilot.app)
            assert f"help · {name}" in shown
            words = " ".join(shown.split())
            for row in key_table.rows(name):
                assert " ".join(row.does.split()[:2]) in words, row.does
