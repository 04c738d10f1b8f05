"""A scatter plot whose points are shaded by how safe they are in their cluster."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from kmeans_tui import palette
from kmeans_tui.ui.widgets.chart import FIRST, Chart, Layer
from kmeans_tui.ui.widgets.raster import Raster
from kmeans_tui.ui.widgets.scene import Scene

# The level of the least safe points; 0 is safe, 1 is between.
_UNSAFE: Final = 2


class SafetyChart(Chart):
    """Safe points are bold, unsafe ones dim dots in the colour of their cluster.

    A cell is as safe as the least safe of its points.
    """

    can_focus = True

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._levels: NDArray[np.uint8] | None = None

    def shade(self, levels: NDArray[np.uint8] | None) -> None:
        """Shade the points by these levels (n,) from the next drawing on; None for not at all."""
        self._levels, self._layer = levels, None

    def _points_drawn(self, raster: Raster, scene: Scene) -> Layer:
        cells, pens = super()._points_drawn(raster, scene)
        levels = self._levels
        if levels is None or scene.labels is None or len(levels) != len(scene.labels):
            return cells, pens
        found, used = raster.most(levels), raster.used
        pens[used] += np.array([3 * self._k, 0, 2 * self._k], np.int32)[found]
        if self.shown_marker == "glyph":
            cells[used[found == _UNSAFE]] = ord(palette.UNASSIGNED)
        return cells, pens

    @property
    def _base(self) -> int:
        return FIRST + 4 * self._k

    def _filled(self, pens: NDArray[np.integer]) -> NDArray[np.bool_]:
        return super()._filled(pens) & (pens % self._base < FIRST + 2 * self._k)

    def style(self, pen: int) -> Style:
        """Return the style of the plot, dim or bold for unsafe and safe points."""
        region, kind = divmod(pen, self._base)
        if kind < FIRST + 2 * self._k:
            return super().style(pen)
        cluster = (kind - FIRST) % self._k
        own = super().style(region * self._base + FIRST + cluster)
        unsafe = kind < FIRST + 3 * self._k
        return own + (Style(dim=True) if unsafe else Style(bold=True))
