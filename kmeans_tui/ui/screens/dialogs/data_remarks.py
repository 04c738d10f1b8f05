"""The dialog with all remarks on the data."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from kmeans_tui.ui.screens.dialogs.dialog import ScrollDialog
from kmeans_tui.words import printable


class RemarksDialog(ScrollDialog):
    """What is left out, filled in or guessed, one sentence each, the most serious first."""

    NAME = "remarks"

    def __init__(self, name: str, remarks: Sequence[str]) -> None:
        super().__init__()
        self._data, self._remarks = name, remarks or ("Nothing is left out, filled in or guessed.",)

    def body(self) -> ComposeResult:
        """Yield the sentences, one per line."""
        with VerticalScroll(id="remarks-box", classes="dialog") as box:
            box.border_title = printable(f"remarks on {self._data}")
            yield Static("\n".join(map(printable, self._remarks)), markup=False)
