"""The working of a step on the screen: what is written by hand, half step by half step."""

from kmeans_tui.analysis.working import working
from kmeans_tui.command import Options
from kmeans_tui.ui.screens.dialogs.step_working import WorkingDialog
from tests.pilot import opened, press, screen_text


async def test_the_distances_and_the_means_follow_the_half_step():
    async with opened(Options("eight", init="given"), size=(100, 34)) as pilot:
        run = pilot.app.explore.session.run
        await press(pilot, "V")
        assert isinstance(pilot.app.screen, WorkingDialog)
        for position in range(1, run.last + 1):
            shown = screen_text(pilot.app)
            iteration = position // 2 - (position % 2 == 0)
            for line in working(run.dataset, run.history, iteration).text():
                assert line.strip() in shown, (position, line)
            assert ("the means" in shown) == (position % 2 == 0)
            await press(pilot, "full_stop")
        await press(pilot, "comma", "escape")
        assert pilot.app.explore.session.position == run.last - 1


async def test_the_means_are_in_view_at_80_by_24():
    async with opened(Options("eight", init="given"), size=(80, 24)) as pilot:
        await press(pilot, "V", "full_stop")
        await pilot.pause()
        assert "/ 2 = 3.5" in screen_text(pilot.app)


async def test_large_data_have_no_working():
    async with opened(Options("blobs"), size=(100, 30)) as pilot:
        await press(pilot, "V")
        (notice,) = pilot.app._notifications
        assert "working is for small data" in notice.message
        assert not isinstance(pilot.app.screen, WorkingDialog)
