"""A list to choose from in a dialog."""

from typing import ClassVar

from textual._widget_navigation import Direction
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.widgets import OptionList

_move_page, _on_click = OptionList._move_page, OptionList._on_click


def _within(self: OptionList, direction: Direction) -> None:
    # Changed options, or ones without room, may not be laid out when the key arrives.
    self._update_lines()
    if (self.highlighted or 0) in self._index_to_line:
        _move_page(self, direction)


async def _on_what_is_there(self: OptionList, event: Click) -> None:
    # The list may have shrunk since the mouse was pressed.
    clicked = event.style.meta.get("option")
    if clicked is not None and clicked < self.option_count:
        await _on_click(self, event)


# Patched in the base class because Textual creates the palette's list.
OptionList._move_page = _within  # type: ignore[method-assign]
OptionList._on_click = _on_what_is_there  # type: ignore[method-assign]


class Choices(OptionList):
    """Textual's list, in which j and k move too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]
