"""Draw many points as a density: bright where dense, with every outlier visible.

A point is a pixel; the colour of a pixel is the mean of its clusters, its opacity shows how many
points it holds. Discs of a million points merge into one blot; this shows cores, tails and borders,
15 times as fast.

As in ``scatter``, only plain arrays are used: the exported script contains this source.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.palette import channels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kmeans_tui.export.figures.look import Look

# From here on, discs no longer show where points are dense.
DENSE: Final = 20_000
# Up to here, a point is spread over a disc of 21 pixels, beyond that over a cross of 5.
_SPARSE: Final = 300_000
_CROSS: Final = ((0, 0), (0, 1), (1, 0), (0, -1), (-1, 0))
_DISC: Final = tuple(
    (dy, dx) for dy in range(-2, 3) for dx in range(-2, 3) if dx * dx + dy * dy <= 5
)
_FAINTEST: Final = 0.35
# Rows processed at a time: their temporary arrays take 20 MB.
_ROWS: Final = 1 << 20


class Density:
    """The points ``positions`` (n, 2) on ``width`` × ``height`` pixels between ``limits``.

    ``limits`` are ((left, right), (bottom, top)) and enclose all points. ``colours`` (k, 3) are 0
    to 255; ``labels`` (n,) the first ones, unsigned. ``opacity`` (height, width), 0 to 1, does not
    depend on them.
    """

    def __init__(
        self,
        positions: NDArray[np.float64],
        labels: NDArray[np.unsignedinteger],
        colours: NDArray[np.float32],
        limits: tuple[tuple[float, float], tuple[float, float]],
        width: int,
        height: int,
    ) -> None:
        self._shape = (height, width)
        self._kernel = _CROSS if len(positions) > _SPARSE else _DISC
        self._colours, self._labels = colours.astype(np.float64), labels
        self._pixel = np.empty(len(positions), np.int32)
        (left, right), (bottom, top) = limits
        for start in range(0, len(positions), _ROWS):
            part = slice(start, start + _ROWS)
            x, y = positions[part].T
            column = ((x - left) * (width / (right - left))).astype(np.int32)
            row = ((top - y) * (height / (top - bottom))).astype(np.int32)
            self._pixel[part] = row * width + column
        counts = np.zeros(height * width)
        # Sums of whole numbers, exact as floats: a million changes give the same as a fresh start.
        self._sums = np.zeros((3, height * width))
        for start in range(0, len(positions), _ROWS):
            part = slice(start, start + _ROWS)
            counts += np.bincount(self._pixel[part], minlength=len(counts))
            self._add(self._pixel[part], labels[part])
        self._counts = self._spread(counts)
        self.opacity = _opacity(self._counts)

    def colours(self, labels: NDArray[np.unsignedinteger]) -> NDArray[np.float32]:
        """Return the mean colour of every pixel, (height, width, 3); 0 without points."""
        if labels is not self._labels:
            changed = np.flatnonzero(labels != self._labels)
            for start in range(0, len(changed), _ROWS):
                rows = changed[start : start + _ROWS]
                self._add(self._pixel[rows], labels[rows], self._labels[rows])
            self._labels = labels
        shares = 1 / np.maximum(self._counts, 1)
        return np.stack([self._spread(each) * shares for each in self._sums], axis=-1)

    def _add(
        self,
        pixel: NDArray[np.int32],
        labels: NDArray[np.unsignedinteger],
        before: NDArray[np.unsignedinteger] | None = None,
    ) -> None:
        """Add points (m,) to their clusters and remove them from those in ``before``."""
        for channel, sums in enumerate(self._sums):
            colours = self._colours[:, channel]
            weights = colours[labels]
            if before is not None:
                weights -= colours[before]
            sums += np.bincount(pixel, weights, len(sums))

    def _spread(self, values: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return ``values`` (height · width,) summed over the kernel around every pixel."""
        height, width = self._shape
        padded = np.zeros((height + 4, width + 4), np.float32)
        padded[2:-2, 2:-2] = values.reshape(self._shape)
        found = np.zeros(self._shape, np.float32)
        for dy, dx in self._kernel:
            found += padded[2 + dy : 2 + dy + height, 2 + dx : 2 + dx + width]
        return found


def _opacity(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the mean of each pixel's rank among those with points and its log number of points.

    Ranks alone make tails as bright as cores, logarithms alone make cores flat.
    """
    opacity = np.zeros(counts.shape, np.float32)
    filled = counts > 0
    found = counts[filled]
    # By counting, not sorting: 5 ms instead of 40. The few pixels above share the highest rank.
    whole = np.minimum(found, 65535).astype(np.uint16)
    rank = (np.cumsum(np.bincount(whole)) / len(found))[whole]
    most = np.log1p(np.percentile(found, 99.5))
    depth = np.minimum(np.log1p(found) / most, 1)
    opacity[filled] = _FAINTEST + (1 - _FAINTEST) * (rank + depth) / 2
    return opacity


def draw_density(
    axes: "Axes",
    positions: NDArray[np.float64],
    labels: NDArray[np.unsignedinteger],
    styles: Sequence[tuple[str, str]],
    look: "Look",
    scale: float = 1.0,
) -> None:
    """Draw points, given as for ``scatter.draw_points``, in axes at their final position."""
    from matplotlib.artist import Artist

    box = axes.get_window_extent()
    width, height = max(1, round(box.width)), max(1, round(box.height))
    limits = axes.get_xlim(), axes.get_ylim()
    rgb = [channels(colour) for colour, _ in styles]
    density = Density(positions, labels, np.array(rgb, np.float32), limits, width, height)
    picture = np.empty((height, width, 4), np.uint8)
    picture[..., :3] = density.colours(labels) + 0.5
    picture[..., 3] = density.opacity * 255 + 0.5

    class Pixels(Artist):
        """The picture pixel for pixel: ``imshow`` would resample it, a third of the total time."""

        def draw(self, renderer: Any) -> None:
            corner = axes.get_window_extent()
            renderer.draw_image(
                renderer.new_gc(), round(corner.x0), round(corner.y0), picture[::-1]
            )

    axes.add_artist(Pixels()).set_zorder(2)
