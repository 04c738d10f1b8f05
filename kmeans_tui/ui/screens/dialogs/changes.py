"""The dialog that lists the points that changed cluster."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kmeans_tui.requests import step_words
from kmeans_tui.ui.screens.dialogs.rows_dialog import RowsDialog
from kmeans_tui.ui.widgets.choices import Choices
from kmeans_tui.words import amount, plural, printable

if TYPE_CHECKING:
    from kmeans_tui.analysis.point import Changed
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset

# Nobody scrolls through a longer list.
_LISTED: Final = 1000
# Cells for the name of a row.
_NAME: Final = 16


def _called(dataset: "Dataset", row: int) -> str:
    from kmeans_tui.data import rows

    wide = max(9, len(f"{dataset.counted:,}"))
    said = f"row {rows.number(dataset, row):>{wide},}"
    text = printable(rows.identity(dataset, row))
    return f"{said}  {text[:_NAME]:<{_NAME}}" if dataset.id_column is not None else said


class ChangesDialog(RowsDialog[int | None, "Changed"]):
    """The points that changed cluster in an iteration, nearest to the border first."""

    NAME = "changes"

    def __init__(self, dataset: "Dataset", history: "History", iteration: int) -> None:
        super().__init__(dataset)
        self._history, self._iteration = history, iteration

    def body(self) -> ComposeResult:
        """Yield the list, a line for each point."""
        count = self._history[self._iteration].changed
        with Vertical(id="changes", classes="dialog") as box:
            box.border_title = step_words.changed_in(count, self._iteration)
            yield Choices()
            said = f"and {count - _LISTED:,} more, farther from it" if count > _LISTED else ""
            if self._dataset.counted > self._dataset.n:
                said = f"those among the {plural(self._dataset.n, 'display row')}"
            if said:
                yield Static(said)

    def find(self) -> "Changed":
        """Return the points that changed, those nearest to the border first."""
        from kmeans_tui.analysis.point import changed

        return changed(self._history, self._dataset.points, self._iteration)

    def lines(self, found: "Changed") -> Iterator[Option]:
        """Yield a line for each point: its clusters, and how near the border it is."""
        count = slice(_LISTED)
        for row, old, new, border in zip(
            found.rows[count], found.old[count], found.new[count], found.border[count], strict=True
        ):
            said = amount(abs(float(border)))
            name = _called(self._dataset, int(row))
            line = f"{name}   {old + 1} → {new + 1}   {said} from the border"
            yield Option(Text(line), id=str(row))

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Examine this point."""
        self.dismiss(int(message.option.id or 0))
