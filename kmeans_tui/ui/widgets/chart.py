"""The scatter plot."""

import operator
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.style import Style

from kmeans_tui import palette
from kmeans_tui.aspect import Framing, Units, Window
from kmeans_tui.ui.widgets.looks import contrast
from kmeans_tui.ui.widgets.picture import Pens, codes
from kmeans_tui.ui.widgets.plane_picture import PlanePicture
from kmeans_tui.ui.widgets.raster import Marker, Raster, limits
from kmeans_tui.ui.widgets.scene import Floats, Scene
from kmeans_tui.words import amount

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
_LIKELY: Final = 3  # pen of points likely to be drawn
FIRST: Final = 4  # pen of cluster 0; then k clusters, then the numbers of k centroids


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
                self._put(cells, pens, y * columns + x, palette.WAS, FIRST + c)
        if scene.coming is not None:
            for c, (x, y) in raster.seen(scene.coming):
                self._put(cells, pens, y * columns + x, palette.COMING, FIRST + c)
                self._way(raster, scene.centroids[c], scene.coming[c], cells, pens, c)
        centroids = scene.centroids
        if scene.drawn is not None:
            self._draw_layer(raster, scene, scene.drawn, cells, pens)
            centroids = centroids[:-1]
        if scene.hand is not None and scene.held is not None:
            for _, (x, y) in raster.seen(centroids[scene.held : scene.held + 1]):
                self._put(cells, pens, y * columns + x, palette.WAS, FIRST + scene.held)
            centroids = centroids.copy()
            centroids[scene.held] = scene.hand
        seen = raster.seen(centroids)
        shared = Counter(place for _, place in seen)
        for c, (x, y) in reversed(seen):
            text = palette.number(c if scene.numbers is None else scene.numbers[c])
            if shared[x, y] > 1:
                # Others are under it.
                text += palette.MORE
            x = min(x, columns - len(text))
            for offset, digit in enumerate(text):
                self._put(cells, pens, y * columns + x + offset, digit, FIRST + self._k + c)
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
        key = (
            raster, scene.labels, self.shown_marker, self._k, self.colours, scene.wears,
            scene.weights,
        )  # fmt: skip
        if self._layer is None or not all(map(operator.is_, self._layer[0], key)):
            self._layer = key, self._points_drawn(raster, scene)
        cells, pens = self._layer[1]
        return cells.copy(), pens.copy()

    def _points_drawn(self, raster: Raster, scene: Scene) -> Layer:
        marker, used = self.shown_marker, raster.used
        cells = np.full(raster.width * raster.height, _BLANK, np.uint32)
        pens = np.full(len(cells), _PLAIN, np.int32)
        if scene.weights is not None:
            self._weigh(raster, scene.weights, cells, pens)
            return cells, pens
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
        pens[used] = winner + FIRST
        if marker == "glyph":
            colours = self.colours
            shapes = "".join(
                palette.glyph(self._worn(c), colours.ascii_only, colours.mono)
                for c in range(self._k)
            )
            cells[used] = codes(shapes)[winner]
        return cells, pens

    def _weigh(
        self, raster: Raster, weights: Floats, cells: NDArray[np.uint32], pens: NDArray[np.int32]
    ) -> None:
        """Shade every cell by the likeliest of its points; those that cannot be drawn are dots."""
        steps = palette.ASCII_CHANCES if self.colours.ascii_only else palette.CHANCES
        found = raster.most(np.ceil(weights * len(steps)).astype(np.uint8))
        cells[raster.used] = codes(palette.UNASSIGNED + steps)[found]
        pens[raster.used] = np.where(found * 2 > len(steps), _LIKELY, _MUTED)

    def _draw_layer(
        self,
        raster: Raster,
        scene: Scene,
        row: int,
        cells: NDArray[np.uint32],
        pens: NDArray[np.int32],
    ) -> None:
        """Draw the points tried in a draw of the start, and the one taken."""
        assert self._points is not None
        if scene.reach is not None:
            away, cluster = scene.reach
            self._length(
                raster, self._points[row], scene.centroids[cluster], away, cells, pens, cluster
            )
        for _, (x, y) in raster.seen(self._points[list(scene.tried)]):
            self._put(cells, pens, y * raster.width + x, palette.CANDIDATE, _CURSOR)
        for _, (x, y) in raster.seen(self._points[row : row + 1]):
            pen = FIRST + self._k + len(scene.centroids) - 1
            self._put(cells, pens, y * raster.width + x, palette.DRAWN, pen)

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
                    self._put(cells, pens, y * raster.width + x, palette.TRAIL, FIRST + c)
            for _, (x, y) in raster.seen(way[:-1]):
                self._put(cells, pens, y * raster.width + x, palette.WAS, FIRST + c)

    def _distances_layer(
        self, raster: Raster, scene: Scene, cells: NDArray[np.uint32], pens: NDArray[np.int32]
    ) -> None:
        """Draw lines from the point to the nearest centroids, with their lengths in the middle."""
        assert self._points is not None
        assert scene.questioned is not None
        point, reach = self._points[scene.questioned], scene.distances
        for c in sorted(range(len(reach)), key=reach.__getitem__)[:_LINES][::-1]:
            self._length(raster, point, scene.centroids[c], reach[c], cells, pens, c)

    def _length(
        self,
        raster: Raster,
        start: Floats,
        end: Floats,
        length: float,
        cells: NDArray[np.uint32],
        pens: NDArray[np.int32],
        cluster: int,
    ) -> None:
        """Draw a line with its length in the middle, if there is room."""
        way = self._way(raster, start, end, cells, pens, cluster)
        text = amount(length)
        if len(way) <= len(text):
            return
        middle = len(way) // 2
        order = sorted(range(len(way)), key=lambda i: abs(i - middle))
        last = raster.width - len(text)
        places = [(min(max(way[i][0] - len(text) // 2, 0), last), way[i][1]) for i in order]
        # As near to the middle as possible without covering a point.
        x, y = next((at for at in places if self._free(cells, raster, at, len(text))), places[0])
        for offset, digit in enumerate(text):
            self._put(cells, pens, y * raster.width + x + offset, digit, FIRST + cluster)

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
                self._put(cells, pens, at, palette.TRAIL, FIRST + cluster)
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
        return FIRST + 2 * self._k

    def alike(self, first: Pens, second: Pens) -> NDArray[np.bool_]:
        """Compare blanks by tint only; filled pens (numbers and the cursor) must not spread."""
        same_tint = first // self._base == second // self._base
        filled = self._filled(first) | self._filled(second)
        return same_tint & ~filled

    def _filled(self, pens: Pens) -> NDArray[np.bool_]:
        kind = pens % self._base
        return (kind >= FIRST + self._k) | (kind == _CURSOR)

    def style(self, pen: int) -> Style:
        """Return clusters in their colour, numbers reversed on it, regions as a tint behind."""
        region, kind = divmod(pen, self._base)
        background = self._tint(region - 1) if region else None
        if kind == _LIKELY:
            return Style(bgcolor=background, bold=True)
        if kind in (_PLAIN, _MUTED):
            return Style(bgcolor=background, dim=True)
        if kind == _CURSOR:
            return Style(bold=True, reverse=True)
        cluster = (kind - FIRST) % self._k
        ink = None if self.colours.mono else self._ink(cluster)
        if kind < FIRST + self._k:
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
