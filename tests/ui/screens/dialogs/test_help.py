"""Help: every key of a screen, scrolled, opened once."""

from kmeans_tui import key_table
from kmeans_tui.command import Options
from kmeans_tui.screen_table import screen
from kmeans_tui.ui.screens.dialogs.help import HelpDialog
from tests.pilot import opened, screen_text


def words(text):
    """A text as its words, free of line breaks, columns and frames."""
    return " ".join(text.replace("│", " ").split())


async def stack(pilot):
    await pilot.pause()
    return [type(screen) for screen in pilot.app.screen_stack[1:]]


async def test_help_shows_every_key_and_what_the_screen_shows():
    async with opened(size=(160, 110)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        shown = screen_text(pilot.app)
        left = words("\n".join(line[: len(line) // 2] for line in shown.splitlines()))
        right = words("\n".join(line[len(line) // 2 :] for line in shown.splitlines()))
        for where, column in (("everywhere", left), ("Explore", right)):
            for key in key_table.rows(where):
                assert words(key.shown) in column, key
                assert key.does.split()[0] in column, key
        assert words(screen("explore").help)[:60] in words(shown)


async def test_help_in_ascii_names_letters_that_do_the_same():
    async with opened(Options(ascii=True), size=(160, 90)) as pilot:
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
