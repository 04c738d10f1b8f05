"""The interactive program: screens, dialogs and widgets on Textual."""

# Textual reads the environment when it is loaded.
from kmeans_tui.ui import environment as environment
