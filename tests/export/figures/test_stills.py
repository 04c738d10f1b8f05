"""The stills of a run: what is drawn where, in all formats, and the same bytes again."""

import io
import re

import numpy as np
import pytest
from PIL import Image

from kmeans_tui.command import Options
from kmeans_tui.data.left_out import counted
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.figures import stills
from kmeans_tui.export.figures.look import DARK, LIGHT
from tests.exporting import SOURCE, colour, drawn, near, pixels, view_of

FIGURES = {
    "data": stills.data,
    "iterations": stills.iterations,
    "iteration": lambda view: stills.iteration(view, 1),
    "inertia": stills.inertia,
}


def at(figure, positions):
    """Positions as pixels from the top left of the saved figure."""
    axes = figure.axes[0]
    found = axes.transData.transform(positions)
    found[:, 1] = figure.bbox.height - found[:, 1]
    return found


@pytest.mark.parametrize(("name", "look"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("data", ["blobs", "blobs:n=25000"])
def test_points_and_centroids_are_where_their_coordinates_say(name, look, data):
    view = view_of(Options(data, k=3), Appearance(look=name))
    last = len(view.history) - 1
    figure = stills.iteration(view, last)
    image = pixels(drawn(figure))
    assert image.shape == (900, 1200, 3)
    assert (image[-1, -1] == colour(look.background)).all()
    for (x, y), (wanted, _) in zip(at(figure, view.places(last)), view.styles, strict=True):
        assert near(image, x - 9, y, wanted)
        assert near(image, x - 14, y, look.ink, reach=4)
    if not view.dense:
        labels = view.history.labels(last)
        for i, (x, y) in enumerate(at(figure, view.positions[:40])):
            assert near(image, x, y, view.styles[labels[i]][0]) or (
                np.hypot(*(at(figure, view.places(last)) - (x, y)).T).min() < 20
            )


def test_where_a_centroid_came_from_is_ringed():
    view = view_of(Options(seed=4))
    image_with = pixels(drawn(figure := stills.iteration(view, 1)))
    before = at(figure, view.places(0))[1]
    assert near(image_with, before[0] - 6, before[1], LIGHT.ink)


def test_regions_tint_the_plane_where_they_are_exact():
    plain, tinted = (
        pixels(drawn(stills.iteration(view_of(settings=Appearance(regions=regions)), 2)))
        for regions in (False, True)
    )
    white = (plain == 255).all(axis=2).mean(), (tinted == 255).all(axis=2).mean()
    assert white[1] < 0.6 * white[0]
    view = view_of(Options("wine"), Appearance(regions=True))
    stills.iteration(view, 0)  # 13 features: left out


def test_trails_are_the_way_of_the_centroids():
    view = view_of(Options(seed=4), Appearance(trails=True))
    last = len(view.history) - 1
    figure = stills.iteration(view, last)
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) == last + 1]
    np.testing.assert_allclose(lines[0].get_xydata(), view.ways(last)[:, 0])


def test_inertia_and_changes_are_those_of_the_history():
    view = view_of(Options(seed=4))
    upper, lower = stills.inertia(view).axes
    np.testing.assert_array_equal(upper.lines[0].get_ydata(), view.history.inertia)
    heights = [bar.get_height() for bar in lower.patches]
    np.testing.assert_array_equal(heights, view.history.changed[1:])


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_figure_has_the_same_bytes_and_says_where_it_comes_from(name, form):
    first, second = (drawn(FIGURES[name](view_of()), form) for _ in range(2))
    assert first == second
    if form == "png":
        text = Image.open(io.BytesIO(first)).text
        assert text == {
            "Software": SOURCE.software,
            "Command": SOURCE.command,
            "Data": f"sha256:{SOURCE.digest}",
        }
    else:
        for part in (SOURCE.software, SOURCE.command, SOURCE.digest):
            assert part.encode() in first
    assert not re.search(rb"20[2-9]\d-\d\d-\d\d", first), "a date"


def test_a_transparent_figure_has_no_background():
    data = drawn(stills.data(view_of()), transparent=True)
    image = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))
    assert image[-1, -1, 3] == 0
    assert image[..., 3].max() == 255


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("data", ["blobs:n=1,k=1", "blobs:n=4,std=0", "blobs:n=40,k=12,d=1"])
def test_odd_data_can_be_drawn(name, data):
    image = pixels(drawn(FIGURES[name](view_of(Options(data)))))
    assert len(np.unique(image)) > 2


def test_many_points_make_a_small_vector_file():
    view = view_of(Options("blobs:n=10000"))
    assert len(drawn(stills.iteration(view, 0), "svg")) < 1_500_000


def test_clusters_too_many_for_a_legend_have_none():
    view = view_of(Options("uniform:n=500", k=60))
    assert stills.iteration(view, 0).legends == []


def test_an_analysis_of_display_rows_says_of_how_many_they_are(tmp_path):
    path = tmp_path / "x.npy"
    np.save(path, np.random.RandomState(0).normal(size=(600, 2)))
    view = view_of(
        Options(str(path), k=2, where="stream", display_rows=200, cache=str(tmp_path / "cache"))
    )
    figure = stills.titled_figure(view, (8, 4), "how many clusters?", "two")
    assert figure.get_supxlabel().splitlines() == ["two", "of the display rows, 200 of 600"]
    assert counted(view.dataset) == "200 display rows of 600"
    plain = stills.titled_figure(view_of(Options(k=2)), (8, 4), "how many clusters?", "two")
    assert plain.get_supxlabel() == "two"
