"""Compare: two runs side by side with one clock, or our result next to scikit-learn's."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from kmeans_tui.analysis.pair import Pair, PairSide
from kmeans_tui.command import Options, agree, deciding, taken
from kmeans_tui.options.groups import Answer
from kmeans_tui.pair_kinds import PROGRAMS, another_second, values_of
from kmeans_tui.requests import answers, pairs, step_words
from kmeans_tui.requests.fit import our_side
from kmeans_tui.requests.session import Run, Session
from kmeans_tui.requests.subject import Subject
from kmeans_tui.ui.bindings import bindings
from kmeans_tui.ui.models import half_step
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.lockstep import Lockstep
from kmeans_tui.ui.models.zooming import framing, same_plane
from kmeans_tui.ui.screens.lockstep_page import LockstepPage
from kmeans_tui.ui.screens.programs_page import ProgramsPage
from kmeans_tui.ui.visitor import WITHHELD
from kmeans_tui.ui.widgets.chart import Chart
from kmeans_tui.ui.widgets.curve import OTHER, STOP, Curve
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from kmeans_tui.ui.widgets.stage import scene_of
from kmeans_tui.ui.widgets.status_line import Status
from kmeans_tui.user_keys import key

if TYPE_CHECKING:
    from kmeans_tui.analysis.comparison import Comparison, Outcome
    from kmeans_tui.data.dataset import Dataset


# What another screen says of a pair that it opens.
_OPENED: Final = (
    "k", "init", "seed", "runs", "max_iterations", "tolerance", "empty", "centroids", "pair",
)  # fmt: skip


class Curves(Curve):
    """The inertia of both runs."""

    can_focus = True


class Compare(LockstepPage, ProgramsPage):
    """Two plots, and below them what the two have in common and where they part."""

    PLACE = "Compare"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("Pair"), *bindings("Compare")]
    ANSWER: ClassVar[Answer] = "compare"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        opened_here = session.options.screen == "compare"
        self._goto = session.options.goto if opened_here else Options.goto
        self._opened: tuple[Run, Options] | None = None

    def body(self) -> ComposeResult:
        """Yield the plots, the numbers below them, the curves and the sentences."""
        with Vertical(id="stage"):
            with Horizontal(id="both"):
                yield Chart(id="ours")
                yield Chart(id="theirs")
            with Horizontal(id="facts"):
                yield Listing(id="difference", title="difference")
                yield Passage(id="truth", title="truth")
            with Horizontal(id="told"):
                yield Curves(id="curves", title="inertia")
                yield Passage(id="compared", title="verdict")
            yield ProgressLine(id="progress")
            yield Status(id="status")

    # --- the options ---------------------------------------------------------------------------

    @property
    def paired(self) -> bool:
        """Whether two runs are asked for, and not both programs."""
        return self.options.pair not in PROGRAMS

    def question(self, run: Run) -> Options:
        """Return the options of the run on show, with the pair chosen here before."""
        if self._opened is not None and self._opened[0] is run:
            return replace(run.options, **taken(self._opened[1], _OPENED))
        init = answers.single_start(run.options.init)
        tolerance = run.options.tolerance
        if tolerance == 0 and self._source is not None and not self.paired:
            # The start of our side in "same", which enter has shown; others set their own.
            tolerance = self.options.tolerance
        return replace(
            run.options,
            k=run.history.k,
            init=init,
            tolerance=tolerance,
            pair=self.options.pair,
        )

    def show_data(self) -> None:
        """Give both plots the points of the data, or new axes to both runs."""
        steps = self.lockstep
        if steps is None:
            self._show_points(self.dataset, self.dataset)
            return
        axes = self.dataset.axes
        if not steps.pair.first.dataset.has_axes(axes):
            self.forget()
            return
        # A recording may lack a value of an encoded column: it keeps its own plane.
        first, second = (
            replace(side, dataset=side.dataset.with_axes(axes))
            if side.dataset.has_axes(axes)
            else side
            for side in steps.sides
        )
        if steps.pair.first.dataset is steps.pair.second.dataset:
            second = replace(second, dataset=first.dataset)
        pair = replace(steps.pair, first=first, second=second)
        self.lockstep = Lockstep(pair, str(steps.moment))
        self._show_points(first.dataset, second.dataset)

    def _show_points(self, first: "Dataset", second: "Dataset") -> None:
        """Give the plots their points; the axes make room for those of both where they can."""
        together = first is not second and same_plane(first, second)
        for chart, own, other in zip(self._charts, (first, second), (second, first), strict=True):
            chart.set_points(own.shown(), own.units)
            if together:
                chart.make_room(other.shown())

    @property
    def _charts(self) -> tuple[Chart, Chart]:
        return self.query_one("#ours", Chart), self.query_one("#theirs", Chart)

    def forget(self) -> None:
        """Drop both sides; the clock stays where it is."""
        self.pause()
        if self.lockstep is not None:
            self._goto = "last" if self.lockstep.at_end else str(self.lockstep.moment)
        self.outcomes.clear()
        self.comparison = self.lockstep = None
        self.refused = ""

    def work(self, dataset: "Dataset", job: Job) -> "Comparison | Pair | None":
        """Run the left one first; scikit-learn is imported here on first use."""
        options = replace(self.options, axes=self.session.options.axes)
        return pairs.compared(options, dataset, progress=job.hear, known=self._known_run)

    @property
    def _known_run(self) -> Subject | None:
        """The run in Explore, unless another is asked for here."""
        run = self.session.run
        if run is None or not self._same(self.question(run), self.options):
            return None
        return Subject(run.dataset, run.history, run.parameters)

    def take(self, rows: "Sequence[Outcome | PairSide]") -> None:
        """Take our result, then theirs; two runs are shown when both are there."""
        self.outcomes.extend(each for each in rows if not isinstance(each, PairSide))

    def answered(self, result: "Comparison | Pair | None") -> None:
        """Take the comparison, or the two runs."""
        if isinstance(result, Pair):
            self.lockstep = Lockstep(result, self._goto)
            self._show_points(result.first.dataset, result.second.dataset)
        else:
            self._show_points(self.dataset, self.dataset)
            self.comparison = result

    def found(self) -> "Comparison | Pair | None":
        """Return the answer, once both sides have run."""
        return self.comparison if self.lockstep is None else self.lockstep.pair

    def refuse(self, sentence: str) -> None:
        """Say why there is no result, and keep saying it."""
        self.refused = sentence
        super().refuse(sentence)

    def action_again(self) -> None:
        """Run both again: neither can continue where it was stopped."""
        self.ask()

    def now(self) -> tuple[str, ...]:
        """Return the states; after a stop it starts over."""
        return tuple(each for each in super().now() if each != "stopped")

    # --- keys ----------------------------------------------------------------------------------

    def steps(self) -> Lockstep | None:
        """Return the two runs, or say that there are none to step through."""
        if not self.paired:
            self.notify(
                f"scikit-learn tells only its end; {key('pair')} chooses two runs to step through."
            )
        return self.lockstep

    @property
    def _chosen(self) -> int:
        """Which plot enter opens: 1 for the right one, if it has the focus."""
        return int(self.focused is not None and self.focused.id == "theirs")

    async def action_choose(self) -> None:
        """Show our run in Explore, or that of the plot with the focus."""
        asked = pairs.read(self.options)
        if asked is None:
            await self.open_in_explore(our_side(replace(self.options, colours=self.first_colours)))
        elif self.lockstep is None:
            self.notify("The runs are not there yet.")
        elif asked.resample is not None:
            name = (asked.first_name, asked.second_name)[self._chosen]
            self.notify(f"This run of {name}, the best of several, can be watched only here.")
        elif asked.mini_batch and self._chosen:
            self.notify("scikit-learn's mini-batches can be watched only here.")
        elif asked.recording is not None and not self._chosen and self._known_run is not None:
            await self.app.action_show("Explore")  # type: ignore[attr-defined]
        else:
            wears = self.lockstep.worn(self.first_colours)[self._chosen]
            worn = None if wears == tuple(range(len(wears))) else tuple(c + 1 for c in wears)
            options = (asked.first, asked.second)[self._chosen]
            await self.open_in_explore(replace(options, colours=worn))

    async def action_pair(self) -> None:
        """Choose the two runs from a list."""
        from kmeans_tui.ui.screens.dialogs.pair_choice import PairDialog

        row = self.session.options.row
        # Visitors name no paths.
        visited = self.app.visitor is not None  # type: ignore[attr-defined]
        note = "Or type one, such as seeds:3,8, k:2,5 or file:run.json."
        if visited:
            note = "Or type one, such as seeds:3,8 or k:2,5."
        if row is None:
            note += " Inspect a point in Explore to leave its row out."

        def chosen(pair: str | None) -> None:
            if pair is None:
                return
            varied = values_of(pair)
            if visited and varied is not None and varied.kind.recording:
                self.notify(WITHHELD["path"], severity="warning")
            else:
                self.change(pair=pair)

        offered = pairs.offered(self.options, self.dataset, row, files=not visited)
        await self.app.push_screen(PairDialog(offered, self.options.pair, note), chosen)

    def compare(self, pair: str) -> None:
        """Compare these two runs, at once or as soon as the screen has data."""
        if self._job is None:
            self.options = replace(self.options, pair=pair)
        else:
            self.change(pair=pair)

    def open_pair(self, options: Options) -> None:
        """Compare the two runs of these options, on the data of the run on show."""
        run = self.session.run
        assert run is not None  # the screen that calls has one
        self._opened = run, options
        if self._job is not None:
            self._source = self.question(run)
            self.change(**taken(options, _OPENED))

    def action_seed(self, by: int) -> None:
        """Use the next or the previous second seed; where there is none, another for both."""
        if not self._another("seed", by, "Seeds start at 0."):
            self.change_seed(self.options.seed + by)

    def action_clusters(self, by: int) -> None:
        """Use more or fewer clusters, in the second run if the two differ in that."""
        if not self._another("k", by, step_words.too_many_clusters(self.dataset)):
            super().action_clusters(by)

    def _another(self, option: str, by: int, refusal: str) -> bool:
        """Whether the pair varies this option; then use its next second value, or say why not."""
        varied = values_of(self.options.pair)
        if varied is None or varied.kind.option != option:
            return False
        pair = another_second(self.options.pair, option, by)
        found = None if pair is None else values_of(pair)
        if pair is None or found is None or (option == "k" and found.values[1] > self.dataset.n):
            self.notify(refusal, severity="warning")
        else:
            self.change(pair=pair)
        return True

    def restarts(self, old: Options, new: Options) -> bool:
        """Whether the change needs new runs; a different look does not."""
        return not agree(old, new, deciding(self.ANSWER))

    def action_regions(self) -> None:
        """Turn the regions of the clusters on or off."""
        if not self.dataset.exact_plane and not self.session.options.regions:
            self.notify(half_step.no_regions(self.dataset), severity="warning")
            return
        self.see(regions=not self.session.options.regions)

    def plot(self) -> Chart:
        """Return the left plot; the other shows the same part."""
        return self._charts[0]

    # --- drawing -------------------------------------------------------------------------------

    def view_options(self) -> Options:
        """Return the options with the look of the plots, which is Explore's, and the half step."""
        look, steps = self.session.options, self.lockstep
        found = super().view_options()
        return replace(
            found,
            marker=look.marker,
            trails=look.trails,
            regions=look.regions,
            coming=look.coming,
            speed=look.speed,
            colours=self.first_colours,
            goto=found.goto if steps is None else str(steps.moment),
        )

    def heading(self, run: Run) -> str:
        """Return the data, and k where both have the same."""
        varied = values_of(self.options.pair)
        alike = varied is None or varied.kind.option != "k"
        return f"{self.dataset.title} · k={self.options.k}" if alike else self.dataset.title

    def standing(self) -> str:
        """Return how both started, or how far apart two runs are here."""
        if self.stopped:
            return f"stopped · {key('again')} runs both again"
        options = self.options
        if self.lockstep is not None:
            playing = f"{options.speed:g}/s · " if self.playing else ""
            return f"{playing}{self.lockstep.standing()}"
        if self.paired:
            return ""
        return self.same_start()

    def hint(self) -> str:
        """Return what the keys change."""
        if not self.paired:
            return f"{key('pair')} chooses two runs to compare · enter watches our run in Explore"
        if self.lockstep is None:
            return f"{key('pair')} chooses two runs to compare"
        if self.has_class("-short"):
            return f"tab: {self.lockstep.pair.sentence}"
        name = self.lockstep.sides[self._chosen].name
        enter = f"enter watches {name} in Explore, tab chooses the plot"
        return f"{key('pair')} chooses the pair · {enter}"

    def draw(self) -> None:
        """Draw both plots, and what is said of them."""
        self.set_class(self.paired, "-paired")
        self.set_class(self.has_class("-brief") and not self.paired, "-brief")
        for chart in self._charts:
            # The focus says which of two runs is chosen; the other plots have no keys of their own.
            chart.can_focus = self.paired
        if self.paired:
            self._draw_pair()
        else:
            self.draw_programs()

    def _draw_pair(self) -> None:
        steps, look = self.lockstep, self.session.options
        said, curves = self.query_one("#compared", Passage), self.query_one(Curves)
        self.set_class(self.focused is curves, "-curving")
        self.set_class(self.focused in (curves, said), "-reading")
        changed = steps is not None and steps.pair.change is not None
        said.entitle("what has changed" if changed else "where they part")
        if steps is None:
            said.draw((self.refused or ("…" if self.busy else "Stopped before both had run."),))
            return
        worn = steps.worn(self.first_colours)
        for chart, side, wears in zip(self._charts, steps.sides, worn, strict=True):
            chart.entitle(steps.title(side, chart.inner.width - 4), "")
            run = Run(self.options, side.dataset, side.history)
            scene = scene_of(run, steps.at(side), look)
            scene = replace(scene, wears=wears, numbers=steps.numbers(side))
            chart.draw(scene, look.marker, framing(look))
        ours, theirs = steps.curves()
        curves.entitle("inertia" if steps.pair.comparable else "inertia, as a share of the first")
        curves.draw(
            ours,
            max(steps.position - 1, 0),
            steps.caption((STOP, OTHER)),
            last=steps.last // 2,
            halves=True,
            second=theirs,
        )
        said.draw(steps.sentences())

    def on_descendant_focus(self) -> None:
        """Show the tables or the curves if focused."""
        self.call_after_refresh(self.paint)

    def on_descendant_blur(self) -> None:
        """Hide the tables or the curves if they need not be shown."""
        self.call_after_refresh(self.paint)
