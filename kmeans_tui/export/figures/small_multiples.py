"""Every iteration in one figure: which of them are shown, and how they are laid out.

As in ``scatter``, plain arrays only: the exported script holds the source of these functions.
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
    """Which of the iterations 0 to ``count`` - 1 are shown, at most ``most``.

    All of them if they are few; else the first half one by one, then at growing distances to the
    last: what happens, happens early.
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
    """What a panel says of its iteration."""
    if iteration == 0:
        return "Iteration 0: the start"
    return f"Iteration {iteration}: {changed:,} changed"


def grid_title(name: str, k: int, shown: int, count: int) -> str:
    """Over all panels: what they show of the ``count`` iterations of a run."""
    which = "every iteration" if shown == count else f"{shown} of {count} iterations"
    return f"{name}, K = {k}: {which}"


def grid_inches(panels: int) -> tuple[float, float]:
    """Width and height of a grid of so many panels, three in a row."""
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
) -> list["Axes"]:
    """Empty axes, one for each panel (iteration, points changed), with one legend for all."""
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
    draw_legend(figure, [f"cluster {j + 1}" for j in range(len(styles))], styles, look)
    return list(grid[: len(panels)])


def draw_legend(
    figure: "Figure", names: Sequence[str], styles: Sequence[tuple[str, str]], look: "Look"
) -> None:
    """One line for each cluster, to the right; none where they are too many to look up."""
    from matplotlib.lines import Line2D

    if len(names) > 40:
        return
    handles = [
        Line2D([], [], color=colour, marker=marker, ls="", mec=look.edge, mew=0.3, ms=7)
        for colour, marker in styles
    ]
    figure.legend(
        handles,
        list(names),
        loc="outside right upper",
        ncols=1 if len(names) <= 20 else 2,
        frameon=False,
        labelcolor=look.ink,
        fontsize=9,
        handletextpad=0.3,
        borderpad=0.2,
    )


def settle(figure: "Figure") -> None:
    """Give the axes their final places, which a density asks for, and keep them there.

    Left to itself, saving would lay the figure out again: one drawing more, a quarter of the time.
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
) -> None:
    """The frames (iteration, points changed, labels (n,), places of the centroids (k, 2)).

    ``draw`` draws the points, as ``draw_points`` or ``draw_density`` do.
    """
    area = limits(positions)
    panels = [frame[:2] for frame in frames]
    grid = lay_out_grid(figure, panels, area, names, title, styles, look, ratio)
    settle(figure)
    for axes, (_, _, labels, places) in zip(grid, frames, strict=True):
        draw(axes, positions, labels, styles, look, scale=0.6)
        draw_centroids(axes, places, styles, look, size=11.0)
