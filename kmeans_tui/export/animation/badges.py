"""The numbered discs of centroids, drawn between whole pixels so that they move smoothly."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.export.animation.backdrop import font
from kmeans_tui.export.figures.scatter import contrast

# A badge is drawn this many times as large and shrunk, at each of these many places in a pixel.
_FINE: Final = 8
_PLACES: Final = 4


class Badges:
    """A disc for each cluster, ``width`` pixels wide and ringed, with a text ``letters`` high."""

    def __init__(
        self,
        colours: Sequence[str],
        texts: Sequence[str],
        ink: str,
        width: float,
        ring: float,
        letters: float,
    ) -> None:
        self._colours, self._texts, self._ink = colours, texts, ink
        self._inner, self._outer = (width - ring) / 2, (width + ring) / 2
        self._font = font(max(1, round(letters * _FINE)), bold=True)
        self._reach = int(self._outer) + 2
        self._made: dict[tuple[int, int, int], tuple[NDArray[np.float32], ...]] = {}

    def draw(self, pixels: NDArray[np.uint8], at: NDArray[np.float64]) -> None:
        """Draw all of them over ``pixels`` (height, width, 3 or 4), at the pixels ``at`` (k, 2)."""
        height, width = pixels.shape[:2]
        fine = np.floor(at * _PLACES + 0.5).astype(int)
        whole, part = fine // _PLACES, fine % _PLACES
        for j, ((x, y), (right, down)) in enumerate(
            zip(whole.tolist(), part.tolist(), strict=True)
        ):
            badge, through = self._badge(j, right, down)
            left, top = x - self._reach, y - self._reach
            size = len(badge)
            # Only what is on the canvas.
            x0, y0 = max(0, -left), max(0, -top)
            x1, y1 = min(size, width - left), min(size, height - top)
            if x0 >= x1 or y0 >= y1:
                continue
            under = pixels[top + y0 : top + y1, left + x0 : left + x1, :3]
            mixed = under * through[y0:y1, x0:x1] + badge[y0:y1, x0:x1]
            under[:] = mixed + 0.5

    def _badge(self, j: int, right: int, down: int) -> tuple[NDArray[np.float32], ...]:
        """Return a badge: what it adds, (size, size, 3), and the weight of what is behind."""
        key = j, right, down
        if key not in self._made:
            self._made[key] = self._new(j, right / _PLACES, down / _PLACES)
        return self._made[key]

    def _new(self, j: int, right: float, down: float) -> tuple[NDArray[np.float32], ...]:
        from PIL import Image, ImageDraw

        size = 2 * self._reach + 2
        x, y = (_FINE * (self._reach + each) for each in (right, down))
        cover = Image.new("L", (size * _FINE, size * _FINE), 0)
        picture = Image.new("RGB", cover.size, self._ink)
        inner, outer = self._inner * _FINE, self._outer * _FINE
        ImageDraw.Draw(cover).ellipse((x - outer, y - outer, x + outer, y + outer), fill=255)
        draw = ImageDraw.Draw(picture)
        draw.ellipse((x - inner, y - inner, x + inner, y + inner), fill=self._colours[j])
        text, shade = self._texts[j], contrast(self._colours[j])
        draw.text((x, y), text, font=self._font, fill=shade, anchor="mm")
        weight = np.asarray(cover, np.float32)[..., np.newaxis] / 255
        added = (np.asarray(picture, np.float32) * weight).reshape(size, _FINE, size, _FINE, 3)
        through = 1 - weight.reshape(size, _FINE, size, _FINE, 1).mean(axis=(1, 3))
        return added.mean(axis=(1, 3)), through
