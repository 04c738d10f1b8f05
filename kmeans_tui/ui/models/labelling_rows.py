"""Label the rows of another table from the screen: which files, by which command, with what result.

Nothing here imports Textual.
"""

import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from kmeans_tui.command import Options
from kmeans_tui.data.reading import files
from kmeans_tui.requests.session import Run
from kmeans_tui.shell_command import export_command

if TYPE_CHECKING:
    from kmeans_tui.requests.subject import Subject

_CLUSTERS: Final = "-clusters.csv"


@dataclass(frozen=True)
class Labelling:
    """The run on show, whose command opens ``view``, and the files to read and to write.

    ``folder`` is where the command writes its recording if the run has none yet.
    """

    run: Run
    view: Options
    folder: Path
    new: str = ""
    out: str = ""

    @property
    def source(self) -> str:
        """The path of the new rows; never standard input."""
        typed = self.new
        if typed.strip() != typed and not os.path.lexists(files.located(typed)):
            typed = typed.strip()
        if typed.startswith("-"):
            return os.path.join(os.curdir, typed)
        return os.path.expanduser(typed)

    @property
    def target(self) -> Path:
        """The file to write."""
        typed = self.out.strip()
        return Path(os.path.expanduser(typed)) if typed else Path(self.proposed)

    @property
    def proposed(self) -> str:
        """The file to write if none is named: like the new rows, in the working folder."""
        stem = PurePath(self.source.split("::")[0]).name.split(".")[0] or "rows"
        return f"{stem.lstrip('-') or 'rows'}{_CLUSTERS}"

    @property
    def replaces(self) -> bool:
        """Whether a file is there already."""
        return self.target.exists()

    def refusal(self) -> str | None:
        """Return why these files cannot be used, or None; to be asked before the work begins."""
        from kmeans_tui.requests.assigned_file import unusable

        if not self.new.strip():
            return "type the path of a table with new rows"
        return unusable(self.run.options.data, self.source, self.target, force=True)

    def command(self) -> str:
        """Return the command that does the same: after an export, if the run is not recorded."""
        recording, before = self.run.options.data, ""
        if not self.run.recorded:
            recording = str(self.folder / "run.json")
            written = export_command(self.view, ("run",))
            where = ["--out", str(self.folder), *(["--force"] if os.path.exists(recording) else [])]
            before = f"{written} {shlex.join(where)} && "
        words = ["kmeans-tui", "assign", recording, self.source, "--out", str(self.target)]
        return before + shlex.join(words + (["--force"] if self.replaces else []))

    def done(self, tell: Callable[[str], bool]) -> list[str]:
        """Label the rows, write the file, and return what became of them, line by line.

        ``tell`` gets what is done, and stops it by returning False. Raises ``ValueError``, one
        sentence, if that happens or the rows cannot be used; nothing is written then.
        """
        from kmeans_tui.requests import assigned, assigned_words
        from kmeans_tui.requests.assigned_file import write
        from kmeans_tui.whole_file import whole_file

        def heard(read: int, size: int) -> bool:
            return tell(f"reading, {read / 1e6:,.0f} of {size / 1e6:,.0f} MB")

        plain = Options(self.run.options.data)
        found = assigned.assigning(plain, self._subject(), self.source, None, heard)
        with whole_file(self.target) as file:
            write(found, file, tell)
            # Refuses a table without a usable row, before the file is there.
            first, *others = assigned_words.lines(found)
        return [first, f"written to {self.target}", *others]

    def _subject(self) -> "Subject":
        """Return the run with its data; what a recording says of more rows is read again."""
        from kmeans_tui.requests import recorded
        from kmeans_tui.requests.subject import Subject, open_subject

        run = self.run
        if run.recorded and recorded.as_recorded(run.options):
            kept = open_subject(run.options).preparation
            return Subject(run.dataset, run.history, run.parameters, kept)
        return Subject(run.dataset, run.history, run.parameters)
