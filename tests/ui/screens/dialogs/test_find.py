"""A row to look for: what was typed last stands there."""

from textual.widgets import Input

from kmeans_tui.ui.screens.dialogs.find import FindDialog
from tests.pilot import opened, press


async def test_the_find_dialog_remembers_what_was_looked_for():
    async with opened() as pilot:
        await press(pilot, "slash", "4", "4", "enter")
        assert pilot.app.explore.session.options.row == 44
        await pilot.press("slash")
        assert isinstance(pilot.app.screen, FindDialog)
        assert pilot.app.screen.query_one(Input).value == "44"
        await press(pilot, "7", "enter")
        assert pilot.app.explore.session.options.row == 7, "what is typed replaces it"
