"""What somebody may do who uses the program through a browser, on the computer of someone else.

Visitors see the data that are served and the built-in sets, nothing else: they name no paths, their
settings are forgotten, and what they export is handed to the browser. Everything that depends on
this asks here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.driver import Driver

from kmeans_tui.ui.classroom import Classroom

if TYPE_CHECKING:
    from kmeans_tui.ui.models.exporting import Exportable
    from kmeans_tui.ui.screens.dialogs.dialog import Dialog

# The actions of the key table that visitors do not have, and what their keys say instead.
WITHHELD: Final[Mapping[str, str]] = {
    "path": "In a browser you can open what is served and the built-in sets, no other files.",
    "app.suspend_process": "In a browser there is no shell to go back to.",
}


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser.

    ``data`` are the data that are served, as an option; a file is named as it is seen from the
    working folder, which is the visitor's own. ``folder`` is where files are written on their way
    to the browser, seen from there as well.
    """

    data: str
    folder: Path = Path("files")

    def packed(self, paths: Sequence[Path], name: str) -> Path:
        """Return the one file to hand over: several become an archive called ``name``.zip.

        A browser asks before it lets a page save a second file.
        """
        import zipfile

        if len(paths) == 1:
            return paths[0]
        packed = self.folder / f"{name}.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in paths:
                archive.write(path, path.name)
        return packed

    def clear(self) -> None:
        """Remove what was written; files that are still being handed over stay open."""
        import shutil

        shutil.rmtree(self.folder, ignore_errors=True)


class Visited(Classroom):
    """The part of the program that may be used by a visitor; None is its owner, who may all."""

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
