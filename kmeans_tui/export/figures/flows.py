"""The figure of the ladder: rows that flow from the clusters of each k to those of the next."""

from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from kmeans_tui import palette
from kmeans_tui.analysis.rungs import Ladder, Rung, arrangement
from kmeans_tui.analysis.rungs import ladder as rungs_of
from kmeans_tui.analysis.sweep import Sweep
from kmeans_tui.export.figures.stills import titled_figure
from kmeans_tui.export.view import RunView

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The width of a bar and the room between bars, as shares of the step from k to k + 1 and of all
# rows.
_BAR: Final = 0.12
_ROOM: Final = 0.02
# Letters at 9 points need this share of the height.
_LETTERED: Final = 0.022
# Points of a curved edge.
_STEPS: Final = 24


def ladder(view: RunView, sweep: Sweep) -> "Figure":
    """Draw a column of bars for each k, and bands for the rows on the way to the next."""
    found, look = rungs_of(sweep, view.dataset.weights), view.look
    last = found.rungs[-1]
    inches = (max(6.0, 1.2 * len(found.rungs) + 1.0), 6.0)
    text = f"k = {last.k}: {last.sentence()}"
    figure = titled_figure(view, inches, f"{view.name}: from k clusters to k + 1", text)
    axes = figure.subplots()
    axes.set_facecolor(look.background)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_yticks([])
    ks = [rung.k for rung in found.rungs]
    axes.set_xticks(ks, [f"k = {k}" for k in ks])
    axes.tick_params(colors=look.ink, length=0)
    axes.set_xlim(ks[0] - 0.3, ks[-1] + 0.3)
    _draw(axes, view, found)
    return figure


def _draw(axes: "Axes", view: RunView, found: Ladder) -> None:
    whole = float(found.rungs[0].amounts.sum())
    ground: Literal["dark", "light"] = "dark" if view.settings.look == "dark" else "light"
    colours = [palette.figure_style(name, ground)[0] for name in range(found.rungs[-1].k)]
    order = np.argsort(arrangement(found.rungs)).tolist()
    tops = [_tops(rung, order, whole) for rung in found.rungs]
    for at, rung in enumerate(found.rungs):
        for name in range(rung.k):
            share = rung.amounts[name] / whole
            bottom = tops[at][name] - share
            axes.bar(rung.k, share, _BAR, bottom, color=colours[name], lw=0, zorder=2)
            if share > _LETTERED:
                axes.text(
                    rung.k, bottom + share / 2, str(name + 1), ha="center", va="center",
                    color=view.look.background, fontsize=9, fontweight="bold", zorder=3,
                )  # fmt: skip
        if not at:
            continue
        left, right = dict(tops[at - 1]), dict(tops[at])
        for flow in sorted(rung.flows, key=lambda each: (order[each.source], order[each.target])):
            share = flow.amount / whole
            a, b = left[flow.source], right[flow.target]
            left[flow.source], right[flow.target] = a - share, b - share
            _band(axes, rung.k, (a, b), share, colours[flow.target])


def _band(axes: "Axes", k: int, tops: tuple[float, float], share: float, colour: str) -> None:
    t = np.linspace(0, 1, _STEPS)
    x = k - 1 + _BAR / 2 + t * (1 - _BAR)
    upper = tops[0] + (3 * t**2 - 2 * t**3) * (tops[1] - tops[0])
    axes.fill_between(x, upper, upper - share, color=colour, alpha=0.45, lw=0, zorder=1)


def _tops(rung: Rung, order: list[int], whole: float) -> dict[int, float]:
    """Return the upper end of the bar of each name, the whole column centred at 0."""
    names = sorted(range(rung.k), key=order.__getitem__)
    top = (1 + _ROOM * (rung.k - 1)) / 2
    found = {}
    for name in names:
        found[name] = top
        top -= rung.amounts[name] / whole + _ROOM
    return found
