"""The dialog with the code of a step of the algorithm."""

import inspect
from collections.abc import Callable
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.highlight import highlight
from textual.widgets import Static

from kmeans_tui.ui.screens.dialogs.dialog import ScrollDialog

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


class CodeDialog(ScrollDialog):
    """The textbook's code of one step of the algorithm.

    ``step`` returns the current step of a run that starts with ``init``; ``go`` moves half steps.
    """

    NAME = "code"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("full_stop", "half_step(1)", show=False),
        Binding("comma", "half_step(-1)", show=False),
    ]

    def __init__(self, step: Callable[[], str], init: str, go: Callable[[int], None]) -> None:
        super().__init__()
        self._step, self._init, self._go = step, init, go

    def body(self) -> ComposeResult:
        """Yield the code."""
        with VerticalScroll(id="code", classes="dialog"):
            yield Static(id="source")

    def on_mount(self) -> None:
        """Show the code of the current step."""
        self._show()

    def _show(self) -> None:
        from kmeans_tui.clustering import textbook, textbook_starts

        step = self._step()
        function = getattr(textbook, STEPS[step])
        title = f"the textbook's {function.__name__}"
        if step == "initialise" and self._init in STARTS:
            function = getattr(textbook_starts, STARTS[self._init])
            title = f"the textbook's start {self._init}: {function.__name__}"
        self.query_one("#code").border_title = title
        source = inspect.getsource(function).rstrip()
        self.query_one("#source", Static).update(highlight(source, language="python"))

    def action_half_step(self, by: int) -> None:
        """Move the run below by a half step, and show its code."""
        self._go(by)
        self._show()
