"""Which iterations a grid shows, and how it is laid out."""

from itertools import pairwise

import pytest

from kmeans_tui.command import Options
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.figures import stills
from kmeans_tui.export.figures.small_multiples import shown_iterations
from tests.exporting import view_of


@pytest.mark.parametrize("count", [1, 3, 12])
def test_a_short_run_is_shown_whole(count):
    assert shown_iterations(count) == list(range(count))


@pytest.mark.parametrize("count", [13, 14, 20, 51, 101, 301, 10_001])
def test_a_long_run_shows_its_beginning_growing_steps_and_its_end(count):
    found = shown_iterations(count)
    assert len(found) == 12
    assert found[:6] == [0, 1, 2, 3, 4, 5]
    assert found[-1] == count - 1
    steps = [after - before for before, after in pairwise(found)]
    assert min(steps) >= 1
    assert all(after >= before - 1 for before, after in pairwise(steps))


def test_the_grid_has_three_columns_one_legend_and_the_same_limits():
    figure = stills.iterations(view_of(Options(seed=4, k=3)))
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert len(shown) == 12
    assert shown[0].get_gridspec().ncols == 3
    assert len({(axes.get_xlim(), axes.get_ylim()) for axes in shown}) == 1
    assert len(figure.legends) == 1
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        f"cluster {j}" for j in (1, 2, 3)
    ]
    titles = [axes.get_title() for axes in shown]
    assert titles[:2] == ["Iteration 0: the start", "Iteration 1: 8 changed"]
    assert titles[-1] == "Iteration 14: 0 changed"


@pytest.mark.parametrize(("wears", "listed"), [
    (None, [1, 2, 3]), ((0, 1, 2), [1, 2, 3]), ((2, 0, 1), [2, 3, 1]), ((1, 0, 2), [2, 1, 3]),
])  # fmt: skip
def test_legends_list_the_clusters_in_the_order_of_their_colours(wears, listed):
    view = view_of(settings=Appearance(wears=wears))
    for figure in (stills.iterations(view), stills.iteration(view, 1)):
        (legend,) = figure.legends
        names = [text.get_text().split(" (")[0] for text in legend.get_texts()]
        assert names == [f"cluster {j}" for j in listed]
        marks = [(line.get_color(), line.get_marker()) for line in legend.get_lines()]
        assert marks == [view.styles[j - 1] for j in listed]


def test_the_size_and_dots_per_inch_are_those_asked_for():
    view = view_of(settings=Appearance(size=(900, 700), dpi=100))
    figure = stills.iterations(view)
    assert (figure.get_size_inches() * figure.dpi).round().tolist() == [900, 700]
