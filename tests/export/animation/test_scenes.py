"""The animation, decoded: frames, times, places, colours, and what it says of itself."""

import io

import numpy as np
import pytest
from PIL import Image

from kmeans_tui.command import Options
from kmeans_tui.export.animation import run_plane, scenes
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.figures.look import DARK, LIGHT
from kmeans_tui.export.runs_view import one_run
from tests.exporting import SOURCE, colour, near, view_of


def written(view):
    file = io.BytesIO()
    scenes.animate(scenes.Frames(one_run(view)), file, SOURCE, lambda *_: None)
    return file.getvalue()


def decoded(data):
    image = Image.open(io.BytesIO(data))
    for i in range(image.n_frames):
        image.seek(i)
        yield np.asarray(image.convert("RGB")).astype(int), image.info["duration"]


def seed_four(**settings):
    """The run of the blobs that crawls and escapes: 15 frames."""
    return view_of(Options(seed=4), Appearance(**settings))


@pytest.mark.parametrize(("name", "look"), [("light", LIGHT), ("dark", DARK)])
def test_every_iteration_is_a_frame_and_every_centroid_is_where_it_says(name, look):
    view = seed_four(look=name)
    stage = scenes.Frames(one_run(view)).planes[0]
    found = list(decoded(written(view)))
    assert len(found) == len(view.history) == 15
    assert [duration for _, duration in found][:4] == [830, 840, 830, 830]
    assert found[-1][1] == 2500
    for i, (frame, _) in enumerate(found):
        assert frame.shape == (600, 800, 3)
        assert (frame[-1, -1] == colour(look.background)).all()
        for (x, y), (wanted, _) in zip(stage.at(view.places(i)), view.styles, strict=True):
            # The disc around the number, and the ring around the disc.
            assert near(frame, x - 7, y, wanted, reach=2)
            assert near(frame, x - 9, y, look.ink, reach=3)


def test_points_have_the_colour_of_their_cluster():
    view = view_of()
    stage = scenes.Frames(one_run(view)).planes[0]
    *_, (frame, _) = decoded(written(view))
    at = stage.at(view.positions)
    away = np.hypot(*(at[:, None] - stage.at(view.places(-1))).T).min(axis=0) > 20
    labels = view.history.labels(-1)
    right = [near(frame, *at[i], view.styles[labels[i]][0], reach=1) for i in np.flatnonzero(away)]
    assert np.mean(right) > 0.95


def test_the_head_of_an_arrow_is_seen_before_the_centroid():
    view = seed_four()
    frames = scenes.Frames(one_run(view))
    before, now = (frames.planes[0].at(view.places(i))[1] for i in (0, 1))
    (_, without), (_, _) = list(enumerate(decoded(written(view))))[:2]
    frame = list(decoded(written(view)))[1][0]
    along = (now - before) / np.hypot(*(now - before))
    across = np.array([-along[1], along[0]])
    scale = 100 / 72
    # Three points wide to each side where the head is widest, nothing so wide on the shaft.
    neck = now - along * scale * (run_plane._GAP + run_plane._HEAD[1] - 1)
    for side in (-1, 1):
        assert near(frame, *(neck + side * across * 3), LIGHT.ink, reach=1)
        assert not near(without[0], *(neck + side * across * 3), LIGHT.ink, reach=1)
    middle = (before + now) / 2
    assert near(frame, *middle, LIGHT.ink, reach=1)
    assert not near(frame, *(middle + across * 6), LIGHT.ink, reach=1)


def test_arrows_end_before_the_disc_and_short_ways_have_none():
    before = np.array([[0.0, 0.0], [0.0, 0.0], [5.0, 5.0]])
    now = np.array([[100.0, 0.0], [9.0, 0.0], [5.0, 5.0]])
    (arrow,) = run_plane.arrows(before, now, 1.0)
    assert arrow[:, 0].max() == pytest.approx(100 - run_plane._GAP)
    assert np.ptp(arrow[:, 1]) == pytest.approx(run_plane._HEAD[0])


def test_the_comment_holds_command_digest_and_version():
    image = Image.open(io.BytesIO(written(view_of())))
    assert image.info["comment"].decode() == str(SOURCE)
    assert image.info["loop"] == 0


def test_the_same_run_gives_the_same_bytes():
    view = seed_four()
    assert written(view) == written(seed_four())


@pytest.mark.parametrize(
    "data", ["blobs:n=1,k=1", "blobs:n=5,std=0", "blobs:n=21000", "blobs:n=2000,k=12", "wine"]
)
def test_any_data_gives_a_frame_for_each_iteration(data):
    view = view_of(Options(data))
    assert len(list(decoded(written(view)))) == len(view.history)


def test_a_density_shows_the_clusters_colours():
    view = view_of(Options("blobs:n=21000"))
    frames = scenes.Frames(one_run(view))
    frame = frames.draw(len(view.history) - 1).view(np.uint8).reshape(600, 800, 4)[..., :3]
    labels = view.history.labels(-1)
    at = frames.planes[0].at(view.positions[:300])
    right = [
        near(frame.astype(int), x, y, view.styles[label][0], reach=4)
        for (x, y), label in zip(at, labels, strict=False)
    ]
    assert np.mean(right) > 0.3, "cores are opaque"


def test_size_speed_and_dots_are_settings():
    view = seed_four(size=(500, 400), dpi=80, fps=10)
    found = list(decoded(written(view)))
    assert found[0][0].shape == (400, 500, 3)
    assert [duration for _, duration in found][:-1] == [100] * 14
