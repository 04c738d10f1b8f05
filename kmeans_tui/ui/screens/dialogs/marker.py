"""The dialog to choose the marker of the points, with a sample of each."""

from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from kmeans_tui import palette
from kmeans_tui.options.view_options import MARKERS
from kmeans_tui.ui.screens.dialogs.dialog import Dialog
from kmeans_tui.ui.widgets.choices import Choices

if TYPE_CHECKING:
    pass

# A sample of points, cell by cell: the bits of its dots, by rows from the top left.
_HEAP: Final = (0x80, 0xA0, 0xF8, 0xBE, 0xFF, 0x7B, 0x6F, 0x17, 0x05, 0x01)
# The bit of each dot in a braille pattern, in the same order.
_BRAILLE: Final = (0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80)
_ABOUT: Final = {
    "glyph": "a shape for each cluster",
    "braille": "eight dots in a cell",
    "dot": "one dot in a cell",
    "octant": "eight blocks, without gaps",
}


def sample(marker: str) -> str:
    """Return a few points in this marker."""
    if marker == "octant":
        return "".join(palette.OCTANTS[cell] for cell in _HEAP)
    if marker == "braille":
        return "".join(
            chr(0x2800 + sum(bit for i, bit in enumerate(_BRAILLE) if cell >> i & 1))
            for cell in _HEAP
        )
    return (palette.DOT if marker == "dot" else palette.glyph(0)) * len(_HEAP)


class MarkerDialog(Dialog[str | None]):
    """All markers, one per line."""

    NAME = "markers"

    def __init__(self, present: str) -> None:
        super().__init__()
        self._present = present

    def body(self) -> ComposeResult:
        """Yield the list and a note."""
        with Vertical(id="markers", classes="dialog") as box:
            box.border_title = "marker of the points"
            yield Choices(*(Option(_line(each), id=each) for each in MARKERS))
            yield Static("Octants need a Unicode 16 font: choose them if the sample shows blocks.")

    def on_mount(self) -> None:
        """Start from the current marker."""
        options = self.query_one(OptionList)
        options.highlighted = options.get_option_index(self._present)

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Use this marker."""
        self.dismiss(message.option.id)


def _line(marker: str) -> Text:
    return Text.assemble(f"{marker:<9}{sample(marker)}  ", (_ABOUT[marker], "dim"))
