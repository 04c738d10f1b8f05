"""What somebody may do who uses the program through a browser, on the computer of someone else.

Visitors see the data that are served and the built-in sets, nothing else: they name no paths, their
settings are forgotten, and what they export is handed to the browser. Everything that depends on
this asks here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# The actions of the key table that visitors do not have, and what their keys say instead.
WITHHELD: Final[Mapping[str, str]] = {
    "path": "In a browser you can open what is served and the built-in sets, no other files.",
    "read_as": "In a browser you cannot change how a file is read.",
    "label": "In a browser there are no files of yours to label.",
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
