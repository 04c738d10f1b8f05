"""The last stop before the terminal: no character passes that it would obey, or nobody sees."""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from kmeans_tui.words import printable


class PrintableFilter(LineFilter):
    """Puts placeholders in the place of control, bidirectional and zero-width characters.

    What is drawn is printable already, and most lines are let through as they are (0.1 ms for the
    4,800 cells of a screen, each a segment). This is for what a widget, ours or Textual's, forgot.
    The driver's own sequences, which move the cursor and set colours, are not text of a segment.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments without such characters, cell for cell."""
        return [
            segment if printable(segment.text) is segment.text else _shown(segment)
            for segment in segments
        ]


def _shown(segment: Segment) -> Segment:
    # A control took no cell and its placeholder takes one: the end gives way, the layout stays.
    text = set_cell_size(printable(segment.text), cell_len(segment.text))
    return Segment(text, segment.style)
