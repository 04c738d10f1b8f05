"""The dialog that labels the rows of another table with the clusters of the run on show."""

from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from kmeans_tui.ui.models import paths
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.labelling_rows import Labelling
from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.ui.screens.page import Page
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from kmeans_tui.ui.widgets.told import Told
from kmeans_tui.words import printable, sentence


class RowsPath(Input):
    """An input for a path; tab completes it, or goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "screen.complete", show=False),
    ]


class LabellingDialog(Dialog[None]):
    """Two paths, the command that does the same, and the result."""

    NAME = "labelling"
    VERTICAL_BREAKPOINTS = Page.VERTICAL_BREAKPOINTS

    def __init__(self, labelling: Labelling) -> None:
        super().__init__()
        self._labelling = labelling
        self._job: Job | None = None

    def body(self) -> ComposeResult:
        """Yield the paths, what would be replaced, the command, the result and the progress."""
        with Vertical(id="labelling", classes="dialog") as box:
            box.border_title = "label new rows with these clusters"
            with Horizontal(classes="labelled"):
                yield Static("rows ")
                yield RowsPath(id="rows-path", compact=True)
            with Horizontal(classes="labelled"):
                yield Static("write ")
                yield Input(id="rows-out", compact=True)
            yield Static(id="replaces")
            yield Static(id="same")
            yield Told(id="rows-told")
            yield ProgressLine(id="labelling-line")

    def on_mount(self) -> None:
        """Begin with the path of the rows."""
        self.query_one(RowsPath).focus()
        self._say()

    def on_unmount(self) -> None:
        """Stop; no half-written file is left behind."""
        self.stop()

    # --- the paths -----------------------------------------------------------------------------

    def on_input_changed(self) -> None:
        """Show what would be done with these paths."""
        if self.closed or not self.query("#rows-out"):
            return
        out = self.query_one("#rows-out", Input)
        new = self.query_one(RowsPath).value
        self.remove_class("-done")
        self._labelling = replace(self._labelling, new=new, out=out.value)
        out.placeholder = printable(self._labelling.proposed) if new.strip() else ""
        self._say()

    def action_complete(self) -> None:
        """Complete the path as far as all matches agree; if that adds nothing, go on."""
        field = self.query_one(RowsPath)
        found = paths.completed(field.value)
        if found == field.value:
            self.query_one("#rows-out").focus()
        else:
            field.value, field.cursor_position = found, len(found)

    def _say(self) -> None:
        named = bool(self._labelling.new.strip())
        there = named and self._labelling.replaces
        said = f"will replace {self._labelling.target}" if there else ""
        self.query_one("#replaces", Static).update(Text(printable(said)))
        same = self._labelling.command() if named else ""
        self.query_one("#same", Static).update(Text(printable(same)))

    def _tell(self, *lines: str) -> None:
        self.query_one(Told).tell(lines)

    # --- the work ------------------------------------------------------------------------------

    def on_input_submitted(self) -> None:
        """Label the rows and write them."""
        if self._job is not None:
            self.notify("The rows are being labelled; ctrl+c stops.")
            return
        if why := self._labelling.refusal():
            self._tell(f"✗ {sentence(why)}")
            return
        labelling = self._labelling
        self._tell("")
        self._job = Job(self, lambda job: labelling.done(job.tell), self._progress).start()
        self._progress()

    def stop(self) -> bool:
        """Stop; the file stays as it is."""
        if self._job is None:
            return False
        self._job.stop()
        return True

    def on_job_done(self, message: Job.Done) -> None:
        """Show what became of the rows, or why nothing did."""
        if message.job is not self._job:
            return
        self._job = None
        self._progress()
        if message.error is not None:
            if not isinstance(message.error, ValueError):
                raise message.error
            said = "Stopped: nothing is written." if message.job.stopped else str(message.error)
            self._tell(said if message.job.stopped else f"✗ {sentence(said)}")
            return
        self._tell(*message.result)
        self.add_class("-done")
        self.notify(str(self._labelling.target), title="written")
        self._say()
        self.query_one(Told).focus()

    def _progress(self) -> None:
        if self.closed or not self.query(ProgressLine):
            return
        doing = "" if self._job is None else self._job.progress or "starting …"
        self.query_one(ProgressLine).draw(f"{doing} · ctrl+c stops" if doing else "", 0, 0)
