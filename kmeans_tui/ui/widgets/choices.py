"""A list to choose from in a dialog."""

from typing import ClassVar

from textual._widget_navigation import Direction
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.widgets import OptionList

_move_page, _on_click = OptionList._move_page, OptionList._on_click


def _within(self: OptionList, direction: Direction) -> None:
    # Options that were changed, or have no room, are not laid out when the key arrives.
    self._update_lines()
    if (self.highlighted or 0) in self._index_to_line:
        _move_page(self, direction)


async def _on_what_is_there(self: OptionList, event: Click) -> None:
    # The list may have become shorter since the mouse was pressed.
    clicked = event.style.meta.get("option")
    if clicked is not None and clicked < self.option_count:
        await _on_click(self, event)


# The palette's list is made by Textual.
OptionList._move_page = _within  # type: ignore[method-assign]
OptionList._on_click = _on_what_is_there  # type: ignore[method-assign]


class Choices(OptionList):
    """Textual's list, moved through by j and k as well."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]
