"""Sentences in a frame, wrapped to its width, for verdicts, notes and summaries."""

import textwrap
from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from kmeans_tui.ui.widgets.panels import BOLD, PLAIN, Panel


class Passage(Panel):
    """A list of sentences, the first in bold; scrolls if they do not all fit."""

    framed = True
    can_focus = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_lines(-1)", show=False),
        Binding("down,j", "scroll_lines(1)", show=False),
    ]

    def __init__(self, *, id: str | None = None, title: str = "") -> None:  # noqa: A002
        super().__init__(id=id, title=title)
        self._sentences: tuple[str, ...] = ()
        self._first = 0
        self._wrapped = True

    def draw(self, sentences: Sequence[str], *, wrapped: bool = True) -> None:
        """Show these sentences from the top; if unchanged, keep the scroll position.

        Lines of a table are not ``wrapped``.
        """
        self._wrapped = wrapped
        if tuple(sentences) != self._sentences:
            self._sentences, self._first = tuple(sentences), 0
        self._draw()

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self.forget()
        self._draw()

    def on_mouse_scroll_down(self) -> None:
        """Scroll on."""
        self.action_scroll_lines(1)

    def on_mouse_scroll_up(self) -> None:
        """Scroll back."""
        self.action_scroll_lines(-1)

    def action_scroll_lines(self, by: int) -> None:
        """Scroll by this many lines."""
        self._first += by
        self._draw()

    def _lines(self, sentence: str, width: int) -> list[str]:
        return textwrap.wrap(sentence, width) or [""] if self._wrapped else [sentence]

    def _draw(self) -> None:
        width, height = self.inner
        if width < 4 or height < 1:
            return
        lines = [
            (line, BOLD if at == 0 else PLAIN)
            for at, sentence in enumerate(self._sentences)
            for line in self._lines(sentence, width - 2)
        ]
        self._first = max(0, min(self._first, len(lines) - height))
        shown = lines[self._first : self._first + height]
        last = self._first + len(shown)
        more = f"{self._first + 1}-{last} of {len(lines)} lines: tab, then j k"
        self.entitle(hint=more if len(shown) < len(lines) else "")
        self.show([(f" {line}", style)] for line, style in shown)
