"""The dialog to find a row."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from kmeans_tui.ui.screens.dialogs.dialog import Dialog


class FindDialog(Dialog[str | None]):
    """Takes a row number in the file, or text from the label columns.

    It starts with the last search, so that enter finds the next match.
    """

    NAME = "find"

    def __init__(self, last: str = "") -> None:
        super().__init__()
        self._last = last

    def body(self) -> ComposeResult:
        """Yield the input line."""
        with Vertical(id="find", classes="dialog") as box:
            box.border_title = "find a row"
            yield Input(self._last, placeholder="a row number, or a label", compact=True)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Close with what was typed."""
        self.dismiss(message.value.strip() or None)
