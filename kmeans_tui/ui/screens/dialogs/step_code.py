"""The dialog with the code of a step of the algorithm."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.highlight import highlight
from textual.widgets import Static

from kmeans_tui.clustering import textbook_code
from kmeans_tui.ui.screens.dialogs.step import StepDialog


class CodeDialog(StepDialog):
    """The textbook's code of one step of the algorithm.

    ``step`` returns the current step of a run that starts with ``init``, of ``weighted`` points;
    ``go`` moves half steps.
    """

    NAME = "code"

    def __init__(
        self, step: Callable[[], str], init: str, go: Callable[[int], None], *, weighted: bool
    ) -> None:
        super().__init__(go)
        self._step, self._init, self._weighted = step, init, weighted

    def body(self) -> ComposeResult:
        """Yield the code."""
        with VerticalScroll(id="code", classes="dialog"):
            yield Static(id="source")

    def show_step(self) -> None:
        """Show the code of the current step."""
        title, source = textbook_code.code(self._step(), self._init, weighted=self._weighted)
        self.query_one("#code").border_title = title
        self.query_one("#source", Static).update(highlight(source, language="python"))
