"""The figure of the ladder: a bar for each cluster, in its colour, as high as its share."""

import pytest

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.rungs import ladder
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.figures import flows
from kmeans_tui.export.view import RunView


def test_bars_are_shares_and_keep_their_colour():
    data = load_data("iris")
    view = RunView(data, KMeans(k=3, random_state=0).fit(data.points).history, Appearance())
    found = sweep(data.points, 4, 1, criteria=False)
    (axes,) = flows.ladder(view, found).axes
    bars = axes.patches
    rungs = ladder(found).rungs
    assert len(bars) == sum(rung.k for rung in rungs) == 10
    heights = [size / data.n for rung in rungs for size in rung.sizes.tolist()]
    assert [bar.get_height() for bar in bars] == pytest.approx(heights)
    colours = [bar.get_facecolor() for bar in bars]
    assert colours[0] == colours[1] == colours[3] == colours[6]
    assert len(set(colours)) == 4
    assert len(axes.collections) == sum(len(rung.flows) for rung in rungs)
