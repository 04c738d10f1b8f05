"""The base of dialogs on the half step on show, which go on with the run."""

from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from kmeans_tui.ui.screens.dialogs.dialog import ScrollDialog


class StepDialog(ScrollDialog):
    """A dialog that shows something about the half step below it; ``go`` moves half steps."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("full_stop", "half_step(1)", show=False),
        Binding("comma", "half_step(-1)", show=False),
    ]

    def __init__(self, go: Callable[[int], None]) -> None:
        super().__init__()
        self._go = go

    @abstractmethod
    def show_step(self) -> None:
        """Show the present half step."""

    def on_mount(self) -> None:
        """Show the present half step."""
        self.show_step()

    def action_half_step(self, by: int) -> None:
        """Move the run below by a half step, and show it."""
        self._go(by)
        self.show_step()
