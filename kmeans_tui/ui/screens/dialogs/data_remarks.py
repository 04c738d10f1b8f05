"""The dialog with all remarks on the data."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.words import printable


class RemarksDialog(Dialog[None]):
    """What is left out, filled in or guessed, one sentence each, the most serious first."""

    NAME = "remarks"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
    ]

    def __init__(self, name: str, remarks: Sequence[str]) -> None:
        super().__init__()
        self._data, self._remarks = name, remarks or ("Nothing is left out, filled in or guessed.",)

    def body(self) -> ComposeResult:
        """Yield the sentences, one per line."""
        with VerticalScroll(id="remarks-box", classes="dialog") as box:
            box.border_title = printable(f"remarks on {self._data}")
            yield Static("\n".join(map(printable, self._remarks)), markup=False)

    def action_scroll(self, by: int) -> None:
        """Scroll by a line."""
        self.query_one("#remarks-box").scroll_relative(y=by, animate=False)
