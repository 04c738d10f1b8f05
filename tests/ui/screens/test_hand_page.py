"""The hand in Explore: press its keys, read the screen, look at the run."""

import numpy as np

from kmeans_tui import key_table, palette
from kmeans_tui.command import Options
from kmeans_tui.ui.models import fitting
from tests.pilot import opened, press, screen_text

SMALL = Options("blobs:n=60", seed=1)


async def test_a_centroid_is_dropped_elsewhere_and_the_run_starts_there():
    async with opened(SMALL) as pilot:
        app = pilot.app
        start = app.explore.session.run.history[0].centroids
        await press(pilot, "comma", "H", "enter", *["right"] * 3, "shift+down")
        assert "holding centroid" in screen_text(app)
        assert palette.HAND in screen_text(app)
        held = app.explore.hand.held
        await press(pilot, "enter")
        moved = app.explore.session.run.history[0].centroids
        assert [i for i in range(len(start)) if not np.allclose(start[i], moved[i])] == [held]
        assert moved[held][0] > start[held][0]
        assert moved[held][1] < start[held][1]
        assert app.explore.session.options.init == "given"
        assert app.explore.session.moment.iteration == 0
        # The command of the view gives the same run.
        again = fitting.fit(app.explore.view_options(), None, lambda text: True)
        assert (
            again.history.centroids.tobytes() == app.explore.session.run.history.centroids.tobytes()
        )
        await press(pilot, "escape", "backspace")
        assert app.explore.hand is None
        back = app.explore.session.run.history[0].centroids
        assert back.tobytes() == start.tobytes()


async def test_centroids_and_points_come_and_go_by_hand():
    async with opened(SMALL) as pilot:
        app = pilot.app
        run = app.explore.session.run
        k, n = run.history.k, run.dataset.n
        await press(pilot, "H", "plus")
        assert app.explore.session.run.history.k == k + 1
        await press(pilot, "minus")
        assert app.explore.session.run.history.k == k
        await press(pilot, "I")
        assert app.explore.session.run.dataset.n == n + 1
        start = app.explore.session.run.history[0].centroids
        await press(pilot, "O")
        assert app.explore.session.run.dataset.n == n
        assert app.explore.session.options.without is None
        # Without the point the centroids start where they did.
        assert app.explore.session.run.history[0].centroids.tobytes() == start.tobytes()
        await press(pilot, "backspace")
        assert app.explore.session.run.dataset.n == n + 1


async def test_what_the_hand_holds_goes_back_with_escape():
    async with opened(SMALL) as pilot:
        app = pilot.app
        await press(pilot, "H", "enter", "right", "escape")
        assert "nothing in it" in screen_text(app)
        assert app.explore.session.options.centroids is None
        assert ("enter", "Grab") in key_table.NOW["hand"]
        await press(pilot, "escape")
        assert "hand at" not in screen_text(app)
        # Away, its keys are those of the screen again.
        before = app.explore.session.position
        await press(pilot, "right")
        assert app.explore.session.position > before
