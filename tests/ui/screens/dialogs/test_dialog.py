"""What all dialogs share: their place, their end, and the keys that work everywhere."""

from dataclasses import replace

import pytest
from textual.command import CommandPalette
from textual.events import Key

from kmeans_tui.command import Options
from kmeans_tui.shell_command import to_command
from kmeans_tui.ui.bindings import bindings
from kmeans_tui.ui.screens.dialogs.axes import AxesDialog
from kmeans_tui.ui.screens.dialogs.command_palette import Palette
from kmeans_tui.ui.screens.dialogs.help import HelpDialog
from kmeans_tui.ui.screens.dialogs.step_code import CodeDialog
from tests.pilot import opened, press, screen_text, until

WINE = Options(data="wine", features=("alcohol", "ash", "hue"), axes=("alcohol", "hue"))


async def stack(pilot):
    await pilot.pause()
    return [type(screen) for screen in pilot.app.screen_stack[1:]]


def last(pilot):
    """What the keys do now."""
    return screen_text(pilot.app).splitlines()[-1]


DIALOGS = {"question_mark": HelpDialog, "f1": HelpDialog, "v": CodeDialog, "f": AxesDialog}


async def test_dialogs_open_within_the_screen_and_close():
    async with opened(WINE) as pilot:
        for size, close in (((100, 30), "q"), ((60, 16), "escape")):
            await pilot.resize_terminal(*size)
            for key, dialog in DIALOGS.items():
                if key == "f1" and close == "q":
                    continue  # the same dialog as under ?
                await pilot.press(key)
                assert await stack(pilot) == [dialog]
                (box,) = pilot.app.screen.query(".dialog")
                assert box.region.right <= size[0]
                assert box.region.bottom <= size[1]
                assert min(box.region.offset) >= 0
                assert "esc Close" in last(pilot) or "esc Cancel" in last(pilot)
                await pilot.press(close)
                assert await stack(pilot) == [], dialog
        # On the screen below escape has nothing to close, and never quits.
        await pilot.press("escape", "escape")
        assert pilot.app.is_running
        assert pilot.app.return_code is None
        assert pilot.app.explore.session.options == pilot.app.explore.session.run.options


async def test_keys_that_work_everywhere_work_in_every_dialog():
    bound = [name for each in bindings("everywhere") for name in each.key.split(",")]
    async with opened(WINE) as pilot:
        app = pilot.app
        for key, tried in (("question_mark", "T"), ("v", "A"), ("f", "y")):
            await pilot.press(key)
            before = await stack(pilot)
            assert before == [DIALOGS[key]]
            active = app.screen.active_bindings
            assert [name for name in bound if name not in active] == []
            await pilot.press(tried)
            assert await stack(pilot) == before
            await pilot.press("1")
            assert await stack(pilot) == []
        assert app.theme == "textual-light"
        assert app.explore.session.options.ascii is True
        assert app.clipboard == to_command(app.page.view_options())


async def test_keys_that_lead_elsewhere_answer_in_a_dialog():
    async with opened(WINE, notifications=True) as pilot:
        await press(pilot, "n")
        await pilot.press("f")
        await pilot.press("question_mark")
        assert await stack(pilot) == [AxesDialog]
        await press(pilot, "backspace")
        assert pilot.app.explore.session.options.seed == WINE.seed
        await pilot.press("colon")
        assert await stack(pilot) == [AxesDialog, Palette]
        await pilot.press("escape")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 2)


@pytest.mark.parametrize("key", ["slash", "c", "d"])
@pytest.mark.parametrize("size", [(100, 30), (80, 24), (60, 16)])
async def test_dialogs_lie_within_the_screen_and_close(key, size):
    async with opened(Options(goto="1"), size=size) as pilot:
        await pilot.press(key)
        (box,) = pilot.app.screen.query(".dialog")
        await until(pilot, lambda: box.region.width)
        assert box.region.right <= size[0]
        assert box.region.bottom <= size[1]
        await until(pilot, lambda: "esc C" in last(pilot))
        await press(pilot, "escape")
        assert len(pilot.app.screen_stack) == 1


# --- one end -------------------------------------------------------------------------------------

ENTERED = {
    "f": "f",
    "find": "slash",
    "changes": "c",
    "palette": "colon",
    "export": "x",
    "axes of the data": "5 f",
    "a path": "5 p",
}


@pytest.mark.parametrize("count", [2, 3, 12])
@pytest.mark.parametrize("keys_to_it", ENTERED.values(), ids=ENTERED)
async def test_enter_held_closes_a_dialog_once(keys_to_it, count, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    async with opened(replace(WINE, goto="1")) as pilot:
        app = pilot.app
        await pilot.press(*keys_to_it.split())
        below = app.screen_stack[0]
        for _ in range(count):
            app.post_message(Key("enter", "\r"))
        await pilot.pause()
        await until(pilot, lambda: not app.explore.fitter.busy)
        assert app.is_running
        assert app.screen_stack[0] is below
        if "x" in keys_to_it:
            # It stays open while it writes.
            await pilot.press("ctrl+c", "escape")


async def test_a_dialog_under_another_closes_with_what_lies_over_it():
    async with opened(WINE) as pilot:
        await pilot.press("f", "colon")
        axes = pilot.app.screen_stack[1]
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
        axes.dismiss(None)
        axes.dismiss(None)
        await pilot.pause()
        assert len(pilot.app.screen_stack) == 1


async def test_another_screen_leaves_no_dialog_behind():
    async with opened(WINE) as pilot:
        await pilot.press("f", "colon")
        await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
        await pilot.app.action_show("Data")
        await pilot.pause()
        assert await stack(pilot) == []
        await pilot.press("1")
        assert await stack(pilot) == []


@pytest.mark.parametrize("size", [(1, 30), (60, 1), (20, 3), (1, 1)])
@pytest.mark.parametrize("key", ["f", "colon", "c"])
async def test_pages_of_a_list_without_room(size, key):
    async with opened(replace(WINE, goto="1")) as pilot:
        await pilot.press(key)
        await pilot.pause(0.1)
        await pilot.resize_terminal(*size)
        for each in ("pagedown", "pageup", "end", "pagedown", "home", "pageup") * 2:
            await pilot.press(each)
        await pilot.resize_terminal(100, 30)
        assert pilot.app.is_running


@pytest.mark.parametrize("name", ["palette", "help"])
async def test_a_dialog_closed_before_it_is_there_never_was(name):
    async with opened(WINE) as pilot:
        dialog = Palette() if name == "palette" else HelpDialog("Explore")
        pilot.app.push_screen(dialog)
        dialog.dismiss()
        assert await stack(pilot) == []
        await pilot.press("right")
        assert pilot.app.is_running


async def test_the_palette_stops_searching_when_it_closes():
    async with opened(WINE) as pilot:
        for _ in range(3):
            await pilot.app.action_command_palette()
            await pilot.press("s", "e")
            await pilot.app.action_show("Seeds")
            await pilot.app.action_show("Explore")
        assert await stack(pilot) == []
        assert pilot.app.is_running
