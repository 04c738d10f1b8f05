"""A list to choose from in a dialog."""

from typing import ClassVar

from textual._widget_navigation import Direction
from textual.binding import Binding, BindingType
from textual.widgets import OptionList

_move_page = OptionList._move_page


def _within(self: OptionList, direction: Direction) -> None:
    # Options that were changed, or have no room, are not laid out when the key arrives.
    self._update_lines()
    if (self.highlighted or 0) in self._index_to_line:
        _move_page(self, direction)


# The palette's list is made by Textual.
OptionList._move_page = _within  # type: ignore[method-assign]


class Choices(OptionList):
    """Textual's list, moved through by j and k as well."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]
