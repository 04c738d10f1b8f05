"""Still figures of a run: its points, its iterations, its inertia."""

import textwrap
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.export.figures.canvas import new_figure
from kmeans_tui.export.figures.density import draw_density
from kmeans_tui.export.figures.look import Look
from kmeans_tui.export.figures.regions import regions
from kmeans_tui.export.figures.scatter import draw_centroids, draw_points, set_up_axes
from kmeans_tui.export.figures.small_multiples import (
    draw_grid,
    draw_legend,
    grid_inches,
    grid_title,
    panel_inches,
    settle,
    shown_iterations,
)
from kmeans_tui.export.view import RunView
from kmeans_tui.words import changed_cluster, plural, tally

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI: Final = 150
_SINGLE: Final = (8.0, 6.0)
# More bars than this are not labelled with their numbers.
_LABELLED: Final = 16


def data(view: RunView) -> "Figure":
    """Draw the raw points, before clustering."""
    rows = plural(len(view.positions), "point")
    if view.dataset.counted > view.dataset.n:
        rows = f"{len(view.positions):,} of {plural(view.dataset.counted, 'point')}"
    figure, axes = _single(view, view.name, rows)
    settle(figure)
    unlabelled = np.zeros(len(view.positions), np.uint8)
    grey = view.look.ink if view.dense else view.look.grey
    how = draw_density if view.dense else draw_points
    how(axes, view.positions, unlabelled, [(grey, "o")], view.look)
    return figure


def iterations(view: RunView) -> "Figure":
    """Draw all iterations side by side, at most twelve."""
    history = view.history
    shown = shown_iterations(len(history))
    inches, dpi = view.settings.inches(grid_inches(len(shown)), DPI)
    figure = new_figure(inches, dpi, view.look.background)
    title = grid_title(view.name, history.k, len(shown), len(history))
    changed = history.changed
    frames = [(i, int(changed[i]), history.labels(i), view.places(i)) for i in shown]
    how = draw_density if view.dense else draw_points
    size = panel_inches(inches, len(shown))
    draw_grid(
        figure, view.positions, frames, view.labels(*size), title, view.styles, view.look, how,
        view.ratio(*size), view.order,
    )  # fmt: skip
    return figure


def iteration(view: RunView, number: int) -> "Figure":
    """Draw one iteration: points, centroids and their moves; regions and trails if requested.

    Regions are drawn where they are exact: with one or two features.
    """
    history, settings = view.history, view.settings
    snapshot = history[number]
    last = len(history) - 1
    changed = "" if number == 0 else f", {changed_cluster(snapshot.changed)}"
    figure, axes = _single(
        view,
        f"{view.name}: iteration {number} of {last}, K = {history.k}",
        f"inertia {snapshot.inertia:,.6g}{changed}",
    )
    counted = [f"{size:,}" for size in snapshot.sizes.tolist()]
    if snapshot.weights is not None:
        counted = [f"weight {tally(each)}" for each in snapshot.weights.tolist()]
    names = [f"cluster {j + 1} ({each})" for j, each in enumerate(counted)]
    draw_legend(figure, names, view.styles, view.look, view.order)
    if settings.regions and view.dataset.exact_plane:
        _draw_regions(view, axes, snapshot.centroids)
    settle(figure)
    view.draw(axes, snapshot.labels)
    if settings.trails:
        for j, way in enumerate(view.ways(number).transpose(1, 0, 2)):
            axes.plot(*way.T, color=view.look.ink, lw=3, zorder=3.5, solid_capstyle="round")
            axes.plot(*way.T, color=view.styles[j][0], lw=1.6, zorder=3.6, marker="o", ms=3)
    if number:
        _draw_moves(view, axes, number)
    draw_centroids(axes, view.places(number), view.styles, view.look)
    return figure


def inertia(view: RunView) -> "Figure":
    """Draw inertia and points changed for each iteration."""
    history, look = view.history, view.look
    inches, dpi = view.settings.inches(_SINGLE, DPI)
    figure = new_figure(inches, dpi, look.background)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    number = np.arange(len(history))
    for axes in (upper, lower):
        set_up_chart(axes, look)
    upper.plot(
        number, history.inertia, color=look.first, lw=2, marker="o", ms=5,
        markevery=1 if len(number) <= 60 else len(number),
    )  # fmt: skip
    for each in history.swaps:
        # Between this iteration and the one before: there the swap took the place of an update.
        upper.axvline(each.iteration - 0.5, color=look.faint, lw=1, ls=":")
        upper.annotate(
            f"swap {history.swaps.index(each) + 1}", (each.iteration - 0.5, 1), xytext=(3, -3),
            xycoords=("data", "axes fraction"), textcoords="offset points", ha="left", va="top",
            color=look.faint, fontsize=8, rotation=90 if len(history.swaps) > 3 else 0,
        )  # fmt: skip
    lower.bar(number[1:], history.changed[1:], color=look.second, width=0.7)
    upper.set_ylim(bottom=0)
    upper.set_ylabel("inertia", color=look.ink)
    lower.set_ylabel("points changed", color=look.ink)
    lower.set_xlabel("iteration", color=look.ink)
    lower.set_xlim(-0.6, max(1, len(history) - 1) + 0.6)
    lower.set_ylim(bottom=0, top=max(1.0, 1.15 * history.changed.max()))
    lower.xaxis.get_major_locator().set_params(integer=True)
    lower.yaxis.get_major_locator().set_params(integer=True)
    if len(history) <= _LABELLED:
        for x, changed in zip(number[1:].tolist(), history.changed[1:].tolist(), strict=True):
            lower.annotate(
                f"{changed:,}", (x, changed), xytext=(0, 2), textcoords="offset points",
                ha="center", va="bottom", color=look.faint, fontsize=8,
            )  # fmt: skip
    figure.suptitle(
        f"{view.name}, K = {history.k}: inertia {history[-1].inertia:,.6g} after "
        f"{history.iterations} update{'' if history.iterations == 1 else 's'}",
        color=look.ink, fontsize=13, fontweight="bold",
    )  # fmt: skip
    return figure


def set_up_chart(axes: "Axes", look: Look) -> None:
    """Set up axes for a curve or bars: two frame lines, and a faint grid."""
    axes.set_facecolor(look.background)
    axes.tick_params(colors=look.faint, labelsize=8)
    axes.grid(axis="y", color=look.line, lw=0.6, alpha=0.6)
    axes.set_axisbelow(True)
    for name, spine in axes.spines.items():
        spine.set_color(look.line)
        spine.set_visible(name in ("left", "bottom"))


def _single(view: RunView, title: str, below: str) -> "tuple[Figure, Axes]":
    """Return a figure with one plot of the plane, a title and a line below the title."""
    look = view.look
    inches, dpi = view.settings.inches(_SINGLE, DPI)
    figure = new_figure(inches, dpi, look.background)
    axes = figure.subplots()
    # What a title, the labels and a legend leave.
    size = inches[0] - 2.0, inches[1] - 1.2
    set_up_axes(axes, view.area, look, view.ratio(*size))
    # Above the axes rather than the figure, where it would overlap the legend.
    axes.set_title(title, color=look.ink, fontsize=12, fontweight="bold", pad=20)
    axes.annotate(
        below, (0.5, 1), xytext=(0, 6), xycoords="axes fraction", textcoords="offset points",
        ha="center", color=look.faint, fontsize=9,
    )  # fmt: skip
    x, y = view.labels(*size)
    axes.set_xlabel(x, color=look.ink)
    axes.set_ylabel(y, color=look.ink)
    return figure, axes


def _draw_regions(view: RunView, axes: "Axes", centroids: NDArray[np.float64]) -> None:
    from matplotlib.collections import PolyCollection

    polygons = regions(centroids, view.dataset.unproject, view.area)
    axes.add_collection(
        PolyCollection(
            polygons,
            facecolors=[(*(each / 255), 0.18) for each in view.colours],
            edgecolors=view.look.faint,
            linewidths=0.8,
            zorder=1,
        ),
        autolim=False,
    )


def _draw_moves(view: RunView, axes: "Axes", number: int) -> None:
    """Draw a ring where each centroid was, and an arrow from there."""
    before, now = view.places(number - 1), view.places(number)
    axes.scatter(
        before[:, 0],
        before[:, 1],
        s=40,
        facecolors="none",
        edgecolors=view.look.ink,
        linewidths=1.3,
        zorder=4,
    )
    to_pixels = axes.transData.transform
    points = 72 / axes.figure.dpi
    for start, end in zip(before.tolist(), now.tolist(), strict=True):
        way = np.hypot(*(to_pixels(end) - to_pixels(start))) * points
        # Shorter moves are hidden by the centroid's disc, and a head alone shows no direction.
        if way > 18:
            axes.annotate(
                "",
                end,
                start,
                arrowprops={
                    "arrowstyle": "-|>,head_width=0.28,head_length=0.55",
                    "color": view.look.ink,
                    "lw": 1.6,
                    "shrinkA": 4,
                    "shrinkB": 8,
                },
                zorder=4.5,
            )


def titled_figure(view: RunView, inches: tuple[float, float], title: str, text: str) -> "Figure":
    """Return the figure of an analysis, with a title, and a text below its plots."""
    dataset = view.dataset
    if dataset.counted > dataset.n:
        text = f"{text}\nof the display rows, {dataset.n:,} of {dataset.counted:,}"
    size, dpi = view.settings.inches(inches, DPI)
    figure = new_figure(size, dpi, view.look.background)
    figure.suptitle(title, color=view.look.ink, fontsize=13, fontweight="bold")
    # 12 letters of this size per inch. A long word, such as a file name, is better broken than cut.
    width = int(12 * size[0])
    lines = [line for part in text.split("\n") for line in textwrap.wrap(part, width)]
    figure.supxlabel("\n".join(lines), color=view.look.ink, fontsize=10)
    return figure
