"""Figures of points to scale, in the distance that counts, unless asked otherwise."""

from dataclasses import replace

import numpy as np
import pytest

from kmeans_tui.analysis.comparison import compare
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export.animation.scenes import Frames
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.code.script import Script
from kmeans_tui.export.figures import analyses, stills
from kmeans_tui.export.runs_view import one_run
from kmeans_tui.export.view import RunView
from tests.exporting import SOURCE, drawn, view_of


def units(axes):
    """How many pixels a unit of x and one of y take."""
    origin, x, y = axes.transData.transform([(0, 0), (1, 0), (0, 1)])
    return x[0] - origin[0], y[1] - origin[1]


def figures(view):
    yield stills.data(view)
    yield stills.iteration(view, 1)
    yield stills.iterations(view)
    yield Frames(one_run(view))._stage.figure


@pytest.mark.parametrize("data", ["blobs", "iris", "blobs:n=25000"])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_unit_of_the_prepared_space_is_as_long_across_as_down(data, look):
    view = view_of(Options(data, k=3), Appearance(look=look))
    wanted = view.dataset.units
    for figure in figures(view):
        drawn(figure)
        for axes in figure.axes:
            if axes.get_visible():
                across, down = units(axes)
                assert across / wanted[0] == pytest.approx(down / wanted[1], rel=1e-6)
                assert "stretched" not in axes.get_xlabel()


def test_both_sides_of_a_comparison_too():
    view = view_of(Options("iris", k=3))
    found = compare(view.dataset.points, 3, random_state=42)
    figure = analyses.compare(view, found)
    drawn(figure)
    for axes in figure.axes[:2]:
        across, down = units(axes)
        assert across / view.dataset.units[0] == pytest.approx(down / view.dataset.units[1])


def test_what_would_be_a_sliver_fills_its_axes_and_says_so():
    around = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    table = np.column_stack([1000 * np.cos(around), np.sin(around)])
    view = view_of()
    view = RunView(Dataset("line", table, ("a", "b")), view.history, Appearance())
    assert view.ratio(6, 5) is None
    assert "about stretched" in view.labels(6, 5)[0]
    forced = RunView(view.dataset, view.history, Appearance(aspect="equal"))
    assert forced.ratio(6, 5) == 1
    assert forced.labels(6, 5) == ("a", "b")


def test_filled_is_filled():
    view = view_of(Options("blobs", k=3), Appearance(aspect="fill"))
    for figure in figures(view):
        drawn(figure)
        across, down = units(figure.axes[0])
        assert abs(across / down - 1) > 0.05
        assert all(axes.get_aspect() == "auto" for axes in figure.axes)


@pytest.mark.parametrize("aspect", [None, "fill"])
def test_the_script_draws_its_figure_at_the_same_ratio(aspect):
    view = view_of(Options("blobs", k=3), replace(Appearance(), aspect=aspect))
    parameters = {"init": "random", "random_state": 42, "max_iterations": 100, "tolerance": 1e-4}
    text = Script(view, parameters, SOURCE).text()
    assert f"ratio = {None if aspect else 1.0!r}" in text
