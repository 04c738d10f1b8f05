"""A list of a dialog: arrows and letters move through it alike."""

from kmeans_tui.ui.widgets.choices import Choices
from tests.pilot import shown


async def test_letters_move_as_arrows_do():
    choices = Choices("one", "two", "three")
    async with shown(choices) as pilot:
        choices.focus()
        choices.highlighted = 0
        places = []
        for key in ("j", "down", "k", "up"):
            await pilot.press(key)
            places.append(choices.highlighted)
        assert places == [1, 2, 1, 0]
