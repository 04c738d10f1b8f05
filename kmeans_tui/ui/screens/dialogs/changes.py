"""The dialog that lists the points that changed cluster."""

from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kmeans_tui.requests import step_words
from kmeans_tui.ui.models import cursor
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.ui.widgets.choices import Choices
from kmeans_tui.words import amount, printable

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

    said = f"row {rows.number(dataset, row):>9,}"
    text = printable(rows.identity(dataset, row))
    return f"{said}  {text[:_NAME]:<{_NAME}}" if dataset.id_column is not None else said


class ChangesDialog(Dialog[int | None]):
    """The points that changed cluster in an iteration, nearest to the border first."""

    NAME = "changes"

    def __init__(self, dataset: "Dataset", history: "History", iteration: int) -> None:
        super().__init__()
        self._dataset, self._history, self._iteration = dataset, history, iteration

    def body(self) -> ComposeResult:
        """Yield the list, a line for each point."""
        count = self._history[self._iteration].changed
        with Vertical(id="changes", classes="dialog") as box:
            title = step_words.changed_in(count, self._iteration)
            if self._dataset.counted > self._dataset.n:
                title += "; of the display rows"
                count = 0
            box.border_title = title
            yield Choices()
            if count > _LISTED:
                yield Static(f"and {count - _LISTED:,} more, farther from it")

    def on_mount(self) -> None:
        """Find them, outside the event loop if many: a million rows take 0.4 s."""
        from kmeans_tui.analysis.point import changed

        def work(_: Job | None) -> "Changed":
            return changed(self._history, self._dataset.points, self._iteration)

        if self._dataset.n <= cursor.AT_ONCE:
            self._list(work(None))
        else:
            Job(self, work).start()

    def on_job_done(self, message: Job.Done) -> None:
        """Show the points."""
        if message.error is not None:
            raise message.error
        self._list(message.result)

    def _list(self, found: "Changed") -> None:
        count = slice(_LISTED)
        lines = zip(
            found.rows[count], found.old[count], found.new[count], found.border[count], strict=True
        )
        listed = self.query_one(OptionList)
        listed.add_options(
            Option(
                Text(
                    f"{_called(self._dataset, int(row))}   "
                    f"{old + 1} → {new + 1}   {amount(abs(float(border)))} from the border"
                ),
                id=str(row),
            )
            for row, old, new, border in lines
        )
        if len(found.rows):
            listed.highlighted = 0

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Examine this point."""
        self.dismiss(int(message.option.id or 0))
