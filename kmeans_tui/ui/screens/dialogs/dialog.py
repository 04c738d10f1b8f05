"""What every dialog has: the keys that work everywhere, and one end."""

from typing import ClassVar, Generic, TypeVar

from textual.binding import BindingType
from textual.screen import ModalScreen

from kmeans_tui.ui import keys

Result = TypeVar("Result")


class Dialog(ModalScreen[Result], Generic[Result]):
    """A dialog knows the keys that work everywhere; without this it would cut them off.

    It closes once: keys and answers that reach it later find nothing to do.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("everywhere")]

    def stop(self) -> bool:
        """Stop what is running in the dialog; False if nothing is."""
        return False
