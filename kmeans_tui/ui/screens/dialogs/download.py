"""The export dialog of a visitor: what it writes is handed to the browser, and nothing stays."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.widgets import Static

from kmeans_tui.ui.models.exporting import Exportable
from kmeans_tui.ui.screens.dialogs.export import ExportDialog
from kmeans_tui.ui.visitor import Visitor

if TYPE_CHECKING:
    from kmeans_tui.export.bundle import Written


class DownloadDialog(ExportDialog):
    """Files and settings, without a folder."""

    NAME = "download"

    def __init__(self, what: Exportable, visitor: Visitor, name: str) -> None:
        super().__init__(what, visitor.folder)
        self._visitor, self._archive = visitor, name

    def where(self) -> ComposeResult:
        """Yield what becomes of the files."""
        yield Static("to your browser's downloads; several files come as one archive", id="where")

    def target(self) -> Path:
        """Return the visitor's own folder."""
        return self._visitor.folder

    def out(self, there: Sequence[str]) -> str:
        """Return nothing: at home, the command has the folder it usually has."""
        return ""

    def finished(self, written: "Written") -> "Written":
        """Return the one file to hand over."""
        return replace(written, paths=(self._visitor.packed(written.paths, self._archive),))

    def hand_over(self, paths: Sequence[Path]) -> None:
        """Give the file to the browser."""
        self.app.hand_over(*paths)  # type: ignore[attr-defined]

    def stopped(self, there: Sequence[Path]) -> None:
        """Say that nothing was handed over."""
        self._visitor.clear()
        self.notify("Stopped; nothing was downloaded.")
