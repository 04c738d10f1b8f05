"""A screen that is too small says so, and says what to do."""

import pytest

from tests.pilot import opened, press, screen_text


def said(pilot):
    """The screen as one line of words."""
    return " ".join(screen_text(pilot.app).split())


@pytest.mark.parametrize("size", [(59, 30), (100, 15), (44, 10)])
async def test_a_small_screen_says_its_size_and_the_remedy(size):
    async with opened(size=size) as pilot:
        shown = said(pilot)
        assert "kmeans-tui needs 60 × 16 cells" in shown
        assert f"this is {size[0]} × {size[1]}" in shown
        assert "make the window larger" in shown
        assert "─" not in shown


@pytest.mark.parametrize("size", [(60, 16), (100, 30)])
async def test_a_screen_large_enough_says_nothing(size):
    async with opened(size=size) as pilot:
        assert "needs" not in screen_text(pilot.app)


async def test_it_comes_and_goes_with_the_size():
    async with opened() as pilot:
        before = screen_text(pilot.app)
        await pilot.resize_terminal(50, 12)
        await pilot.pause()
        assert "this is 50 × 12" in said(pilot)
        await pilot.resize_terminal(40, 9)
        await pilot.pause()
        assert "this is 40 × 9" in said(pilot)
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        await pilot.pause()
        assert screen_text(pilot.app) == before


async def test_it_says_how_to_leave():
    async with opened(size=(59, 15)) as pilot:
        assert "q quits" in screen_text(pilot.app)
        await pilot.press("q")
        await pilot.pause()
        assert pilot.app.return_code == 0


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (20, 1)])
async def test_no_screen_is_too_small_to_work(size):
    async with opened(size=size) as pilot:
        app = pilot.app
        await press(pilot, "full_stop", "G", "n", "plus", "t", "b", "m", "backspace", "ctrl+l")
        assert app.explore.session.run.history.k == 3
        await pilot.press("q")
        await pilot.pause()
        assert pilot.app.return_code == 0


@pytest.mark.parametrize("size", [(59, 15), (59, 30), (100, 15)])
async def test_keys_do_nothing_that_cannot_be_seen(size):
    async with opened(size=size, notifications=True) as pilot:
        app = pilot.app
        before = app.explore.session.options, app.explore.session.position, app.theme
        await press(pilot, *"n", *"+-Gzfvxy25T?:A", "space", "backspace", "full_stop")
        after = app.explore.session.options, app.explore.session.position, app.theme
        assert after == before
        assert not app.explore.playing
        assert len(app.screen_stack) == 1
        # And all of them do what they say once there is room.
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        await press(pilot, "plus")
        assert app.explore.session.run.history.k == 4


@pytest.mark.parametrize("size", [(59, 30), (100, 15)])
async def test_what_is_said_is_not_said_over_the_notice(size):
    async with opened(notifications=True) as pilot:
        await pilot.press("backspace")
        await pilot.pause()
        assert "There is no previous run" in said(pilot)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert "There is no previous run" not in said(pilot)
        assert f"this is {size[0]} × {size[1]}" in said(pilot)
