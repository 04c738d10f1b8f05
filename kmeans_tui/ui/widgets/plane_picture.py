"""A picture of a plane with points: the visible part, its aspect, and the cells of points."""

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.aspect import Fit, Framing, Units, Window, fit, stretched
from kmeans_tui.ui.widgets.axis_frame import Axes, plane
from kmeans_tui.ui.widgets.picture import Picture
from kmeans_tui.ui.widgets.raster import Raster, limits
from kmeans_tui.user_keys import key


class PlanePicture(Picture):
    """The geometry of a plot of points; subclasses draw into it."""

    framed = True

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._points: NDArray[np.float64] | None = None
        self._units: Units = None
        self._otherwise: tuple[str, Units] | None = None
        self._limits: Window = ((0.0, 1.0), (0.0, 1.0))
        self._framing = Framing()
        self._raster: Raster | None = None
        self._axes: Axes | None = None

    def set_points(
        self,
        xy: NDArray[np.float64],
        units: Units = None,
        otherwise: tuple[str, Units] | None = None,
    ) -> None:
        """Take new points (n, 2); the limits of the axes are the same for the whole run.

        ``units`` are the lengths of one unit of x and of y when distances are measured.
        ``otherwise`` is an alternative, ``z standardises``, and the units it would give.
        """
        self._points, self._units, self._limits = xy, units, limits(xy, units)
        self._otherwise = otherwise
        self._raster = self._axes = None

    def make_room(self, xy: NDArray[np.float64]) -> None:
        """Let the axes contain these points (m, 2) too, which another picture draws."""
        if self._points is not None:
            self._limits = limits(np.vstack([self._points, xy]), self._units)
            self._raster = self._axes = None

    def frame(self, framing: Framing) -> None:
        """Use this framing from the next drawing on."""
        if framing != self._framing:
            self._framing = framing
            self._raster = self._axes = None

    @property
    def raster(self) -> Raster | None:
        """The cell of every point; None before there are points, or room for them."""
        geometry = self._geometry()
        return geometry and geometry[1]

    @property
    def window(self) -> Window | None:
        """The visible part of the plane; None before there is any."""
        return None if self._axes is None else self._axes.fit.window

    @property
    def whole(self) -> Window:
        """The limits of all points."""
        return self._limits

    @property
    def canvas(self) -> tuple[int, int]:
        """The columns and rows of the cells that points are drawn in."""
        return (1, 1) if self._axes is None else (self._axes.columns, self._axes.rows)

    @property
    def reach(self) -> tuple[float, float]:
        """A cell's width and half of its height, about the same on the screen, in the plane."""
        (left, right), (bottom, top) = self.window or self._limits
        columns, rows = self.canvas
        return (right - left) / columns, (top - bottom) / rows / 2

    @property
    def stretch(self) -> float | None:
        """How many times as long a unit is across as down; None if that is meaningless."""
        return None if self._axes is None else self._axes.fit.stretch

    @property
    def roomy(self) -> bool:
        """Whether equal aspect uses enough of the plot."""
        return self._axes is not None and self._with(self._axes, self._units).equal

    def _with(self, axes: Axes, units: Units) -> Fit:
        seen = self._framing.zoom or self._limits
        return fit(seen, units, axes.columns, axes.rows, cell=self._framing.cell)

    def place_at(self, x: int, y: int) -> tuple[float, float] | None:
        """Return the position of a cell inside the frame in the plane; None outside the canvas."""
        axes = self._axes
        if axes is None:
            return None
        column, row = x - axes.left, y - axes.top
        if not (0 <= column < axes.columns and 0 <= row < axes.rows):
            return None
        (left, right), (bottom, top) = axes.fit.window
        return (
            left + (right - left) * (column + 0.5) / axes.columns,
            top - (top - bottom) * (row + 0.5) / axes.rows,
        )

    def _geometry(self) -> tuple[Axes, Raster] | None:
        width, height = self.inner
        if self._points is None or width < 24 or height < 6:
            return None
        # A draw may come before the widget is told its new size.
        known = self._axes is not None and self._axes.characters.shape == (height, width)
        if self._raster is None or self._axes is None or not known:
            axes = plane(width, height, self._limits, self._units, self._framing)
            zoomed = self._framing.zoom is not None
            self._raster = Raster(
                self._points, axes.columns, axes.rows, axes.fit.window, cut=zoomed
            )
            self._axes = axes
            self.say_beside(self._said(axes, self._raster), self._remedy(axes))
        return self._axes, self._raster

    def _said(self, axes: Axes, raster: Raster) -> str:
        """Return the aspect, the zoom and the offsets, for the title."""
        said = []
        if axes.fit.stretch is not None:
            said.append("equal" if axes.fit.equal else stretched(axes.fit.stretch))
        if raster.cut:
            sizes = [
                (whole[1] - whole[0]) / (part[1] - part[0])
                for whole, part in zip(self._limits, axes.fit.window, strict=True)
            ]
            n = len(raster.cell)
            inside = n - int((raster.cell == raster.outside).sum())
            said.append(f"zoom {max(sizes):.2g}: {inside:,} of {n:,}")
        said += [f"{name} from {at}" for name, at in zip("xy", axes.offsets, strict=True) if at]
        return " · ".join(said)

    def _remedy(self, axes: Axes) -> str:
        """Return how to draw distances to scale; empty if they are."""
        if axes.fit.stretch is None or axes.fit.equal:
            return ""
        ways = []
        if self._otherwise is not None:
            found = self._with(axes, self._otherwise[1])
            then = "equal" if found.equal else stretched(found.stretch or 1)
            ways.append(f"{self._otherwise[0]}: then {then}")
        ways.append(f"{key('aspect')} draws distances to scale")
        return " · ".join(ways)
