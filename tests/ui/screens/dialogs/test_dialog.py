"""Help, code and axes: what they say, what they choose, and how they close."""

import inspect

from textual.command import CommandPalette
from textual.widgets import OptionList, Static

from kmeans_tui.clustering import textbook
from kmeans_tui.clustering.initialisation import STARTS
from kmeans_tui.command import INITS, Options, to_command
from kmeans_tui.ui import keys
from kmeans_tui.ui.screens.dialogs.dialog import ABOUT, AxesDialog, CodeDialog, HelpDialog
from tests.pilot import opened, press, screen_text, settled, until

WINE = Options(data="wine", features=("alcohol", "ash", "hue"), axes=("alcohol", "hue"))


def words(text):
    """A text as its words, free of line breaks, columns and frames."""
    return " ".join(text.replace("│", " ").split())


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


# --- help --------------------------------------------------------------------------------------


async def test_help_shows_every_key_and_what_the_screen_shows():
    async with opened(size=(160, 60)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        shown = screen_text(pilot.app)
        left = words("\n".join(line[: len(line) // 2] for line in shown.splitlines()))
        right = words("\n".join(line[len(line) // 2 :] for line in shown.splitlines()))
        for where, column in (("everywhere", left), ("Explore", right)):
            for key in keys.rows(where):
                assert words(key.shown) in column, key
                assert key.does.split()[0] in column, key
        assert words(ABOUT["Explore"])[:60] in words(shown)


async def test_help_in_ascii_names_letters_that_do_the_same():
    async with opened(Options(ascii=True), size=(160, 60)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        shown = words(screen_text(pilot.app))
        assert "h l iteration back, forward" in shown
        assert "k j move the cursor" in shown
        assert not set("←→↑↓") & set(shown)


async def test_help_scrolls():
    async with opened(size=(80, 24)) as pilot:
        await pilot.press("question_mark")
        box = pilot.app.screen.query_one("#help")
        top = screen_text(pilot.app)
        await pilot.press("j", "j", "down")
        assert box.scroll_y == 3
        assert screen_text(pilot.app) != top
        await pilot.press("k", "up")
        assert box.scroll_y == 1
        assert pilot.app.explore.session.options == Options(k=3)


async def test_help_is_opened_once_and_keys_of_the_screen_below_do_nothing():
    async with opened() as pilot:
        await pilot.press("question_mark", "question_mark", "n", "plus", "space", "full_stop")
        assert await stack(pilot) == [HelpDialog]
        session = pilot.app.explore.session
        assert (session.options.seed, session.run.history.k, session.position) == (42, 3, 1)
        assert not pilot.app.explore.playing


# --- the code of a step ------------------------------------------------------------------------


async def test_the_code_is_that_of_the_step_on_screen_and_no_line_is_cut():
    async with opened(size=(100, 40)) as pilot:
        for key, function in [
            ("comma", "initialise"), ("full_stop", "assign"), ("full_stop", "update"),
            ("G", "has_converged"), ("comma", "update"),
        ]:  # fmt: skip
            await pilot.press(key, "v")
            await pilot.pause()
            shown = screen_text(pilot.app)
            assert f"the textbook's {function}" in shown
            lines = inspect.getsource(getattr(textbook, function)).rstrip().splitlines()
            for line in lines:
                assert line.strip() in shown
            assert shown.count("def ") == 1
            code = pilot.app.screen.query_one("#code")
            assert max(map(len, lines)) <= code.scrollable_content_region.width
            assert code.query_one(Static).size.height == len(lines)
            await pilot.press("q")


async def test_the_code_of_the_start_in_use():
    for init in INITS:
        async with opened(Options(init=init, goto="0:initialise"), size=(120, 60)) as pilot:
            await pilot.press("v")
            await pilot.pause()
            shown = screen_text(pilot.app)
            function = textbook.initialise if init == "random" else STARTS[init]
            title = "the textbook's" if init == "random" else f"the start {init}:"
            assert f"{title} {function.__name__}" in shown
            assert f"def {function.__name__}(" in shown


# --- the axes ----------------------------------------------------------------------------------


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
        assert "one feature only" in words(screen_text(pilot.app))
