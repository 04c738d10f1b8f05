"""The draws of a start on the screen: what they show is what was drawn."""

import numpy as np
import pytest

from kmeans_tui import palette
from kmeans_tui.clustering.watched_start import watched_start
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.ui.models import drawing
from kmeans_tui.ui.models.drawing import drawn
from tests.pilot import opened, press, screen_text, until

TABLE = np.random.RandomState(3).normal(size=(40, 2)) * (4, 1)
SET = Dataset("cloud", TABLE, ("a", "b"))


@pytest.mark.parametrize("init", ["random", "k-means++", "farthest"])
def test_a_draw_shows_the_row_taken_and_what_was_likely(init):
    start = watched_start(SET.points, 4, init, 1)
    for number in range(4):
        found = drawn(start, number, SET)
        assert found.row == start[number].row
        assert np.array_equal(found.placed, start.centroids[: number + 1])
        assert found.row in found.tried
        assert f"row {found.row + 1}" in found.line
        if number == 0 or init == "random":
            assert found.weights is None
            continue
        assert found.weights.max() == 1
        # What is placed cannot be drawn again.
        assert (found.weights[[start[i].row for i in range(number)]] == 0).all()
        if init == "farthest":
            assert found.weights[found.row] == 1
            away = np.linalg.norm(start.centroids[:number] - SET.points[found.row], axis=1)
            assert found.reach == pytest.approx(away.min())
            assert found.nearest == away.argmin()
        else:
            assert found.weights == pytest.approx(
                start.chances(number) / start.chances(number).max()
            )
            assert len(found.details) == len(found.tried)
            assert sum("least" in each for each in found.details) == 1


def test_a_partition_is_one_draw_of_labels_and_their_means():
    start = watched_start(SET.points, 3, "partition", 1)
    found = drawn(start, 0, SET)
    assert (found.row, found.tried, found.weights) == (None, (), None)
    for c in range(3):
        assert found.placed[c] == pytest.approx(SET.points[found.labels == c].mean(axis=0))
    assert "their means are the centroids" in found.line


async def test_half_steps_lead_back_through_the_draws_and_forward_again():
    async with opened(Options("blobs:n=60", k=3, init="k-means++", seed=1)) as pilot:
        app = pilot.app
        app_draws = app.explore.draws
        await press(pilot, "comma")
        assert app_draws._known is None  # nothing is computed until it is asked for
        await press(pilot, "comma")
        assert "draw 3 of 3" in screen_text(app)
        assert palette.DRAWN in screen_text(app)
        await press(pilot, "comma", "comma", "comma")
        assert "draw 1 of 3" in screen_text(app)
        assert "one of 60 rows" in screen_text(app)
        # Another seed stays at the draw; its command opens there.
        await press(pilot, "n")
        assert app.explore.view_options().goto == "0:draw1"
        await press(pilot, "full_stop", "full_stop", "full_stop")
        assert app.explore.session.position == 0
        # The hand takes centroids that are all placed.
        await press(pilot, "comma", "comma", "H", "comma", "comma", "enter", "comma")
        assert app.explore.session.position == 0
        await press(pilot, "escape", "escape", "comma", "right")
        assert app.explore.session.position == 1


async def test_a_large_start_is_drawn_in_a_job(monkeypatch):
    monkeypatch.setattr(drawing, "AT_ONCE", 0)
    options = Options("blobs:n=60", k=3, init="k-means++", seed=1, goto="0:draw2")
    async with opened(options) as pilot:
        await until(pilot, lambda: "candidate" in screen_text(pilot.app))
        assert "draw 2 of 3" in screen_text(pilot.app)


async def test_a_start_without_draws_says_so():
    async with opened(
        Options("blobs:n=60", k=3, init="warm", goto="0:draw1"), notifications=True
    ) as pilot:
        assert pilot.app.explore.session.position == 0
        await press(pilot, "comma")
        assert "there are no draws to watch" in screen_text(pilot.app)
