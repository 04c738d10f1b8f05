"""The article's figures: sizes as measured of the article's own code, and its pixels."""

import io

import numpy as np
import pytest
from PIL import Image

from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.command import Options
from kmeans_tui.export.animation import scenes
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.figures import article_look
from tests.exporting import SOURCE, drawn, pixels, view_of


@pytest.fixture(scope="module")
def view():
    return view_of(Options(empty="random"), Appearance(look="article"))


def test_the_grid_has_the_articles_size_and_no_cap(view):
    assert pixels(drawn(article_look.iterations(view), **article_look.saved(view))).shape == (
        1537,
        2235,
        3,
    )
    long = view_of(Options(seed=4))
    shown = [axes for axes in article_look.iterations(long).axes if axes.get_visible()]
    assert len(shown) == len(long.history) == 15
    assert shown[-1].get_title() == "Iteration 14"


def test_the_elbow_has_the_articles_size(view):
    found = sweep(view.dataset.points, init="article", criteria=False)
    assert pixels(drawn(article_look.elbow(view, found), **article_look.saved(view))).shape == (
        734,
        1332,
        3,
    )


def test_the_raw_data_are_grey(view):
    image = pixels(drawn(article_look.data(view)))
    assert image.shape == (900, 1200, 3)
    assert np.ptp(image, axis=2).max() == 0


def test_the_animation_is_the_articles():
    """Frame by frame the pixels of a figure that is cleared and drawn again."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    view = view_of(Options(seed=1, k=7), Appearance(look="article"))
    frames = article_look.ArticleFrames(view)
    figure = Figure((8, 6), dpi=100, facecolor="#1a1a2e")
    canvas = FigureCanvasAgg(figure)
    axes = figure.subplots()
    for i in (0, 1, len(view.history) - 1):
        axes.clear()
        axes.set_facecolor("#1a1a2e")
        for j in range(7):
            x, y = view.positions[view.history.labels(i) == j].T
            axes.scatter(
                x,
                y,
                c=article_look.COLOURS[j % 5],
                s=40,
                alpha=0.7,
                edgecolors="white",
                linewidths=0.3,
            )
        places = view.places(i)
        if i:
            for start, end in zip(view.places(i - 1), places, strict=True):
                style = {"arrowstyle": "->", "color": "white", "lw": 1.5, "alpha": 0.6}
                axes.annotate("", xy=end, xytext=start, arrowprops=style)
        axes.scatter(*places.T, c="white", marker="*", s=300, edgecolors="black", linewidths=1.5,
                     zorder=5)  # fmt: skip
        axes.set_title(f"Iteration {i} | K=7", color="white", fontsize=13, fontweight="bold")
        axes.tick_params(colors="white")
        for spine in axes.spines.values():
            spine.set_edgecolor("#444")
        canvas.draw()
        theirs = np.asarray(canvas.buffer_rgba())[..., :3].astype(int)
        ours = frames.draw(i).view(np.uint8).reshape(600, 800, 4)[..., :3].astype(int)
        assert (np.abs(ours - theirs).max(axis=2) > 8).mean() < 1e-3


def test_the_animation_has_the_articles_speed(view):
    file = io.BytesIO()
    scenes.animate(article_look.ArticleFrames(view), file, SOURCE, lambda *_: None)
    image = Image.open(file)
    assert (image.n_frames, image.size, image.info["duration"]) == (4, (800, 600), 830)


def test_the_elbow_has_the_articles_labels(view):
    found = sweep(view.dataset.points, init="article", criteria=False)
    axes = article_look.elbow(view, found).axes[0]
    assert [each.label.get_fontsize() for each in (axes.xaxis, axes.yaxis)] == [12, 12]
