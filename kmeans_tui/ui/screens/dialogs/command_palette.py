"""The command palette: Textual's own, which closes once."""

from textual.app import ComposeResult
from textual.command import CommandPalette

from kmeans_tui.ui import keys
from kmeans_tui.ui.screens.dialogs.dialog import Once

# Its list is Textual's, which is mended where ours is.
from kmeans_tui.ui.widgets import choices as choices
from kmeans_tui.ui.widgets.panels import Bar


class Palette(CommandPalette, Once[None]):
    """Every action by its name. Textual takes its styles from the first base."""

    def compose(self) -> ComposeResult:
        """Textual's, and what the keys do here."""
        yield from super().compose()
        yield Bar(id="keys")

    def on_resize(self) -> None:
        """The keys are written for the width."""
        self.call_after_refresh(self._name_keys)

    def _name_keys(self) -> None:
        if not self.closed:
            ascii_only = self.app.ascii_only  # type: ignore[attr-defined]
            self.query_one("#keys", Bar).keys(keys.alone("palette", ascii_only=ascii_only))
