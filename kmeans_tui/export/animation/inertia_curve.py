"""The curve of inertia below a glide: drawn up to the moment on show, with a point at its end."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.export.animation.backdrop import Backdrop
from kmeans_tui.export.figures.look import Look
from kmeans_tui.export.figures.stills import set_up_chart
from kmeans_tui.export.runs_view import RunsView
from kmeans_tui.export.view import rgb

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def set_up_curves(axes: "Axes", runs: RunsView) -> None:
    """Set up axes for the inertia of each run, and draw all of it faintly."""
    from matplotlib.ticker import MaxNLocator

    look = runs.look
    set_up_chart(axes, look)
    longest, most = max(1, runs.iterations), 0.0
    for values in inertias_of(runs):
        axes.plot(_times(values), values, color=look.line, lw=1.2, zorder=2)
        most = max(most, float(values.max()))
    if runs.pair is not None:
        for name, colour in zip(runs.names, curve_colours(look, 2), strict=True):
            axes.plot([], [], color=colour, lw=1.8, marker="o", ms=5, label=name)
        axes.legend(frameon=False, labelcolor=look.ink, fontsize=8, loc="upper right")
    axes.set_xlim(-0.02 * longest, 1.02 * longest)
    axes.set_ylim(0, 1.08 * most or 1.0)
    share = runs.pair is not None and not runs.pair.comparable
    axes.set_ylabel("inertia / first" if share else "inertia", color=look.ink)
    axes.set_xlabel("iteration", color=look.ink)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3))


def inertias_of(runs: RunsView) -> list[NDArray[np.float64]]:
    """Return the inertia of every half step of each run.

    As shares of the first one where the two cannot be compared.
    """
    found = []
    for view in runs.views:
        values = view.history.half_step_inertia
        if runs.pair is not None and not runs.pair.comparable and values[0]:
            values = values / values[0]
        found.append(values)
    return found


def curve_colours(look: Look, count: int) -> list[str]:
    """Return the colour of the curve of each run: no cluster's."""
    return [look.first] if count == 1 else [look.first, look.second]


class InertiaCurve:
    """The inertia ``values`` of the half steps of one run, in ``axes`` of a backdrop."""

    def __init__(
        self, backdrop: Backdrop, axes: "Axes", values: NDArray[np.float64], colour: str, rim: str
    ) -> None:
        self._backdrop = backdrop
        self._times = _times(values)
        self._at = backdrop.at(axes, np.column_stack([self._times, values]))
        self._colour, self._rim = (tuple(rgb([each])[0] / 255) for each in (colour, rim))

    def draw(self, time: float, size: float) -> None:
        """Draw it up to a time, in iterations, with a point of ``size``, 0 to 1, there."""
        from matplotlib.path import Path
        from matplotlib.transforms import Affine2D, IdentityTransform

        at = self._at
        end = np.array([np.interp(time, self._times, at[:, axis]) for axis in (0, 1)])
        line = np.vstack([at[self._times < time], end])
        line[:, 1] = self._backdrop.height - line[:, 1]
        renderer, scale = self._backdrop.renderer, self._backdrop.scale
        gc: Any = renderer.new_gc()
        gc.set_foreground(self._colour)
        gc.set_linewidth(scale * 1.8)
        gc.set_joinstyle("round")
        gc.set_antialiased(True)
        if len(line) > 1:
            renderer.draw_path(gc, Path(line), IdentityTransform())
        gc.set_foreground(self._rim)
        gc.set_linewidth(scale * 1.2)
        disc = Affine2D().scale(scale * 4.2 * size).translate(*line[-1])
        renderer.draw_path(gc, Path.unit_circle(), disc, self._colour)


def _times(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return when each half step ends, in iterations."""
    return np.arange(len(values)) / 2
