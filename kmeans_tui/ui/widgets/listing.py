"""A table with a chosen row, for the values of k, the seeds, the results of a census."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual.events import Click
from textual.message import Message

from kmeans_tui.ui.widgets.cells import Words
from kmeans_tui.ui.widgets.panels import BOLD, MUTED, PLAIN, Panel

_CHOSEN: Final = "▶ "


class Listing(Panel):
    """A header and rows, one of them chosen; scrolls to keep it visible."""

    framed = True
    can_focus = True

    @dataclass
    class Picked(Message):
        """A row was clicked."""

        listing: "Listing"
        row: int

        @property
        def control(self) -> "Listing":
            """The listing of the row."""
            return self.listing

    @dataclass
    class Resized(Message):
        """Its width or height changed: rows that depend on its width must be redrawn."""

        listing: "Listing"

    def __init__(self, *, id: str | None = None, title: str = "") -> None:  # noqa: A002
        super().__init__(id=id, title=title)
        self._first = 0
        self._drawn: tuple[str, Sequence[Sequence[Words]], int | None] | None = None
        self._note = ""

    def draw(
        self, header: str, rows: Sequence[Sequence[Words]], chosen: int | None, note: str = ""
    ) -> None:
        """Show these rows, each a sequence of (text, style); ``chosen`` is marked.

        ``note`` is shown in the frame if all rows are visible.
        """
        self._drawn, self._note = (header, rows, chosen), note
        self._draw()

    def on_resize(self) -> None:
        """Draw the rows that fit the final size."""
        self._first = 0
        self.forget()
        self._draw()
        self.post_message(self.Resized(self))

    def on_mouse_scroll_down(self) -> None:
        """Choose the next row."""
        self._turned(1)

    def on_mouse_scroll_up(self) -> None:
        """Choose the previous row."""
        self._turned(-1)

    def _turned(self, by: int) -> None:
        if self._drawn is not None and self._drawn[2] is not None:
            row = self._drawn[2] + by
            if 0 <= row < len(self._drawn[1]):
                self.post_message(self.Picked(self, row))

    def on_click(self, event: Click) -> None:
        """Choose the row under the pointer."""
        row = self._first + event.y - 2
        if self._drawn is not None and event.y >= 2 and row < len(self._drawn[1]):
            self.post_message(self.Picked(self, row))

    def _draw(self) -> None:
        if self._drawn is None:
            return
        header, rows, chosen = self._drawn
        room = max(1, self.inner.height - 1)
        if chosen is not None:
            self._first = min(max(self._first, chosen - room + 1), chosen)
        self._first = max(0, min(self._first, len(rows) - room))
        shown = range(self._first, min(self._first + room, len(rows)))
        lines: list[list[Words]] = [[(f"  {header}", MUTED)]]
        for at in shown:
            mark = (_CHOSEN, BOLD) if at == chosen else ("  ", PLAIN)
            lines.append([mark, *rows[at]])
        part = f"{shown.start + 1:,}-{shown.stop:,} of {len(rows):,}"
        self.entitle(hint=part if len(shown) < len(rows) else self._note)
        self.show(lines)
