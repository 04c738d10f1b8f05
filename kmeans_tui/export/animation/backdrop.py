"""What all frames of an animation share: a figure with its axes, drawn once, and its letters."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from PIL.ImageFont import FreeTypeFont

Pixels = NDArray[np.uint32]  # (height, width), red in the lowest byte, then green, blue, alpha
_BOLD: Final = "DejaVu Sans:bold"
_PLAIN: Final = "DejaVu Sans"


class Backdrop:
    """A figure that is drawn once, as the background of each frame.

    ``pixels`` (height, width, 4) are those of its canvas, ``packed`` (height, width) the same.
    """

    def __init__(self, figure: "Figure") -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self.figure = figure
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        self.renderer: Any = canvas.get_renderer()
        self.pixels: NDArray[np.uint8] = np.asarray(canvas.buffer_rgba())
        self.packed: Pixels = self.pixels.view(np.uint32)[..., 0]
        self._kept = self.packed.copy()
        self.scale = figure.dpi / 72  # pixels per point

    @property
    def height(self) -> int:
        """Of the canvas, in pixels."""
        return int(self.pixels.shape[0])

    def restore(self) -> None:
        """Restore the figure as it was drawn."""
        self.packed[:] = self._kept

    def box(self, axes: "Axes") -> tuple[int, int, int, int]:
        """Return (left, top, right, bottom) of the area inside axes, in pixels from the top."""
        bounds = axes.get_window_extent()
        return (
            *(round(bounds.x0) + 1, self.height - round(bounds.y1) + 1),
            *(round(bounds.x1) - 1, self.height - round(bounds.y0) - 1),
        )

    def at(self, axes: "Axes", positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return positions (m, 2) in the units of axes as pixels from the top left."""
        found = np.asarray(axes.transData.transform(positions))
        found[:, 1] = self.height - found[:, 1]
        return found

    def points(self, points: float) -> int:
        """Convert a length in points to whole pixels."""
        return max(1, round(points * self.scale))

    def letters(self, points: float, *, bold: bool = False) -> "FreeTypeFont":
        """Return matplotlib's own font in this size, for Pillow: a tenth of the time."""
        return font(self.points(points), bold=bold)


def font(size: int, *, bold: bool = False) -> "FreeTypeFont":
    """Return matplotlib's own font, ``size`` pixels high, for Pillow."""
    from matplotlib import font_manager
    from PIL import ImageFont

    return ImageFont.truetype(font_manager.findfont(_BOLD if bold else _PLAIN), size)
