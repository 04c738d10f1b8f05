"""The output filter that keeps control and invisible characters from the terminal."""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from kmeans_tui.words import printable


class PrintableFilter(LineFilter):
    """Replaces control, bidirectional and zero-width characters by placeholders.

    Widgets draw printable text already, so most lines pass unchanged (0.1 ms for the 4,800 cells
    of a screen, each a segment). This catches what a widget, ours or Textual's, forgot. The
    driver's own sequences, which move the cursor and set colours, are not text of a segment.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without such characters, cell for cell."""
        return [
            segment if printable(segment.text) is segment.text else _shown(segment)
            for segment in segments
        ]


def _shown(segment: Segment) -> Segment:
    # A placeholder takes one cell, a control none: cut the end to keep the layout.
    text = set_cell_size(printable(segment.text), cell_len(segment.text))
    return Segment(text, segment.style)
