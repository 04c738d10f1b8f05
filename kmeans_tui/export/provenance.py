"""The provenance of a file, written into the file itself."""

from dataclasses import dataclass

from kmeans_tui import __version__
from kmeans_tui.words import printable


@dataclass(frozen=True)
class Provenance:
    """The command that makes the file again, and the digest of its data.

    Without date and folder, so that the same input always gives the same bytes.
    """

    command: str
    digest: str

    @property
    def software(self) -> str:
        """The program and its version."""
        return f"kmeans-tui {__version__}"

    @property
    def plain_command(self) -> str:
        """The command on one line of printable characters, for picture metadata."""
        return printable(self.command)

    def __str__(self) -> str:
        return f"{self.software}\n{self.plain_command}\ndata sha256:{self.digest}"
