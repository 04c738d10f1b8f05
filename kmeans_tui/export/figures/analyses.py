"""Figures of the analyses: the elbow, the seeds, the comparison."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from kmeans_tui.analysis.census import Census
from kmeans_tui.analysis.comparison import Comparison
from kmeans_tui.analysis.criteria import measured
from kmeans_tui.analysis.pair import Pair
from kmeans_tui.analysis.seed_runs import SeedRuns
from kmeans_tui.analysis.sweep import Sweep
from kmeans_tui.export.figures.scatter import draw_centroids, set_up_axes
from kmeans_tui.export.figures.small_multiples import draw_legend, settle
from kmeans_tui.export.figures.stills import set_up_chart, titled_figure
from kmeans_tui.export.runs_view import two_runs
from kmeans_tui.export.view import RunView
from kmeans_tui.words import sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The most rows of a list to show; more would be unreadable.
_LISTED: Final = 30
# Above this share of the points, rings hide what is in them.
_RINGED: Final = 0.2


def elbow(view: RunView, sweep: Sweep) -> "Figure":
    """Draw inertia of the best and the worst run for each k, the criteria, and the verdict."""
    look, verdict = view.look, sweep.verdict
    shown = [each for each in measured() if each.votes]
    figure = titled_figure(view, (11.0, 6.5), f"{view.name}: how many clusters?", verdict.sentence)
    axes = figure.subplot_mosaic(
        [["inertia", each.key] for each in shown], width_ratios=(3, 2), sharex=True
    )
    then = ", then swaps" if sweep.improve else ""
    ks = [row.k for row in sweep.rows]
    best, worst = ([getattr(row, name) for row in sweep.rows] for name in ("best", "worst"))
    main = axes["inertia"]
    for each in axes.values():
        set_up_chart(each, look)
        each.set_xticks(ks if len(ks) <= 20 else ks[:: -(-len(ks) // 20)])
        if verdict.k is not None:
            each.axvline(verdict.k, color=look.mark, lw=1.2, ls="--", zorder=1)
    colour = look.first
    main.fill_between(ks, best, worst, color=colour, alpha=0.18, lw=0)
    main.plot(ks, worst, color=colour, lw=0.8, alpha=0.7, label="worst run")
    main.plot(ks, best, color=colour, lw=2.2, marker="o", ms=6, label=f"best run{then}")
    main.set_ylim(bottom=0)
    main.set_ylabel("inertia", color=look.ink)
    main.set_xlabel("k, the number of clusters", color=look.ink)
    if verdict.choices["elbow"] is not None:
        k = verdict.choices["elbow"]
        main.plot(k, best[k - 1], "o", ms=13, mfc="none", mec=look.mark, mew=1.8, label="elbow")
    main.legend(frameon=False, labelcolor=look.ink, fontsize=9)
    for voter in shown:
        # For a perfect partition some are infinite and cannot be drawn.
        values, *errors = (
            [_drawn(row.scores.get(key)) for row in sweep.rows] for key in voter.keys
        )
        below = axes[voter.key]
        title = voter.title if voter.best == "highest" else f"{voter.title} (lower is better)"
        _criterion(view, below, ks, values, verdict.choices[voter.key], title)
        if errors:
            known = [i for i, value in enumerate(values) if value is not None]
            below.errorbar(
                [ks[i] for i in known], [values[i] or 0.0 for i in known],
                [errors[0][i] or 0.0 for i in known], color=colour, lw=0, elinewidth=1,
            )  # fmt: skip
    below.set_xlabel("k", color=look.ink)
    return figure


def _drawn(value: float | None) -> float | None:
    return None if value == math.inf else value


def seeds(view: RunView, found: tuple[SeedRuns, Census]) -> "Figure":
    """Draw every seed's inertia, best first, and how many starts lead to each result."""
    runs, census = found
    ranked = runs.sorted()
    more = len(ranked) - _LISTED
    text = f"{runs.summary(census.lowest)}\n{census.sentence()}"
    title = f"{view.name}, K = {view.history.k}: does the start matter?"
    bars = max(3, min(len(ranked), _LISTED), min(len(census.optima), _LISTED))
    figure = titled_figure(view, (11.0, 2.6 + 0.22 * bars), title, text)
    left, right = figure.subplots(1, 2)
    colour, other = view.look.first, view.look.second
    best = runs.best.inertia
    _bars(
        view, left, [f"seed {row.seed}" for row in ranked[:_LISTED]],
        [row.inertia for row in ranked[:_LISTED]], [f"{row.inertia:,.6g}" for row in ranked],
        [colour if row.inertia <= 1.01 * best else other for row in ranked],
        f"inertia of {len(runs.rows)} seeds" + (f", the best {_LISTED}" if more > 0 else ""),
    )  # fmt: skip
    shown = census.optima[:_LISTED]
    _bars(
        view, right, [f"{each.inertia:,.6g}" for each in shown],
        [100 * each.share for each in shown],
        [f"{each.count:,} ({each.share:.1%})" for each in shown],
        [colour, *[other] * len(shown)],
        f"results of {census.runs:,} starts: share of each inertia, in %",
    )  # fmt: skip
    return figure


def compare(view: RunView, found: Comparison | Pair) -> "Figure":
    """Draw both ends side by side, with the numbers or the curves below."""
    if isinstance(found, Pair):
        return _two_runs(view, found)
    return _both_programs(view, found)


def _two_runs(view: RunView, pair: Pair) -> "Figure":
    """Draw where both runs end, in the same colours, and both curves of inertia."""
    look, runs = view.look, two_runs(view, pair)
    views = runs.views
    title = f"{view.name}: {pair.first.name} and {pair.second.name}"
    figure = titled_figure(view, (12.0, 7.6), title, f"{pair.sentence}\n{sentence(pair.verdict)}")
    grid = figure.subplot_mosaic([["0", "1"], ["curve", "curve"]], height_ratios=(6, 2))
    width, height = figure.get_size_inches()
    size = width / 2 - 1.2, 0.7 * height - 1.3
    for place, each in enumerate(views):
        axes, n = grid[str(place)], each.history.iterations
        set_up_axes(axes, each.area, look, each.ratio(*size))
        name = (pair.first, pair.second)[place].name
        axes.set_title(f"{name}, iteration {n} of {n}", color=look.ink, fontsize=11)
        x, y = each.labels(*size)
        axes.set_xlabel(x, color=look.ink)
        axes.set_ylabel(y if place == 0 else "", color=look.ink)
    names = [f"cluster {number + 1}" for number in runs.styles]
    draw_legend(figure, names, list(runs.styles.values()), look)
    _two_curves(view, grid["curve"], pair)
    settle(figure)
    for place, each in enumerate(views):
        each.draw(grid[str(place)], each.history[-1].labels, 0.7)
        places = each.places(each.history.iterations)
        shown = runs.numbers[place]
        draw_centroids(grid[str(place)], places, each.styles, look, numbers=shown)
    return figure


def _two_curves(view: RunView, axes: "Axes", pair: Pair) -> None:
    """Draw the inertia of both runs; as shares of the first where they cannot be compared."""
    from matplotlib.ticker import MaxNLocator

    look = view.look
    set_up_chart(axes, look)
    for side, colour in ((pair.first, look.first), (pair.second, look.second)):
        values = side.history.inertia
        if not pair.comparable and values[0]:
            values = values / values[0]
        axes.plot(values, color=colour, lw=1.8, marker="o", ms=4, label=side.name)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("iteration", color=look.ink)
    axes.set_ylabel("inertia" if pair.comparable else "inertia / first", color=look.ink)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False, labelcolor=look.ink, fontsize=9)


def _both_programs(view: RunView, comparison: Comparison) -> "Figure":
    """Draw both results side by side, ring the points that differ, with the numbers below."""
    look = view.look
    ours, theirs = comparison.ours, comparison.scikit_learn
    k = len(ours.centroids)
    text = f"{comparison.verdict}\n{comparison.reason}"
    figure = titled_figure(view, (12.0, 6.6), f"{view.name}, K = {k}: ours and scikit-learn", text)
    grid = figure.subplot_mosaic([["ours", "theirs"], ["table", "table"]], height_ratios=(6, 1.3))
    width, height = figure.get_size_inches()
    size = width / 2 - 1.2, 0.8 * height - 1.3
    x, y = view.labels(*size)
    for name, title in (("ours", "ours"), ("theirs", "scikit-learn, clusters matched")):
        axes = grid[name]
        set_up_axes(axes, view.area, look, view.ratio(*size))
        axes.set_title(title, color=look.ink, fontsize=11)
        axes.set_xlabel(x, color=look.ink)
    grid["ours"].set_ylabel(y, color=look.ink)
    draw_legend(figure, [f"cluster {j + 1}" for j in range(k)], view.styles, look, view.order)
    _comparison_table(view, grid["table"], comparison)
    settle(figure)
    for name, side in (("ours", ours), ("theirs", theirs)):
        view.draw(grid[name], side.labels, 0.7)
        places = view.dataset.project(side.centroids)
        draw_centroids(grid[name], places, view.styles, look)
        if 0 < len(comparison.disputed) <= _RINGED * view.history.n and not view.dense:
            x, y = view.positions[comparison.disputed].T
            grid[name].scatter(
                x, y, s=70, facecolors="none", edgecolors=look.ink, linewidths=1.0, zorder=3,
            )  # fmt: skip
    return figure


def _comparison_table(view: RunView, axes: "Axes", comparison: Comparison) -> None:
    ours, theirs = comparison.ours, comparison.scikit_learn
    n = view.history.n
    axes.axis("off")
    cells = [
        [f"{ours.inertia:.10g}", str(ours.updates), "", ""],
        [
            f"{theirs.inertia:.10g}",
            str(theirs.updates),
            f"{n - len(comparison.disputed):,} of {n:,}",
            f"{comparison.largest_centroid_gap:.2g}",
        ],
    ]
    table = axes.table(
        cells,
        rowLabels=["ours", "scikit-learn"],
        colLabels=["inertia", "updates", "points in the same cluster", "largest centroid gap"],
        loc="center",
        cellLoc="center",
        edges="horizontal",
    )
    table.auto_set_font_size(False)
    table.set_fontsize(9)
    table.scale(0.85, 1.3)
    for cell in table.get_celld().values():
        cell.set_edgecolor(view.look.line)
        cell.get_text().set_color(view.look.ink)


def _criterion(
    view: RunView,
    axes: "Axes",
    ks: Sequence[int],
    values: Sequence[float | None],
    choice: int | None,
    title: str,
) -> None:
    """Draw one criterion against k; ``choice``, if any, is ringed and named."""
    known = [(k, value) for k, value in zip(ks, values, strict=True) if value is not None]
    picked = "none" if choice is None else f"k = {choice}"
    axes.set_title(f"{title}: {picked}", color=view.look.ink, fontsize=9, loc="left", pad=3)
    if not known:
        axes.set_yticks([])
        return
    axes.plot(*zip(*known, strict=True), color=view.look.first, lw=1.4, marker="o", ms=3.5)
    if choice is not None:
        axes.plot(choice, dict(known)[choice], "o", ms=8, mfc="none", mec=view.look.mark, mew=1.5)
    axes.margins(y=0.25)


def _bars(
    view: RunView,
    axes: "Axes",
    names: Sequence[str],
    lengths: Sequence[float],
    texts: Sequence[str],
    colours: Sequence[str],
    title: str,
) -> None:
    """Draw bars from the top down, each with its name and number."""
    look, count = view.look, len(names)
    set_up_chart(axes, look)
    axes.grid(False)
    axes.set_title(title, color=look.ink, fontsize=10, loc="left")
    axes.barh(range(count), lengths, color=list(colours[:count]), height=0.72)
    axes.set_yticks(range(count), list(names))
    axes.set_ylim(max(count, 3) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    most = float(np.max(lengths)) if count else 1.0
    # Leave room on the right for the number of the longest bar.
    axes.set_xlim(0, 1.35 * most or 1.0)
    axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= 1.05 * most])
    for y, (length, text) in enumerate(zip(lengths, texts, strict=False)):
        axes.annotate(
            text, (length, y), xytext=(4, 0), textcoords="offset points", va="center",
            color=look.ink, fontsize=8,
        )  # fmt: skip
