"""The notice on a screen that is too small."""

from rich.text import Text
from textual.widget import Widget

from kmeans_tui.user_keys import key


class Notice(Widget):
    """Says how many cells are needed and how many are available."""

    def render(self) -> Text:
        """Read the size at each drawing: a screen that starts too small may get no resize event."""
        width, height = self.app.size
        needed = f"kmeans-tui needs 60 × 16 cells; this is {width} × {height}"
        remedy = "make the window larger or the font smaller"
        does = "quits" if self.app.current_mode == self.app.DEFAULT_MODE else "goes back"
        out = f"{key('leave')} {does}"
        return Text(f"{needed}\n{remedy}\n{out}", justify="center")
