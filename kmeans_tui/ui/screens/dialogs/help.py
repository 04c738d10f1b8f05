"""Help: the keys of a screen, and what it shows."""

from typing import Final

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from kmeans_tui import screen_table
from kmeans_tui.analysis import criteria, votes
from kmeans_tui.key_table import MODES, Place, rows
from kmeans_tui.ui.screens.dialogs.dialog import ScrollDialog
from kmeans_tui.user_keys import Spelling, does, shown
from kmeans_tui.words import sentence

HINTS: Final = (
    "Slow connection? Use ssh -C. Wrong shapes? Press {key[toggle-ascii]}. "
    "For your terminal's colours, press {key[next-theme]} until the theme is ansi. Other keys: see "
    "'kmeans-tui keys'."
)
IN_A_BROWSER: Final = (
    "Larger letters? Add ?fontsize=20 to the address. Wrong shapes? Press {key[toggle-ascii]}. "
    "What you export is a download; your settings are forgotten when you leave."
)


class HelpDialog(ScrollDialog):
    """All keys of this screen, from the key table."""

    NAME = "help"

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place

    def body(self) -> ComposeResult:
        """Yield two columns of keys, then what the screen shows."""
        with VerticalScroll(id="help", classes="dialog") as box:
            box.border_title = f"help · {self._place}"
            yield Static(self._keys(), id="help-keys")
            about = screen_table.screen(self._place.lower()).help
            hints = HINTS if self.app.visitor is None else IN_A_BROWSER  # type: ignore[attr-defined]
            text = f"\n{about}\n\n{hints}".format(
                criteria=sentence(criteria.rules()).rstrip("."), votes=votes.rule(), key=Spelling()
            )
            yield Static(text, markup=False)

    def _keys(self) -> Table:
        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(ratio=1)
        table.add_column(ratio=1)
        ascii_only = self.app.ascii_only  # type: ignore[attr-defined]
        table.add_row(*(self._column(where, ascii_only) for where in ("everywhere", self._place)))
        return table

    def _column(self, where: Place, ascii_only: bool) -> Table:
        gone = self.app.withheld  # type: ignore[attr-defined]
        column = Table.grid(padding=(0, 2))
        column.add_row(Text(where, style="bold underline"), "")
        for part in (where, *MODES.get(where, ())):
            if part != where:
                column.add_row()
                column.add_row(Text(part, style="bold underline"), "")
            for key in rows(part, gone):
                column.add_row(Text(shown(key, ascii_only), style="bold"), Text(does(key)))
        return column
