"""Elbow: how many clusters; inertia and criteria for each k, and the verdict."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from kmeans_tui.analysis import criteria, growth
from kmeans_tui.command import ELBOW_INIT, SWEPT, Options
from kmeans_tui.requests import answers
from kmeans_tui.requests.session import Run, Session
from kmeans_tui.ui.bindings import bindings
from kmeans_tui.ui.models import k_rows
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.round_steps import beside, following
from kmeans_tui.ui.screens.ladder_page import LadderPage
from kmeans_tui.ui.widgets.curve import Curve
from kmeans_tui.ui.widgets.flow_table import FlowTable
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.panels import BOLD, PLAIN
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from kmeans_tui.ui.widgets.status_line import Status
from kmeans_tui.user_keys import key
from kmeans_tui.words import amount, plural

if TYPE_CHECKING:
    from kmeans_tui.analysis.criteria import Row
    from kmeans_tui.analysis.sweep import Sweep
    from kmeans_tui.data.dataset import Dataset

PROCEDURES: Final = ("k-means++", "warm", "article", "random")
RUNS: Final = (1, 2, 3, 5, 10, 20, 50, 100)


class Elbow(LadderPage):
    """The curve, the table of all k, and the verdict."""

    PLACE = "Elbow"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("Elbow")]
    ANSWER = "elbow"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._rows: dict[int, Row] = {}
        self._k = 1
        self._moved = False

    def body(self) -> ComposeResult:
        """Yield curve and table side by side, the verdict below."""
        with Vertical(id="stage"):
            with Horizontal(id="pair"):
                yield Curve(id="elbow-curve")
                yield FlowTable(id="elbow-ladder")
                yield Listing(id="elbow-rows", title="best of the runs for each k")
            yield Passage(id="verdict", title="verdict")
            yield ProgressLine(id="progress")
            yield Status(id="status")

    # --- the options ---------------------------------------------------------------------------

    def question(self, run: Run) -> Options:
        """Return the run's data and rules; the start is k-means++ unless the command differs."""
        kept = self.options
        if self._source is None and kept.screen == "elbow":
            return replace(run.options, k=kept.k, colours=None)
        return replace(
            run.options,
            init=ELBOW_INIT if self._source is None else kept.init,
            empty="farthest" if self._source is None else kept.empty,
            improve=kept.improve,
            k_max=kept.k_max,
            runs=kept.runs,
            curve=kept.curve,
            k=None,
            colours=None,
        )

    def restarts(self, old: Options, new: Options) -> bool:
        """Whether the change needs new runs; another curve or fewer k do not."""
        return replace(new, curve=old.curve, k_max=old.k_max) != old

    def _ask_for(self, new: Options) -> None:
        if self.restarts(self.options, new) or new.k_max == self.options.k_max:
            super()._ask_for(new)
        else:
            self.options = new
            self._narrow()
            self.go_on()

    def forget(self) -> None:
        """Drop all rows."""
        self._rows.clear()
        self.climbing.forget()
        self._k, self._moved = self.options.k or 1, self.options.k is not None

    def _narrow(self) -> None:
        most = growth.FIRST if self.options.k_max is None else self.options.k_max
        self._rows = {k: row for k, row in self._rows.items() if k <= most}
        self.climbing.keep(most)
        self._k = min(self._k, most)

    def work(self, dataset: "Dataset", job: Job) -> "Sweep":
        """Run the sweep, except for k that have their row already."""
        known = tuple(self._rows.values())
        return answers.sweep(self.options, dataset, known=known, progress=job.hear)

    def take(self, rows: "Sequence[Row]") -> None:
        """Take rows; each arrives after its runs, and again with its criteria."""
        most = self.options.k_max
        self._rows.update({row.k: row for row in rows if most is None or row.k <= most})

    def answered(self, result: "Sweep") -> None:
        """Do nothing: everything arrived row by row."""

    def found(self) -> "Sweep | None":
        """Return the rows as a sweep."""
        if not self._rows:
            return None
        from kmeans_tui.analysis.partition import silhouette_rows
        from kmeans_tui.analysis.sweep import Sweep

        options = self.options
        return Sweep(
            tuple(self._ordered()),
            options.init,
            options.max_iterations,
            options.tolerance,
            options.empty,
            silhouette_rows(self.dataset.n),
            not self.busy and not self.stopped,
            self.options.k_max is None,
            answers.improves(options),
        )

    @property
    def _largest(self) -> int:
        """The largest k: as asked, or as far as the rows have grown."""
        most = self.options.k_max
        return min(self.dataset.n, most or max(growth.FIRST, len(self._rows)))

    def _ordered(self) -> "list[Row]":
        return [self._rows[k] for k in sorted(self._rows)]

    # --- keys ----------------------------------------------------------------------------------

    def action_move(self, by: int) -> None:
        """Choose another k."""
        self._choose(self._chosen + by)

    def action_first(self) -> None:
        """Choose the first k."""
        self._choose(1)

    def action_last(self) -> None:
        """Choose the last k that has a row."""
        self._choose(len(self._rows))

    @property
    def _chosen(self) -> int:
        """The chosen k, as soon as it has a row."""
        return min(self._k, max(self._rows, default=1))

    def on_listing_picked(self, message: Listing.Picked) -> None:
        """Choose the k that was clicked."""
        self._choose(message.row + 1)

    def on_picture_pressed(self, message: Curve.Pressed) -> None:
        """Choose the k that was clicked in the curve."""
        k = message.picture.value_at(message.x) if isinstance(message.picture, Curve) else None
        if k is not None and self._rows:
            self._choose(round(k))

    def _choose(self, k: int) -> None:
        self._k, self._moved = max(1, min(k, len(self._rows))), True
        self.paint()

    async def action_choose(self) -> None:
        """Show the best run of the chosen k in Explore, of the ladder in the matched colours."""
        rung = self.climbing.chosen(self._chosen) if self.climbs else None
        row = self._rows.get(self._chosen if rung is None else rung.k)
        if row is None:
            self.notify("No run has ended yet.")
            return
        from kmeans_tui.analysis import sweep

        options = self.options
        model = sweep.model(
            row, options.init, options.max_iterations, options.tolerance, options.empty
        )
        seed = options.seed if row.run.seed is None else row.run.seed
        improved = row.run.swaps is not None
        asked = replace(options, k=row.k, seed=seed, improve=improved or None)
        if rung is not None:
            asked = replace(asked, colours=rung.colours)
        if options.init in SWEPT and row.run.seed is not None:
            # A single cluster always ends at the mean.
            asked = replace(asked, init="random")
        await self.open_in_explore(asked, model)

    def action_largest(self, by: int) -> None:
        """Raise or lower the largest k."""
        n = self.dataset.n
        most = self._largest + by
        if 1 <= most <= n:
            self.change(k_max=most)
        else:
            self.notify(f"With {plural(n, 'row')}, k can only be 1 to {n:,}.", severity="warning")

    def action_runs(self, by: int) -> None:
        """Use fewer or more runs for each k."""
        self.change(runs=beside(RUNS, self.options.runs, by))

    def action_init(self) -> None:
        """Use the next start: k-means++, warm, the article's, random."""
        self.change(init=following(PROCEDURES, self.options.init))

    def action_axes(self) -> None:
        """Draw the next curve."""
        self.draw_as(following(list(criteria.curves()), self.options.curve))

    def view_options(self) -> Options:
        """Return the options with the chosen k, if the user has chosen one."""
        return replace(super().view_options(), k=self._chosen if self._moved else None)

    # --- drawing -------------------------------------------------------------------------------

    def standing(self) -> str:
        """Return how many runs there were."""
        runs = sum(1 if k == 1 else self.options.runs for k in self._rows)
        done = f"{plural(runs, 'run')} for k = 1 to {len(self._rows)}"
        if self.stopped:
            return f"stopped after {done} · {key('again')} goes on"
        from kmeans_tui.analysis.partition import silhouette_rows

        some = silhouette_rows(self.dataset.n)
        sampled = f" · silhouette on a sample of {some:,} rows" if some < self.dataset.n else ""
        return f"done: {done}{sampled}"

    def hint(self) -> str:
        """Return the chosen row in full."""
        row = self._rows.get(self._chosen)
        options = self.options
        start = f"{plural(options.runs, 'run')} each, start {options.init}, seed {options.seed}"
        if row is None:
            return start
        parts = [f"k = {row.k}"]
        for each in criteria.measured():
            value, *errors = (row.scores.get(key) for key in each.keys)
            if errors and value is not None and math.isfinite(value):
                parts.append(f"{each.title} {each.text(value)} ± {each.text(errors[0])}")
        if row.k > 1 and row.worst > row.best * (1 + 1e-9) > 0:
            parts.append(f"luck of the start {100 * (row.worst / row.best - 1):.3g} %")
        line = " · ".join([*parts, start])
        with_sizes = " · ".join([*parts, row.held, start])
        return with_sizes if len(with_sizes) < self.size.width else line

    def heading(self, run: Run) -> str:
        """Return the data and the range of k."""
        return f"{self.dataset.title} · k=1…{self._largest}"

    def draw(self) -> None:
        """Draw curve, table and verdict."""
        from kmeans_tui.analysis.verdict import judge

        rows = self._ordered()
        verdict = judge(rows, self.options.init, grew=self.options.k_max is None)
        if not self._moved:
            self._k = verdict.k or (self._k if verdict.knee is None else verdict.knee.k)
        listing = self.query_one("#elbow-rows", Listing)
        columns = k_rows.fitting(listing.inner.width)
        header = f"{'k':>3}" + "".join(f"{name:>{width - 1}} " for name, width, *_ in columns)
        table = []
        for row in rows:
            cells = [(f"{row.k:>3}", PLAIN)]
            for _, width, voter, cell in columns:
                voted = verdict.choices.get(voter) == row.k
                text = f"{cell(row):>{width - 1}}{'*' if voted else ' '}"
                cells.append((text, BOLD if voted else PLAIN))
            table.append(cells)
        note = "* the k it votes for" if rows else ""
        drawn = {voter for _, _, voter, _ in columns}
        hidden = [each.short for each in criteria.measured() if each.key not in drawn]
        if rows and hidden:
            note = f"* its vote · no room for {', '.join(hidden)}: f"
        then = ", then swaps" if answers.improves(self.options) else ""
        listing.entitle(f"best of the runs{then or ' for each k'}")
        listing.draw(header, table, self._chosen - 1 if rows else None, note)
        said = list(k_rows.said(rows, verdict, self.dataset.n, self.busy))
        self.set_class(self.climbs, "-climbing")
        if self.climbs:
            self.draw_ladder(rows, self._chosen)
            said = [*self.climbing.told(self._chosen), *said]
        else:
            self._draw_curve(rows, verdict.choices)
        self.query_one("#verdict", Passage).draw(said)

    def _draw_curve(self, rows: "Sequence[Row]", choices: "Mapping[str, int | None]") -> None:
        kind = self.options.curve
        beside: list[float | None] = []
        if kind in ("inertia", "log-inertia"):
            logged = kind == "log-inertia"
            values = [_drawn(row.best, logged) for row in rows]
            if not logged:
                beside = [row.worst for row in rows]
            chosen = choices.get("elbow")
        else:
            key = next(each.key for each in criteria.measured() if each.curve == kind)
            values = [_finite(row.scores.get(key)) for row in rows]
            chosen = choices.get(key)
        curve = self.query_one("#elbow-curve", Curve)
        curve.entitle(criteria.curves()[kind])
        at = self._chosen - 1
        here = values[at] if at < len(values) else None
        caption = "" if here is None else f"k = {self._chosen}: {amount(here)}"
        curve.draw(
            values,
            at,
            caption,
            first=1,
            last=max(2, self._largest),
            whole=True,
            marked=None if chosen is None else chosen - 1,
            beside=beside,
            chord=kind == "log-inertia" and not self.busy,
            from_zero=kind == "inertia",
        )


def _finite(value: float | None) -> float | None:
    """Return a finite value; a perfect partition has none and cannot be drawn."""
    return None if value is None or math.isinf(value) else value


def _drawn(value: float, logged: bool) -> float | None:
    if not logged:
        return value
    return math.log(value) if value > 0 else None
