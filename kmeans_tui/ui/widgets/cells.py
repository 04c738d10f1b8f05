"""A widget that is a grid of cells and sends only the changed ones.

Textual repaints every row of a widget that refreshes, changed or not, and crops a row's update
only on the right. On a 120×40 chart that is 12.8 kB per iteration in which 5 cells change.
``Cells`` compares each new picture with the last and refreshes the spans that differ;
``SpanScreen`` also crops them on the left. Together they send 0.3 kB, usable on a slow link.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple, Self

from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from kmeans_tui.words import printable

# Two spans of a row closer than this are sent as one: moving the cursor and setting the colours
# again costs about 45 bytes, a cell in between one byte, or 40 if it changes colour.
GAP = 8

Words = tuple[str, Style]
_EDGE = Style(dim=True)


class _Look(NamedTuple):
    """What finishes a widget's rows."""

    ground: Style
    frame: Style
    background: Color
    filters: Sequence[LineFilter]


class Cells(Widget):
    """A grid of cells. Subclasses compute rows and pass them to ``show``.

    If framed, it draws its own border, title and hint. Finished rows are cached with borders and
    filters: Textual asks every visible widget for all its rows whenever one cell changes, and its
    own border cache costs 0.2 ms per widget and frame.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"cells--frame", "cells--focus"}
    framed = False

    def __init__(self, *, id: str | None = None, title: str = "") -> None:  # noqa: A002
        super().__init__(id=id)
        self._title, self._hint = title, ""
        self._written: list[tuple[Words, ...]] = []
        self._width = 0
        self._rows: list[Strip] = []
        self._finished: dict[int, Strip] = {}
        self._look: _Look | None = None

    @property
    def inner(self) -> Size:
        """The cells inside the frame."""
        width, height = self.size
        return Size(max(0, width - 2), max(0, height - 2)) if self.framed else self.size

    def entitle(self, title: str | None = None, hint: str | None = None) -> None:
        """Write into the frame: the title at the top, a hint at the bottom."""
        new = (self._title if title is None else title, self._hint if hint is None else hint)
        if new != (self._title, self._hint):
            edges = 0, self.size.height - 1
            # Any style that tells the frame from the text. A whole edge costs 150 bytes a frame.
            before = [self._framed_row(y, _EDGE) for y in edges]
            self._title, self._hint = new
            self.refresh_spans(
                (y, *span)
                for y, old in zip(edges, before, strict=True)
                for span in changed_spans(old, self._framed_row(y, _EDGE))
            )

    def show(self, rows: Iterable[Sequence[Words]]) -> None:
        """Draw these rows, each a sequence of (text, style), padded to the width or cut with …."""
        width = self.inner.width
        new = [tuple(row) for row in rows]
        old, self._written = self._written, new
        if len(old) != len(new) or width != self._width:
            self._width = width
            self._rows = [_strip(row, width) for row in new]
            self.refresh()
            return
        spans: list[tuple[int, int, int]] = []
        for y, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                strip, self._rows[y] = self._rows[y], _strip(after, width)
                spans += ((y, *span) for span in changed_spans(strip, self._rows[y]))
        self.refresh_inside(spans)

    def refresh_inside(self, spans: Iterable[tuple[int, int, int]]) -> None:
        """Repaint these spans inside the frame: (row, first column, column after the last)."""
        edge = 1 if self.framed else 0
        self.refresh_spans((y + edge, x1 + edge, x2 + edge) for y, x1, x2 in spans)

    def refresh_spans(self, spans: Iterable[tuple[int, int, int]]) -> None:
        """Repaint only these spans of the widget."""
        regions = [Region(x1, y, x2 - x1, 1) for y, x1, x2 in spans]
        if regions:
            self.refresh(*regions)

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Repaint, as in Textual, and drop these rows from the cache."""
        if regions:
            for region in regions:
                for y in region.line_range:
                    self._finished.pop(y, None)
        else:
            self._finished.clear()
            self._look = None
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        """Drop the finished rows, whose colours changed."""
        self._finished.clear()
        self._look = None
        super().notify_style_update()

    def forget(self) -> None:
        """Drop the picture, so that the next is sent completely (new colours, new size)."""
        self._written = []
        self._rows = []
        self._finished.clear()

    def row(self, y: int) -> Strip:
        """Return a row inside the frame."""
        if y >= len(self._rows):
            return Strip.blank(self.inner.width)
        return self._rows[y].adjust_cell_length(self.inner.width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of a region of the widget, for Textual."""
        if self._look is None:
            try:
                self._look = self._looked_up()
            except KeyError:  # a screen that has just come is painted before its styles are known
                return [Strip.blank(crop.width)] * crop.height
        look = self._look
        whole = crop.x == 0 and crop.width == self.size.width
        rows = [self._finished.get(y) or self._finish(y, look) for y in crop.line_range]
        return rows if whole else [row.crop(crop.x, crop.right) for row in rows]

    def _finish(self, y: int, look: "_Look") -> Strip:
        strip = self._framed_row(y, look.frame) if self.framed else self.row(y)
        strip = strip.apply_style(look.ground)
        for line_filter in look.filters:
            strip = strip.apply_filter(line_filter, look.background)
        self._finished[y] = strip
        return strip

    def _looked_up(self) -> "_Look":
        """Return styles that Textual recomputes on every call: 0.1 ms per changed row."""
        return _Look(
            self.rich_style,
            self.get_component_rich_style("cells--focus" if self.has_focus else "cells--frame"),
            self.background_colors[1],
            self.get_line_filters(),
        )

    def _framed_row(self, y: int, style: Style) -> Strip:
        width, height = self.size
        if 0 < y < height - 1:
            edge = Segment("│", style)
            return Strip([edge, *self.row(y - 1), edge]).adjust_cell_length(width)
        left, right = ("╭", "╮") if y == 0 else ("╰", "╯")
        text = printable(self._title if y == 0 else self._hint)
        room = max(0, width - 2)
        if text:
            text = f" {text} " if len(text) + 4 <= room else f" {text[: max(0, room - 5)]}… "
        dashes = "─" * max(0, room - len(text) - 1)
        before, after = ("─", dashes) if y == 0 else (dashes, "─")
        segments = [Segment(left + before, style), Segment(text), Segment(after + right, style)]
        return Strip(segments).adjust_cell_length(width)

    def on_focus(self) -> None:
        """Redraw the frame, which shows the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """Redraw the frame, which shows the focus."""
        self.refresh()


def _strip(row: Sequence[Words], width: int) -> Strip:
    """Return a row in exactly ``width`` cells, with an ellipsis if it is longer.

    The text is made printable.
    """
    strip = Strip([Segment(printable(text), style) for text, style in row])
    if strip.cell_length <= width or width < 1:
        return strip.adjust_cell_length(width)
    return Strip([*strip.crop(0, width - 1), Segment("…")], width)


def changed_spans(before: Strip, after: Strip) -> Iterator[tuple[int, int]]:
    """Yield where two rows differ, as (first column, column after the last), joining close ones."""
    old, new = list(_cells(before)), list(_cells(after))
    if len(old) != len(new):
        yield 0, max(len(old), len(new))
        return
    yield from joined(x for x, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1])


def joined(columns: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield ascending columns as spans (first, after the last), joined across at most ``GAP``."""
    first = last = -1
    for x in columns:
        if first < 0:
            first = x
        elif x - last > GAP:
            yield first, last + 1
            first = x
        last = x
    if first >= 0:
        yield first, last + 1


def _cells(strip: Strip) -> Iterator[tuple[str, Style | None]]:
    for text, style, _ in strip:
        for character in text:
            yield character, None if character == " " and not _visible(style) else style


def _visible(style: Style | None) -> bool:
    """Whether a blank of this style looks different from a plain one."""
    return style is not None and bool(style.bgcolor or style.reverse or style.underline)


class _Spans(ChopsUpdate):
    """Exactly the changed spans, cut on both sides, with colours set only where they change.

    Textual cuts only the right side, and sets and resets the colours of every segment, 37 bytes
    each; most of what changes in an iteration is numbers of one colour.
    """

    def render_segments(self, console: Console) -> str:
        written: list[str] = []
        system = console._color_system or ColorSystem.TRUECOLOR
        present = ""
        for y, x1, x2 in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                first, last = max(x, x1), min(end, x2)
                part = strip if (first, last) == (x, end) else strip.crop(first - x, last - x)
                written.append(f"\x1b[{y + 1};{first + 1}H")
                for text, style, _ in part:
                    codes = Strip.render_ansi(style, system) if style else ""
                    if codes != present:
                        written.append(f"\x1b[0;{codes}m" if codes else "\x1b[0m")
                        present = codes
                    written.append(text)
        written.append("\x1b[0m" if present else "")
        return "".join(written)


class _SpanCompositor(Compositor):
    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        return update and _Spans(update.chops, update.spans, update.chop_ends)


class SpanScreen(Screen[Any]):
    """A screen whose partial updates are cut to the changed cells.

    The one private name of Textual that the program uses, and the reason for its pinned version.
    """

    BLANK = True  # widgets cover all of it
    # Textual would take escape for itself where nothing has the focus.
    _key_escape = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._compositor = _SpanCompositor()
