"""What the Data screen chooses from: data at hand, their columns, and how they are prepared."""

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from textual.timer import Timer

from kmeans_tui.command import PCA, SCALES, Options
from kmeans_tui.data import catalogue
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.looking import Looking
from kmeans_tui.ui.models.opening import Kept, Opened, Prepared, Shelf
from kmeans_tui.ui.models.session import DATA_FIELDS, Session
from kmeans_tui.ui.screens import data_words
from kmeans_tui.ui.screens.page import Page

if TYPE_CHECKING:
    from kmeans_tui.data.source import Column

# A file that is only passed by on the way down the list is not opened, in seconds.
_PASSING: Final = 0.12
FIELDS: Final = (*DATA_FIELDS, "axes")


class Choosing(Page):
    """A wish for data, by the fields of ``Options``, and what it comes to.

    What is wished for is read and prepared in a job at once; the latest wish counts.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.wish = session.options
        self._wishes: dict[str, Options] = {}
        self._past: list[Options] = []
        self._shelf = Shelf()
        self._kept: Kept | None = None
        self._job: Looking | None = None
        self._timer: Timer | None = None
        self._loads = self._stopped = False
        self._column = self._row = 0

    @abstractmethod
    def list_with(self, data: str) -> None:
        """Write the list anew, with these data chosen."""

    @abstractmethod
    async def action_choose(self) -> None:
        """Load what is wished for."""

    @staticmethod
    def of_data(options: Options) -> Options:
        """What of the options belongs to the data, and nothing else."""
        return replace(Options(), **{each: getattr(options, each) for each in FIELDS})

    # --- what is asked -------------------------------------------------------------------------

    def change(self, **fields: Any) -> None:
        """Choose something else of these data; what is none of theirs is for the run on show."""
        if not set(fields) <= set(FIELDS):
            self.app.explore.change(**fields)  # type: ignore[attr-defined]
            return
        new = replace(self.wish, **fields)
        if new != self.wish:
            self._past.append(self.wish)
            self._want(new)

    def _want(self, wish: Options) -> None:
        self.wish = self._wishes[wish.data] = wish
        self._look_up()

    def undo(self) -> None:
        """Back to what was chosen before."""
        if not self._past:
            self.notify("Nothing was changed here; on Explore, backspace brings the data back.")
            return
        wish = self._past.pop()
        self.list_with(wish.data)
        self._want(wish)

    def view_options(self) -> Options:
        """The options that bring this screen back, with the run on show if it is of these data."""
        run = self.session.run
        view = self.session.view_options()
        chosen = {each: getattr(self.wish, each) for each in FIELDS}
        if run is None or any(getattr(run.options, name) != chosen[name] for name in FIELDS):
            same = run is not None and run.options.data == self.wish.data and not run.recorded
            view = replace(view, goto="0", row=None, k=view.k if same else None)
        return replace(view, **chosen, screen="data")

    @property
    def opened(self) -> Opened | None:
        """The data that are chosen, once they are read."""
        return None if self._kept is None else self._kept.opened

    @property
    def prepared(self) -> Prepared | None:
        """What the choice comes to, or came to before the last change."""
        return None if self._kept is None else self._kept.prepared

    @property
    def busy(self) -> bool:
        """Whether something is being read or prepared."""
        return self._job is not None or self._timer is not None

    # --- reading -------------------------------------------------------------------------------

    def _look_up(self) -> None:
        """Read and prepare what is wished for, unless it is at hand; nobody waits for the rest."""
        self._rest()
        self._loads = self._stopped = False
        before, self._kept = self._kept, self._shelf.get(self.wish)
        if self._kept is None or self._kept.opened is not getattr(before, "opened", None):
            self._column = self._row = 0
        if self._kept is not None and (self._kept.refusal or self._kept.wish == self.wish):
            self.paint()
        elif self._kept is None and catalogue.is_file(self.wish.data):
            self._timer = self.set_timer(_PASSING, self._read)
            self.paint()
        else:
            self._read()

    def _read(self) -> None:
        self._rest()
        self._job = Looking(self, self.wish, self.opened).start()
        self.paint()

    def on_job_done(self, message: Job.Done) -> None:
        """Show what was read, unless something else is wished for by now."""
        job = message.job
        if job is not self._job:
            return
        self._job = None
        if message.error is not None:
            raise message.error
        kept: Kept = message.result
        self._stopped = job.stopped and kept.opened is None
        if not job.stopped:
            self._shelf.put(self.wish, kept)
        self._kept = kept
        if self.opened is not None:
            self._column = min(self._column, len(self.opened.source.columns) - 1)
        self.paint()
        if self._loads:
            self.call_later(self.action_choose)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._job is not None:
            self._job.stop()
            self._job = None

    def stop(self) -> bool:
        """Stop reading."""
        self._loads = False
        if self._job is not None:
            self._job.stop()
        return self._job is not None

    def on_unmount(self) -> None:
        """Let the reading end with the screen."""
        self._rest()

    # --- columns and preparation ---------------------------------------------------------------

    def _chosen(self) -> "Column | None":
        """The chosen column, and a word to the user where there is none yet."""
        if self.opened is None:
            self.notify("The data are not open yet.")
            return None
        return self.opened.source.columns[self._column]

    def action_tick(self) -> None:
        """Take the chosen column in, or leave it out."""
        column, opened = self._chosen(), self.opened
        if column is None or opened is None:
            return
        if column.position is None:
            kept = data_words.KEPT.get(column.kind, column.kind)
            groups = column.name == opened.truth(self.wish)
            self.notify(f"{column.name}: {'the known grouping' if groups else kept}.")
            return
        self._take(set(opened.ticked(self.wish)) ^ {column.name}, opened)

    def _take(self, names: set[str], opened: Opened) -> None:
        chosen = [each for each in opened.source.names if each in names]
        if not chosen:
            self.notify("One column at least takes part.", severity="warning")
            return
        all_names = opened.source.names
        features: tuple[str, ...] | None = tuple(opening.spelled(c, all_names) for c in chosen)
        truth = self.wish.truth
        if truth is not None and opened.truth(self.wish) in names:
            truth = None
        wish = replace(self.wish, features=None, truth=truth)
        if set(opened.ticked(wish)) == names:
            features = None
        logs = [each for each in opened.logs(self.wish) if each in names]
        axes = opened.axes(self.wish)
        wanted = self.wish.axes
        if wanted is not None and (axes != (PCA,) or len(chosen) < 3) and not set(axes) <= names:
            wanted = None
        self.change(features=features, log=self._spell(logs), axes=wanted, truth=truth)

    def _spell(self, names: list[str]) -> tuple[str, ...] | None:
        numeric = self.opened.numeric if self.opened is not None else ()
        return tuple(opening.spelled(each, numeric) for each in names) or None

    def action_all(self) -> None:
        """All columns that are numbers; if they are ticked, the chosen one only."""
        column, opened = self._chosen(), self.opened
        if column is None or opened is None:
            return
        truth = opened.truth(self.wish)
        every = {each.name for each in opened.source.numeric if each.name != truth}
        if every != set(opened.ticked(self.wish)):
            self._take(every, opened)
        elif column.position is not None:
            self._take({column.name}, opened)

    def action_scale(self) -> None:
        """The next scale."""
        opened = self.opened
        own = "none" if opened is None or opened.whole is None else opened.whole.scale
        present = self.wish.scale or own
        following = SCALES[(SCALES.index(present) + 1) % len(SCALES)]
        self.change(scale=None if following == own else following)

    def action_log(self) -> None:
        """The logarithm of the chosen column, or its values."""
        column, opened = self._chosen(), self.opened
        if column is None or opened is None:
            return
        logs = list(opened.logs(self.wish))
        if column.name in logs:
            logs.remove(column.name)
        elif column.name not in opened.ticked(self.wish):
            self.notify(f"{column.name} takes no part; space takes it in.")
            return
        else:
            logs = [each for each in opened.source.names if each in (*logs, column.name)]
        self.change(log=self._spell(logs))

    def _is_table(self) -> bool:
        if self.opened is not None and self.opened.whole is None:
            return True
        self.notify("This is for tables of your own.")
        return False

    def action_missing(self) -> None:
        """Drop rows with a missing value, or fill in the median."""
        if self._is_table():
            self.change(missing="drop" if self.wish.missing == "median" else "median")

    def action_words(self) -> None:
        """Count words in columns of numbers as missing, or refuse them."""
        if not self._is_table() or self.opened is None:
            return
        if self.wish.na is not None:
            self.change(na=None)
        elif words := opening.bad_texts(self.opened.source.columns):
            self.change(na=words)
        else:
            self.notify("There are no words in the columns of numbers.")

    def action_truth(self) -> None:
        """The chosen column as the known grouping, or as what it was."""
        column, opened = self._chosen(), self.opened
        if column is None or opened is None or not self._is_table():
            return
        names = opened.source.names
        if opened.truth(self.wish) == column.name:
            self.change(truth=None)
            return
        features = opened.ticked(self.wish)
        left = tuple(opening.spelled(f, names) for f in features if f != column.name)
        if not left:
            self.notify("It is the only column that takes part.", severity="warning")
            return
        logs = [each for each in opened.logs(self.wish) if each != column.name]
        keeps = self.wish.features is None or len(left) == len(features)
        fields: dict[str, Any] = {} if keeps else {"features": left}
        axes = None if column.name in opened.axes(self.wish) else self.wish.axes
        truth = opening.spelled(column.name, names)
        self.change(truth=truth, log=self._spell(logs), axes=axes, **fields)

    async def action_axes(self) -> None:
        """Choose the two axes of the plot."""
        from kmeans_tui.ui.screens.dialogs.dialog import AxesDialog

        opened = self.opened
        if opened is None:
            self.notify("The data are not open yet.")
            return
        features = opened.ticked(self.wish)
        if len(features) < 2:
            self.notify("There is one feature only: the plot shows it against the row number.")
            return

        def chosen(axes: tuple[str, ...] | None) -> None:
            if axes is not None:
                pca = axes == (PCA,)
                self.change(axes=axes if pca else self._spell(list(axes)))

        choices = (*features, PCA) if len(features) > 2 else features
        await self.app.push_screen(AxesDialog(choices, opened.axes(self.wish)), chosen)
