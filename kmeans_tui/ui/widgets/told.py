"""Sentences and tables to read in a dialog: sentences are wrapped, tables scroll both ways."""

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import ScrollableContainer
from textual.widgets import Static

from kmeans_tui.analysis.text_table import wrapped
from kmeans_tui.words import printable


class Told(ScrollableContainer):
    """Lines of text, the first in bold; arrows and h j k l scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "scroll_up", show=False),
        Binding("j", "scroll_down", show=False),
        Binding("h", "scroll_left", show=False),
        Binding("l", "scroll_right", show=False),
    ]

    def __init__(self, lines: Sequence[str] = (), *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.lines: tuple[str, ...] = tuple(lines)

    def compose(self) -> ComposeResult:
        """Yield the text."""
        yield Static()

    def tell(self, lines: Sequence[str]) -> None:
        """Show these lines, from the top."""
        self.lines = tuple(lines)
        self.scroll_home(animate=False)
        self._draw()

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        if width < 1:
            return
        whole = [*wrapped(self.lines[:1], width), *wrapped(self.lines[1:], width)]
        bold = len(list(wrapped(self.lines[:1], width)))
        told = Text()
        for at, line in enumerate(whole):
            told.append(printable(line), "bold" if at < bold else "")
            told.append("\n" if at < len(whole) - 1 else "")
        self.query_one(Static).update(told)
