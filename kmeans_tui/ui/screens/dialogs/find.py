"""A row to look for, typed."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from kmeans_tui.ui.screens.dialogs.dialog import Dialog


class FindDialog(Dialog[str | None]):
    """A row by its number in the file, or by what stands in its label columns.

    What was looked for last stands there, so that enter finds the next of several.
    """

    NAME = "find"

    def __init__(self, last: str = "") -> None:
        super().__init__()
        self._last = last

    def body(self) -> ComposeResult:
        """One line to type in."""
        with Vertical(id="find", classes="dialog") as box:
            box.border_title = "find a row"
            yield Input(self._last, placeholder="a row number, or a label", compact=True)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """That is it."""
        self.dismiss(message.value.strip() or None)
