"""The glide, decoded: its rhythm, that each frame moves, and that its states are the run's."""

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from kmeans_tui.command import Options
from kmeans_tui.export.animation import glide, scenes
from kmeans_tui.export.animation.clock import MOST_ITERATIONS, Clock, Instant
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.runs_view import one_run
from tests.exporting import SOURCE, near, view_of

SMALL = {"size": (480, 420), "dpi": 60}
SHORT = Options("blobs:n=120", seed=4, max_iterations=2)


def written(frames, form="gif"):
    file = io.BytesIO()
    scenes.animate(frames, file, SOURCE, lambda *_: None, form)
    return file.getvalue()


def decoded(data):
    """Every frame (height, width, 3), and how long each is shown in hundredths of a second."""
    image = Image.open(io.BytesIO(data))
    found, delays = [], []
    for i in range(image.n_frames):
        image.seek(i)
        image.load()
        found.append(np.asarray(image.convert("RGB")).astype(int))
        delays.append(round(image.info["duration"] / 10))
    return found, delays


@pytest.mark.parametrize("form", ["gif", "webp"])
@pytest.mark.parametrize(
    ("data", "look"),
    [("blobs:n=120", "light"), ("iris", "dark"), ("blobs:n=21000", "dark"), ("wine", "article")],
)
def test_each_frame_takes_six_hundredths_and_differs_from_the_last(data, look, form):
    view = view_of(Options(data, seed=4, max_iterations=2), Appearance(look=look, **SMALL))
    frames = glide.Glide(one_run(view))
    found, delays = decoded(written(frames, form))
    states = 2 * view.history.iterations + 1
    assert set(delays[:-1]) == {6}
    assert delays[-1] == 250
    for before, after in pairwise(found):
        assert (before != after).any()
    # Eight between two states at least, and before the first.
    assert len(found) >= 1 + 9 * states


def test_a_frame_is_the_same_whichever_was_drawn_before():
    frames = glide.Glide(one_run(view_of(SHORT, Appearance(**SMALL))))
    count = len(frames.delays)
    in_order = [frames.draw(i).copy() for i in range(count)]
    again = glide.Glide(one_run(view_of(SHORT, Appearance(**SMALL))))
    for i in (count - 1, 20, 3, 0, count // 2):
        apart = again.draw(i).view(np.uint8).astype(int) - in_order[i].view(np.uint8)
        # Sums of points are added up in another order.
        assert np.abs(apart).max() <= 1


def test_centroids_are_where_the_run_has_them_and_half_way_between():
    view = view_of(SHORT, Appearance(**SMALL))
    frames = glide.Glide(one_run(view))
    each, plane = frames._clock.each, frames.planes[0]
    reached = {each: 0, 3 * each: 1, 5 * each: 2}
    for number, iteration in reached.items():
        picture = frames.draw(number).view(np.uint8).reshape(420, 480, 4)[..., :3].astype(int)
        for (x, y), (colour, _) in zip(plane.at(view.places(iteration)), view.styles, strict=True):
            assert near(picture, x - 4, y, colour, reach=1)
    moment = frames._clock.moment(each + each // 2)
    assert (moment.kind, moment.before, moment.after) == ("update", 0, 1)
    assert 0.3 < moment.eased < 0.7


def test_points_are_grey_at_the_start_and_then_take_the_colour_of_their_cluster():
    view = view_of(SHORT, Appearance(**SMALL))
    frames = glide.Glide(one_run(view))
    at = frames.planes[0].at(view.positions)
    centroids = frames.planes[0].at(view.places(0))
    away = np.hypot(*(at[:, None] - centroids).T).min(axis=0) > 12
    for number, wanted in ((0, None), (frames._clock.each, view.history.labels(0))):
        picture = frames.draw(number).view(np.uint8).reshape(420, 480, 4)[..., :3].astype(int)
        shown = [
            near(
                picture, *at[i], view.look.grey if wanted is None else view.styles[wanted[i]][0], 1
            )
            for i in np.flatnonzero(away)
        ]
        assert np.mean(shown) > 0.9


@pytest.mark.parametrize("iterations", [0, 1, 5, 20, 59, 60, 61, 300, 100_000])
def test_a_clock_shows_a_run_in_neighbouring_steps_and_a_long_one_in_few(iterations):
    clock = Clock(iterations)
    assert clock.shown[0] == 0
    assert clock.shown[-1] == iterations
    assert len(clock.shown) == min(iterations + 1, MOST_ITERATIONS)
    assert clock.count <= 1 + 9 * (2 * MOST_ITERATIONS - 1)
    assert clock.each >= 9
    moments = [clock.moment(i) for i in range(clock.count)]
    assert moments[0].kind == "start"
    times = [each.time for each in moments]
    assert times == sorted(times)
    assert times[-1] == iterations
    assert all(each.before <= each.after for each in moments)
    assert max(clock.samples) == clock.count - 1


def test_a_leap_over_iterations_is_said_and_so_is_the_end():
    view = view_of(Options(seed=4))
    history, last = view.history, view.history.iterations
    title, below = glide.told(history, Instant("assign", 2, 5, 0.5), ended=False)
    assert title == f"Iterations 3 to 5 of {last} | assign"
    assert f"{history[5].inertia:,.6g}" in below
    assert f"{history.changed[3:6].sum()} points changed cluster" in below
    title, below = glide.told(history, Instant("assign", last - 1, last, 1.0), ended=True)
    assert title == f"Iteration {last} of {last} | converged"
    assert f"{history[-1].inertia:,.6g}" in below


def test_borders_are_drawn_once_and_without_the_box():
    low, high = 0.0, 4.0
    left = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 4.0], [0.0, 4.0]])
    right = left + np.array([2.0, 0.0])
    found = glide.borders_of([left, right, np.empty((0, 2))], ((low, high), (low, high)))
    assert sorted(map(tuple, found[0].tolist())) == [(2.0, 0.0), (2.0, 4.0)]
    assert len(found) == 1
    whole = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0]])
    assert len(glide.borders_of([whole], ((low, high), (low, high)))) == 0


@pytest.mark.parametrize("data", ["blobs:n=1,k=1", "blobs:n=5,std=0", "blobs:n=300,k=12"])
def test_any_data_glide(data):
    view = view_of(Options(data, max_iterations=1), Appearance(**SMALL))
    found, _ = decoded(written(glide.Glide(one_run(view))))
    assert len(found) > 9
