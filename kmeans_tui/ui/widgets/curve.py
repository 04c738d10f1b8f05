"""A small plot of one value per iteration, or per k."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from kmeans_tui import palette
from kmeans_tui.ui.widgets.axis_frame import Axes, cell_of, of_curve
from kmeans_tui.ui.widgets.picture import Picture, codes
from kmeans_tui.ui.widgets.raster import segment

_LINE, _CAPTION, _ASIDE = 1, 2, 3  # pens; 0 is for the axes
STOP: Final = "▪"
_PRESENT: Final = "♦"
_BESIDE: Final = "∙"
_SWAP: Final = "✱"
# The stops of a second line.
OTHER: Final = "◦"

# The minimum rows of a plot, however long its caption is.
_LEAST: Final = 9

Value = float | None


class Curve(Picture):
    """A line through values up to the present one; its axes cover all of them."""

    framed = True

    def __init__(self, *, id: str | None = None, title: str = "") -> None:  # noqa: A002
        super().__init__(id=id, title=title)
        self._values: list[Value] = []
        self._beside: list[Value] = []
        self._second: list[Value] = []
        self._chord = False
        self._at, self._until = 0, 0
        self._first, self._last = 0, 0
        self._marked: int | None = None
        self._captions: tuple[str, ...] = ("",)
        self._halves, self._from_zero = False, True
        self._swaps: tuple[int, ...] = ()
        self._axes: Axes | None = None

    def draw(
        self,
        values: Iterable[Value],
        at: int,
        caption: str | Sequence[str],
        *,
        first: int = 0,
        last: int | None = None,
        whole: bool = False,
        marked: int | None = None,
        beside: Iterable[Value] = (),
        chord: bool = False,
        halves: bool = False,
        from_zero: bool = True,
        second: Iterable[Value] = (),
        swaps: Iterable[int] = (),
    ) -> None:
        """Show values[0] to values[at], all of them if ``whole``, and mark values[at].

        ``first`` and ``last`` are the ends of the x axis. None leaves a gap. ``marked`` gets its
        own marker, ``beside`` are values drawn as dots, ``chord`` joins the ends. With ``halves``
        every second value is halfway between two counts. With ``from_zero`` the axis begins at 0 if
        the values halve, and else says that it does not. ``second`` are the values of a second
        line, shown as far as the first; one that ends earlier is marked at its end. The values
        numbered in ``swaps`` are None and get a mark at the height of the one before. ``caption``
        has one or more lines; those after the first are shown only if the plot keeps enough rows.
        """
        new, dots, other = list(values), list(beside), list(second)
        self._halves = halves
        end = first + (len(new) - 1) // (2 if halves else 1) if last is None else last
        limits = (new, dots, other, first, end)
        known = (self._values, self._beside, self._second, self._first, self._last)
        if (*limits, from_zero) != (*known, self._from_zero):
            self._axes = None
        self._values, self._beside, self._second, self._first, self._last = limits
        self._from_zero = from_zero
        self._at, self._until = at, len(new) if whole else at + 1
        self._captions = (caption,) if isinstance(caption, str) else tuple(caption)
        self._marked, self._chord = marked, chord
        self._swaps = tuple(swaps)
        self._draw()

    def value_at(self, x: int) -> float | None:
        """Return the value of the x axis at a column inside the frame; None beside the axis."""
        axes = self._axes
        if axes is None or not 0 <= x - axes.left < axes.columns:
            return None
        low, high = axes.fit.window[0]
        return low + (high - low) * (x - axes.left + 0.5) / axes.columns

    def on_resize(self) -> None:
        """Redraw with new axes."""
        self._axes = None
        self.forget()
        self._draw()

    def _draw(self) -> None:
        width, height = self.inner
        if width < 1 or height < 1:
            return
        characters = np.full((height, width), ord(" "), np.uint32)
        pens = np.zeros((height, width), np.int32)
        lines = self._captions if height >= _LEAST + len(self._captions) else self._captions[:1]
        for y, line in enumerate(lines):
            caption = codes(f" {line}"[:width])
            characters[y, : len(caption)], pens[y] = caption, _ASIDE if y else _CAPTION
        every = (*self._values, *self._beside, *self._second)
        known = [value for value in every if value is not None]
        if known and width >= 16 and height >= 6:
            y = len(lines)
            self._plot(characters[y:], pens[y:], min(known), max(known))
        self.lay(characters, pens)

    def _plot(
        self, characters: NDArray[np.uint32], pens: NDArray[np.int32], low: float, high: float
    ) -> None:
        flat = high == low
        if flat:
            low, high = (low / 2, high * 1.5) if high > 0 else (high - 1, high + 1)
        elif self._from_zero and 0 < low <= high / 2:
            low = 0.0
        last = max(self._last - self._first, 1)
        # A draw may come before the widget is told its new size.
        if self._axes is None or self._axes.characters.shape != characters.shape:
            height, width = characters.shape
            limits = (self._first, self._first + last)
            self._axes = of_curve(width, height, limits, (low, high))
            offset = self._axes.offsets[1]
            above = "not from 0" if self._from_zero and low > 0 and not flat else ""
            self.say_beside(f"from {offset}" if offset else above)
        axes = self._axes
        left, top, columns, rows = axes.left, axes.top, axes.columns, axes.rows
        characters[:] = axes.characters

        def stop(i: int, value: float) -> tuple[int, int]:
            at = self._first + (i / 2 if self._halves else i)
            across = cell_of(at, axes.fit.window[0], columns)
            return across, rows - 1 - cell_of(value, axes.fit.window[1], rows)

        def put(x: int, y: int, character: str, pen: int) -> None:
            characters[top + y, left + x] = ord(character)
            pens[top + y, left + x] = pen

        def stops(values: Sequence[Value]) -> list[tuple[int, int]]:
            return [stop(i, value) for i, value in enumerate(values) if value is not None]

        line = stops(self._values[: self._until])
        if self._chord and len(line) > 1:
            for x, y in segment(line[0], line[-1]):
                put(x, y, palette.BORDER, _ASIDE)
        for x, y in stops(self._beside):
            put(x, y, _BESIDE, _ASIDE)
        every = 2 if self._halves else 1
        for x, y, character in self._line(stops(self._second[: self._until]), every, OTHER):
            put(x, y, character, _LINE)
        for x, y, character in self._line(line, every, STOP):
            put(x, y, character, _LINE)
        for i in self._swaps:
            value = self._values[i - 1] if i < min(self._until, len(self._values)) else None
            if value is not None:
                put(*stop(i, value), _SWAP, _LINE)
        marks = [(self._values, self._marked, palette.CURSOR), (self._values, self._at, _PRESENT)]
        if self._second:
            marks = [
                (values, min(self._at, len(values) - 1), _PRESENT)
                for values in (self._second, self._values)
            ]
        for values, at, sign in marks:
            value = values[at] if at is not None and 0 <= at < len(values) else None
            if at is not None and value is not None:
                put(*stop(at, value), sign, _LINE)

    @staticmethod
    def _line(
        stops: list[tuple[int, int]], every: int, sign: str
    ) -> Iterator[tuple[int, int, str]]:
        for start, end in pairwise(stops):
            for x, y in segment(start, end):
                yield x, y, palette.TRAIL
        for i in range(1, every):
            for x, y in stops[i::every]:
                yield x, y, _BESIDE
        for x, y in stops[::every]:
            yield x, y, sign

    def style(self, pen: int) -> Style:
        """Return the style: axes muted, the line like text, because colours stand for clusters."""
        if pen != _LINE:
            return Style(bold=True) if pen == _CAPTION else Style(dim=True)
        return Style.null()
