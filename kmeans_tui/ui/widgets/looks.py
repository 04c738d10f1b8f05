"""Pass the look of the terminal to everything that draws clusters."""

from typing import Any

from textual.widget import Widget

from kmeans_tui.ui.widgets.panels import Panel


def hand_over(root: Widget, colours: dict[str, Any]) -> None:
    """Give theme, ASCII and colours to all plots and panels below ``root``, to be redrawn."""
    # Imported here because plots need numpy, which must not delay the first paint.
    from kmeans_tui.ui.widgets.picture import Colours, Picture

    looks = Colours(**colours)
    for picture in root.query(Picture):
        picture.colours = looks
        picture.forget()
    for panel in root.query(Panel):
        panel.look, panel.mono, panel.ascii_only = looks.look, looks.mono, looks.ascii_only
        panel.forget()
