"""The plots: picture in, changed cells out. The only file that imports plotext.

plotext draws the frame, the axes and the ticks, once for a size; the cells of the data are then
laid over its canvas as arrays. Having plotext draw every frame costs 7.9 ms at 120×40 with 300
points and 17.6 ms with 100,000 already thinned to one per cell; this costs about 2 and 4 ms and
gives the same picture. Its braille markers also miss the cell of a plain marker by one in 29 of
100 points, so a centroid would not stand among its points; here both share one ``Raster``.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from plotext._figure import _figure_class
from rich.color import Color
from rich.style import Style

from kmeans_tui import palette
from kmeans_tui.ui.widgets.picture import Pens, Picture, codes
from kmeans_tui.ui.widgets.raster import Limits, Marker, Raster, limits, segment

Floats = NDArray[np.float64]
Labels = NDArray[np.integer]
# Characters and pens of the cells of the canvas.
Layer = tuple[NDArray[np.uint32], NDArray[np.int32]]
# Characters (height, width), then left, top, columns and rows of the canvas within them.
Frame = tuple[NDArray[np.uint32], int, int, int, int]

_BLANK: Final = ord(" ")
_NEXT: Final[dict[Marker, Marker]] = {
    "glyph": "braille",
    "braille": "dot",
    "dot": "glyph",
    "octant": "glyph",
}
_TINT: Final = 0.25  # share of the cluster's colour in the background of its region
_PLAIN: Final = 0  # pen of the axes
_MUTED: Final = 1  # pen of what carries no cluster
_CURSOR: Final = 2  # pen of the point that is questioned
_FIRST: Final = 3  # pen of cluster 0; then k clusters, then k numbers of centroids


@dataclass(frozen=True)
class Scene:
    """One half step in the plane of the picture.

    labels: (n,) or None before the first assignment. centroids: (k, 2). previous: (k, 2), where the
    centroids were before this update, or None. trail: (steps, k, 2), their whole way, or None.
    owner: gives the cluster (m,) of positions (m, 2), or None to leave the regions out. questioned:
    the row of the point under the cursor, or None. inks: a colour for each cluster (k,) instead of
    those of the palette, or None. wears: the number of the palette's colour and shape for each
    cluster (k,), counted from 0, or None where each has its own.
    """

    labels: NDArray[np.unsignedinteger] | None
    centroids: Floats
    previous: Floats | None = None
    trail: Floats | None = None
    owner: Callable[[Floats], Labels] | None = None
    questioned: int | None = None
    inks: tuple[str, ...] | None = None
    wears: tuple[int, ...] | None = None


def axes(
    width: int, height: int, x: tuple[float, float], y: tuple[float, float], *, curve: bool = False
) -> Frame:
    """A plotext figure without data: (characters, left, top, columns, rows) of its canvas.

    x, y: the limits: of the canvas' edges, or for a curve of its first and last cells; a curve's x
    is labelled with whole numbers only. Returns an array (height, width).
    """
    figure = _figure_class()
    figure._limit_size(False, False)
    figure.theme("clear")
    figure._set_size(width, height)
    rows = height - 3
    ticks = max(2, min(6, rows // 4 + 1))
    y_at = np.linspace(0, rows - 1, ticks).round().tolist()
    share = [at / (rows - 1) if curve else (at + 0.5) / rows for at in y_at]
    y_labels = tick_labels([y[0] + (y[1] - y[0]) * part for part in share])
    left = max(map(len, y_labels)) + 1
    columns = width - left - 1
    if curve:
        steps = max(1, round(x[1] - x[0]))
        every = max(1, -(-steps * 5 // max(columns, 1)))
        values = list(range(0, steps + 1, every))
        x_at = [value / steps * (columns - 1) for value in values]
        x_labels = [str(round(x[0]) + value) for value in values]
    else:
        count = max(2, min(7, columns // 12))
        x_at = np.linspace(0, columns - 1, count).round().tolist()
        x_labels = tick_labels([x[0] + (x[1] - x[0]) * (at + 0.5) / columns for at in x_at])
    # plotext draws axes only where there is a series, so it gets one blank point.
    figure.scatter([0], [0], marker=" ")
    figure.xlim(0, max(columns - 1, 1))
    figure.ylim(0, max(rows - 1, 1))
    figure.xticks(x_at, x_labels)
    figure.yticks(y_at, y_labels)
    figure._set_sizes()
    figure.monitor.build_plot()
    lines = ["".join(row)[:width].ljust(width) for row in reversed(figure.monitor.matrix.marker)]
    return codes("".join(lines)).reshape(height, width), left, 1, columns, rows


def tick_labels(values: Sequence[float]) -> list[str]:
    """The values with just as many digits as it takes to tell them apart, at most four decimals."""
    largest = max(map(abs, values))
    if largest >= 1e5 or 0 < largest < 1e-3:
        return [f"{value:.1e}" for value in values]
    for decimals in range(5):
        texts = [f"{value:z.{decimals}f}" for value in values]
        if len(set(texts)) == len(texts) and (decimals or largest >= 100):
            return texts
    return texts


def contrast(first: Color, second: Color) -> float:
    """The contrast of two colours, 1 to 21, by the formula of WCAG 2."""
    seen = (palette.luminance(*each.get_truecolor()) for each in (first, second))
    dark, light = sorted(seen)
    return (light + 0.05) / (dark + 0.05)


class Chart(Picture):
    """The scatter: points by cluster, centroids, where they were, trails, regions."""

    framed = True
    can_focus = True

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._points: Floats | None = None
        self._limits: Limits = ((0.0, 1.0), (0.0, 1.0))
        self._scene: Scene | None = None
        self.marker: Marker | None = None
        self._k = 1
        self._raster: Raster | None = None
        self._frame: Frame | None = None
        self._layer: tuple[tuple[object, ...], Layer] | None = None

    def set_points(self, xy: Floats) -> None:
        """Take new points (n, 2); the limits of the axes stay as they are for the whole run."""
        self._points, self._limits = xy, limits(xy)
        self._raster = self._frame = self._scene = self._layer = None

    def draw(self, scene: Scene, marker: Marker | None = None) -> None:
        """Show a half step; without a marker the density of the points decides."""
        before = None if self._scene is None else (self._scene.inks, self._scene.wears)
        self._scene, self.marker = scene, marker
        if len(scene.centroids) != self._k or (scene.inks, scene.wears) != before:
            self._k = len(scene.centroids)
            self.forget()
        self._draw()

    def on_resize(self) -> None:
        """A new size needs new geometry."""
        self._raster = self._frame = None
        self.forget()
        self._draw()

    @property
    def free_marker(self) -> bool:
        """Whether the marker can be chosen here."""
        return not (self.colours.mono or self.colours.ascii_only)

    @property
    def shown_marker(self) -> Marker:
        """The marker in use. Shapes while the points can be told apart, dots where they are dense.

        Without colours only shapes tell clusters apart, and ASCII has no braille.
        """
        if not self.free_marker:
            return "glyph"
        if self.marker is not None:
            return self.marker
        cells = self.inner.width * self.inner.height
        few = self._points is not None and len(self._points) * 2 <= cells
        return "glyph" if few else "braille"

    @property
    def next_marker(self) -> Marker:
        """The one after that in use; octants are only for who says that the font has them."""
        return _NEXT[self.shown_marker]

    @property
    def raster(self) -> Raster | None:
        """Which cell every point falls in; None before there are points, or room for them."""
        geometry = self._geometry()
        return geometry and geometry[1]

    def _geometry(self) -> tuple[Frame, Raster] | None:
        width, height = self.inner
        if self._points is None or width < 24 or height < 6:
            return None
        # A draw may come before the widget's own word of its new size.
        known = self._frame is not None and self._frame[0].shape == (height, width)
        if self._raster is None or self._frame is None or not known:
            self._frame = axes(width, height, *self._limits)
            self._raster = Raster(self._points, *self._frame[3:], self._limits)
        return self._frame, self._raster

    def _draw(self) -> None:
        scene, geometry = self._scene, self._geometry()
        if scene is None or geometry is None:
            return
        (frame, left, top, columns, rows), raster = geometry
        cells, pens = self._points_layer(raster, scene)
        if scene.owner is not None:
            self._regions_layer(raster, scene.owner, cells, pens)
        places = raster.places(scene.centroids)
        if scene.trail is not None:
            self._trail_layer(raster, scene.trail, cells, pens)
        if scene.previous is not None:
            for c, (x, y) in enumerate(raster.places(scene.previous)):
                self._put(cells, pens, y * columns + x, palette.WAS, _FIRST + c)
        for c, (x, y) in reversed(list(enumerate(places))):
            text = palette.number(c)
            x = min(x, columns - len(text))
            for offset, digit in enumerate(text):
                self._put(cells, pens, y * columns + x + offset, digit, _FIRST + self._k + c)
        if scene.questioned is not None:
            self._put(cells, pens, int(raster.cell[scene.questioned]), palette.CURSOR, _CURSOR)
        characters = frame.copy()
        all_pens = np.zeros(frame.shape, np.int32)
        characters[top : top + rows, left : left + columns] = cells.reshape(rows, columns)
        all_pens[top : top + rows, left : left + columns] = pens.reshape(rows, columns)
        self.lay(characters, all_pens)

    def _points_layer(self, raster: Raster, scene: Scene) -> Layer:
        """The points alone; kept, for a cursor moves over the same ones (25 ms for a million)."""
        key = (raster, scene.labels, self.shown_marker, self._k, self.colours, scene.wears)
        if self._layer is None or not all(map(operator.is_, self._layer[0], key)):
            self._layer = key, self._points_drawn(raster, scene)
        cells, pens = self._layer[1]
        return cells.copy(), pens.copy()

    def _points_drawn(self, raster: Raster, scene: Scene) -> Layer:
        marker, used = self.shown_marker, raster.used
        cells = np.full(raster.width * raster.height, _BLANK, np.uint32)
        pens = np.full(len(cells), _PLAIN, np.int32)
        if marker == "braille":
            cells[used] = raster.braille()[used]
        elif marker == "octant":
            cells[used] = raster.octants()[used]
        elif scene.labels is None:
            cells[used] = ord(palette.UNASSIGNED)
        elif marker == "dot":
            cells[used] = ord(palette.DOT)
        if scene.labels is None:
            pens[used] = _MUTED
            return cells, pens
        winner = raster.winners(scene.labels, self._k)[used]
        pens[used] = winner + _FIRST
        if marker == "glyph":
            colours = self.colours
            shapes = "".join(
                palette.glyph(self._worn(c), colours.ascii_only, colours.mono)
                for c in range(self._k)
            )
            cells[used] = codes(shapes)[winner]
        return cells, pens

    def _regions_layer(
        self,
        raster: Raster,
        owner: Callable[[Floats], NDArray[np.integer]],
        cells: NDArray[np.uint32],
        pens: NDArray[np.int32],
    ) -> None:
        region = owner(raster.centres()).astype(np.int32)
        if self.colours.tints:
            pens += self._base * (region + 1)
            return
        grid = region.reshape(raster.height, raster.width)
        border = np.zeros(grid.shape, bool)
        border[:, :-1] |= grid[:, :-1] != grid[:, 1:]
        border[:-1] |= grid[:-1] != grid[1:]
        free = border.ravel() & (cells == _BLANK)
        cells[free], pens[free] = ord(palette.BORDER), _MUTED

    def _trail_layer(
        self, raster: Raster, trail: Floats, cells: NDArray[np.uint32], pens: NDArray[np.int32]
    ) -> None:
        for c in range(self._k):
            stops = raster.places(trail[:, c])
            for start, end in pairwise(stops):
                for x, y in segment(start, end):
                    self._put(cells, pens, y * raster.width + x, palette.TRAIL, _FIRST + c)
            for x, y in stops[:-1]:
                self._put(cells, pens, y * raster.width + x, palette.WAS, _FIRST + c)

    def _put(
        self,
        cells: NDArray[np.uint32],
        pens: NDArray[np.int32],
        at: int,
        character: str,
        pen: int,
    ) -> None:
        cells[at] = ord(character)
        pens[at] = pens[at] // self._base * self._base + pen

    @property
    def _base(self) -> int:
        """Number of foreground pens: pen + base · (region + 1) adds a region's tint."""
        return _FIRST + 2 * self._k

    def alike(self, first: Pens, second: Pens) -> NDArray[np.bool_]:
        """A blank shows its tint alone; what is filled must not spread: numbers and the cursor."""
        same_tint = first // self._base == second // self._base
        filled = self._filled(first) | self._filled(second)
        return same_tint & ~filled

    def _filled(self, pens: Pens) -> NDArray[np.bool_]:
        kind = pens % self._base
        return (kind >= _FIRST + self._k) | (kind == _CURSOR)

    def style(self, pen: int) -> Style:
        """Clusters in their colour, numbers reversed on it, regions as a tint behind."""
        region, kind = divmod(pen, self._base)
        background = self._tint(region - 1) if region else None
        if kind in (_PLAIN, _MUTED):
            return Style(bgcolor=background, dim=True)
        if kind == _CURSOR:
            return Style(bold=True, reverse=True)
        cluster = (kind - _FIRST) % self._k
        ink = None if self.colours.mono else self._ink(cluster)
        if kind < _FIRST + self._k:
            return Style(color=ink, bgcolor=background)
        if ink is None or self.colours.look.startswith("ansi"):
            return Style(color=ink, bold=True, reverse=True)
        return Style(color=self._readable_on(ink), bgcolor=ink, bold=True)

    def _ink(self, cluster: int) -> Color:
        if self._scene is not None and self._scene.inks is not None:
            return Color.parse(self._scene.inks[cluster])
        return Color.parse(palette.colour(self._worn(cluster), self.colours.look))

    def _worn(self, cluster: int) -> int:
        wears = None if self._scene is None else self._scene.wears
        return cluster if wears is None else wears[cluster]

    def _readable_on(self, ground: Color) -> Color | None:
        """The theme's foreground or background, whichever stands out more on this colour."""
        theme = self.rich_style
        return max(
            (colour for colour in (theme.color, theme.bgcolor) if colour),
            key=lambda colour: contrast(colour, ground),
            default=None,
        )

    def _tint(self, cluster: int) -> Color:
        ground = self.rich_style.bgcolor
        base = ground.get_truecolor() if ground else (0, 0, 0)
        ink = self._ink(cluster).get_truecolor()
        mixed = (round(b + (i - b) * _TINT) for b, i in zip(base, ink, strict=True))
        return Color.from_rgb(*mixed)
