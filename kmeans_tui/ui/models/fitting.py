"""From options to a run: load the data, fit, report, in a job outside the event loop."""

import os
import threading
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from textual.widget import Widget

from kmeans_tui import palette
from kmeans_tui.command import (
    DATA,
    READING,
    RUN,
    Options,
    agree,
    of_group,
    taken,
)
from kmeans_tui.data.reading import memory
from kmeans_tui.options.scale_options import OF_ONE_TABLE
from kmeans_tui.requests import given, where_points
from kmeans_tui.requests.session import Run, Session
from kmeans_tui.ui.models.job import Job
from kmeans_tui.words import amount, sentence

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import Step
    from kmeans_tui.clustering.kmeans import KMeans
    from kmeans_tui.clustering.steps import StoppedBy
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject

_ONE_AT_A_TIME: Final = threading.Lock()
# The options that determine a run, however it is shown.
_RUN: Final = (*DATA, *of_group("place", "run"))
# Seconds before progress is shown: for shorter work it would flicker.
PATIENCE: Final = 0.15


class Refused(Exception):  # noqa: N818 - an answer to the user, not an error in the program
    """Data or options that cannot be used: one sentence."""


class Fitter:
    """Runs one fit at a time; the latest wish counts.

    ``wanted`` are the latest options, which the run on show may not have yet. The jobs report to
    ``owner``, which passes their messages to ``finish``; while one runs, ``watch`` is called.
    """

    def __init__(self, owner: Widget, session: Session, watch: Callable[[], None]) -> None:
        self.wanted = session.options
        self._watch = watch
        self._owner, self._session = owner, session
        self._job: Job | None = None
        self._live: Run | None = None
        self._taken_back: Options | None = None

    @property
    def busy(self) -> bool:
        """Whether a fit is running."""
        return self._job is not None

    @property
    def live(self) -> bool:
        """Whether the run on show is the one that goes on."""
        return self._job is not None and self._live is not None

    def start(
        self,
        options: Options,
        model: "KMeans | None" = None,
        dataset: "Dataset | None" = None,
    ) -> None:
        """Fit these options, with their ``model`` and ``dataset`` if known.

        A fit that is still running is stopped.
        """
        if self._job is not None and self._taken_back is not None:
            self._session.put_back(self._taken_back)
        self._start(options, None, model, dataset)

    def change(self, **fields: Any) -> None:
        """Run again with other options, at the same iteration if the new run has it.

        At the end of a run, go to the end of the new one, not to its middle.
        """
        moment = self._session.moment
        ended = self._session.at_end and moment.iteration > 0
        fields.setdefault("goto", "last" if ended else self._session.goto)
        run = self._session.run
        other = set(fields) - {"goto", "axes", "improve"}
        if run is not None and run.recorded and other:
            # After a recording: the same k on its points, with our own start.
            fields.setdefault("k", run.history.k)
        if self.refused(**fields):
            return
        if other:
            # The colours were matched to this run's clusters.
            fields.setdefault("colours", None)
        self.start(replace(self.wanted, **given.released(self.wanted, fields)))

    def refused(self, **fields: Any) -> bool:
        """Say why points that stay on disk cannot be changed so; a run that goes on goes on."""
        from kmeans_tui.requests import in_parts

        run = self._session.run
        if run is None or run.parts is None:
            return False
        found = in_parts.refusal(replace(self.wanted, **fields))
        if found is not None:
            self._owner.notify(sentence(found[1]), severity="warning")
        return found is not None

    def open_data(self, name: str) -> None:
        """Open other data with their own k, features, scale and axes, at iteration 0."""
        fresh = taken(Options(name), (*DATA, *OF_ONE_TABLE, "axes", "k", "goto", "colours"))
        self.start(given.opened(replace(self.wanted, **fresh)))

    def open_run(self, options: Options, model: "KMeans | None" = None) -> None:
        """Open the run of these options at iteration 0, in the look of the present one."""
        asked = taken(options, RUN) | {"goto": "0", "axes": self.wanted.axes}
        run = self._session.run
        if options.improve and run is not None and run.parts is not None:
            # The rows on display fit in memory, all rows do not.
            asked["improve"] = None
            self._owner.notify("Swaps need all points in memory: all rows run without them.")
        self.start(replace(self.wanted, **asked), model)

    def _start(
        self,
        options: Options,
        taken_back: Options | None,
        model: "KMeans | None" = None,
        dataset: "Dataset | None" = None,
    ) -> None:
        self.stop()
        self.wanted, self._taken_back = options, taken_back
        known = self._session.run

        def work(job: Job) -> Run:
            # Imported here for the plots: numpy and plotext take a quarter of a second.
            from kmeans_tui.ui.widgets import curve  # noqa: F401

            def begun(run: Run) -> None:
                if job is self._job:
                    self._live = run

            return fit(options, known, job.tell, model, dataset, begun)

        self._live = None
        self._job = Job(self._owner, work, self._watch).start()

    def finish(self, message: Job.Done) -> Run | None:
        """Adopt the result of a job; None if a later one has replaced it.

        Raises ``Refused`` for data or options that cannot be used.
        """
        if message.job is not self._job:
            return None
        self._job = None
        error, session = message.error, self._session
        if error is None:
            run: Run = message.result
            if (shown := self._shown(run)) is not None:
                run = replace(run, options=shown.options)
                session.grow(run)
            else:
                session.adopt(run, undo=self._taken_back is not None)
            self._live = None
            self.wanted = run.options
            return run
        failed, self._live = self._live, None
        if self._taken_back is not None:
            session.put_back(self._taken_back)
        self._settle("lost" if failed and self._shown(failed) else "cancelled")
        self.wanted = session.options
        if isinstance(error, MemoryError):
            raise Refused(memory.needs_more("this run")) from error
        if isinstance(error, ValueError):
            raise Refused(str(error)) from error
        raise error

    def _shown(self, live: Run) -> Run | None:
        """Return the run on show if it is this one, as far as it has come."""
        shown = self._session.run
        return shown if shown is not None and shown.live_of is live.history else None

    def grown(self) -> Run | None:
        """Adopt what is whole by now of a run that goes on; None if there is nothing new."""
        live = self._live
        if live is None or self._job is None:
            return None
        more = len(live.history)
        shown = self._shown(live)
        if shown is not None and more <= len(shown.history):
            return None
        run = replace(live, history=live.history.resume(), live_of=live.history)
        if shown is not None:
            run = replace(run, options=shown.options)
            self._session.grow(run)
        else:
            self._session.adopt(run, undo=self._taken_back is not None)
            if run.options.goto == "0" and not run.options.play:
                # A run that goes on from where it was stopped is shown there.
                self._session.move(run.last)
            self.wanted, self._taken_back = run.options, None
        return run

    def undo(self) -> bool:
        """Take back the run before this one; False if there is none."""
        past = self._session.previous()
        if past is None:
            return False
        self._start(past, past)
        return True

    def give_up(self) -> bool:
        """Keep the run on show and drop the one being fitted; False if there is none."""
        if self._job is None or self._session.run is None or self._taken_back is not None:
            return False
        if self._live is not None:
            # The run on show is the one that goes on.
            return False
        self.stop()
        self._job = None
        self._settle()
        self.wanted = self._session.options
        return True

    def _settle(self, reason: "StoppedBy" = "cancelled") -> None:
        """A run that went on failed, or was stopped for another, which will not come."""
        shown = self._session.run
        if shown is not None and shown.running:
            shown.history.finish(reason)

    def stop(self) -> bool:
        """Stop a running fit, keeping what is done; False if none is running."""
        if self._job is not None:
            self._job.stop()
        return self.busy

    def doing(self) -> tuple[str, ...]:
        """What is being done, once it takes long, then in fewer words; empty before that."""
        job = self._job
        if job is None or job.age < PATIENCE:
            return ()
        facts = (job.progress or "loading …").split(", ")
        said = [", ".join(facts[:count]) for count in range(len(facts), 0, -1)]
        data = self.wanted.data
        name = os.path.basename(data.rstrip(os.sep)) if os.path.exists(data) else data
        if self._live is None and name not in said[0]:
            said = [*(f"{name}: {each}" for each in said), said[-1]]
        return tuple(said)


def fit(
    options: Options,
    known: Run | None,
    tell: Callable[[str], bool],
    model: "KMeans | None" = None,
    dataset: "Dataset | None" = None,
    begun: Callable[[Run], None] = lambda _: None,
) -> Run:
    """Return the run of these options, reusing what is ``known``.

    ``dataset`` are their data, if open and prepared. ``tell`` is called at every half step and
    stops the fit by returning False. ``begun`` is given a run on points that stay on disk, whose
    history grows from then on. Raises ``DataError`` or ``ValueError`` with one sentence if
    the data cannot be used or do not fit the options.
    """
    from kmeans_tui.requests import fit as fits
    from kmeans_tui.requests.subject import Subject

    # A reopened file may have changed, which makes it another run.
    anew = dataset is not None and known is not None and dataset.digest != known.dataset.digest
    opens = False
    if dataset is not None and where_points.stay_on_disk(options):
        # These are only its first rows, or a table small enough for memory that is read in parts.
        dataset, opens = None, True
    subject = Subject(dataset) if dataset is not None else load(options, known, tell, opens=opens)
    dataset = subject.dataset
    # Compute the plane of the plot here, because the plot needs it on the event loop.
    dataset.shown()
    stopped = known is not None and known.history.cut_short
    seen = known is not None and options.axes != known.options.axes
    same = known is not None and agree(options, known.options, _RUN) and not anew
    if subject.parts is not None:
        from kmeans_tui.ui.models import live_fit

        return live_fit.fit(options, known, subject.parts, tell, begun, same=same)
    if known is not None and same and (seen or not stopped):
        return replace(known, options=options, dataset=dataset, warnings=())

    def progress(step: "Step") -> bool:
        return tell(f"{what} … iteration {step.iteration}, inertia {amount(step.inertia)}")

    what = "looking for a swap that helps"
    if subject.history is not None:
        palette.check_worn(options.colours, subject.history.k)
        history, parameters = subject.history, subject.parameters
        if options.improve:
            history = fits.improved(options, dataset, history, parameters, progress)
        return Run(options, dataset, history, parameters=parameters)
    plain = replace(options, improve=None)
    beaten = known is not None and not stopped and not anew and model is None
    if known is not None and beaten and options.improve and agree(plain, known.options, _RUN):
        # The run on show is the beginning of the improved one.
        history = fits.improved(options, dataset, known.history, None, progress)
        return Run(options, dataset, history, known.warnings)

    if model is None:
        model = fits.model(options, dataset, lambda said: tell(f"the start: {said.doing}"))
    palette.check_worn(options.colours, model.k)
    what = f"fitting k={model.k}, {options.init}, seed {options.seed}"
    tell(what)
    # Catching warnings affects the whole process, and a fit that was asked to stop may still be in
    # its last half step when the next one starts.
    with _ONE_AT_A_TIME, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        model.fit(dataset.points, progress, dataset.weights)
    said = tuple(
        str(each.message).replace("X has", f"{dataset.name} has", 1)
        for each in caught
        if each.category is UserWarning
    )
    return Run(replace(options, k=model.history.k), dataset, model.history, said)


def load(
    options: Options,
    known: Run | None,
    tell: Callable[[str], bool] = lambda _: True,
    *,
    opens: bool = False,
) -> "Subject":
    """Return the prepared data of these options, reusing ``known`` as far as it is the same.

    ``tell`` is told how much of a file is read, and stops it by returning False. If a table
    ``opens`` that stays on disk, it is read again if it has changed.
    """
    from kmeans_tui.data.preparation import Preparation
    from kmeans_tui.requests.recorded import as_recorded
    from kmeans_tui.requests.subject import (
        Subject,
        of_recording_alone,
        open_subject,
        preparation,
        select,
    )

    def heard(done: int, size: int) -> bool:
        return tell(f"reading, {done / 1e6:,.0f} of {size / 1e6:,.0f} MB")

    another = known is None or not agree(options, known.options, READING)
    # A recording without its improvement is read again.
    if known is not None and known.recorded and known.options.improve and not options.improve:
        another = True
    if known is None or another or (as_recorded(options) and not known.recorded):
        return open_subject(options, heard, tell)
    if known.parts is not None:
        from kmeans_tui.ui.models import live_fit

        stopped = known.history.stopped_by not in ("converged", "max_iterations")
        runs = opens or stopped or not agree(options, known.options, _RUN)
        return live_fit.loaded(options, known, tell, runs=runs)
    source, dataset = known.dataset.source, known.dataset
    wanted, before = preparation(options), preparation(known.options)
    if not wanted.chooses_as(before):
        # A column requested by name may have to be read as numbers instead of text.
        if source is None or source.lacks(wanted.numbers):
            return open_subject(options, heard)
        return Subject(select(options, source))
    if wanted.scale is None is not before.scale or wanted.axes is None is not before.axes:
        # The data's own defaults are known where they are opened.
        return open_subject(options, heard)
    seen = Preparation(scale=wanted.scale, axes=wanted.axes)
    dataset = dataset if wanted == before else seen.applied(dataset)
    if as_recorded(options):
        return Subject(dataset, known.history, known.parameters)
    return Subject(of_recording_alone(dataset) if known.recorded else dataset)
