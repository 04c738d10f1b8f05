"""The interactive program: screens, dialogs and widgets on Textual."""

# First, because Textual reads the environment when it is imported.
from kmeans_tui.ui import environment as environment
