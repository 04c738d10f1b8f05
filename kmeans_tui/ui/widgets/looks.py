"""The look of the terminal: passed to everything that draws clusters, and its contrasts."""

from typing import Any

from rich.color import Color
from textual.widget import Widget

from kmeans_tui import palette
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


def contrast(first: Color, second: Color) -> float:
    """Return the contrast of two colours, 1 to 21, by the formula of WCAG 2."""
    seen = (palette.luminance(*each.get_truecolor()) for each in (first, second))
    dark, light = sorted(seen)
    return (light + 0.05) / (dark + 0.05)
