"""All iterations in one figure: which are shown, and their layout.

As in ``scatter``, only plain arrays are used: the exported script contains this source.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kmeans_tui.export.figures.scatter import draw_centroids, limits, set_up_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from kmeans_tui.export.figures.look import Look


def shown_iterations(count: int, most: int = 12) -> list[int]:
    """Return which of the iterations 0 to ``count`` - 1 are shown, at most ``most``.

    All if they are few; else the first half consecutively, then at growing intervals to the last,
    as most happens early.
    """
    if count <= most:
        return list(range(count))
    first = most // 2
    rest = np.geomspace(first - 1, count - 1, most - first + 1)[1:].round().astype(int).tolist()
    found = list(range(first))
    for left, i in zip(range(most - first - 1, -1, -1), rest, strict=True):
        found.append(min(max(i, found[-1] + 1), count - 1 - left))
    return found


def caption(iteration: int, changed: int) -> str:
    """Return the title of a panel."""
    if iteration == 0:
        return "Iteration 0: the start"
    return f"Iteration {iteration}: {changed:,} changed"


def grid_title(name: str, k: int, shown: int, count: int) -> str:
    """Return the title of the figure: how many of the ``count`` iterations are shown."""
    which = "every iteration" if shown == count else f"{shown} of {count} iterations"
    return f"{name}, K = {k}: {which}"


def grid_inches(panels: int) -> tuple[float, float]:
    """Return width and height of a grid of panels, three in a row."""
    return 15.0, 4.0 * -(-panels // 3) + 0.9


def panel_inches(inches: tuple[float, float], panels: int) -> tuple[float, float]:
    """About the width and height of each of so many panels in a grid of this size."""
    return inches[0] / min(3, panels) - 0.7, inches[1] / -(-panels // 3) - 0.7


def lay_out_grid(
    figure: "Figure",
    panels: Sequence[tuple[int, int]],
    area: tuple,
    names: tuple[str, str],
    title: str,
    styles: Sequence[tuple[str, str]],
    look: "Look",
    ratio: float | None = None,
    order: Sequence[int] | None = None,
) -> list["Axes"]:
    """Return empty axes, one per panel (iteration, points changed), with a common legend."""
    rows, columns = -(-len(panels) // 3), min(3, len(panels))
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for axes in grid[len(panels) :]:
        axes.set_visible(False)
    for axes in grid[max(0, len(panels) - columns) : len(panels)]:
        axes.tick_params(labelbottom=True)
    for axes, (iteration, changed) in zip(grid, panels, strict=False):
        set_up_axes(axes, area, look, ratio)
        axes.set_title(caption(iteration, changed), color=look.ink, fontsize=11)
    figure.suptitle(title, color=look.ink, fontsize=14, fontweight="bold")
    figure.supxlabel(names[0], color=look.ink, fontsize=11)
    figure.supylabel(names[1], color=look.ink, fontsize=11)
    draw_legend(figure, [f"cluster {j + 1}" for j in range(len(styles))], styles, look, order)
    return list(grid[: len(panels)])


def draw_legend(
    figure: "Figure",
    names: Sequence[str],
    styles: Sequence[tuple[str, str]],
    look: "Look",
    order: Sequence[int] | None = None,
) -> None:
    """Draw a legend to the right, one line per cluster; none if there are too many.

    ``order`` are the clusters as they follow each other, counted from 0; by number if None.
    """
    from matplotlib.lines import Line2D

    if len(names) > 40:
        return
    handles = [
        Line2D([], [], color=colour, marker=marker, ls="", mec=look.edge, mew=0.3, ms=7)
        for colour, marker in styles
    ]
    shown = range(len(names)) if order is None else order
    figure.legend(
        [handles[j] for j in shown],
        [names[j] for j in shown],
        loc="outside right upper",
        ncols=1 if len(names) <= 20 else 2,
        frameon=False,
        labelcolor=look.ink,
        fontsize=9,
        handletextpad=0.3,
        borderpad=0.2,
    )


def settle(figure: "Figure") -> None:
    """Fix the axes at their final positions, as a density requires.

    Otherwise saving would lay the figure out again: an extra drawing, a quarter of the time.
    """
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        figure.set_layout_engine(None)
    for axes in figure.axes:
        # At a fixed ratio the box is smaller than its place.
        axes.apply_aspect()


def draw_grid(
    figure: "Figure",
    positions: np.ndarray,
    frames: Sequence[tuple[int, int, np.ndarray, np.ndarray]],
    names: tuple[str, str],
    title: str,
    styles: Sequence[tuple[str, str]],
    look: "Look",
    draw: Callable[..., None],
    ratio: float | None = None,
    order: Sequence[int] | None = None,
) -> None:
    """Draw the frames (iteration, points changed, labels (n,), centroid positions (k, 2)).

    ``draw`` draws the points: ``draw_points`` or ``draw_density``. ``order`` is that of the legend.
    """
    area = limits(positions)
    panels = [frame[:2] for frame in frames]
    grid = lay_out_grid(figure, panels, area, names, title, styles, look, ratio, order)
    settle(figure)
    for axes, (_, _, labels, places) in zip(grid, frames, strict=True):
        draw(axes, positions, labels, styles, look, scale=0.6)
        draw_centroids(axes, places, styles, look, size=11.0)
