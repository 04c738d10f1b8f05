"""The dialog with the working of an iteration, as it is written by hand."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from kmeans_tui.ui.screens.dialogs.step import StepDialog
from kmeans_tui.words import printable

if TYPE_CHECKING:
    from kmeans_tui.requests.session import Session


class WorkingDialog(StepDialog):
    """All distances of the iteration on show, the smallest of each row marked, and the means."""

    NAME = "working"

    def __init__(self, session: "Session", go: Callable[[int], None]) -> None:
        super().__init__(go)
        self._session = session

    def body(self) -> ComposeResult:
        """Yield the text."""
        with VerticalScroll(id="working", classes="dialog"):
            yield Static(id="worked")

    def show_step(self) -> None:
        """Show the iteration whose distances, or whose means, the half step is about."""
        from kmeans_tui.analysis.working import refusal, working

        run, moment = self._session.run, self._session.moment
        assert run is not None
        problem = refusal(run.dataset.counted, run.history.k, run.dataset.d)
        if problem is not None:
            # The run below has been undone or has ended since.
            self.query_one("#worked", Static).update(Text(problem))
            return
        iteration = moment.iteration - (moment.kind == "update")
        head, *lines = working(run.dataset, run.history, iteration).text()
        about = "the means" if moment.kind == "update" else "the distances, the smallest with *"
        box = self.query_one("#working")
        box.border_title = f"{head} · {about}"
        said = Text()
        for line in lines:
            # The half of it that the half step is about.
            is_mean = line.startswith(("cluster ", "  ")) and "centroid" not in line
            style = "bold" if is_mean == (moment.kind == "update") and line.strip() else "dim"
            said.append(f"{printable(line)}\n", style)
        self.query_one("#worked", Static).update(said)
        # The means may lie below what the box shows.
        show = box.scroll_end if moment.kind == "update" else box.scroll_home
        self.call_after_refresh(show, animate=False)
