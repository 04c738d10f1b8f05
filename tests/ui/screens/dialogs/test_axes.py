"""The axes of the plot: what is offered, chosen, refused."""

from textual.widgets import OptionList

from kmeans_tui.command import Options
from kmeans_tui.ui.screens.dialogs.axes import AxesDialog
from tests.pilot import opened, press, screen_text, settled

WINE = Options(data="wine", features=("alcohol", "ash", "hue"), axes=("alcohol", "hue"))


def words(text):
    """A text as its words, free of line breaks, columns and frames."""
    return " ".join(text.replace("│", " ").split())


async def stack(pilot):
    await pilot.pause()
    return [type(screen) for screen in pilot.app.screen_stack[1:]]


async def highlighted(pilot):
    lists = pilot.app.screen.query(OptionList)
    return [each.get_option_at_index(each.highlighted).id for each in lists]


async def test_the_axes_on_show_are_chosen_at_first_and_escape_cancels():
    async with opened(WINE) as pilot:
        await pilot.press("f")
        await pilot.pause()
        assert await highlighted(pilot) == ["alcohol", "hue"]
        await pilot.press("down", "escape")
        await settled(pilot)
        assert await stack(pilot) == []
        assert pilot.app.explore.session.run.dataset.axes == ("alcohol", "hue")


async def test_another_pair_is_shown_the_run_stays_and_it_can_be_taken_back():
    async with opened(WINE) as pilot:
        history = pilot.app.explore.session.run.history
        for chosen, axes in (
            (["j"], ("ash", "hue")),
            (["down"], ("ash", "hue")),
            (["tab", "k"], ("alcohol", "ash")),
        ):
            await pilot.press("f", *chosen, "enter")
            await settled(pilot)
            run = pilot.app.explore.session.run
            assert run.dataset.axes == run.options.axes == axes
            assert run.history is history
            assert " × ".join(axes) in screen_text(pilot.app)
            await press(pilot, "backspace")
            assert pilot.app.explore.session.run.dataset.axes == ("alcohol", "hue")


async def test_equal_axes_are_refused():
    async with opened(WINE, notifications=True) as pilot:
        await pilot.press("f")
        await pilot.pause()
        await pilot.press("down", "down", "enter")
        assert await stack(pilot) == [AxesDialog]
        assert await highlighted(pilot) == ["hue", "hue"]
        assert "different features" in screen_text(pilot.app)
        await pilot.press("up", "enter")
        await settled(pilot)
        assert pilot.app.explore.session.run.dataset.axes == ("ash", "hue")


async def test_principal_components_are_the_last_choice():
    async with opened(WINE) as pilot:
        await pilot.press("f")
        await pilot.pause()
        await pilot.press("end", "enter")
        await settled(pilot)
        assert pilot.app.explore.session.run.dataset.axes == ("pca",)
        assert "PC 1 (42 %)" in screen_text(pilot.app)
        await pilot.press("f")
        await pilot.pause()
        assert (await highlighted(pilot))[0] == "pca"


async def test_two_features_have_no_components():
    async with opened() as pilot:
        await pilot.press("f")
        await pilot.pause()
        x, y = pilot.app.screen.query(OptionList)
        assert x.option_count == y.option_count == 2


async def test_one_feature_has_no_axes_to_choose():
    options = Options(data="wine", features=("hue",))
    async with opened(options, notifications=True) as pilot:
        await pilot.press("f")
        assert await stack(pilot) == []
        assert "only one feature" in words(screen_text(pilot.app))
