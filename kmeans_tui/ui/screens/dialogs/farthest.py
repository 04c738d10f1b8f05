"""The dialog that lists the rows farthest from their centroids, to look at or to take out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kmeans_tui.ui.screens.data_words import fitted
from kmeans_tui.ui.screens.dialogs.rows_dialog import RowsDialog
from kmeans_tui.ui.widgets.choices import Choices
from kmeans_tui.words import printable

if TYPE_CHECKING:
    from kmeans_tui.analysis.farthest_rows import FarthestRows
    from kmeans_tui.clustering.steps import Step
    from kmeans_tui.data.dataset import Dataset

_LISTED: Final = 100
_CELLS: Final = 4


class FarRows(NamedTuple):
    """What to do with rows, counted from 0: inspect the only one, compare without, take out."""

    what: Literal["inspect", "compare", "out"]
    rows: tuple[int, ...]


class FarthestDialog(RowsDialog[FarRows | None, "FarthestRows"]):
    """The rows farthest out, by the mean distance in their clusters, the farthest first."""

    NAME = "farthest"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("X", "take('compare')", show=False),
        Binding("O", "take('out')", show=False),
    ]

    def __init__(self, dataset: "Dataset", step: "Step") -> None:
        super().__init__(dataset)
        self._step = step
        self._found: FarthestRows | None = None

    def body(self) -> ComposeResult:
        """Yield the list, a line for each row."""
        with Vertical(id="farthest", classes="dialog") as box:
            some = self._dataset.counted > self._dataset.n
            rows = "display rows" if some else "rows"
            box.border_title = f"the {rows} farthest out, in mean distances of their clusters"
            yield Choices()
            if not some:
                yield Static("X and O take the chosen row and those above it", classes="hint")

    def find(self) -> "FarthestRows":
        """Return the rows farthest out, the farthest first."""
        from kmeans_tui.analysis.farthest_rows import farthest

        return farthest(self._dataset, self._step, _LISTED)

    def lines(self, found: "FarthestRows") -> Iterator[Option]:
        """Yield a line for each row: its cluster, its distance and its first cells."""
        from kmeans_tui.data import rows

        self._found = found
        for i, row in enumerate(found.rows.tolist()):
            cells = dict(rows.cells(self._dataset, row))
            names = [each for each in self._dataset.features if each in cells][:_CELLS]
            told = ", ".join(f"{each} {cells[each]}" for each in names)
            name = rows.name(self._dataset, row)
            times = f"{found.times[i]:.2f} times"
            line = f"row {name:>7}  cluster {found.clusters[i] + 1:<3} {times:>11}  {told}"
            # On one line, beside the border and the scroll bar.
            line = fitted(printable(line), min(96, self.app.size.width) - 8)
            yield Option(Text(line), id=str(row))

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Examine this row."""
        self.dismiss(FarRows("inspect", (int(message.option.id or 0),)))

    def action_take(self, what: Literal["compare", "out"]) -> None:
        """Take the chosen row and those above it."""
        chosen = self.query_one(OptionList).highlighted
        if self._found is not None and chosen is not None:
            self.dismiss(FarRows(what, tuple(self._found.rows[: chosen + 1].tolist())))
