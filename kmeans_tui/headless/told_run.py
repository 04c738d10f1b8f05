"""A run that is told in sentences: its half steps, and the run after another choice."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kmeans_tui.command import DATA, Options
from kmeans_tui.data.reading import memory
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.single_keys import SingleKeys
from kmeans_tui.headless.text import heading
from kmeans_tui.requests import fit, given, in_parts, step_words
from kmeans_tui.requests.session import Run, Session
from kmeans_tui.requests.subject import Subject, beside, open_subject
from kmeans_tui.words import ended, sentence

if TYPE_CHECKING:
    from kmeans_tui.clustering.watched_start import WatchedStart


def run_of(options: Options, subject: Subject, narration: Narration) -> Run:
    """Return the run of the options on their data; raises ``ValueError``, one sentence."""
    history = fit.run_of(subject, options, narration, narration.say)
    recorded = subject.history is not None
    asked = options if recorded else replace(options, k=history.k)
    return Run(asked, subject.dataset, history, parameters=subject.parameters, parts=subject.parts)


def _subject(run: Run, options: Options, narration: Narration) -> Subject:
    """Return the data of other options beside those of a run, read again only if need be."""
    same = all(getattr(options, each) == getattr(run.options, each) for each in DATA)
    if run.parts is None:
        return Subject(run.dataset if same else beside(run.dataset, run.options, options))
    in_parts.check(options)
    if same:
        return Subject(run.dataset, parts=run.parts)
    run.parts.close()
    return open_subject(options, tell=narration.say)


class ToldRun:
    """One run that is told, and the half step that was told last.

    ``say`` prints lines; ``keys`` are where keys and typed lines come from.
    """

    def __init__(
        self, options: Options, run: Run, keys: SingleKeys, say: Callable[[Sequence[str]], None]
    ) -> None:
        self.session = Session(options)
        self.session.adopt(run)
        if options.goto == Options.goto:
            self.session.move(0)
        self.keys, self.say = keys, say
        self._wanted = run.options
        self._start: tuple[object, WatchedStart] | None = None

    @property
    def run(self) -> Run:
        """The run that is told."""
        assert self.session.run is not None
        return self.session.run

    def tell(self, text: str) -> None:
        """Say one sentence, or several that belong together, as a line."""
        self.say([sentence(text)])

    def tell_heading(self) -> None:
        """Say the data, k and the start."""
        run = self.run
        # As it is written: names have their own case.
        options = None if run.recorded else run.options
        self.say([ended(heading(options, run.dataset, run.history))])

    def tell_moment(self, *, whole: bool = False) -> None:
        """Tell the half step, or draw of the start, that is reached; or the ``whole`` iteration."""
        session, moment, step = self.session, self.session.moment, self.session.step()
        if session.draw is not None:
            from kmeans_tui.analysis.draw_words import told

            self.tell(told(self._watched(), session.draw, self.run.dataset))
        elif whole and step is not None and step.kind == "assign":
            self.tell(step_words.told_whole(self.run, moment, step))
        else:
            self.tell(step_words.told(self.run, moment, step))

    def _watched(self) -> "WatchedStart":
        run = self.run
        if self._start is None or self._start[0] is not run.history:
            start = fit.start_of(run.options, run.dataset)
            assert start is not None
            self._start = run.history, start
        return self._start[1]

    def change(self, **fields: Any) -> None:
        """Run again with other options, and tell the same iteration of that run, or its end."""
        moment, run = self.session.moment, self.run
        ended = self.session.at_end and moment.iteration > 0
        if run.recorded:
            # After a recording: the same k on its points, with our own start.
            fields.setdefault("k", run.history.k)
        changes = {"goto": "last" if ended else self.session.goto, "colours": None, **fields}
        self._fit(replace(self._wanted, **given.released(self._wanted, changes)))

    def _fit(self, options: Options, *, undo: bool = False) -> bool:
        """Run these options and tell where they lead; False, with the reason told, if they fail."""
        run = self.run
        try:
            with warnings.catch_warnings(record=True) as caught, Narration(in_place=False) as said:
                warnings.simplefilter("always", UserWarning)
                found = run_of(options, _subject(run, options, said), said)
        except ValueError as error:
            self.tell(str(error))
            return False
        except MemoryError:
            self.tell(memory.needs_more("this run"))
            return False
        self.session.adopt(found, undo=undo)
        self._wanted = found.options
        name = found.dataset.name
        for each in dict.fromkeys(str(each.message) for each in caught):
            self.tell(f"warning: {each.replace('X has', f'{name} has', 1)}")
        self.tell_heading()
        self.tell_moment(whole=True)
        return True

    def clusters(self, by: int) -> None:
        """Use more or fewer clusters."""
        k = self.run.history.k + by
        if 1 <= k <= self.run.dataset.n:
            self.change(k=k)
        else:
            self.tell(step_words.too_many_clusters(self.run.dataset))

    def seed(self, by: int) -> None:
        """Use the next or the previous seed."""
        seed = self._wanted.seed + by
        if 0 <= seed < 2**32:
            self.change(seed=seed)
        else:
            self.tell(step_words.SEEDS_START)

    def init(self) -> None:
        """Switch between random points and k-means++."""
        self.change(init="random" if self._wanted.init == "k-means++" else "k-means++")

    def scale(self) -> None:
        """Standardise the features, or use them unscaled."""
        self.change(scale="none" if self.run.dataset.scale == "standard" else "standard")

    def improve(self) -> None:
        """Go on from the end of the run by swaps that help; again, without them."""
        run = self.run
        if run.options.improve:
            self.undo() if run.recorded else self.change(improve=None)
            return
        if run.parts is not None:
            self.change(improve=True)
            return
        with Narration(in_place=False) as said:
            history = fit.improved(run.options, run.dataset, run.history, run.parameters, said)
        # The first swap follows there.
        asked = replace(self._wanted, improve=True, goto=str(run.history.iterations))
        found = replace(run, options=asked, history=history, warnings=())
        self.session.adopt(found)
        self._wanted = asked
        self.tell(step_words.gained(found))
        self.tell_moment(whole=True)

    def undo(self) -> None:
        """Go back to the run before this one."""
        past = self.session.previous()
        if past is None:
            self.tell(step_words.NO_PREVIOUS)
        elif not self._fit(past, undo=True):
            self.session.put_back(past)
