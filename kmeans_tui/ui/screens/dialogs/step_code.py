"""The code of a step of the algorithm."""

import inspect
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.highlight import highlight
from textual.widgets import Static

from kmeans_tui.ui.screens.dialogs.dialog import Dialog


class CodeDialog(Dialog[None]):
    """The textbook's code of one step of the algorithm."""

    STEPS: ClassVar[dict[str, str]] = {
        "initialise": "initialise",
        "assign": "assign",
        "update": "update",
        "converged": "has_converged",
    }

    def __init__(self, step: str, init: str = "random") -> None:
        super().__init__()
        self._step = step
        self._init = init

    def compose(self) -> ComposeResult:
        """The function, highlighted: the textbook's, or the start in use where it has none."""
        from kmeans_tui.clustering import initialisation, textbook

        function = getattr(textbook, self.STEPS[self._step])
        title = f"the textbook's {function.__name__}"
        if self._step == "initialise" and self._init != "random":
            function = initialisation.STARTS[self._init]
            title = f"the start {self._init}: {function.__name__}"
        source = inspect.getsource(function)
        with VerticalScroll(id="code", classes="dialog") as box:
            box.border_title = title
            box.border_subtitle = "q or esc close"
            yield Static(highlight(source.rstrip(), language="python"))
