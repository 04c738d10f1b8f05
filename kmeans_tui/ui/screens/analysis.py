"""What the screens that ask many runs have in common: a job, its rows as they come, undo."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.timer import Timer

from kmeans_tui.command import RUN, SWEPT, Answer, Options, agree, deciding, taken
from kmeans_tui.data.reading import memory
from kmeans_tui.screen_table import screen
from kmeans_tui.ui.models import half_step
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.session import Run, Session
from kmeans_tui.ui.screens.page import Page
from kmeans_tui.ui.widgets.panels import Status
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from kmeans_tui.words import plural

if TYPE_CHECKING:
    from kmeans_tui.clustering.kmeans import KMeans
    from kmeans_tui.data.dataset import Dataset

# How often the rows that a job has found are looked at, in seconds.
_EVERY: Final = 0.05


class Analysis(Page):
    """A question put to many runs.

    ``options`` say what is asked here. They are taken over from the run on show when that changed
    in what decides this ``ANSWER``, but for what the screen table calls its own; from then on they
    are this screen's.
    """

    ANSWER: ClassVar[Answer]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.options = session.options
        self.stopped = False
        self._past: list[Options] = []
        self._source: Options | None = None
        self._job: Job | None = None
        self._taken = 0
        self._remarked = ""
        self._shown: Dataset | None = None
        self._clock: Timer | None = None

    # --- for the subclasses to say -------------------------------------------------------------

    @abstractmethod
    def question(self, run: Run) -> Options:
        """What is asked of the data of this run when its screen is first shown."""

    @abstractmethod
    def forget(self) -> None:
        """Drop what was found; something else is asked."""

    @abstractmethod
    def work(self, dataset: "Dataset", job: Job) -> Any:
        """Find the answer, in a thread; ``job.hear`` takes progress and rows."""

    @abstractmethod
    def take(self, rows: Sequence[Any]) -> None:
        """Take rows that the job has found since the last time."""

    @abstractmethod
    def answered(self, result: Any) -> None:
        """Take what the job came to."""

    @abstractmethod
    def found(self) -> Any:
        """What there is by now, as a figure takes it; None before there is enough."""

    @abstractmethod
    def standing(self) -> str:
        """What the line of progress says when nothing runs."""

    # --- what is asked -------------------------------------------------------------------------

    @property
    def dataset(self) -> "Dataset":
        """The points that are asked about; Explore may have other ones by now."""
        assert self._shown is not None  # the app shows this screen only with a run
        return self._shown

    def on_mount(self) -> None:
        """Plots are drawn in the look of the terminal."""
        self.look(self.app.colours())  # type: ignore[attr-defined]

    def follow(self) -> None:
        """Ask about the run that Explore shows, unless that is what the answer here is about."""
        run = self.session.run
        if run is None:
            return
        other = self._show_data(run)
        source = self.question(run)
        if other or self._source is None or not self._same(source, self._source):
            self._source = source
            if other or self._job is None or not self._same(source, self.options):
                self.options = source
                self._past.clear()
                self.ask()

    def _same(self, first: Options, second: Options) -> bool:
        own = screen(self.ANSWER).own
        shared = (name for name in deciding(self.ANSWER) if name not in own)
        return agree(first, second, shared)

    def answers(self, options: Options) -> bool:
        """Whether what is found here is about the run of these options."""
        return self._job is not None and self._same(options, self.options)

    def _show_data(self, run: Run) -> bool:
        """Take the data of a run; whether their points are others, if only by a changed file."""
        known, self._shown = self._shown, run.dataset
        if known is run.dataset:
            return False
        count = len(run.dataset.notes())
        self._remarked = f" · R: {plural(count, 'remark')}" if count else ""
        self.show_data()
        same = known is not None and known.points.shape == run.dataset.points.shape
        return known is not None and not (same and known.digest == run.dataset.digest)

    @property
    def asked(self) -> Options:
        """What is asked here."""
        return self.options

    def now(self) -> tuple[str, ...]:
        """Whether something runs, or was stopped."""
        at_work = ["busy"] if self.busy else ["stopped"] if self.stopped else []
        return *at_work, *super().now()

    def decided_by(self, options: Options) -> bool:
        """Whether a command that names these options and its own flags finds the same."""
        shared = set(deciding(self.ANSWER)) - set(self.flags(options))
        return self._job is not None and agree(options, self.options, shared)

    def flags(self, options: Options) -> tuple[str, ...]:
        """The options that count for this answer alone in a command that names these options."""
        # The runs for each k decide a single run too, where its start comes out of a sweep.
        shared = ("runs",) if options.init in SWEPT else ()
        return tuple(name for name in deciding(self.ANSWER, alone=True) if name not in shared)

    def show_data(self) -> None:
        """Take the points of other data, or seen along other axes; screens with a plot draw it."""

    def change(self, **fields: Any) -> None:
        """Ask something else; colours were matched to what was asked before."""
        new = replace(self.options, **{"colours": None, **fields})
        if new != self.options:
            self._past.append(self.options)
            self._ask_for(new)

    def _ask_for(self, new: Options) -> None:
        old, self.options = self.options, new
        if self.restarts(old, new):
            self.ask()
        else:
            self.paint()

    def restarts(self, old: Options, new: Options) -> bool:
        """Whether the change needs other runs."""
        return True

    def undo(self) -> None:
        """Back to what was asked before."""
        if self._past:
            self._ask_for(self._past.pop())
        else:
            self.notify("Nothing was changed here; on Explore, backspace undoes the run.")

    def view_options(self) -> Options:
        """The options that bring this screen back."""
        look = self.session.options
        return replace(
            self.options,
            screen=self.PLACE.lower(),
            axes=look.axes,
            theme=look.theme,
            ascii=look.ascii,
            aspect=look.aspect,
            zoom=look.zoom,
            cell_ratio=look.cell_ratio,
            play=False,
        )

    # --- the job -------------------------------------------------------------------------------

    def ask(self) -> None:
        """Drop what was found and look for the answer."""
        self.forget()
        self.go_on()

    def go_on(self) -> None:
        """Look for what is missing of the answer."""
        if self._job is not None:
            self._job.stop()
        self.stopped, self._taken = False, 0
        dataset = self.dataset
        self._job = Job(self, lambda job: self.work(dataset, job)).start()
        if self._clock is None:
            self._clock = self.set_interval(_EVERY, self._look_at_job)
        self.paint()

    @property
    def busy(self) -> bool:
        """Whether the answer is being looked for."""
        return self._clock is not None

    def _look_at_job(self) -> None:
        job = self._job
        if job is None:
            return
        rows = job.rows[self._taken :]
        self._taken += len(rows)
        if rows:
            self.take(rows)
            self.paint()
        else:
            self._paint_progress()

    def on_job_done(self, message: Job.Done) -> None:
        """Take the answer, unless another is looked for by now."""
        if message.job is not self._job:
            return
        # Stopped, it still brings what it has.
        self._rest()
        self.take(message.job.rows[self._taken :])
        self._taken = len(message.job.rows)
        error = message.error
        if error is None:
            self.answered(message.result)
        elif isinstance(error, MemoryError):
            self.refuse(memory.needs_more("this"))
        elif isinstance(error, ValueError):
            self.refuse(str(error))
        else:
            raise error
        self.paint()

    def refuse(self, sentence: str) -> None:
        """Say why there is no answer."""
        self.stopped = True
        self.notify(sentence, severity="error")

    def _rest(self) -> None:
        if self._clock is not None:
            self._clock.stop()
            self._clock = None

    def stop(self) -> bool:
        """Stop looking; what is found stays. The thread ends at its next half step."""
        if self._job is None or not self.busy:
            return False
        self._job.stop()
        self._rest()
        self.take(self._job.rows[self._taken :])
        self._taken = len(self._job.rows)
        self.stopped = True
        self.paint()
        return True

    def action_clusters(self, by: int) -> None:
        """One cluster more or fewer."""
        k = (self.options.k or self.dataset.k) + by
        if 1 <= k <= self.dataset.n:
            self.change(k=k)
        else:
            self.notify(half_step.too_many_clusters(self.dataset), severity="warning")

    def action_again(self) -> None:
        """Go on where it was stopped; else run again."""
        if self.stopped:
            self.go_on()
        else:
            self.ask()

    def on_unmount(self) -> None:
        """Let the job end with the screen."""
        if self._job is not None:
            self._job.stop()

    # --- drawing -------------------------------------------------------------------------------

    def _paint_progress(self) -> None:
        line = self.query_one(ProgressLine)
        said = self._job.said if self._job is not None else None
        if not self.busy:
            standing = self.standing()
            with_remarks = standing + self._remarked
            fits = len(with_remarks) < line.size.width
            line.draw(with_remarks if fits else standing, 0, 0)
        elif said is None:
            line.draw("starting …", 0, 0)
        else:
            line.draw(said.doing, said.done, said.total)

    def paint(self) -> None:
        """Draw everything that is known by now."""
        run = self.session.run
        if run is None or self._shown is None or not self.is_mounted:
            return
        self.paint_bars(self.heading(run))
        self.draw()
        self._paint_progress()
        self.query_one(Status).say(self.hint())

    def on_listing_resized(self) -> None:
        """Columns and bars are written for the width of their list."""
        self.paint()

    def remarks(self) -> tuple[str, Sequence[str]] | None:
        """Of the data that are asked about."""
        shown = self._shown
        return None if shown is None else (shown.name, shown.notes())

    def heading(self, run: Run) -> str:
        """What is on show, for the right end of the tabs."""
        return self.dataset.name

    @abstractmethod
    def draw(self) -> None:
        """Draw the panels."""

    @abstractmethod
    def hint(self) -> str:
        """The sentence above the keys."""

    async def open_in_explore(self, options: Options, model: "KMeans | None" = None) -> None:
        """Show this run in Explore, from its first iteration.

        Coming back from there is no new question.
        """
        self._source = replace(self.options, **taken(options, RUN))
        explore = self.app.explore  # type: ignore[attr-defined]
        before = explore.asked.init
        await self.app.action_show("Explore")  # type: ignore[attr-defined]
        explore.fitter.open_run(options, model)
        if options.init != before:
            self.notify(
                f"This run starts by {options.init}, no longer {before}: so it did here in "
                f"{self.PLACE}. backspace brings yours back."
            )
