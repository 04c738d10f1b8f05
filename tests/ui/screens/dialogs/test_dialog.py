"""What all dialogs share: their place, their end, and the keys that work everywhere."""

import pytest
from textual.command import CommandPalette

from kmeans_tui.command import Options, to_command
from kmeans_tui.ui import keys
from kmeans_tui.ui.screens.dialogs.axes import AxesDialog
from kmeans_tui.ui.screens.dialogs.help import HelpDialog
from kmeans_tui.ui.screens.dialogs.step_code import CodeDialog
from tests.pilot import opened, press, screen_text, until

WINE = Options(data="wine", features=("alcohol", "ash", "hue"), axes=("alcohol", "hue"))


async def stack(pilot):
    await pilot.pause()
    return [type(screen) for screen in pilot.app.screen_stack[1:]]


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
                assert "esc" in str(box.border_subtitle)
                assert str(box.border_subtitle) in screen_text(pilot.app)
                await pilot.press(close)
                assert await stack(pilot) == [], dialog
        # On the screen below escape has nothing to close, and never quits.
        await pilot.press("escape", "escape")
        assert pilot.app.is_running
        assert pilot.app.return_code is None
        assert pilot.app.explore.session.options == pilot.app.explore.session.run.options


async def test_keys_that_work_everywhere_work_in_every_dialog():
    bound = [name for each in keys.bindings("everywhere") for name in each.key.split(",")]
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
        assert await stack(pilot) == [AxesDialog, CommandPalette]
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
        assert str(box.border_subtitle) in screen_text(pilot.app)
        await press(pilot, "escape")
        assert len(pilot.app.screen_stack) == 1
