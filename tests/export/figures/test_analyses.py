"""The figures of the analyses show what the analyses found."""

import pytest

from kmeans_tui.analysis.census import census
from kmeans_tui.analysis.comparison import compare
from kmeans_tui.analysis.seed_runs import run_seeds
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.command import Options
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.figures import analyses
from kmeans_tui.requests import pairs
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
    assert len(figure.axes) == 6
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


@pytest.mark.parametrize(
    ("data", "text"),
    [("blobs", "seeds:0,1"), ("iris", "scale:none,standard"), ("blobs", "k:2,4"),
     ("blobs", "k:4,2"), ("outlier", "without:301"), ("blobs:n=21000", "tolerance:0,0.5")],
)  # fmt: skip
def test_two_runs_have_both_ends_both_curves_and_the_sentence(data, text):
    options = Options(data, k=3, pair=text)
    view = view_of(options)
    found = pairs.compared(options, view.dataset)
    figure = analyses.compare(view, found)
    first, second, curve = figure.axes
    assert found.sentence in words(figure)
    assert found.first.name in first.get_title()
    assert found.second.name in second.get_title()
    lengths = [len(line.get_ydata()) for line in curve.lines]
    assert lengths == [len(found.first.history), len(found.second.history)]
    numbers = [
        {int(each.get_text()) for each in axes.texts if each.get_text().isdigit()}
        for axes in (first, second)
    ]
    assert numbers[0] == set(range(1, found.first.history.k + 1))
    assert numbers[1] == {int(each) + 1 for each in found.numbers}
    drawn(figure)
