"""Cells as two arrays, characters and pens: the base of the plots."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from kmeans_tui import palette
from kmeans_tui.ui.widgets.cells import Cells, joined

Pens = NDArray[np.integer]

_BLANK = ord(" ")


@dataclass(frozen=True)
class Colours:
    """The look of clusters: palette, ASCII or not, and whether backgrounds can be tinted."""

    look: palette.Scheme = "dark"
    ascii_only: bool = False
    tints: bool = True
    mono: bool = False


def codes(text: str) -> NDArray[np.uint32]:
    """Return the code points of a text, one per cell."""
    return np.frombuffer(text.encode("utf-32-le"), "<u4")


class Picture(Cells):
    """Cells as two arrays, characters and pens, compared in numpy."""

    class Wheel(Message):
        """The wheel was turned over the cell ``x``, ``y`` of a picture, counted inside its frame.

        ``nearer`` is 1 away from the user and -1 towards them, ``across`` 1 to the right.
        """

        def __init__(self, picture: "Picture", x: int, y: int, nearer: int, across: int) -> None:
            super().__init__()
            self.picture, self.x, self.y = picture, x, y
            self.nearer, self.across = nearer, across

    class Pressed(Message):
        """The cell ``x``, ``y`` of a picture was clicked, counted inside its frame."""

        def __init__(self, picture: "Picture", x: int, y: int) -> None:
            super().__init__()
            self.picture, self.x, self.y = picture, x, y

    def __init__(self, *, id: str | None = None, title: str = "") -> None:  # noqa: A002
        super().__init__(id=id, title=title)
        self.colours = Colours()
        self._characters: NDArray[np.uint32] | None = None
        self._pens: NDArray[np.int32] = np.zeros((0, 0), np.int32)
        self._styles: dict[int, Style] = {}
        self._named, self._beside_name = title, ""
        self._hinted, self._beside_hint, self._rest = "", "", ""

    def entitle(
        self, title: str | None = None, hint: str | None = None, rest: str | None = None
    ) -> None:
        """Write into the frame; the picture's own text goes between title and ``rest``."""
        self._named = self._named if title is None else title
        self._hinted = self._hinted if hint is None else hint
        self._rest = self._rest if rest is None else rest
        super().entitle(
            " · ".join(filter(None, (self._named, self._beside_name, self._rest))),
            " · ".join(filter(None, (self._beside_hint, self._hinted))),
        )

    def say_beside(self, name: str, hint: str = "") -> None:
        """Set the picture's own text after the title, and its own hint before any other."""
        self._beside_name, self._beside_hint = name, hint
        self.entitle()

    def on_click(self, event: events.Click) -> None:
        """Tell the cell."""
        edge = 1 if self.framed else 0
        self.post_message(self.Pressed(self, event.x - edge, event.y - edge))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in."""
        self._turned(event, 1, 0)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out."""
        self._turned(event, -1, 0)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Pan left."""
        self._turned(event, 0, -1)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Pan right."""
        self._turned(event, 0, 1)

    def _turned(self, event: events.MouseEvent, nearer: int, across: int) -> None:
        edge = 1 if self.framed else 0
        self.post_message(self.Wheel(self, event.x - edge, event.y - edge, nearer, across))

    def forget(self) -> None:
        """Drop the picture, so that the next is sent completely."""
        super().forget()
        self._characters = None
        self._styles.clear()

    def lay(self, characters: NDArray[np.uint32], pens: NDArray[np.int32]) -> None:
        """Show these arrays (height, width) and repaint the cells that differ from the last."""
        if self.colours.ascii_only:
            characters = to_ascii(characters)
        old, old_pens = self._characters, self._pens
        self._characters, self._pens = characters, pens
        if old is None or old.shape != characters.shape:
            self.refresh()
            return
        changed = old != characters
        # A blank's foreground is invisible; its background and a reversed pen are visible.
        repainted = old_pens != pens
        if repainted.any():
            blank = (characters == _BLANK) & (old == _BLANK)
            repainted[blank] = ~self.alike(old_pens[blank], pens[blank])
            changed |= repainted
        self.refresh_inside(
            (int(y), *span)
            for y in np.flatnonzero(changed.any(axis=1))
            for span in joined(np.flatnonzero(changed[y]).tolist())
        )

    def style(self, pen: int) -> Style:
        """Return the style of a pen; subclasses define their pens."""
        raise NotImplementedError

    def alike(self, first: Pens, second: Pens) -> NDArray[np.bool_]:
        """Return whether blanks of these pens look the same, elementwise."""
        return np.ones(len(first), bool)

    def row(self, y: int) -> Strip:
        """Return a row, one segment per run of equal pens."""
        width = self.inner.width
        if self._characters is None or y >= len(self._characters):
            return Strip.blank(width)
        text = self._characters[y].tobytes().decode("utf-32-le")
        segments = [Segment(part, self._pen(pen)) for part, pen in self._runs(text, self._pens[y])]
        return Strip(segments, len(text)).adjust_cell_length(width)

    def _pen(self, pen: int) -> Style:
        if pen not in self._styles:
            self._styles[pen] = self.style(pen)
        return self._styles[pen]

    def _runs(self, text: str, pens: NDArray[np.int32]) -> list[tuple[str, int]]:
        """Return runs of one pen; blanks join a neighbour that looks the same (half the bytes)."""
        cuts = [0, *(np.flatnonzero(np.diff(pens)) + 1).tolist(), len(text)]
        runs: list[tuple[str, int]] = []
        for first, after in pairwise(cuts):
            part, pen = text[first:after], int(pens[first])
            if runs and self._alike(pen, runs[-1][1]):
                if part.isspace():
                    part, pen = runs[-1][0] + part, runs.pop()[1]
                elif runs[-1][0].isspace():
                    part = runs.pop()[0] + part
            runs.append((part, pen))
        return runs

    def _alike(self, first: int, second: int) -> bool:
        return bool(self.alike(np.array([first]), np.array([second]))[0])


def to_ascii(characters: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the cells without code points above 0x7f."""
    text = characters.tobytes().decode("utf-32-le")
    return codes(palette.to_ascii(text)).reshape(characters.shape)
