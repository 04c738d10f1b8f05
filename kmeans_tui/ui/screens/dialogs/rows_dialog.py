"""A dialog that finds rows of the data and lists them, to choose one."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Generic, TypeVar

from textual.widgets import OptionList
from textual.widgets.option_list import Option

from kmeans_tui.ui.models import cursor
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.screens.dialogs.dialog import Dialog, Result

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

FoundRows = TypeVar("FoundRows")


class RowsDialog(Dialog[Result], Generic[Result, FoundRows]):
    """Rows in a list; a dialog says which it finds, how a line tells of each, and its body."""

    def __init__(self, dataset: "Dataset") -> None:
        super().__init__()
        self._dataset = dataset

    def find(self) -> FoundRows:
        """Return the rows, outside the event loop if the data are large."""
        raise NotImplementedError

    def lines(self, found: FoundRows) -> Iterable[Option]:
        """Yield a line for each row; its id is the row, counted from 0."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Find the rows: in a job if many, because a million take 0.4 s."""
        if self._dataset.n <= cursor.AT_ONCE:
            self._list(self.find())
        else:
            Job(self, lambda _: self.find()).start()

    def on_job_done(self, message: Job.Done) -> None:
        """Show the rows."""
        if message.error is not None:
            raise message.error
        self._list(message.result)

    def _list(self, found: FoundRows) -> None:
        listed = self.query_one(OptionList)
        listed.add_options(self.lines(found))
        if listed.option_count:
            listed.highlighted = 0
