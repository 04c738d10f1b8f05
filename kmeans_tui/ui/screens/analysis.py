"""The base of the screens that analyse many runs: a job, its rows as they arrive, undo."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.timer import Timer

from kmeans_tui.command import RUN, SWEPT, Options, agree, deciding, taken
from kmeans_tui.data.reading import memory
from kmeans_tui.options.groups import Answer
from kmeans_tui.requests import given, step_words
from kmeans_tui.requests.session import Run, Session
from kmeans_tui.screen_table import screen
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.screens.page import Page
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from kmeans_tui.ui.widgets.status_line import Status
from kmeans_tui.user_keys import key
from kmeans_tui.words import plural

if TYPE_CHECKING:
    from kmeans_tui.clustering.kmeans import KMeans
    from kmeans_tui.data.dataset import Dataset

# Seconds between looks at a job's new rows.
_EVERY: Final = 0.05


class Analysis(Page):
    """An analysis of many runs.

    ``options`` are those of the analysis. They are taken from the run on show whenever it changes
    in an option that affects this ``ANSWER``, except the screen's own options in the screen table;
    after that they are this screen's.
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

    # --- for subclasses ------------------------------------------------------------------------

    @abstractmethod
    def question(self, run: Run) -> Options:
        """Return the options for the data of this run when the screen is first shown."""

    @abstractmethod
    def forget(self) -> None:
        """Drop the results, because the options change."""

    @abstractmethod
    def work(self, dataset: "Dataset", job: Job) -> Any:
        """Compute the result, in a thread; ``job.hear`` takes progress and rows."""

    @abstractmethod
    def take(self, rows: Sequence[Any]) -> None:
        """Take the rows that the job has found since the last call."""

    @abstractmethod
    def answered(self, result: Any) -> None:
        """Take the result of the job."""

    @abstractmethod
    def found(self) -> Any:
        """Return the results so far, as for a figure; None before there are enough."""

    @abstractmethod
    def standing(self) -> str:
        """Return the text of the progress line when nothing runs."""

    # --- the options ---------------------------------------------------------------------------

    @property
    def dataset(self) -> "Dataset":
        """The data being analysed; Explore may have moved on to others."""
        assert self._shown is not None  # the app shows this screen only with a run
        return self._shown

    def on_mount(self) -> None:
        """Draw plots in the look of the terminal."""
        self.look(self.app.colours())  # type: ignore[attr-defined]

    def follow(self) -> None:
        """Analyse the run that Explore shows, unless the results here are about it already."""
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
        """Whether the results here are about the run of these options."""
        return self._job is not None and self._same(options, self.options)

    def _show_data(self, run: Run) -> bool:
        """Take a run's data; return whether the points differ, perhaps only by a changed file."""
        known, self._shown = self._shown, run.dataset
        if known is run.dataset:
            return False
        count = len(run.dataset.notes())
        self._remarked = f" · {key('remarks')}: {plural(count, 'remark')}" if count else ""
        self.show_data()
        same = known is not None and known.points.shape == run.dataset.points.shape
        return known is not None and not (same and known.digest == run.dataset.digest)

    @property
    def asked(self) -> Options:
        """The options of this analysis."""
        return self.options

    def now(self) -> tuple[str, ...]:
        """Return whether a job runs or was stopped, and the states of the page."""
        at_work = ["busy"] if self.busy else ["stopped"] if self.stopped else []
        return *at_work, *super().now()

    def decided_by(self, options: Options) -> bool:
        """Whether a command with these options and its own flags gives the same result."""
        shared = set(deciding(self.ANSWER)) - set(self.flags(options))
        return self._job is not None and agree(options, self.options, shared)

    def flags(self, options: Options) -> tuple[str, ...]:
        """Return the options that only this answer uses in a command with these options."""
        # The runs for each k also affect a single run, if its start comes from a sweep.
        shared = ("runs",) if options.init in SWEPT else ()
        return tuple(name for name in deciding(self.ANSWER, alone=True) if name not in shared)

    def show_data(self) -> None:
        """Take new data or axes; screens with a plot override this."""

    def change(self, **fields: Any) -> None:
        """Change the options; drop the colours, which were matched to the old ones."""
        fields = given.released(self.options, fields)
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
        """Whether the change needs new runs."""
        return True

    def undo(self) -> None:
        """Go back to the previous options."""
        if self._past:
            self._ask_for(self._past.pop())
        else:
            self.notify("Nothing was changed here; on Explore, backspace undoes the run.")

    def view_options(self) -> Options:
        """Return the options that restore this screen."""
        look = self.session.options
        return replace(
            self.options,
            screen=self.PLACE.lower(),
            axes=look.axes,
            theme=look.theme,
            ascii=look.ascii,
            aspect=look.aspect,
            glide=look.glide,
            zoom=look.zoom,
            cell_ratio=look.cell_ratio,
            lesson=look.lesson,
            play=False,
        )

    # --- the job -------------------------------------------------------------------------------

    def ask(self) -> None:
        """Drop the results and start the analysis."""
        self.forget()
        self.go_on()

    def go_on(self) -> None:
        """Compute what is missing of the result."""
        if self._job is not None:
            self._job.stop()
        self.stopped, self._taken = False, 0
        dataset = self.dataset
        self._job = Job(self, lambda job: self.work(dataset, job)).start()
        if self._clock is None:
            self._clock = self.set_interval(_EVERY, self._look_at_job)
        self.paint()

    @property
    def figure(self) -> str:
        """What the export of this screen begins with, by its name in the table of exports."""
        return self.PLACE.lower()

    @property
    def busy(self) -> bool:
        """Whether the analysis is running."""
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
        """Take the result, unless a newer analysis has started."""
        if message.job is not self._job:
            return
        # A stopped job still delivers what it has.
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
        """Say why there is no result."""
        self.stopped = True
        self.notify(sentence, severity="error")

    def _rest(self) -> None:
        if self._clock is not None:
            self._clock.stop()
            self._clock = None

    def stop(self) -> bool:
        """Stop and keep what is found; the thread ends at its next half step."""
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
        """Use more or fewer clusters."""
        k = (self.options.k or self.dataset.k) + by
        if 1 <= k <= self.dataset.n:
            self.change(k=k)
        else:
            self.notify(step_words.too_many_clusters(self.dataset), severity="warning")

    def action_again(self) -> None:
        """Continue if stopped, else run again."""
        if self.stopped:
            self.go_on()
        else:
            self.ask()

    def on_unmount(self) -> None:
        """Stop the job."""
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
        """Draw everything known so far."""
        run = self.session.run
        if run is None or self._shown is None or not self.is_mounted:
            return
        self.paint_bars(self.heading(run))
        self.draw()
        self._paint_progress()
        status, shown = self.query_one(Status), step_words.on_display(self.dataset)
        said = " · ".join(filter(None, (shown.removeprefix(" · "), self.hint())))
        if shown and len(said) >= status.size.width < 90:
            said = f"{self.dataset.n:,} display rows · {self.hint()}"
        status.say(said)

    def on_listing_resized(self) -> None:
        """Fit columns and bars to the new width."""
        self.paint()

    def remarks(self) -> tuple[str, Sequence[str]] | None:
        """Return the remarks on the data being analysed."""
        shown = self._shown
        return None if shown is None else (shown.name, shown.notes())

    def heading(self, run: Run) -> str:
        """Return what is on show, for the right end of the tabs."""
        return self.dataset.title

    @abstractmethod
    def draw(self) -> None:
        """Draw the panels."""

    @abstractmethod
    def hint(self) -> str:
        """Return the sentence above the keys."""

    async def open_in_explore(self, options: Options, model: "KMeans | None" = None) -> None:
        """Show this run in Explore, from its first iteration.

        Coming back does not restart the analysis.
        """
        self._source = replace(self.options, **taken(options, RUN))
        explore = self.app.explore  # type: ignore[attr-defined]
        before = explore.asked.init
        await self.app.action_show("Explore")  # type: ignore[attr-defined]
        explore.fitter.open_run(options, model)
        if options.init != before:
            self.notify(
                f"This run starts with {options.init} instead of {before}, as in "
                f"{self.PLACE}. backspace brings yours back."
            )
