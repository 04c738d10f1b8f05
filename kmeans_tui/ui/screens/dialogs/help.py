"""Help: the keys of a screen, and what it shows."""

from typing import ClassVar, Final

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from kmeans_tui.ui import keys
from kmeans_tui.ui.screens.dialogs.dialog import Dialog

ABOUT: Final[dict[keys.Place, str]] = {
    "Explore": "Each point takes the colour and the shape of its nearest centroid (assign); then "
    "every centroid moves to the mean of its points (update). A ring (◦) marks where the centroid "
    "was. When no centroid moves by more than the tolerance, the run has converged.",
    "Elbow": "For each k the best of several runs. Inertia always falls with k: what counts is "
    "where it stops falling fast. The knee is looked for on log(inertia), as the point farthest "
    "below the line from the first k to the last; how clear it is stands beside it, and the plain "
    "chord of inertia for comparison. Silhouette, Calinski-Harabasz (highest is best), "
    "Davies-Bouldin (lowest) and the gap statistic (the first k within one standard error of the "
    "next) vote too. Where best and worst lie apart, the start decides: more runs (>) or the start "
    "warm (i) close the gap.",
    "Seeds": "The same clustering from other random starts. A run ends where no centroid moves, "
    "which need not be the best place: the census counts how often each end is reached, and how "
    "many starts it takes to find the best 99 times in 100. Colours are matched to the best run.",
    "Compare": "scikit-learn clusters the same points; its clusters are renumbered to match ours. "
    "Ours stops when no centroid moves by more than the tolerance; scikit-learn when the squared "
    "shifts add up to less than 0.0001 of the mean variance of the features. Given the same start, "
    "both go on until nothing moves. An empty cluster takes the farthest point in both. i changes "
    "what both are given.",
    "Data": "What is clustered: built-in sets, and tables of yours, read whole as soon as they are "
    "chosen and never changed. tab goes to the columns; those ticked take part, all others are "
    "kept as labels of the rows. What is left out, filled in or guessed stands in the remarks. A "
    "logarithm evens out columns with a long tail to the right; it is offered, never taken in "
    "silence. The known grouping takes no part either: Compare sets the clusters against it.",
}
HINTS: Final = (
    "Slow link? ssh -C helps. Wrong shapes? press A. "
    "The colours of your terminal: T until the theme is ansi."
)


class HelpDialog(Dialog[None]):
    """Every key of this screen, from the key table."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
    ]

    def __init__(self, place: keys.Place) -> None:
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        """Two columns of keys, then what the screen shows."""
        with VerticalScroll(id="help", classes="dialog") as box:
            box.border_title = f"help · {self._place}"
            box.border_subtitle = "j k scroll · q or esc close"
            yield Static(self._keys(), id="help-keys")
            yield Static(f"\n{ABOUT[self._place]}\n\n{HINTS}")

    def _keys(self) -> Table:
        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(ratio=1)
        table.add_column(ratio=1)
        ascii_only = self.app.ascii_only  # type: ignore[attr-defined]
        table.add_row(*(self._column(where, ascii_only) for where in ("everywhere", self._place)))
        return table

    @staticmethod
    def _column(where: keys.Place, ascii_only: bool) -> Table:
        column = Table.grid(padding=(0, 2))
        column.add_row(Text(where, style="bold underline"), "")
        for key in keys.rows(where):
            column.add_row(Text(keys.shown(key, ascii_only), style="bold"), Text(key.does))
        return column

    def action_scroll(self, by: int) -> None:
        """Scroll by a line."""
        self.query_one("#help").scroll_relative(y=by, animate=False)
