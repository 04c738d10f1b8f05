"""The dialog that tests the article's claims."""

from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.screens.dialogs.dialog import ScrollDialog

if TYPE_CHECKING:
    from kmeans_tui.analysis.article.claims import Claim


_ABOUT = (
    "What the article says, claim by claim (W1, W2, … in its order), and what it gives when run "
    "here: each claim holds or fails.\n"
)


class ClaimsDialog(ScrollDialog):
    """Every claim as it is judged: what it says, what is measured, whether it holds, and why."""

    NAME = "claims"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("home,g", "scroll(-1000)", show=False),
        Binding("end,G", "scroll(1000)", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._job: Job | None = None
        self._judged = 0

    def body(self) -> ComposeResult:
        """Yield a scrolling list of the claims."""
        with VerticalScroll(id="claims", classes="dialog") as box:
            box.border_title = "the article's claims"
            yield Static(_ABOUT)
            yield Static(id="judged")
            yield Static("starting …", id="judging")

    def on_mount(self) -> None:
        """Start, and update the list ten times a second."""
        from kmeans_tui.data.catalogue import load_data

        def work(job: Job) -> "tuple[Claim, ...]":
            from kmeans_tui.analysis.article.claims import claims

            return claims(load_data, job.hear)

        self._job = Job(self, work, self._show).start()

    def on_unmount(self) -> None:
        """Stop judging."""
        if self._job is not None:
            self._job.stop()

    def on_job_done(self, message: Job.Done) -> None:
        """Show how many claims hold, or the error."""
        self._show()
        waiting = self.query_one("#judging", Static)
        if message.error is None:
            held = sum(claim.holds for claim in message.result)
            waiting.update(f"{held} of {len(message.result)} claims hold")
        elif isinstance(message.error, ValueError):
            waiting.update(Text(str(message.error)))
        else:
            raise message.error

    def _show(self) -> None:
        job = self._job
        if job is None or job.said is None:
            return
        if len(job.rows) != self._judged:
            self._judged = len(job.rows)
            self.query_one("#judged", Static).update(_table(job.rows))
        if self._judged < job.said.total:
            text = f"judging {job.said.doing} of {job.said.total} …"
            self.query_one("#judging", Static).update(text)


def _table(claims: "list[Claim]") -> Table:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=4)
    table.add_column(width=8)
    table.add_column(ratio=1)
    for claim in claims:
        verdict = Text("holds" if claim.holds else "fails", style="bold")
        table.add_row(Text(claim.id, style="bold"), "says", Text(claim.claim))
        table.add_row("", "gives", Text(claim.measured))
        table.add_row("", verdict, Text(claim.why))
        table.add_row()
    return table
