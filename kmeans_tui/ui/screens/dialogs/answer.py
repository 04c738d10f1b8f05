"""The dialog to answer the question of a lesson."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.words import printable


class AnswerDialog(Dialog[str | None]):
    """Shows the question, and takes what is typed; ``wanted`` says what kind of answer it is."""

    NAME = "answer"

    def __init__(self, question: str, wanted: str) -> None:
        super().__init__()
        self._question, self._wanted = question, wanted

    def body(self) -> ComposeResult:
        """Yield the question and the input line."""
        with Vertical(id="answer", classes="dialog") as box:
            box.border_title = "answer"
            yield Static(printable(self._question), markup=False)
            yield Input(placeholder=self._wanted, compact=True)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Close with what was typed."""
        if message.value.strip():
            self.dismiss(message.value)
