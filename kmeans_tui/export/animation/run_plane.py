"""One run in the plane of a frame: its points, its centroids, arrows, and a caption above."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.export.animation.backdrop import Backdrop
from kmeans_tui.export.animation.discs import Discs, Sprite
from kmeans_tui.export.figures.density import Density
from kmeans_tui.export.figures.scatter import contrast, disc_area
from kmeans_tui.export.view import RunView, rgb

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# In points: the centroid's disc and the ring around it; the arrow and its distance from the disc.
DISC: Final = 14.0
RING: Final = 1.3
_GAP: Final = 9.5
_SHAFT: Final = 2.0
_HEAD: Final = (7.0, 8.0)  # its width and length


class RunPlane:
    """The plane ``axes`` of a backdrop, in which the run of ``view`` is drawn.

    ``numbers`` are those of its clusters, counted from 0; ``span`` (left, right) are the columns of
    pixels that are its own.
    """

    def __init__(
        self,
        view: RunView,
        backdrop: Backdrop,
        axes: "Axes",
        numbers: tuple[int, ...],
        span: tuple[int, int],
    ) -> None:
        self.view, self._backdrop, self._axes = view, backdrop, axes
        self.numbers = numbers
        self._span = span
        self.box = backdrop.box(axes)
        self._bold = backdrop.letters(12, bold=True)
        self._plain = backdrop.letters(9)
        self.digits_size = 8.5 if max(numbers) < 9 else 7.0
        self._digits = backdrop.letters(self.digits_size, bold=True)
        # What was said last, as pixels: half steps say the same in each frame.
        self._said = ("", ""), self._backdrop.pixels[:0, :0, :3]
        self._disc = Sprite(DISC**2, RING, rgb([view.look.ink])[0], self._dpi)

    @property
    def _dpi(self) -> float:
        return float(self._backdrop.figure.dpi)

    def at(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return positions (m, 2) in data units as pixels from the top left."""
        return self._backdrop.at(self._axes, positions)

    @property
    def inside(self) -> NDArray[np.uint8]:
        """The pixels within the axes, (height, width, 3)."""
        left, top, right, bottom = self.box
        return self._backdrop.pixels[top:bottom, left:right, :3]

    def layer(
        self, labels: NDArray[np.unsignedinteger], colours: NDArray[np.float32]
    ) -> Density | Discs:
        """Return the points, for ``labels`` that name ``colours`` (m, 3), 0 to 255."""
        view = self.view
        if view.dense:
            height, width = self.inside.shape[:2]
            return Density(view.positions, labels, colours, view.area, width, height)
        area = disc_area(len(view.positions))
        edge_width = 0.3 if area > 6 else 0.0
        sprite = Sprite(area, edge_width, rgb([view.look.edge])[0], self._dpi)
        left, top, _, _ = self.box
        # The pixel on which Agg centres a marker.
        at = np.floor(self.at(view.positions) + 0.5).astype(np.int32) - (left, top)
        return Discs(at.astype(np.int32), labels, colours, self.inside, sprite)

    def draw_arrows(self, before: NDArray[np.float64], now: NDArray[np.float64]) -> None:
        """Draw arrows between pixels, both (k, 2)."""
        from matplotlib.collections import PolyCollection
        from matplotlib.transforms import IdentityTransform

        height = self._backdrop.height
        shapes = arrows(before, now, self._dpi / 72)
        if not shapes:
            return
        upwards = [np.column_stack([x, height - y]) for x, y in (each.T for each in shapes)]
        look = self.view.look
        collection = PolyCollection(
            upwards,
            facecolors=look.ink,
            edgecolors=look.background,
            linewidths=0.9,
            transform=IdentityTransform(),
        )
        collection.set_figure(self._backdrop.figure)
        collection.draw(self._backdrop.renderer)

    def draw_centroids(self, at: NDArray[np.float64]) -> None:
        """Draw the centroids on whole pixels near ``at`` (k, 2)."""
        from PIL import Image, ImageDraw

        pixels = self._backdrop.pixels
        height, width = pixels.shape[:2]
        sprite, view = self._disc, self.view
        for j, (x, y) in enumerate(np.floor(at + 0.5).astype(int).tolist()):
            across, down = x + sprite.dx, y + sprite.dy
            seen = (across >= 0) & (across < width) & (down >= 0) & (down < height)
            across, down = across[seen], down[seen]
            mixed = (
                pixels[down, across, :3] * sprite.through[seen, np.newaxis]
                + sprite.face[seen, np.newaxis] * view.colours[j]
                + sprite.edge[seen, np.newaxis] * sprite.edge_colour
            )
            pixels[down, across, :3] = mixed + 0.5
            # Pillow draws into its own image: only the square of the disc is copied back and forth.
            reach = int(sprite.dx.max()) + 1
            left, top = max(0, x - reach), max(0, y - reach)
            part = pixels[top : y + reach + 1, left : x + reach + 1]
            if not part.size:
                continue
            image = Image.fromarray(part[..., :3].copy())
            ImageDraw.Draw(image).text(
                (x - left + 0.5, y - top + 0.5),
                str(self.numbers[j] + 1),
                font=self._digits,
                fill=contrast(view.styles[j][0]),
                anchor="mm",
            )
            part[..., :3] = np.asarray(image)

    def draw_caption(self, title: str, below: str) -> None:
        """Draw two lines of text above the axes."""
        from PIL import Image, ImageDraw

        left, top, right, _ = self.box
        first, end = self._span
        part = self._backdrop.pixels[: top - 1, first:end, :3]
        if self._said[0] == (title, below):
            part[:] = self._said[1]
            return
        image = Image.fromarray(part.copy())
        draw = ImageDraw.Draw(image)
        middle = (left + right) / 2 - first
        look, points = self.view.look, self._backdrop.points
        base = top - points(7)
        draw.text((middle, base), below, font=self._plain, fill=look.faint, anchor="ms")
        base -= points(13)
        draw.text((middle, base), title, font=self._bold, fill=look.ink, anchor="ms")
        self._said = (title, below), np.asarray(image)
        part[:] = self._said[1]


def arrows(
    before: NDArray[np.float64], now: NDArray[np.float64], scale: float
) -> list[NDArray[np.float64]]:
    """Return the outlines (7, 2), in pixels, of arrows from ``before`` to ``now``, both (k, 2).

    They end before the disc of the centroid, so that the head is visible; shorter moves have no
    arrow. ``scale`` is pixels per point.
    """
    wide, long_ = (scale * each for each in _HEAD)
    shaft = scale * _SHAFT / 2
    found = []
    for start, end in zip(before, now, strict=True):
        way = end - start
        length = float(np.hypot(*way)) - scale * _GAP
        if length < long_ / 2:
            continue
        along = way / np.hypot(*way)
        across = np.array([-along[1], along[0]])
        long = min(long_, length)
        neck = length - long
        outline = np.array(
            [
                *((0, shaft), (neck, shaft), (neck, wide / 2), (length, 0)),
                *((neck, -wide / 2), (neck, -shaft), (0, -shaft)),
            ]
        )
        found.append(start + outline[:, :1] * along + outline[:, 1:] * across)
    return found
