"""The keys of a choice of data: which columns are used, how they are prepared and shown."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Final

from kmeans_tui.command import Options
from kmeans_tui.requests.session import Session
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.choice import FIELDS, Choice, Fields, Remark
from kmeans_tui.ui.models.opening import Opened
from kmeans_tui.ui.models.reader import Reader, Shelf
from kmeans_tui.ui.screens.page import Page
from kmeans_tui.user_keys import key
from kmeans_tui.vocabulary import PCA

# Seconds before a file is opened, so that scrolling past it does not.
_PASSING: Final = 0.12


class ChoicePage(Page):
    """A screen on which data are chosen, read and prepared."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.choice = Choice(session.options)
        self.reader = Reader(self, Shelf(), _PASSING, self._paint_progress)

    @abstractmethod
    def _paint_progress(self) -> None:
        """Draw how far the reading is."""

    @abstractmethod
    def _look_up(self) -> None:
        """Read and prepare what is chosen now."""

    @property
    def wish(self) -> Options:
        """The choice, as options."""
        return self.choice.wish

    @property
    def opened(self) -> Opened | None:
        """The chosen data, once they are read."""
        return self.reader.opened

    @property
    def busy(self) -> bool:
        """Whether something is being read or prepared."""
        return self.reader.busy

    def change(self, **fields: Any) -> None:
        """Change the choice; options that do not concern the data go to the run on show."""
        if not set(fields) <= set(FIELDS):
            self.app.explore.change(**fields)  # type: ignore[attr-defined]
        elif self.choice.change(**fields):
            self._look_up()

    @property
    def asked(self) -> Options:
        """The options of the run on show."""
        return self.app.explore.fitter.wanted  # type: ignore[attr-defined]

    def _change(self, told: Callable[[Opened], Fields | Remark]) -> None:
        asked = Remark("The data are not open yet.") if self.opened is None else told(self.opened)
        if isinstance(asked, Remark):
            self.notify(asked.text, severity=asked.severity)
        else:
            self.change(**asked)

    def action_change(self, name: str) -> None:
        """Call the method of the choice with this name."""
        self._change(getattr(self.choice, name))

    def action_take_out(self) -> None:
        """Take the chosen row out, or put it back."""
        focused = self.focused
        if focused is None or focused.id != "rows":
            self.notify(f"tab goes to the rows; {key('take-out')} takes one out there.")
        else:
            self._change(self.choice.take_out)

    async def action_read_as(self) -> None:
        """Choose how the file is read."""
        if self.app.refuses("read_as"):  # type: ignore[attr-defined]
            return
        if opening.is_table(self.wish.data):
            await self.open_file(settings=True)
        else:
            self.notify("Only your own tables can be read in another way.")

    @abstractmethod
    async def open_file(self, *, settings: bool) -> None:
        """Open the dialog for a file, beginning with its path or with how it is read."""

    def action_reading(self, number: int) -> None:
        """Choose how to read the numbers of an ambiguous file."""
        fields = self.reader.answer(number)
        self.change(**fields) if fields else self.notify("Nothing is ambiguous here.")

    def action_scale(self) -> None:
        """Choose the next scale."""
        self.change(**self.choice.scale(self.opened))

    async def action_axes(self) -> None:
        """Choose the two axes of the plot."""
        from kmeans_tui.ui.screens.dialogs.axes import AxesDialog

        opened = self.opened
        if opened is None:
            self.notify("The data are not open yet.")
            return
        features = opened.ticked(self.wish)
        if len(features) < 2:
            self.notify("There is only one feature: the plot shows it against the row number.")
            return

        def chosen(axes: tuple[str, ...] | None) -> None:
            if axes is not None and opened is self.opened:
                self.change(**self.choice.axes(axes, opened))

        choices = (*features, PCA) if len(features) > 2 else features
        await self.app.push_screen(AxesDialog(choices, opened.axes(self.wish)), chosen)
