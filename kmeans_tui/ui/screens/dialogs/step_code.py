"""The dialog with the code of a step of the algorithm."""

import inspect
from collections.abc import Callable
from typing import Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.highlight import highlight
from textual.widgets import Static

from kmeans_tui.ui.screens.dialogs.step import StepDialog

# The textbook's function for each step, and for each start except random.
STEPS: Final = {
    "initialise": "initialise",
    "assign": "assign",
    "update": "update",
    "converged": "has_converged",
}
STARTS: Final = {
    "partition": "random_partition",
    "k-means++": "plus_plus",
    "farthest": "farthest_points",
}


class CodeDialog(StepDialog):
    """The textbook's code of one step of the algorithm.

    ``step`` returns the current step of a run that starts with ``init``; ``go`` moves half steps.
    """

    NAME = "code"

    def __init__(self, step: Callable[[], str], init: str, go: Callable[[int], None]) -> None:
        super().__init__(go)
        self._step, self._init = step, init

    def body(self) -> ComposeResult:
        """Yield the code."""
        with VerticalScroll(id="code", classes="dialog"):
            yield Static(id="source")

    def show_step(self) -> None:
        """Show the code of the current step."""
        from kmeans_tui.clustering import textbook, textbook_starts, textbook_swaps

        step = self._step()
        function = textbook_swaps.pairs if step == "swap" else getattr(textbook, STEPS[step])
        title = f"the textbook's {function.__name__}"
        if step == "initialise" and self._init in STARTS:
            function = getattr(textbook_starts, STARTS[self._init])
            title = f"the textbook's start {self._init}: {function.__name__}"
        self.query_one("#code").border_title = title
        source = inspect.getsource(function).rstrip()
        self.query_one("#source", Static).update(highlight(source, language="python"))
