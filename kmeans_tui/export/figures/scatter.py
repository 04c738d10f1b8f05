"""Draw one state of a run: points, centroids, and axis limits that fit them.

These functions take plain arrays and import nothing of ours: the exported script contains their
source, so it draws the same figure.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from kmeans_tui.palette import channels, luminance

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kmeans_tui.export.figures.look import Look


def limits(positions: np.ndarray) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return ((left, right), (bottom, top)) around points (n, 2), with 5 % margin on each side."""
    pairs = []
    for low, high in zip(positions.min(axis=0), positions.max(axis=0), strict=True):
        room = 0.05 * (high - low) or 0.5 * max(abs(low), 1.0)
        pairs.append((float(low - room), float(high + room)))
    return pairs[0], pairs[1]


def set_up_axes(axes: "Axes", area: tuple, look: "Look", ratio: float | None = None) -> None:
    """Set the colours of the frame and the limits ``area``, without a grid.

    ``ratio`` is how many times as long a unit of y is drawn as one of x; None fills the axes.
    """
    if ratio is not None:
        axes.set_aspect(ratio, adjustable="box")
    axes.set_facecolor(look.background)
    axes.set_xlim(area[0])
    axes.set_ylim(area[1])
    axes.tick_params(colors=look.faint, labelsize=8)
    for spine in axes.spines.values():
        spine.set_color(look.line)


def disc_area(n: int) -> float:
    """Return the disc area of one of n points, in square points: 40 up to 1,000, then less."""
    return float(np.clip(40 * (1000 / n) ** 0.6, 3, 40))


def draw_points(
    axes: "Axes",
    positions: np.ndarray,
    labels: np.ndarray,
    styles: Sequence[tuple[str, str]],
    look: "Look",
    scale: float = 1.0,
) -> None:
    """Draw points (n, 2); ``labels`` (n,) count from 0, ``styles`` are (colour, marker)."""
    area = scale * disc_area(len(positions))
    for j, (colour, marker) in enumerate(styles):
        mine = labels == j
        axes.scatter(
            positions[mine, 0],
            positions[mine, 1],
            s=area,
            color=colour,
            marker=marker,
            edgecolors=look.edge,
            linewidths=0.3 if area > 6 else 0.0,
            # A vector file with more than 2,000 paths is larger than a bitmap, and slower.
            rasterized=len(positions) > 2000,
            zorder=2,
        )


def draw_centroids(
    axes: "Axes",
    places: np.ndarray,
    styles: Sequence[tuple[str, str]],
    look: "Look",
    size: float = 13.0,
    numbers: Sequence[int] | None = None,
) -> None:
    """Draw centroids (k, 2) as discs ``size`` points wide with their numbers, from 1.

    ``numbers`` are others, from 0.
    """
    axes.scatter(
        places[:, 0],
        places[:, 1],
        s=size**2,
        color=[colour for colour, _ in styles],
        edgecolors=look.ink,
        linewidths=1.3,
        zorder=5,
    )
    for j, (x, y) in enumerate(places.tolist()):
        axes.annotate(
            str((j if numbers is None else numbers[j]) + 1),
            (x, y),
            color=contrast(styles[j][0]),
            fontsize=size * (0.62 if len(places) < 10 else 0.52),
            fontweight="bold",
            ha="center",
            va="center_baseline",
            annotation_clip=False,
            zorder=6,
        )


def contrast(colour: str) -> str:
    """Return black or white, whichever is more legible on ``colour`` (``#rrggbb``; WCAG 2)."""
    return "#000000" if luminance(*channels(colour)) > 0.179 else "#ffffff"
