"""The animation in half steps: points take their colours, centroids move, borders follow.

Below, the inertia is drawn as the run goes on. A frame is redrawn whole, in 5 to 8 ms: what points
and discs add to the ground is known for a half step, and borders, ways and the curve are few paths.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.clustering.history import History
from kmeans_tui.export.animation import clock, inertia_curve
from kmeans_tui.export.animation.backdrop import Backdrop, Pixels
from kmeans_tui.export.animation.badges import Badges
from kmeans_tui.export.animation.clock import Clock, Instant
from kmeans_tui.export.animation.discs import Discs
from kmeans_tui.export.animation.run_plane import DISC, RING, RunPlane
from kmeans_tui.export.animation.scenes import DPI, HOLD, planes
from kmeans_tui.export.figures.canvas import new_figure
from kmeans_tui.export.figures.density import Density
from kmeans_tui.export.figures.regions import regions
from kmeans_tui.export.figures.scatter import set_up_axes
from kmeans_tui.export.runs_view import RunsView
from kmeans_tui.export.view import rgb
from kmeans_tui.words import changed_cluster

_INCHES: Final = (8.0, 7.0)
_PAIR_INCHES: Final = (12.0, 7.0)
_PLANE: Final = 4.2  # times as high as the curve below
_TINT: Final = 0.13  # of a region
_FLASH: Final = 0.75  # of a point that changes cluster, half way


class Glide:
    """The frames of a run or of two, half step by half step."""

    distinct: bool = True

    def __init__(self, runs: RunsView) -> None:
        self._runs = runs
        settings, look = runs.settings, runs.look
        inches, dpi = settings.inches(_INCHES if runs.alone else _PAIR_INCHES, DPI)
        figure = new_figure(inches, dpi, look.background)
        names = [str(i) for i in range(len(runs.views))]
        mosaic: list[Any] = [names, ["curve"] * len(names)]
        grid = figure.subplot_mosaic(mosaic, height_ratios=(_PLANE, 1))
        size = inches[0] / len(names) - 1.0, inches[1] * 0.8 - 1.5
        for name, view in zip(names, runs.views, strict=True):
            axes = grid[name]
            set_up_axes(axes, view.area, look, view.ratio(*size))
            x, y = view.labels(*size)
            axes.set_xlabel(x, color=look.ink)
            axes.set_ylabel(y, color=look.ink)
            axes.set_title("A\nA", color=look.background, fontsize=12)
        inertia_curve.set_up_curves(grid["curve"], runs)
        self._stage = Backdrop(figure)
        self.planes = planes(runs, self._stage, [grid[name] for name in names])
        self._players = [_Player(plane, self._stage) for plane in self.planes]
        colours = inertia_curve.curve_colours(look, len(names))
        self._curves = [
            inertia_curve.InertiaCurve(self._stage, grid["curve"], values, colour, look.background)
            for values, colour in zip(inertia_curve.inertias_of(runs), colours, strict=True)
        ]
        self._clock = Clock(runs.iterations)
        self.samples: Sequence[int] | None = self._clock.samples
        self.exact = [*runs.exact, look.grey]
        self.delays = [clock.DELAY] * (self._clock.count - 1) + [round(100 * HOLD)]

    def draw(self, number: int) -> Pixels:
        """Draw frame ``number`` over the previous one and return it."""
        self._stage.restore()
        moment = self._clock.moment(number)
        over = number == self._clock.count - 1
        for i, (player, line) in enumerate(zip(self._players, self._curves, strict=True)):
            last = player.history.iterations
            here = Instant(
                moment.kind, min(moment.before, last), min(moment.after, last), moment.share
            )
            player.draw(here)
            ended = over or moment.after > last
            title, below = told(player.history, here, ended=ended)
            if not self._runs.alone:
                title = f"{self._runs.names[i]} | {title[0].lower()}{title[1:]}"
            self.planes[i].draw_caption(title, below)
            first = moment.kind != "update" and moment.after == 0
            line.draw(min(moment.time, last), max(moment.eased, 0.01) if first else 1.0)
        return self._stage.packed


def told(history: History, moment: Instant, *, ended: bool) -> tuple[str, str]:
    """Return the title of a moment, and a line below it."""
    before, after, last = moment.before, moment.after, history.iterations
    if moment.kind == "start":
        return f"Start | K={history.k}", "no point is assigned yet"
    which = f"Iteration {after} of {last}"
    if after - before > 1:
        which = f"Iterations {before + 1} to {after} of {last}"
    if ended:
        which, how = f"Iteration {last} of {last}", "converged"
        if history.stopped_by != "converged":
            how = "stopped"
        return f"{which} | {how}", f"inertia {history[-1].inertia:,.6g}"
    inertia = history.half_step_inertia[max(0, 2 * after - (moment.kind == "update"))]
    below = f"inertia {inertia:,.6g}"
    if moment.kind == "assign" and after:
        changed = int(history.changed[before + 1 : after + 1].sum())
        below += f" | {changed_cluster(changed)}"
    return f"{which} | {moment.kind}", below


class _Player:
    """One run: its points, borders, ways and centroids at any moment."""

    def __init__(self, plane: RunPlane, stage: Backdrop) -> None:
        self._plane, self._stage = plane, stage
        self._view = view = plane.view
        self.history = history = view.history
        look, scale = view.look, stage.scale
        k = history.k
        # After the clusters: a point without one, and one that is just changing.
        colours = np.vstack([view.colours, rgb([look.grey, look.ink])])
        self._none, self._bright = k, k + 1
        start = self._labels("start", 0)
        self._layer: Density | Discs = plane.layer(start, colours)
        left, top, right, _ = plane.box
        if isinstance(self._layer, Density):
            self._seen: NDArray[np.signedinteger] = np.flatnonzero(self._layer.opacity)
            self._opacity = self._layer.opacity.reshape(-1, 1)[self._seen]
            self._through: NDArray[np.float32] = 1 - self._opacity
        else:
            self._seen, self._through = self._layer.pixels, self._layer.through
        row, column = np.divmod(self._seen, right - left)
        self._on_canvas = (row + top) * stage.pixels.shape[1] + column + left
        self._places = view.ways(history.iterations)
        self._known: tuple[Any, list[NDArray[np.float32]]] = (None, [])
        # The regions of the last iteration reached, as pixels.
        self._ground = -1, plane.inside[:0, :0]
        self._badges = Badges(
            [colour for colour, _ in view.styles],
            [str(number + 1) for number in plane.numbers],
            look.ink,
            DISC * scale,
            RING * scale,
            plane.digits_size * scale,
        )

    def draw(self, moment: Instant) -> None:
        """Draw it over the backdrop."""
        share = moment.eased if moment.kind == "update" else 1.0
        view = self._view
        if view.dataset.exact_plane:
            self._draw_regions(moment.before, moment.after, share)
        self._draw_points(moment)
        places = self._places[moment.before]
        places = places + share * (self._places[moment.after] - places)
        gone = moment.after if moment.kind == "assign" else moment.before
        self._draw_ways(np.concatenate([self._places[: gone + 1], places[np.newaxis]]))
        self._badges.draw(self._stage.pixels, self._plane.at(places))

    # --- points --------------------------------------------------------------------------------

    def _labels(self, kind: str, iteration: int) -> NDArray[np.unsignedinteger]:
        """Return the labels of an iteration, or those of points that have none yet."""
        if kind == "start":
            n = len(self._view.positions)
            return np.full(n, self._none, np.min_scalar_type(self._bright))
        return self.history.labels(iteration)

    def _draw_points(self, moment: Instant) -> None:
        layers = self._layers(moment)
        mixed = layers[0]
        if len(layers) > 1:
            old, new, bright = layers
            mixed = old + moment.eased * (new - old)
            if moment.after:
                mixed += _FLASH * float(np.sin(np.pi * moment.share)) * (bright - mixed)
        flat = self._stage.pixels.reshape(-1, 4)
        under = flat[self._on_canvas, :3]
        flat[self._on_canvas, :3] = under * self._through + (mixed + 0.5)

    def _layers(self, moment: Instant) -> list[NDArray[np.float32]]:
        """Return what the points add to the ground: before, after and while they change.

        One alone where none changes.
        """
        key = moment.kind, moment.before, moment.after
        if self._known[0] != key:
            first = moment.kind == "start" or moment.after == 0
            old = self._labels("start" if first else "", moment.before)
            layers = [self._added(old)]
            if moment.kind == "assign":
                new = self.history.labels(moment.after)
                changed = old != new
                if changed.any():
                    bright = new.astype(np.min_scalar_type(self._bright))
                    bright[changed] = self._bright
                    layers += [self._added(new), self._added(bright)]
            self._known = key, layers
        return self._known[1]

    def _added(self, labels: NDArray[np.unsignedinteger]) -> NDArray[np.float32]:
        if isinstance(self._layer, Density):
            return self._layer.colours(labels).reshape(-1, 3)[self._seen] * self._opacity
        return self._layer.alone(labels)

    # --- borders and ways ----------------------------------------------------------------------

    def _draw_regions(self, before: int, after: int, share: float) -> None:
        """Draw the regions of the centroids part of the way between two iterations."""
        inside = self._plane.inside
        if share == 1.0 and self._ground[0] == after:
            inside[:] = self._ground[1]
            return
        start, end = (self.history[i].centroids for i in (before, after))
        self._draw_polygons(start + share * (end - start))
        if share == 1.0:
            self._ground = after, inside.copy()

    def _draw_polygons(self, centroids: NDArray[np.float64]) -> None:
        from matplotlib.path import Path
        from matplotlib.transforms import IdentityTransform

        view, renderer = self._view, self._stage.renderer
        polygons = regions(centroids, view.dataset.unproject, view.area)
        filled = self._brush(0.0, view.look.faint)
        for polygon, colour in zip(polygons, view.colours, strict=True):
            if len(polygon):
                path = Path(self._upwards(polygon))
                renderer.draw_path(filled, path, IdentityTransform(), (*(colour / 255), _TINT))
        borders = borders_of(polygons, view.area)
        if len(borders):
            ends = self._upwards(borders.reshape(-1, 2))
            lines = Path(ends, [Path.MOVETO, Path.LINETO] * len(borders))
            renderer.draw_path(self._brush(0.9, view.look.faint), lines, IdentityTransform())

    def _draw_ways(self, ways: NDArray[np.float64]) -> None:
        """Draw the ways (m, k, 2) of the centroids, in their colours on a darker ground."""
        from matplotlib.path import Path
        from matplotlib.transforms import IdentityTransform

        look, renderer = self._view.look, self._stage.renderer
        inked = self._brush(3.0, look.ink)
        for j, colour in enumerate(self._view.colours):
            path = Path(self._upwards(ways[:, j]))
            renderer.draw_path(inked, path, IdentityTransform())
            own = self._brush(1.6, None)
            own.set_foreground(tuple(colour / 255))
            renderer.draw_path(own, path, IdentityTransform())

    def _upwards(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return positions (m, 2) as pixels from the bottom left, as Agg counts them."""
        at = self._plane.at(positions)
        at[:, 1] = self._stage.height - at[:, 1]
        return at

    def _brush(self, points: float, colour: str | None) -> Any:
        """Return a pen so wide that draws inside the axes alone."""
        from matplotlib.transforms import Bbox

        gc = self._stage.renderer.new_gc()
        left, top, right, bottom = self._plane.box
        height = self._stage.height
        gc.set_clip_rectangle(Bbox([[left, height - bottom], [right, height - top]]))
        gc.set_antialiased(True)
        gc.set_capstyle("round")
        gc.set_joinstyle("round")
        gc.set_linewidth(points * self._stage.scale)
        if colour is not None:
            gc.set_foreground(colour)
        return gc


def borders_of(
    polygons: list[NDArray[np.float64]], area: tuple[tuple[float, float], tuple[float, float]]
) -> NDArray[np.float64]:
    """Return each border between two regions once, (m, 2, 2), without the box around all."""
    sides = [np.stack([each, np.roll(each, -1, axis=0)], axis=1) for each in polygons if len(each)]
    found = np.concatenate(sides)
    low, high = np.array(area).T
    size = high - low
    near = 1e-9 * size
    outside = np.zeros(len(found), bool)
    for limit in (low, high):
        outside |= (np.abs(found - limit) <= near).all(axis=1).any(axis=1)
    found = found[~outside]
    # Both regions have it, in opposite directions.
    middles = np.rint((found.mean(axis=1) - low) / size * 1e6).astype(np.int64)
    _, once = np.unique(middles, axis=0, return_index=True)
    return found[once]
