"""Textual's command palette, made to close only once."""

from textual.app import ComposeResult
from textual.command import CommandPalette

from kmeans_tui.footer import alone
from kmeans_tui.ui.screens.dialogs.dialog import Once

# Imported for its fixes to Textual's list, which the palette uses.
from kmeans_tui.ui.widgets import choices as choices
from kmeans_tui.ui.widgets.panels import Bar


class Palette(CommandPalette, Once[None]):
    """Every action by its name. Textual takes its styles from the first base."""

    def compose(self) -> ComposeResult:
        """Yield Textual's widgets, and the bar of keys."""
        yield from super().compose()
        yield Bar(id="keys")

    def on_resize(self) -> None:
        """Fit the bar of keys to the width."""
        self.call_after_refresh(self._name_keys)

    def _name_keys(self) -> None:
        if not self.closed:
            ascii_only = self.app.ascii_only  # type: ignore[attr-defined]
            self.query_one("#keys", Bar).keys(alone("palette", ascii_only=ascii_only))
