"""The dialog for the axes of the plot."""

from collections.abc import Sequence

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.ui.widgets.choices import Choices
from kmeans_tui.vocabulary import PCA
from kmeans_tui.words import printable


class AxesDialog(Dialog[tuple[str, ...] | None]):
    """Two lists of features, for the x axis and the y axis."""

    NAME = "axes"

    def __init__(self, choices: Sequence[str], present: Sequence[str]) -> None:
        super().__init__()
        self._choices = choices
        self._present = present

    def body(self) -> ComposeResult:
        """Yield x and y side by side; the first list includes the principal components."""
        y_choices = [choice for choice in self._choices if choice != PCA]
        with Vertical(id="axes", classes="dialog") as box:
            box.border_title = "axes of the plot"
            with Horizontal():
                for axis, choices in (("x", self._choices), ("y", y_choices)):
                    options = Choices(*(Option(self._label(c), id=c) for c in choices), id=axis)
                    options.border_title = f"{axis} axis"
                    yield options

    @staticmethod
    def _label(choice: str) -> Text:
        return Text("principal components" if choice == PCA else printable(choice))

    def on_mount(self) -> None:
        """Start from the axes on show."""
        for axis, name in zip(("x", "y"), self._present, strict=False):
            options = self.query_one(f"#{axis}", OptionList)
            options.highlighted = options.get_option_index(name)

    def on_option_list_option_selected(self) -> None:
        """Use the highlighted pair."""
        x, y = (
            options.get_option_at_index(options.highlighted or 0).id or ""
            for options in (self.query_one("#x", OptionList), self.query_one("#y", OptionList))
        )
        if x == PCA:
            self.dismiss((PCA,))
        elif x == y:
            self.notify("Choose two different features.", severity="warning")
        else:
            self.dismiss((x, y))
