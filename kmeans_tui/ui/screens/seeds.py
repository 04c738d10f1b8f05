"""Seeds: does the start matter; the results of many starts, and how often each is reached."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from kmeans_tui.argument_types import MOST_SEEDS
from kmeans_tui.command import Options
from kmeans_tui.options.analysis_options import ORDERS
from kmeans_tui.options.groups import Answer
from kmeans_tui.requests import answers
from kmeans_tui.requests.session import Run, Session
from kmeans_tui.ui.bindings import bindings
from kmeans_tui.ui.models.colouring import Colouring
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.round_steps import beside, following
from kmeans_tui.ui.models.zooming import framing
from kmeans_tui.ui.screens.analysis import Analysis
from kmeans_tui.ui.screens.plane_page import PlanePage
from kmeans_tui.ui.widgets.cells import Words
from kmeans_tui.ui.widgets.chart import Chart
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.panels import PLAIN
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from kmeans_tui.ui.widgets.scene import Scene
from kmeans_tui.ui.widgets.status_line import Status
from kmeans_tui.user_keys import key
from kmeans_tui.words import amount, plural, sentence

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.analysis.census import Census, Optimum
    from kmeans_tui.analysis.progress import Progress
    from kmeans_tui.analysis.seed_runs import SeedRow, SeedRuns
    from kmeans_tui.data.dataset import Dataset

COUNTS: Final = (5, 10, 20, 50, 100, 200, 500, 1000)
CENSUS: Final = (1000, 10_000, 100_000)
# The first census starts by itself, so it is limited to this many seconds.
_PATIENCE: Final = 2.0
_AT_ONCE: Final = 100_000  # points that are assigned at once: a million would take 40 ms
_BAR: Final = "█"


class Seeds(PlanePage, Analysis):
    """The list of seeds, the final state of the chosen one, the census, and the summary."""

    PLACE = "Seeds"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("Seeds")]
    ANSWER: ClassVar[Answer] = "seeds"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._found: dict[int, SeedRow] = {}
        self._runs: SeedRuns | None = None
        self._census: Census | None = None
        self._seed: int | None = None
        self._moved = False
        self._optimum: int | None = None
        self._ends: tuple[object, np.ndarray] | None = None
        self._colouring = Colouring()
        self._drawing: tuple[object, Job] | None = None

    def body(self) -> ComposeResult:
        """Yield list and census at the left, the plot at the right, the sentences below."""
        with Vertical(id="stage"):
            with Horizontal(id="pair"):
                # The plot gets the whole height, so that a round cluster looks round.
                with Vertical(id="ends"):
                    yield Listing(id="seeds-rows", title="seeds")
                    yield Listing(id="census", title="census")
                yield Chart(id="seeds-chart")
            yield Passage(id="seeds-said", title="summary")
            yield ProgressLine(id="progress")
            yield Status(id="status")

    # --- the options ---------------------------------------------------------------------------

    def question(self, run: Run) -> Options:
        """Return the options of the run on show, with its k and its start."""
        kept = self.options
        init = answers.drawn_start(run.options.init)
        return replace(
            run.options,
            k=run.history.k,
            init=init,
            seeds=kept.seeds,
            census=kept.census,
            order=kept.order,
            colours=None,
        )

    def show_data(self) -> None:
        """Give the plot the points of the data."""
        self.query_one("#seeds-chart", Chart).set_points(self.dataset.shown(), self.dataset.units)

    def restarts(self, old: Options, new: Options) -> bool:
        """Whether the change needs new runs; more seeds or another order keep the results."""
        return not self._same(old, new)

    def _ask_for(self, new: Options) -> None:
        old = self.options
        super()._ask_for(new)
        if not self.restarts(old, new) and (old.seeds, old.census) != (new.seeds, new.census):
            kept = set(new.seeds)
            self._found = {seed: row for seed, row in self._found.items() if seed in kept}
            self.go_on()

    def forget(self) -> None:
        """Drop all results."""
        self._found.clear()
        self._runs = self._census = self._seed = self._optimum = self._ends = None
        self._colouring.forget()
        self._moved = False

    def work(self, dataset: "Dataset", job: Job) -> "tuple[SeedRuns, Census | None]":
        """Run the listed seeds, then the census."""
        options, counted = self.options, self._census
        known = tuple(self._found.values())
        runs = answers.seed_runs(options, dataset, known=known, progress=job.hear)
        if not runs.complete or (counted is not None and counted.runs == options.census):
            return runs, counted
        if options.census is not None:
            return runs, answers.census(options, dataset, range(options.census), job.hear)
        if counted is not None:
            return runs, counted
        end = time.monotonic() + _PATIENCE

        def in_time(said: "Progress[None]") -> bool:
            return job.hear(said) and time.monotonic() < end

        return runs, answers.census(options, dataset, range(CENSUS[0]), in_time, job.hear)

    def take(self, rows: "Sequence[SeedRow]") -> None:
        """Take rows, one for each seed."""
        self._found.update({row.seed: row for row in rows if row.seed in self.options.seeds})
        if self._seed is None and rows:
            self._seed = rows[0].seed

    def answered(self, result: "tuple[SeedRuns, Census | None]") -> None:
        """Take the runs, all matched to the best, and the census."""
        runs, census = result
        if runs.rows:
            self._runs = runs
            self._found = {row.seed: row for row in runs.rows}
            if not self._moved:
                asked = self.options.seed
                self._seed = asked if asked in self._found else runs.best.seed
        if census is not None and census.optima:
            self._census = census
        self._ends = None
        if self._runs is not None:
            self._colouring.match_to(self.session.run, self.dataset, self._runs.best)

    def _chosen(self) -> "SeedRow | Optimum | None":
        """Return what is drawn: a result of the census, or that of a seed."""
        if self._optimum is not None:
            return self._optima()[self._optimum]
        return None if self._seed is None else self._found.get(self._seed)

    def found(self) -> "tuple[SeedRuns, Census] | None":
        """Return seeds and census, once both are complete."""
        if self._runs is None or self._census is None:
            return None
        return self._runs, self._census

    # --- keys ----------------------------------------------------------------------------------

    @property
    def _in_census(self) -> bool:
        return self.focused is self.query_one("#census", Listing) and self._census is not None

    def _optima(self) -> "tuple[Optimum, ...]":
        return self._census.optima if self._census is not None else ()

    def _listed(self) -> "list[SeedRow]":
        rules: dict[str, Any] = {
            "inertia": lambda row: (row.inertia, row.seed),
            "seed": lambda row: row.seed,
            "iterations": lambda row: (row.updates, row.inertia, row.seed),
        }
        return sorted(self._found.values(), key=rules[self.options.order])

    def _at(self) -> int:
        seeds = [row.seed for row in self._listed()]
        return seeds.index(self._seed) if self._seed in seeds else 0

    def _choose(self, at: int) -> None:
        if self._in_census:
            self._optimum = max(0, min(at, len(self._optima()) - 1))
        elif rows := self._listed():
            self._optimum, self._moved = None, True
            self._seed = rows[max(0, min(at, len(rows) - 1))].seed
        self.paint()

    def action_move(self, by: int) -> None:
        """Choose another seed, or another result if the census has the focus."""
        self._choose((self._optimum or 0 if self._in_census else self._at()) + by)

    def action_first(self) -> None:
        """Choose the first row."""
        self._choose(0)

    def action_last(self) -> None:
        """Choose the last row."""
        self._choose(len(self._optima() if self._in_census else self._found) - 1)

    def on_listing_picked(self, message: Listing.Picked) -> None:
        """Choose the row that was clicked."""
        message.listing.focus()
        self.call_after_refresh(self._choose, message.row)

    def on_descendant_focus(self) -> None:
        """Draw the choice of the focused list."""
        if self._in_census:
            self._choose(self._optimum or 0)
        elif self.focused is self.query_one("#seeds-rows", Listing):
            self._choose(self._at())

    async def action_choose(self) -> None:
        """Show the chosen seed in Explore, or the first that leads to the chosen result."""
        seed = self._seed
        if self._optimum is not None:
            seed = self._optima()[self._optimum].first_seed
        if seed is None:
            self.notify("No seed has run yet.")
        else:
            await self.open_in_explore(
                replace(self.options, seed=seed, colours=self._colouring.named(self._chosen()))
            )

    def action_seeds(self, by: int) -> None:
        """Use fewer or more seeds."""
        count = beside(COUNTS, len(self.options.seeds), by)
        self.change(seeds=range(count))

    def action_init(self) -> None:
        """Switch between random points and k-means++."""
        self.change(init="random" if self.options.init == "k-means++" else "k-means++")

    def action_order(self) -> None:
        """Sort the list in the next order."""
        self.options = replace(self.options, order=following(ORDERS, self.options.order))
        self.paint()

    def action_census(self) -> None:
        """Count where 1,000 seeds end; after that, ten times as many."""
        done = self._census.runs if self._census is not None else 0
        number = min(beside(CENSUS, done, 1), MOST_SEEDS)
        if number == done:
            self.notify(f"{plural(done, 'seed')} are counted; `kmeans-tui seeds` counts more.")
        else:
            self.change(census=number)

    def view_options(self) -> Options:
        """Return the options with the chosen seed, and as many counted as here."""
        found = super().view_options()
        if self._optimum is not None:
            found = replace(found, seed=self._optima()[self._optimum].first_seed)
        elif self._seed is not None:
            found = replace(found, seed=self._seed)
        found = replace(found, colours=self._colouring.named(self._chosen()))
        return found if self._census is None else replace(found, census=self._census.runs)

    def plot(self) -> Chart:
        """Return the plot."""
        return self.query_one("#seeds-chart", Chart)

    # --- drawing -------------------------------------------------------------------------------

    def standing(self) -> str:
        """Return how many seeds have run, and how many were counted."""
        done = plural(len(self._found), "seed")
        more = f" · {key('census')} counts {CENSUS[0]:,}"
        cut = self._census is not None and not self._census.complete and not self.stopped
        if self._census is not None:
            done += f", {self._census.runs:,} counted"
        if cut:
            done += f" in {_PATIENCE:g} s{more}"
        if self.stopped:
            return f"stopped after {done} · {key('again')} goes on"
        return f"done: {done}{'' if self._census else more}"

    def hint(self) -> str:
        """Return the order, and what enter does."""
        if self._optimum is not None:
            chosen = self._optima()[self._optimum]
            many = f"one of {chosen.count:,} that end there"
            return f"enter watches seed {chosen.first_seed}, {many}"
        if self._seed is None:
            return ""
        return f"sorted by {self.options.order} · enter watches seed {self._seed} from iteration 0"

    def heading(self, run: Run) -> str:
        """Return the data and k."""
        return f"{self.dataset.title} · k={self.options.k}"

    def draw(self) -> None:
        """Draw list, plot, census and sentences."""
        options, rows = self.options, self._listed()
        listing = self.query_one("#seeds-rows", Listing)
        then = ", then swaps" if options.improve else ""
        seeds = plural(len(options.seeds), "seed")
        listing.entitle(f"{seeds}, k = {options.k}, {options.init}{then}")
        least = min((row.inertia for row in rows), default=0.0)
        most = max((row.inertia for row in rows), default=0.0)
        room = max(0, listing.inner.width - 33)
        table = [_seed_words(row, least, most, room) for row in rows]
        here = self._at() if rows else None
        heads = f"{'seed':>5}{'inertia':>10}{'+best':>9}{'iter.':>6}"
        listing.draw(heads, table, here, f"{key('more-seeds')} for more" if rows else "")
        census = self.query_one("#census", Listing)
        optima = self._optima()
        width = max(0, census.inner.width - 29)
        bars = [_optimum_words(each, width) for each in optima]
        counted = self._census.runs if self._census is not None else None
        way = f"{key('census')} counts where 1,000" if counted is None else f"where {counted:,}"
        census.entitle(f"census: {way} seeds end")
        if census.display:
            heads = f"{'inertia':>10}{'seeds':>8}{'share':>7}"
            way = "tab, then enter watches the first" if bars else ""
            census.draw(heads, bars, self._optimum, way)
        lowest = None if self._census is None else self._census.lowest
        said = [sentence(self._runs.summary(lowest))] if self._runs is not None else ["…"]
        if self._census is not None:
            said.insert(0, sentence(self._census.sentence()))
        different = self.dataset.distinct()
        if different < (options.k or 1):
            said.append(f"! Only {plural(different, 'different row')}: some clusters stay empty.")
        if options.init == "random" and self._runs is not None:
            said.append(f"Press {key('init')} to compare with k-means++.")
        self.query_one("#seeds-said", Passage).draw(said)
        self._draw_end()

    def _draw_end(self) -> None:
        """Draw the final state of the choice."""
        chart = self.query_one("#seeds-chart", Chart)
        if not chart.display:
            return
        chosen = self._chosen()
        if chosen is None:
            return
        if self._optimum is not None:
            optimum = self._optima()[self._optimum]
            chart.entitle(f"result of {plural(optimum.count, 'seed')}, {optimum.share:.1%}")
        else:
            chart.entitle(f"seed {self._seed} · final state")
        if self._ends is None or self._ends[0] is not chosen:
            self._assign(chosen, chosen.centroids)
        if self._ends is not None and self._ends[0] is chosen:
            places, wears = self.dataset.project(chosen.centroids), self._colouring.worn(chosen)
            scene = Scene(self._ends[1], places, wears=wears)
            look = self.session.options
            chart.draw(scene, look.marker, framing(look))

    def _assign(self, chosen: object, centroids: "np.ndarray") -> None:
        """Find the final cluster of every point: at once, or in a thread if there are many."""
        from kmeans_tui.clustering.kernels import assign

        points = self.dataset.points
        if len(points) <= _AT_ONCE:
            self._ends = chosen, assign(points, centroids)[0]
        elif self._drawing is None or self._drawing[0] is not chosen:
            self._drawing = chosen, Job(self, lambda _: assign(points, centroids)[0]).start()

    def on_job_done(self, message: Job.Done) -> None:
        """Take the labels of a result, or the analysis."""
        if self._drawing is not None and message.job is self._drawing[1]:
            self._ends, self._drawing = (self._drawing[0], message.result), None
            self.paint()
        else:
            super().on_job_done(message)


def _seed_words(row: "SeedRow", least: float, most: float, room: int) -> list[Words]:
    above = row.inertia / least - 1 if least > 0 else 0.0
    share = (row.inertia - least) / (most - least) if most > least else 0.0
    bar = _BAR * round(room * share) if above >= 1e-9 else ""
    return [
        (f"{row.seed:>5}{_amount(row.inertia):>10}{above:>9.1%}{row.updates:>6}", PLAIN),
        (f" {bar}" if bar else "", PLAIN),
    ]


def _optimum_words(each: "Optimum", room: int) -> list[Words]:
    text = f"{_amount(each.inertia):>10}{each.count:>8,}{each.share:>7.1%} "
    return [(text, PLAIN), (_BAR * max(1, round(room * each.share)), PLAIN)]


def _amount(value: float) -> str:
    text = amount(value)
    return text if len(text) < 10 else f"{value:.2e}"
