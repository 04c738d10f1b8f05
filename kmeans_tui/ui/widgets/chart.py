"""The scatter plot."""

import operator
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.style import Style

from kmeans_tui import palette
from kmeans_tui.aspect import Framing, Units, Window
from kmeans_tui.ui.widgets.panels import amount
from kmeans_tui.ui.widgets.picture import Pens, codes
from kmeans_tui.ui.widgets.plane_picture import PlanePicture
from kmeans_tui.ui.widgets.raster import Marker, Raster, limits

Floats = NDArray[np.float64]
Labels = NDArray[np.integer]
# The characters and pens of the canvas.
Layer = tuple[NDArray[np.uint32], NDArray[np.int32]]

_BLANK: Final = ord(" ")
_LINES: Final = 9  # distances shown at once; more cover the points
# The share of the cluster's colour in the background of its region, the rest being the theme's
# ground, or white where that is light: any point keeps a contrast of 3.2:1 on any region.
_TINT: Final = 0.15
_WHITE: Final = (255, 255, 255)
_PLAIN: Final = 0  # pen of the axes
_MUTED: Final = 1  # pen of what belongs to no cluster
_CURSOR: Final = 2  # pen of the inspected point
_FIRST: Final = 3  # pen of cluster 0; then k clusters, then the numbers of k centroids


@dataclass(frozen=True)
class Scene:
    """One half step in the plane of the plot.

    labels: (n,), or None before the first assignment. centroids: (k, 2). previous: (k, 2), the
    centroids before this update, or None. trail: (steps, k, 2), their whole path, or None. owner:
    maps positions (m, 2) to clusters (m,), or None for no regions. questioned: the row of the
    point under the cursor, or None. inks: a colour for each cluster (k,) instead of the palette's,
    or None. coming: (k, 2), the centroids after the next update, or None. distances: (k,) from the
    point under the cursor to each centroid, empty for no lines. wears: the palette number of each
    cluster's colour and shape (k,), counted from 0, or None if each has its own. hand: the position
    of the hand, or None; held: the cluster whose centroid it holds, or None.
    """

    labels: NDArray[np.unsignedinteger] | None
    centroids: Floats
    previous: Floats | None = None
    trail: Floats | None = None
    owner: Callable[[Floats], Labels] | None = None
    questioned: int | None = None
    inks: tuple[str, ...] | None = None
    coming: Floats | None = None
    distances: tuple[float, ...] = ()
    wears: tuple[int, ...] | None = None
    hand: tuple[float, float] | None = None
    held: int | None = None


def contrast(first: Color, second: Color) -> float:
    """Return the contrast of two colours, 1 to 21, by the formula of WCAG 2."""
    seen = (palette.luminance(*each.get_truecolor()) for each in (first, second))
    dark, light = sorted(seen)
    return (light + 0.05) / (dark + 0.05)


class Chart(PlanePicture):
    """The scatter plot: points by cluster, centroids and their previous places, trails, regions."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._scene: Scene | None = None
        self.marker: Marker | None = None
        self._k = 1
        self._layer: tuple[tuple[object, ...], Layer] | None = None

    def set_points(
        self, xy: Floats, units: Units = None, otherwise: tuple[str, Units] | None = None
    ) -> None:
        """Take points as in ``PlanePicture``; nothing is drawn until the next scene."""
        super().set_points(xy, units, otherwise)
        self._scene = self._layer = None

    def draw(
        self, scene: Scene, marker: Marker | None = None, framing: Framing | None = None
    ) -> None:
        """Show a half step; without a marker the density of the points decides it."""
        before = None if self._scene is None else (self._scene.inks, self._scene.wears)
        self._scene, self.marker = scene, marker
        if framing is not None:
            self.frame(framing)
        if len(scene.centroids) != self._k or (scene.inks, scene.wears) != before:
            self._k = len(scene.centroids)
            self.forget()
        self._draw()

    def on_resize(self) -> None:
        """Redraw with new geometry."""
        self._raster = self._axes = None
        self.forget()
        self._draw()

    @property
    def free_marker(self) -> bool:
        """Whether the marker can be chosen."""
        return not (self.colours.mono or self.colours.ascii_only)

    @property
    def shown_marker(self) -> Marker:
        """The marker in use: by default shapes, or dots if the points are dense.

        Without colours only shapes distinguish clusters, and ASCII has no braille.
        """
        if not self.free_marker:
            return "glyph"
        if self.marker is not None:
            return self.marker
        cells = self.inner.width * self.inner.height
        few = self._points is not None and len(self._points) * 2 <= cells
        return "glyph" if few else "braille"

    @property
    def clusters(self) -> int:
        """The number of clusters."""
        return self._k

    def around(self, cluster: int) -> Window:
        """Return the part of the plane that contains a cluster's points and centroid."""
        scene = self._scene
        if scene is None or self._points is None:
            # New points, of which no half step has been drawn yet.
            return self._limits
        own = scene.centroids[cluster : cluster + 1]
        if scene.labels is not None:
            own = np.vstack([own, self._points[scene.labels == cluster]])
        if len(own) == 1:
            # No points: an eighth of the whole around the centroid.
            (x, y), parts = own[0].tolist(), self._limits
            rooms = [(high - low) / 16 for low, high in parts]
            return (x - rooms[0], x + rooms[0]), (y - rooms[1], y + rooms[1])
        return limits(own, self._units)

    def _draw(self) -> None:
        scene, geometry = self._scene, self._geometry()
        if scene is None or geometry is None:
            return
        axes, raster = geometry
        left, top, columns, rows = axes.left, axes.top, axes.columns, axes.rows
        cells, pens = self._points_layer(raster, scene)
        if scene.owner is not None:
            self._regions_layer(raster, scene.owner, cells, pens)
        if scene.trail is not None:
            self._trail_layer(raster, scene.trail, cells, pens)
        if scene.distances and scene.questioned is not None:
            self._distances_layer(raster, scene, cells, pens)
        if scene.previous is not None:
            for c, (x, y) in raster.seen(scene.previous):
                self._put(cells, pens, y * columns + x, palette.WAS, _FIRST + c)
        if scene.coming is not None:
            for c, (x, y) in raster.seen(scene.coming):
                self._put(cells, pens, y * columns + x, palette.COMING, _FIRST + c)
                self._way(raster, scene.centroids[c], scene.coming[c], cells, pens, c)
        centroids = scene.centroids
        if scene.hand is not None and scene.held is not None:
            for _, (x, y) in raster.seen(centroids[scene.held : scene.held + 1]):
                self._put(cells, pens, y * columns + x, palette.WAS, _FIRST + scene.held)
            centroids = centroids.copy()
            centroids[scene.held] = scene.hand
        seen = raster.seen(centroids)
        shared = Counter(place for _, place in seen)
        for c, (x, y) in reversed(seen):
            text = palette.number(c)
            if shared[x, y] > 1:
                # Others are under it.
                text += palette.MORE
            x = min(x, columns - len(text))
            for offset, digit in enumerate(text):
                self._put(cells, pens, y * columns + x + offset, digit, _FIRST + self._k + c)
        if scene.questioned is not None and raster.cell[scene.questioned] < raster.outside:
            self._put(cells, pens, int(raster.cell[scene.questioned]), palette.CURSOR, _CURSOR)
        if scene.hand is not None:
            for _, (x, y) in raster.seen(np.array([scene.hand])):
                # Beside the number of a centroid in it.
                at = y * columns + max(x - (scene.held is not None), 0)
                self._put(cells, pens, at, palette.HAND, _CURSOR)
        characters = axes.characters.copy()
        all_pens = np.zeros(characters.shape, np.int32)
        characters[top : top + rows, left : left + columns] = cells.reshape(rows, columns)
        all_pens[top : top + rows, left : left + columns] = pens.reshape(rows, columns)
        self.lay(characters, all_pens)

    def _points_layer(self, raster: Raster, scene: Scene) -> Layer:
        """Return the layer of points, cached for moves of the cursor (25 ms for a million)."""
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
            way = trail[:, c]
            for start, end in pairwise(way):
                for x, y in raster.line(start, end):
                    self._put(cells, pens, y * raster.width + x, palette.TRAIL, _FIRST + c)
            for _, (x, y) in raster.seen(way[:-1]):
                self._put(cells, pens, y * raster.width + x, palette.WAS, _FIRST + c)

    def _distances_layer(
        self, raster: Raster, scene: Scene, cells: NDArray[np.uint32], pens: NDArray[np.int32]
    ) -> None:
        """Draw lines from the point to the nearest centroids, with their lengths in the middle."""
        assert self._points is not None
        assert scene.questioned is not None
        point, reach = self._points[scene.questioned], scene.distances
        for c in sorted(range(len(reach)), key=reach.__getitem__)[:_LINES][::-1]:
            way = self._way(raster, point, scene.centroids[c], cells, pens, c)
            text = amount(reach[c])
            if len(way) <= len(text):
                continue
            middle = len(way) // 2
            order = sorted(range(len(way)), key=lambda i: abs(i - middle))
            last = raster.width - len(text)
            places = [(min(max(way[i][0] - len(text) // 2, 0), last), way[i][1]) for i in order]
            # As near to the middle as possible without covering a point.
            x, y = next(
                (at for at in places if self._free(cells, raster, at, len(text))), places[0]
            )
            for offset, digit in enumerate(text):
                self._put(cells, pens, y * raster.width + x + offset, digit, _FIRST + c)

    @staticmethod
    def _free(cells: NDArray[np.uint32], raster: Raster, at: tuple[int, int], size: int) -> bool:
        """Whether ``size`` cells from here contain only lines."""
        first = at[1] * raster.width + at[0]
        return bool(np.isin(cells[first : first + size], (_BLANK, ord(palette.TRAIL))).all())

    def _way(
        self,
        raster: Raster,
        start: Floats,
        end: Floats,
        cells: NDArray[np.uint32],
        pens: NDArray[np.int32],
        cluster: int,
    ) -> list[tuple[int, int]]:
        """Draw a dotted line on the cells without points, and return all cells on the line."""
        way = raster.line(start, end)
        for x, y in way:
            at = y * raster.width + x
            if cells[at] == _BLANK:
                self._put(cells, pens, at, palette.TRAIL, _FIRST + cluster)
        return way

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
        """The number of foreground pens: pen + base · (region + 1) adds a region's tint."""
        return _FIRST + 2 * self._k

    def alike(self, first: Pens, second: Pens) -> NDArray[np.bool_]:
        """Compare blanks by tint only; filled pens (numbers and the cursor) must not spread."""
        same_tint = first // self._base == second // self._base
        filled = self._filled(first) | self._filled(second)
        return same_tint & ~filled

    def _filled(self, pens: Pens) -> NDArray[np.bool_]:
        kind = pens % self._base
        return (kind >= _FIRST + self._k) | (kind == _CURSOR)

    def style(self, pen: int) -> Style:
        """Return clusters in their colour, numbers reversed on it, regions as a tint behind."""
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
        """Return the theme's foreground or background, whichever contrasts more with ``ground``."""
        theme = self.rich_style
        return max(
            (colour for colour in (theme.color, theme.bgcolor) if colour),
            key=lambda colour: contrast(colour, ground),
            default=None,
        )

    def _tint(self, cluster: int) -> Color:
        ground = self.rich_style.bgcolor
        base = tuple(ground.get_truecolor()) if ground else (0, 0, 0)
        if self.colours.look == "light":
            base = _WHITE
        ink = self._ink(cluster).get_truecolor()
        mixed = (round(b + (i - b) * _TINT) for b, i in zip(base, ink, strict=True))
        return Color.from_rgb(*mixed)
