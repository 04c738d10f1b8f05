"""The animation of a run or of two: a frame for each iteration, arrows along the moves."""

from collections.abc import Sequence
from typing import BinaryIO, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.export.animation import gif, webp
from kmeans_tui.export.animation.backdrop import Backdrop, Pixels
from kmeans_tui.export.animation.discs import Discs
from kmeans_tui.export.animation.run_plane import RunPlane
from kmeans_tui.export.figures.canvas import new_figure
from kmeans_tui.export.figures.density import Density
from kmeans_tui.export.figures.scatter import set_up_axes
from kmeans_tui.export.provenance import Provenance
from kmeans_tui.export.runs_view import RunsView

INCHES: Final = (8.0, 6.0)
_PAIR_INCHES: Final = (12.0, 5.6)
DPI: Final = 100
HOLD: Final = 2.5  # seconds, of the last frame


class Drawn(Protocol):
    """Frames that can be drawn, one for each of ``delays``, in hundredths of a second.

    ``exact`` are the colours that a palette must contain, ``samples`` the frames whose colours
    complete it (None: the usual). With ``distinct``, one that looks like its predecessor is not
    needed.
    """

    exact: list[str]
    delays: list[int]
    samples: Sequence[int] | None
    distinct: bool

    def draw(self, number: int) -> Pixels:
        """Return frame ``number``; the next call overwrites the array."""
        ...


def animate(
    frames: Drawn,
    file: BinaryIO,
    source: Provenance,
    progress: gif.FrameListener,
    form: str = "gif",
) -> None:
    """Write frames as an animation, a GIF or a WebP."""
    draw, delays, told, once = frames.draw, frames.delays, str(source), frames.distinct
    if form == "webp":
        webp.write(file, draw, delays, told, progress, distinct=once)
        return
    exact, samples = frames.exact, frames.samples
    gif.write(file, draw, delays, exact, told, progress, samples, distinct=once)


class Frames:
    """The frames of a run or of two, drawn one at a time into the same pixels."""

    samples: Sequence[int] | None = None
    distinct: bool = False

    def __init__(self, runs: RunsView) -> None:
        self._runs = runs
        settings, look = runs.settings, runs.look
        inches, dpi = settings.inches(INCHES if runs.alone else _PAIR_INCHES, DPI)
        figure = new_figure(inches, dpi, look.background)
        every = figure.subplots(1, len(runs.views), squeeze=False)[0]
        size = inches[0] / len(every) - 1.0, inches[1] - 1.5
        for axes, view in zip(every, runs.views, strict=True):
            set_up_axes(axes, view.area, look, view.ratio(*size))
            x, y = view.labels(*size)
            axes.set_xlabel(x, color=look.ink)
            axes.set_ylabel(y, color=look.ink)
            # A two-line title reserves room for the caption.
            axes.set_title("A\nA", color=look.background, fontsize=12)
        self._stage = Backdrop(figure)
        self.planes = planes(runs, self._stage, every)
        self._layers = [
            plane.layer(plane.view.history.labels(0), plane.view.colours) for plane in self.planes
        ]
        self.exact = runs.exact
        self.delays = gif.delays(runs.iterations + 1, settings.fps, HOLD)

    def draw(self, number: int) -> Pixels:
        """Draw frame ``number`` over the previous one and return it."""
        self._stage.restore()
        for i, (plane, layer) in enumerate(zip(self.planes, self._layers, strict=True)):
            history = plane.view.history
            here = min(number, history.iterations)
            _draw_points(plane, layer, history.labels(here))
            at = plane.at(plane.view.places(here))
            # A run that has ended moves no more.
            if number and here == number:
                plane.draw_arrows(plane.at(plane.view.places(here - 1)), at)
            plane.draw_centroids(at)
            snapshot = history[here]
            below = f"inertia {snapshot.inertia:,.6g}"
            if here:
                below += f" | {snapshot.changed:,} of {history.counted:,} points changed"
            title = f"Iteration {here} | K={history.k}"
            if not self._runs.alone:
                ended = " | ended" if here < number else ""
                title = f"{self._runs.names[i]} | iteration {here}{ended}"
            plane.draw_caption(title, below)
        return self._stage.packed


def planes(runs: RunsView, stage: Backdrop, every: Sequence[object]) -> list[RunPlane]:
    """Return a plane for each run, in ``every`` axes; each has its part of the width."""
    width, count = stage.pixels.shape[1], len(every)
    spans = [(width * i // count, width * (i + 1) // count) for i in range(count)]
    return [
        RunPlane(view, stage, axes, numbers, span)  # type: ignore[arg-type]
        for view, axes, numbers, span in zip(runs.views, every, runs.numbers, spans, strict=True)
    ]


def _draw_points(
    plane: RunPlane, layer: Density | Discs, labels: NDArray[np.unsignedinteger]
) -> None:
    inside = plane.inside
    if isinstance(layer, Density):
        blend(inside, layer.colours(labels), layer.opacity[..., np.newaxis])
        return
    width = inside.shape[1]
    painted = layer.paint(labels)
    inside[layer.pixels // width, layer.pixels % width] = painted + 0.5


def blend(
    pixels: NDArray[np.uint8], colours: NDArray[np.float32], opacity: NDArray[np.float32]
) -> None:
    """Blend ``colours`` (…, 3) over ``pixels`` (…, 3), in place."""
    mixed = pixels * (1 - opacity)
    mixed += colours * opacity
    mixed += 0.5
    pixels[:] = mixed
