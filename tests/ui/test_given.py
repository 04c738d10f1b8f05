"""A given start on the screens: kept while it can be, left for another start, brought back."""

from kmeans_tui.command import GIVEN, Options
from kmeans_tui.given_points import GivenPoints
from kmeans_tui.shell_command import to_command
from tests.pilot import answered, opened, press, screen_text, settled

START = GivenPoints(((0.0, 0.0), (-6.0, -6.0), (5.0, 2.0)))


async def test_a_given_start_is_kept_left_and_brought_back():
    given = Options(k=3, init=GIVEN, centroids=START, without=(5,))
    async with opened(given) as pilot:
        explore = pilot.app.explore
        history = explore.session.run.history
        assert history[0].centroids.tolist() == [list(row) for row in START.rows]
        assert to_command(explore.view_options()) == (
            "kmeans-tui blobs --centroids '0,0 -6,-6 5,2' --without 5"
        )
        await press(pilot, "z")
        assert explore.session.run.options.init == GIVEN
        await press(pilot, "plus")
        assert (explore.session.run.history.k, explore.session.run.options.init) == (4, "random")
        assert "--centroids" not in to_command(explore.view_options())
        assert "--without 5" in to_command(explore.view_options())
        await press(pilot, "backspace", "backspace")
        assert explore.session.run.history[0].centroids.tolist() == [list(r) for r in START.rows]
        await press(pilot, "n")
        assert (explore.session.run.options.init, explore.session.run.options.seed) == (
            *("random", 43),
        )
        await press(pilot, "backspace")
        for key in "432":
            await pilot.press(key)
            await answered(pilot)
            assert pilot.app.page.options.init == {"4": GIVEN, "3": "random"}.get(key, "k-means++")
        await pilot.press("1")
        await settled(pilot)
        explore.fitter.open_data("eight")
        await settled(pilot)
        assert explore.session.run.history[0].centroids.tolist() == [[2, 10], [5, 8], [1, 2]]
        assert "given" in screen_text(pilot.app)
        explore.fitter.open_data("iris")
        await settled(pilot)
        assert explore.session.run.options.init == "random"
