"""The dialog with all tables of what has changed from one recorded run to another."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical

from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.ui.widgets.told import Told


class ChangedRunsDialog(Dialog[None]):
    """Matched clusters, rows that moved, means that drifted, as lines."""

    NAME = "changed"

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = lines

    def body(self) -> ComposeResult:
        """Yield the lines in a box."""
        with Vertical(id="changed", classes="dialog") as box:
            box.border_title = "what has changed"
            yield Told(self._lines, id="changed-lines")

    def on_mount(self) -> None:
        """Let the keys scroll."""
        self.query_one(Told).focus()
