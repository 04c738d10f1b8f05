"""The base of every dialog: the keys that work everywhere, and closing only once."""

from abc import abstractmethod
from typing import ClassVar, Final, Generic, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.events import InputEvent, Mount, Resize
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

from kmeans_tui.footer import alone
from kmeans_tui.key_table import ALONE
from kmeans_tui.ui.bindings import bindings, rebind
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.widgets.panels import Bar

Result = TypeVar("Result")


class Once(ModalScreen[Result], Generic[Result]):
    """Closes once: keys, clicks and results that arrive later have no effect."""

    # As on the screens below.
    _key_escape = None  # type: ignore[assignment]

    @property
    def closed(self) -> bool:
        """Whether it is no longer on the screen stack."""
        return self not in self.app.screen_stack

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close it and everything above it; do nothing if it is closed already."""
        if self.closed:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.screen.dismiss()
        # Its workers, such as the palette's search, would look for widgets that are gone.
        self.workers.cancel_node(self)
        return super().dismiss(result)

    async def _dispatch_message(self, message: Message) -> None:
        if not (isinstance(message, _LATE) and self.closed):
            await super()._dispatch_message(message)


class Dialog(Once[Result], Generic[Result]):
    """A dialog with the keys that work everywhere; a modal screen would block them."""

    # Its name in the key table and the style sheet.
    NAME: ClassVar[str]
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]

    def __init__(self) -> None:
        super().__init__()
        rebind(self, "everywhere")

    def compose(self) -> ComposeResult:
        """Yield the box, and a bar of its keys over that of the screen below."""
        yield from self.body()
        yield Bar(id="keys")

    @abstractmethod
    def body(self) -> ComposeResult:
        """Yield the box."""

    def on_resize(self) -> None:
        """Fit the bar of keys to the width."""
        self.call_after_refresh(self._name_keys)

    def on_descendant_focus(self) -> None:
        """Show the keys of the focused part."""
        self._name_keys()

    def _name_keys(self) -> None:
        if self.closed or not self.query(Bar):
            return
        part = f"{self.NAME} {self.focused.id}" if self.focused is not None else ""
        name = part if part in ALONE else self.NAME
        ascii_only = self.app.ascii_only  # type: ignore[attr-defined]
        self.query_one("#keys", Bar).keys(alone(name, ascii_only=ascii_only))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow actions only while it is open."""
        return not self.closed

    def stop(self) -> bool:
        """Stop the work of the dialog; False if there is none."""
        return False


class ScrollDialog(Dialog[None]):
    """A dialog to read, whose box scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll(-1)", show=False),
        Binding("down,j", "scroll(1)", show=False),
    ]

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(".dialog").scroll_relative(y=by, animate=False)


# The messages that may still reach a closed dialog.
_LATE: Final = (
    InputEvent, Mount, Resize, Input.Changed, Input.Submitted, Job.Done, OptionList.OptionMessage,
)  # fmt: skip
