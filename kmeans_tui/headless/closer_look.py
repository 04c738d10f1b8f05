"""What is told of a run beyond its half steps: rows, changes, clusters, code, working."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kmeans_tui.headless.told_run import ToldRun
from kmeans_tui.requests import questioning, step_words
from kmeans_tui.words import ended, sentence

if TYPE_CHECKING:
    from kmeans_tui.analysis.profile import Profile

# Nobody listens to a longer list.
_LISTED: Final = 20
_FEATURES: Final = 8


class CloserLook(ToldRun):
    """A run whose rows, clusters and steps can be asked about."""

    _looked_for = ""

    def changes(self) -> None:
        """List the points that changed cluster in this iteration, nearest to the border first."""
        from kmeans_tui.analysis.point import changed

        run, iteration = self.run, self.session.moment.iteration
        count = run.history[iteration].changed
        self.tell(step_words.changed_in(count, iteration))
        if count:
            found = changed(run.history, run.dataset.points, iteration)
            self.say([*map(sentence, questioning.changes(found, run.dataset, _LISTED))])
            if count > _LISTED:
                self.tell(f"and {count - _LISTED:,} more, farther from it")

    def find(self) -> None:
        """Ask for a row by its number or a label, and tell why it is where it is."""
        if self.keys.live:
            self.tell("type a row number or a label, then enter")
        text = (self.keys.line() or "").strip() or self._looked_for
        if not text:
            if self.keys.live:
                self.tell("no row was named")
            return
        from kmeans_tui.data import rows

        self._looked_for, dataset = text, self.run.dataset
        matching = rows.find(dataset, text)
        if not len(matching):
            self.tell(step_words.no_such_row(dataset, text))
            return
        here = rows.at(dataset, self.session.options.row)
        later = matching[matching > (-1 if here is None else here)]
        row = int(later[0] if len(later) else matching[0])
        self.session.options = replace(self.session.options, row=rows.number(dataset, row))
        if said := step_words.matching(dataset, text, len(matching)):
            self.tell(said)
        self.tell_point()

    def question(self) -> None:
        """Tell of the row that was found last at this half step; without one, ask for it."""
        if self.session.options.row is None:
            self.find()
        else:
            self.tell_point()

    def tell_point(self) -> None:
        """Tell of the row of the options at this half step."""
        from kmeans_tui.data import rows

        wanted, run, moment = self.session.options.row, self.run, self.session.moment
        row = rows.at(run.dataset, wanted)
        if row is None:
            self.tell(step_words.no_such_row(run.dataset, str(wanted)))
        else:
            self.say([*questioning.spoken(run, moment, row)])

    def profile(self) -> None:
        """Describe each cluster, and what sets it apart."""
        run, step = self.run, self.session.step()
        if step is None:
            self.tell(step_words.UNASSIGNED)
            return
        from kmeans_tui.analysis.profile import profiles

        found = profiles(run.dataset, step.labels, step.centroids)
        inertia = sum(each.inertia for each in found)
        for each in found:
            self.say([*self._described(each, inertia)])

    def _described(self, profile: "Profile", inertia: float) -> Iterator[str]:
        from kmeans_tui.analysis import profile_words

        head = ", ".join(profile_words.heading(profile, inertia))
        yield ended(f"{sentence(head)[:-1]}: {profile.sentence()}")
        yield from map(ended, profile_words.traits(profile, _FEATURES))
        yield from map(ended, profile_words.asides(profile, self.run.dataset))

    def code(self) -> None:
        """Tell the textbook's code of this step."""
        from kmeans_tui.clustering.textbook_code import code

        weighted = self.run.dataset.weights is not None
        step, init = self.session.algorithm_step(), self.session.options.init
        title, source = code(step, init, weighted=weighted)
        self.say([f"{title[:1].upper()}{title[1:]}:", *source.splitlines()])

    def working(self) -> None:
        """Tell all distances and means of this iteration, as written by hand, of small data."""
        from kmeans_tui.analysis.working import refusal, working

        run, moment = self.run, self.session.moment
        problem = refusal(run.dataset.counted, run.history.k, run.dataset.d)
        if problem is not None:
            self.tell(problem)
            return
        iteration = moment.iteration - (moment.kind == "update")
        self.say(working(run.dataset, run.history, iteration).text())

    def remarks(self) -> None:
        """Tell what of the data was left out, filled in or guessed."""
        notes = self.run.dataset.notes()
        self.say([*map(ended, notes)] or ["There are no remarks on these data."])
