"""What every dialog has: the keys that work everywhere, and one end."""

from typing import ClassVar, Final, Generic, TypeVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.events import InputEvent, Mount, Resize
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

from kmeans_tui.ui import keys
from kmeans_tui.ui.models.job import Job

Result = TypeVar("Result")


class Once(ModalScreen[Result], Generic[Result]):
    """Closes once: keys, clicks and answers that reach it later find nothing to do."""

    @property
    def closed(self) -> bool:
        """Whether it lies on no screen any more."""
        return self not in self.app.screen_stack

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close it, and what lies over it; nothing where it is closed already."""
        if self.closed:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.screen.dismiss()
        # What still works for it, as the palette's search, would look for widgets that are gone.
        self.workers.cancel_node(self)
        return super().dismiss(result)

    async def _dispatch_message(self, message: Message) -> None:
        if not (isinstance(message, _LATE) and self.closed):
            await super()._dispatch_message(message)


class Dialog(Once[Result], Generic[Result]):
    """A dialog knows the keys that work everywhere; without this it would cut them off."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("everywhere")]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys do nothing to what is closed."""
        return not self.closed

    def stop(self) -> bool:
        """Stop what is running in the dialog; False if nothing is."""
        return False


# What a dialog may still have been sent when it was closed.
_LATE: Final = (
    InputEvent, Mount, Resize, Input.Changed, Input.Submitted, Job.Done, OptionList.OptionMessage,
)  # fmt: skip
