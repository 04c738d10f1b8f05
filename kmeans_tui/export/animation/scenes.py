"""The animation of a run: one frame for each iteration, arrows along the moves of the centroids."""

from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.export.animation import gif
from kmeans_tui.export.animation.discs import Discs, Sprite
from kmeans_tui.export.figures.canvas import new_figure
from kmeans_tui.export.figures.density import Density
from kmeans_tui.export.figures.scatter import contrast, disc_area, set_up_axes
from kmeans_tui.export.provenance import Provenance
from kmeans_tui.export.view import RunView, rgb

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INCHES: Final = (8.0, 6.0)
DPI: Final = 100
HOLD: Final = 2.5  # seconds, of the last frame

# In points: the centroid's disc and the ring around it; the arrow and its distance from the disc.
_DISC: Final = 14.0
_RING: Final = 1.3
_GAP: Final = 9.5
_SHAFT: Final = 2.0
_HEAD: Final = (7.0, 8.0)  # its width and length


class Drawn(Protocol):
    """Frames that can be drawn; ``exact`` are the colours that the palette must contain."""

    exact: list[str]

    def draw(self, number: int) -> gif.Pixels:
        """Return frame ``number``; the next call overwrites the array."""
        ...


def animate(
    view: RunView, frames: Drawn, file: BinaryIO, source: Provenance, progress: gif.FrameListener
) -> None:
    """Write the animation of a run as a GIF, at the speed in the settings."""
    count = len(view.history)
    gif.write(
        file,
        frames.draw,
        gif.delays(count, view.settings.fps, HOLD),
        frames.exact,
        str(source),
        progress,
    )


class Backdrop:
    """A figure whose axes are drawn once, as the background of each frame.

    ``pixels`` (height, width, 4) are those of its canvas, ``box`` the (left, top, right, bottom) of
    the area inside its axes.
    """

    def __init__(self, figure: "Figure") -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        self.renderer = canvas.get_renderer()
        self.pixels = np.asarray(canvas.buffer_rgba())
        self.packed = self.pixels.view(np.uint32)[..., 0]
        self._kept = self.packed.copy()
        height = self.pixels.shape[0]
        (axes,) = figure.axes
        bounds = axes.get_window_extent()
        self.box = (
            *(round(bounds.x0) + 1, height - round(bounds.y1) + 1),
            *(round(bounds.x1) - 1, height - round(bounds.y0) - 1),
        )
        self._to_pixels = axes.transData

    def restore(self) -> None:
        """Restore the empty axes."""
        self.packed[:] = self._kept

    def at(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return positions (m, 2) in data units as pixels from the top left."""
        found = self._to_pixels.transform(positions)
        found[:, 1] = self.pixels.shape[0] - found[:, 1]
        return found


class Frames:
    """The frames of a run, drawn one at a time into the same pixels."""

    def __init__(self, view: RunView) -> None:
        from matplotlib import font_manager
        from PIL import ImageFont

        self._view = view
        look = view.look
        inches, self._dpi = view.settings.inches(INCHES, DPI)
        self._figure = figure = new_figure(inches, self._dpi, look.background)
        axes = figure.subplots()
        size = inches[0] - 1.0, inches[1] - 1.5
        set_up_axes(axes, view.area, look, view.ratio(*size))
        x, y = view.labels(*size)
        axes.set_xlabel(x, color=look.ink)
        axes.set_ylabel(y, color=look.ink)
        # A two-line title reserves room for the caption.
        axes.set_title("A\nA", color=look.background, fontsize=12)
        self._stage = Backdrop(figure)
        styles = [colour for colour, _ in view.styles]
        self.exact = [look.background, look.ink, look.faint, look.line, *styles]
        path = font_manager.findfont("DejaVu Sans:bold")
        self._bold = ImageFont.truetype(path, self._points(12))
        self._plain = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), self._points(9))
        small = 8.5 if view.history.k < 10 else 7.0
        self._digits = ImageFont.truetype(path, self._points(small))
        self._layer: Density | Discs = self._density() if view.dense else self._discs()
        self._disc = Sprite(_DISC**2, _RING, rgb([look.ink])[0], self._dpi)

    def draw(self, number: int) -> gif.Pixels:
        """Draw frame ``number`` over the previous one and return it."""
        view, stage = self._view, self._stage
        stage.restore()
        self._draw_points(view.history.labels(number))
        places = view.places(number)
        at = stage.at(places)
        if number:
            self._draw_arrows(stage.at(view.places(number - 1)), at)
        self._draw_centroids(at)
        self._draw_caption(number)
        return stage.packed

    def _points(self, points: float) -> int:
        """Convert a length in points to whole pixels."""
        return max(1, round(points * self._dpi / 72))

    @property
    def _inside(self) -> NDArray[np.uint8]:
        """The pixels within the axes, (height, width, 3)."""
        left, top, right, bottom = self._stage.box
        return self._stage.pixels[top:bottom, left:right, :3]

    def _density(self) -> Density:
        view = self._view
        height, width = self._inside.shape[:2]
        labels = view.history.labels(0)
        return Density(view.positions, labels, view.colours, view.area, width, height)

    def _discs(self) -> Discs:
        view = self._view
        area = disc_area(len(view.positions))
        edge_width = 0.3 if area > 6 else 0.0
        sprite = Sprite(area, edge_width, rgb([view.look.edge])[0], self._dpi)
        left, top, _, _ = self._stage.box
        # The pixel on which Agg centres a marker.
        at = np.floor(self._stage.at(view.positions) + 0.5).astype(np.int32) - (left, top)
        labels = view.history.labels(0)
        return Discs(at.astype(np.int32), labels, view.colours, self._inside, sprite)

    def _draw_points(self, labels: NDArray[np.unsignedinteger]) -> None:
        inside = self._inside
        if isinstance(self._layer, Density):
            blend(inside, self._layer.colours(labels), self._layer.opacity[..., np.newaxis])
            return
        width = inside.shape[1]
        painted = self._layer.paint(labels)
        inside[self._layer.pixels // width, self._layer.pixels % width] = painted + 0.5

    def _draw_arrows(self, before: NDArray[np.float64], now: NDArray[np.float64]) -> None:
        from matplotlib.collections import PolyCollection
        from matplotlib.transforms import IdentityTransform

        height = self._stage.pixels.shape[0]
        shapes = arrows(before, now, self._dpi / 72)
        if not shapes:
            return
        upwards = [np.column_stack([x, height - y]) for x, y in (each.T for each in shapes)]
        look = self._view.look
        collection = PolyCollection(
            upwards,
            facecolors=look.ink,
            edgecolors=look.background,
            linewidths=0.9,
            transform=IdentityTransform(),
        )
        collection.set_figure(self._figure)
        collection.draw(self._stage.renderer)

    def _draw_centroids(self, at: NDArray[np.float64]) -> None:
        from PIL import Image, ImageDraw

        height, width = self._stage.pixels.shape[:2]
        sprite, view = self._disc, self._view
        pixels = self._stage.pixels
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
                str(j + 1),
                font=self._digits,
                fill=contrast(view.styles[j][0]),
                anchor="mm",
            )
            part[..., :3] = np.asarray(image)

    def _draw_caption(self, number: int) -> None:
        from PIL import Image, ImageDraw

        view = self._view
        snapshot = view.history[number]
        left, top, right, _ = self._stage.box
        part = self._stage.pixels[: top - 1, :, :3]
        image = Image.fromarray(part.copy())
        draw = ImageDraw.Draw(image)
        middle = (left + right) / 2
        below = f"inertia {snapshot.inertia:,.6g}"
        if number:
            below += f" | {snapshot.changed:,} of {view.history.n:,} points changed"
        base = top - self._points(7)
        draw.text((middle, base), below, font=self._plain, fill=view.look.faint, anchor="ms")
        text = f"Iteration {number} | K={view.history.k}"
        base -= self._points(13)
        draw.text((middle, base), text, font=self._bold, fill=view.look.ink, anchor="ms")
        part[:] = np.asarray(image)


def blend(
    pixels: NDArray[np.uint8], colours: NDArray[np.float32], opacity: NDArray[np.float32]
) -> None:
    """Blend ``colours`` (…, 3) over ``pixels`` (…, 3), in place."""
    mixed = pixels * (1 - opacity)
    mixed += colours * opacity
    mixed += 0.5
    pixels[:] = mixed


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
