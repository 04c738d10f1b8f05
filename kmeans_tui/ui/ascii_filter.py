"""The output filter for ``--ascii``: no character above 0x7f reaches the terminal."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from kmeans_tui.palette import to_ascii


class AsciiFilter(LineFilter):
    """Replaces borders, arrows and Textual's own block characters by ASCII.

    It runs on all output, so no widget can forget it.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in ASCII, cell for cell."""
        return [
            segment if segment.text.isascii() else Segment(to_ascii(segment.text), *segment[1:])
            for segment in segments
        ]
