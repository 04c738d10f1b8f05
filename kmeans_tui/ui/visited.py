"""The part of the program that may be used by a visitor: drivers, exports, what is refused."""

from pathlib import Path
from typing import TYPE_CHECKING

from textual.driver import Driver

from kmeans_tui.ui.classroom import Classroom
from kmeans_tui.ui.visitor import WITHHELD, Visitor

if TYPE_CHECKING:
    from kmeans_tui.ui.models.exporting import Exportable
    from kmeans_tui.ui.screens.dialogs.dialog import Dialog


class Visited(Classroom):
    """The program for a visitor, or for its owner, who may do all: then there is no visitor."""

    visitor: Visitor | None = None

    @property
    def withheld(self) -> frozenset[str]:
        """The actions that this user does not have."""
        return frozenset() if self.visitor is None else frozenset(WITHHELD)

    def refuses(self, action: str) -> bool:
        """Whether this user does not have the action, which is then said."""
        if action not in self.withheld:
            return False
        self.notify(WITHHELD[action])
        return True

    def action_suspend_process(self) -> None:
        """Go back to the shell for a while."""
        if not self.refuses("app.suspend_process"):
            super().action_suspend_process()

    def get_driver_class(self) -> type[Driver]:
        """Return Textual's driver, or ours instead of those for terminals and for browsers."""
        if self.visitor is not None:
            from kmeans_tui.ui.browser import BrowserDriver

            return BrowserDriver
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from kmeans_tui.ui.terminal import SteadyDriver

        return SteadyDriver

    def export_dialog(self, what: "Exportable", folder: Path) -> "Dialog[None]":
        """Return the dialog that writes to a folder, or to the downloads of a visitor's browser."""
        if self.visitor is not None:
            from kmeans_tui.ui.screens.dialogs.download import DownloadDialog

            return DownloadDialog(what, self.visitor, folder.name)
        from kmeans_tui.ui.screens.dialogs.export import ExportDialog

        return ExportDialog(what, folder)

    def hand_over(self, path: Path) -> None:
        """Give a visitor a file, of which nothing stays here."""
        assert self.visitor is not None
        # The driver closes it when the browser has it.
        file = open(path, "rb")  # noqa: SIM115
        self.deliver_binary(file, save_filename=path.name)
        self.visitor.clear()
        self.notify(f"{path.name} is in your browser's downloads.")
