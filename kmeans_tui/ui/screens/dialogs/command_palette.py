"""The command palette: Textual's own, which closes once."""

from textual.command import CommandPalette

from kmeans_tui.ui.screens.dialogs.dialog import Once

# Its list is Textual's, which is mended where ours is.
from kmeans_tui.ui.widgets import choices as choices


class Palette(CommandPalette, Once[None]):
    """Every action by its name. Textual takes its styles from the first base."""
