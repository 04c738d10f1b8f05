"""Two runs in one picture: matched colours and numbers, one clock, and what is animated when."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from kmeans_tui.command import Options
from kmeans_tui.export import writers
from kmeans_tui.export.animation import glide, scenes
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.figures.article_look import COLOURS, ArticleFrames
from kmeans_tui.export.items import Item, needed
from kmeans_tui.export.runs_view import two_runs
from kmeans_tui.export.work import Work
from kmeans_tui.requests import pairs
from tests.exporting import near, performed, request_of, view_of

SMALL = {"size": (600, 400), "dpi": 60}
SEEDS = Options("blobs:n=120", k=3, pair="seeds:0,4", max_iterations=3)


def runs_of(options=SEEDS, **settings):
    dataset, _ = performed(options)
    view = view_of(options, Appearance(**SMALL, **settings))
    return two_runs(view, pairs.compared(options, dataset))


def test_matched_clusters_have_one_number_and_one_colour():
    runs = runs_of()
    assert runs.numbers[0] == (0, 1, 2)
    assert sorted(runs.numbers[1]) == [0, 1, 2]
    first, second = (
        dict(zip(numbers, view.styles, strict=True))
        for numbers, view in zip(runs.numbers, runs.views, strict=True)
    )
    assert first == second
    assert runs.names == ("seed 0", "seed 4")


@pytest.mark.parametrize("pair", ["seeds:0,4", "k:2,4", "without:3", "mini-batch"])
@pytest.mark.parametrize("kind", [scenes.Frames, glide.Glide])
def test_a_run_that_has_ended_stays_at_its_end(pair, kind):
    runs = runs_of(replace(SEEDS, pair=pair))
    frames = kind(runs)
    picture = frames.draw(len(frames.delays) - 1).view(np.uint8).reshape(400, 600, 4)[..., :3]
    for plane, view in zip(frames.planes, runs.views, strict=True):
        for (x, y), (colour, _) in zip(plane.at(view.places(-1)), view.styles, strict=True):
            assert near(picture.astype(int), x - 4, y, colour, reach=3)


def test_the_animation_is_of_both_runs_where_a_pair_is_asked_for(tmp_path):
    dataset, _ = performed(SEEDS)
    pair = pairs.compared(SEEDS, dataset)
    kinds = {}
    for look in ("light", "article"):
        for motion in (False, True):
            for found in (None, pair):
                settings = Appearance(look=look, glide=motion, **SMALL)
                request = request_of(
                    tmp_path, "animation", options=SEEDS, settings=settings, comparison=found
                )
                frames = writers.frames_of(Work(request, "gif", lambda *_: None))
                kinds[look, motion, found is pair] = frames
    assert isinstance(kinds["article", False, False], ArticleFrames)
    for key, frames in kinds.items():
        if key != ("article", False, False):
            look, motion, both = key
            assert isinstance(frames, glide.Glide if motion else scenes.Frames)
            assert len(frames.planes) == 1 + both
            styles = [colour for colour, _ in frames.planes[0].view.styles]
            assert (styles == list(COLOURS[:3])) is (look == "article")


def test_what_an_animation_needs_depends_on_the_pair():
    items = [Item.read("animation.webp"), Item.read("run")]
    assert needed(items) == set()
    assert needed(items, pair=True) == {"comparison"}
    assert needed(items[1:], pair=True) == set()


def test_the_command_writes_both_runs_side_by_side(tmp_path, capsys):
    from kmeans_tui.cli import main

    words = "export blobs:n=60 --what animation,animation.webp --size 400x300 --dpi 40 --glide"
    words += " --max-iterations 1 --pair seeds:0,4 --out"
    assert main([*words.split(), str(tmp_path)]) == 0
    capsys.readouterr()
    for form in ("gif", "webp"):
        with Image.open(io.BytesIO((tmp_path / f"animation.{form}").read_bytes())) as image:
            assert image.n_frames >= 1 + 9 * 3
