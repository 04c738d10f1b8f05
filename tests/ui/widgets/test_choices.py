"""A list of a dialog: arrows and letters move through it alike."""

from rich.style import Style
from textual.events import Click

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


async def test_a_click_on_what_is_gone_chooses_nothing():
    choices = Choices("one", "two", "three")
    async with shown(choices) as pilot:
        choices.highlighted = 0
        for option, highlighted in ((1, 1), (7, 1), (2, 2)):
            click = Click(
                choices, 1, 1, 0, 0, 1, False, False, False,
                style=Style.from_meta({"option": option}),
            )  # fmt: skip
            choices.post_message(click)
            await pilot.pause()
            assert choices.highlighted == highlighted
