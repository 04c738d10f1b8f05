"""Figures as in the article: its colours, sizes and titles, one panel per iteration.

Unlike the article's code, they work beyond five clusters: the colours repeat.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.analysis.sweep import Sweep
from kmeans_tui.clustering.history import History
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export.animation import gif
from kmeans_tui.export.animation.backdrop import Backdrop, Pixels
from kmeans_tui.export.animation.scenes import DPI as ANIMATION_DPI
from kmeans_tui.export.animation.scenes import HOLD, INCHES
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.figures.canvas import new_figure
from kmeans_tui.export.figures.look import Look
from kmeans_tui.export.figures.stills import DPI
from kmeans_tui.export.view import RunView

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

COLOURS: Final = ("#e74c3c", "#3498db", "#2ecc71", "#f39c12", "#9b59b6")
# Matplotlib's default, at which the article's figures are laid out before saving at another.
_LAYOUT_DPI: Final = 100
_GREY, _NIGHT, _SPINE = "#cccccc", "#1a1a2e", "#444444"

_LOOK: Final = Look(
    background=_NIGHT, ink="#ffffff", faint=_GREY, line=_SPINE, grey="#8a8a9a", edge="#ffffff",
    mark="#f39c12", first="#ffffff", second="#9a9aa8",
)  # fmt: skip


class ArticleView(RunView):
    """A run in the colours of the article's animation, for frames that the article has not."""

    def __init__(self, dataset: Dataset, history: History, settings: Appearance) -> None:
        super().__init__(dataset, history, settings)
        self.look = _LOOK

    @property
    def styles(self) -> list[tuple[str, str]]:
        """Colour and marker of every cluster."""
        worn = self.settings.wears or range(self.history.k)
        return [(COLOURS[each % len(COLOURS)], "o") for each in worn]


def data(view: RunView) -> "Figure":
    """Raw points, no labels."""
    inches, dpi = view.settings.inches(INCHES, DPI)
    figure = new_figure(inches, dpi, "white", layout="tight")
    axes = figure.subplots()
    x, y = view.positions.T
    axes.scatter(x, y, c=_GREY, s=40, alpha=0.7, edgecolors="white", linewidths=0.5)
    axes.set_title("Raw Data — No Labels", fontsize=14)
    axes.set_xlabel("Feature 1")
    axes.set_ylabel("Feature 2")
    return figure


def iterations(view: RunView) -> "Figure":
    """Draw a panel for every iteration, three in a row; save it with the options of ``saved``."""
    history = view.history
    rows = -(-len(history) // 3)
    inches, _ = view.settings.inches((15.0, 5.0 * rows), DPI)
    figure = new_figure(inches, _LAYOUT_DPI, "white", layout=None)
    grid = figure.subplots(rows, 3, squeeze=False).ravel()
    for axes in grid[len(history) :]:
        axes.set_visible(False)
    for i, axes in enumerate(grid[: len(history)]):
        labels, places = history.labels(i), view.places(i)
        for j in range(history.k):
            colour = COLOURS[j % len(COLOURS)]
            axes.scatter(
                *view.positions[labels == j].T, c=colour, s=35, alpha=0.6,
                edgecolors="white", linewidths=0.3, label=f"Cluster {j + 1}",
            )  # fmt: skip
            axes.scatter(
                *places[j], c=colour, marker="*", s=250, edgecolors="black", linewidths=1.5,
                zorder=5,
            )  # fmt: skip
        axes.set_title(f"Iteration {i}", fontsize=13, fontweight="bold")
        axes.set_xlabel("Feature 1")
        axes.set_ylabel("Feature 2")
        axes.legend(loc="upper right", fontsize=9)
    figure.suptitle("K-Means: Every Iteration", fontsize=16, fontweight="bold", y=1.02)
    figure.tight_layout()
    return figure


def saved(view: RunView) -> dict[str, Any]:
    """Return the options to save the grid and the elbow: cropped unless a size is given."""
    cropped = "tight" if view.settings.size is None else None
    return {"dpi": view.settings.dpi or DPI, "bbox_inches": cropped}


def elbow(view: RunView, sweep: Sweep) -> "Figure":
    """Draw inertia against k; save it with the options of ``saved``."""
    inches, _ = view.settings.inches((9.0, 5.0), DPI)
    figure = new_figure(inches, _LAYOUT_DPI, "white", layout=None)
    axes = figure.subplots()
    ks, best = [row.k for row in sweep.rows], [row.best for row in sweep.rows]
    axes.plot(ks, best, marker="o", color=COLOURS[1], linewidth=2.5, markersize=8)
    axes.fill_between(ks, best, alpha=0.1, color=COLOURS[1])
    axes.set_xlabel("Number of Clusters (K)", fontsize=12)
    axes.set_ylabel("Inertia", fontsize=12)
    axes.set_title("Elbow Method — Finding the Optimal K", fontsize=14, fontweight="bold")
    axes.set_xticks(ks)
    axes.grid(True, alpha=0.3)
    figure.tight_layout()
    return figure


class ArticleFrames:
    """The frames of the article's animation, drawn over axes that are kept.

    The article's artists are updated instead of recreated: half the time, the same pixels.
    """

    samples: Sequence[int] | None = None
    distinct: bool = False

    def __init__(self, view: RunView) -> None:
        self._view = view
        self.delays = gif.delays(len(view.history), view.settings.fps, HOLD)
        inches, dpi = view.settings.inches(INCHES, ANIMATION_DPI)
        figure = new_figure(inches, dpi, _NIGHT, layout=None)
        self._axes = axes = figure.subplots()
        axes.set_facecolor(_NIGHT)
        axes.tick_params(colors="white")
        for spine in axes.spines.values():
            spine.set_color(_SPINE)
        positions = view.positions
        # The limits that fit all points; the stars lie among them and change nothing.
        limits = axes.scatter(positions[:, 0], positions[:, 1], s=40)
        axes.autoscale_view()
        axes.set_xlim(axes.get_xlim())
        axes.set_ylim(axes.get_ylim())
        limits.remove()
        self._stage = Backdrop(figure)
        self.exact = [_NIGHT, "#ffffff", "#000000", _SPINE]
        self._clusters = [
            axes.scatter(
                [], [], c=COLOURS[j % len(COLOURS)], s=40, alpha=0.7, edgecolors="white",
                linewidths=0.3,
            )
            for j in range(view.history.k)
        ]  # fmt: skip
        self._stars = axes.scatter(
            [], [], c="white", marker="*", s=300, edgecolors="black", linewidths=1.5, zorder=5
        )
        self._title = axes.set_title("", color="white", fontsize=13, fontweight="bold")

    def draw(self, number: int) -> Pixels:
        """Draw frame ``number`` over the previous one and return it."""
        view, stage = self._view, self._stage
        stage.restore()
        labels, places = view.history.labels(number), view.places(number)
        for j, cluster in enumerate(self._clusters):
            cluster.set_offsets(view.positions[labels == j])
            cluster.draw(stage.renderer)
        arrows: list[Artist] = []
        if number:
            arrows = self._arrows(view.places(number - 1), places)
        for arrow in arrows:
            arrow.draw(stage.renderer)
            arrow.remove()
        self._stars.set_offsets(places)
        self._stars.draw(stage.renderer)
        self._title.set_text(f"Iteration {number} | K={view.history.k}")
        self._title.draw(stage.renderer)
        return stage.packed

    def _arrows(self, before: NDArray[np.float64], now: NDArray[np.float64]) -> "list[Artist]":
        style = {"arrowstyle": "->", "color": "white", "lw": 1.5, "alpha": 0.6}
        return [
            self._axes.annotate("", end, start, arrowprops=style)
            for start, end in zip(before.tolist(), now.tolist(), strict=True)
        ]
