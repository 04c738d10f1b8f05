"""The lines of a question above the footer: the score and the question, a field, the verdict."""

import textwrap

from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from kmeans_tui.ui.widgets.panels import BOLD, PLAIN, Panel


class WrappedLines(Panel):
    """A sentence wrapped to the width, as much of it as there is room for."""

    def __init__(self, *, id: str, style: Style = PLAIN) -> None:  # noqa: A002
        super().__init__(id=id)
        self._sentence, self._style = "", style

    def draw(self, sentence: str) -> None:
        """Show a sentence."""
        self._sentence = sentence
        width, height = self.size
        if width > 2:
            lines = textwrap.wrap(sentence, width - 2)[: max(height, 1)]
            self.show([[(f" {each}", self._style)] for each in lines])

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self.forget()
        self.draw(self._sentence)


class Asking(Vertical):
    """Three lines; the field is shown only where a number is asked for."""

    BLANK = True

    def compose(self) -> ComposeResult:
        """Yield the question, the field and the verdict."""
        yield WrappedLines(id="asked", style=BOLD)
        yield Input(
            id="prediction", compact=True, restrict="[0-9]*", max_length=9, disabled=True,
            placeholder="number, then enter",
        )  # fmt: skip
        yield WrappedLines(id="told")

    @property
    def field(self) -> Input:
        """The field for a number."""
        return self.query_one("#prediction", Input)

    def ask(self, line: str, said: str, *, types: bool) -> None:
        """Show a question and what is said of it; ``types`` opens the field, or closes it."""
        self.query_one("#asked", WrappedLines).draw(line)
        self.query_one("#told", WrappedLines).draw(said)
        field = self.field
        if types == field.disabled:
            field.disabled = not types
            field.set_class(types, "-open")
            if types:
                field.value = ""
                field.focus()
            else:
                self.screen.set_focus(None)
