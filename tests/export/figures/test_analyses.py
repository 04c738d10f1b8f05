"""The figures of the analyses show what the analyses found."""

import pytest

from kmeans_tui.analysis.census import census
from kmeans_tui.analysis.comparison import compare
from kmeans_tui.analysis.seed_runs import run_seeds
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.command import Options
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.figures import analyses
from tests.exporting import drawn, pixels, view_of


@pytest.fixture(scope="module", params=["light", "dark"])
def view(request):
    return view_of(settings=Appearance(look=request.param))


def words(figure):
    """All text of a figure."""
    from matplotlib.text import Text

    texts = figure.findobj(Text)
    for axes in figure.axes:
        for table in axes.tables:
            texts += [cell.get_text() for cell in table.get_celld().values()]
    return " ".join(text.get_text() for text in texts).replace("\n", " ")


def test_the_elbow_has_a_point_for_each_k_the_criteria_and_the_verdict(view):
    found = sweep(view.dataset.points, 6, 2)
    figure = analyses.elbow(view, found)
    assert len(figure.axes) == 5
    curves = [list(line.get_ydata()) for line in figure.axes[0].lines]
    assert [row.best for row in found.rows] in curves
    assert found.verdict.sentence in words(figure)
    assert "silhouette: k = 3" in words(figure)
    assert pixels(drawn(figure)).shape == (975, 1650, 3)


def test_an_elbow_without_criteria_can_be_drawn(view):
    drawn(analyses.elbow(view, sweep(view.dataset.points, 3, 1, criteria=False)))
    drawn(analyses.elbow(view, sweep(view.dataset.points[:1], 3, 1)))


def test_the_seeds_have_a_bar_each_and_the_census_its_shares(view):
    runs = run_seeds(view.dataset.points, 3, range(5))
    ends = census(view.dataset.points, 3, range(200))
    figure = analyses.seeds(view, (runs, ends))
    left, right = figure.axes
    widths = sorted(bar.get_width() for bar in left.patches)
    assert widths == sorted(row.inertia for row in runs.rows)
    assert [bar.get_width() for bar in right.patches] == [100 * e.share for e in ends.optima]
    assert ends.sentence() in words(figure)
    drawn(figure)


def test_the_comparison_has_both_pictures_and_the_numbers(view):
    found = compare(view.dataset.points, 3)
    figure = analyses.compare(view, found)
    assert found.verdict in words(figure)
    assert f"{found.scikit_learn.inertia:.10g}" in words(figure)
    drawn(figure)


def test_a_comparison_of_many_points_is_a_density():
    view = view_of(Options("blobs:n=21000"))
    drawn(analyses.compare(view, compare(view.dataset.points, 3, start="defaults")))
