"""Stability: would another sample of the rows give the same clusters, and for which k."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from kmeans_tui.argument_types import MOST_RESAMPLES
from kmeans_tui.command import ELBOW_INIT, Options
from kmeans_tui.options.groups import Answer
from kmeans_tui.requests import answers
from kmeans_tui.requests.session import Run, Session
from kmeans_tui.ui.bindings import bindings
from kmeans_tui.ui.models import hand, stability_rows
from kmeans_tui.ui.models.colouring import Colouring
from kmeans_tui.ui.models.cursor import Cursor
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.round_steps import beside, following
from kmeans_tui.ui.models.steadiness import Steadiness
from kmeans_tui.ui.models.zooming import framing
from kmeans_tui.ui.screens.analysis import Analysis
from kmeans_tui.ui.screens.finding_page import FindingPage
from kmeans_tui.ui.screens.plane_page import PlanePage
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from kmeans_tui.ui.widgets.safety_chart import SafetyChart
from kmeans_tui.ui.widgets.scene import Scene
from kmeans_tui.ui.widgets.status_line import Status
from kmeans_tui.user_keys import key
from kmeans_tui.vocabulary import RESAMPLINGS
from kmeans_tui.words import plural

if TYPE_CHECKING:
    from kmeans_tui.analysis.neighbours import Direction
    from kmeans_tui.analysis.reproducibility import Reproducible
    from kmeans_tui.analysis.stable_clusters import ClusterStability
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.ui.widgets.picture import Picture

COUNTS: Final = (20, 50, 100, 200, 500, 1000, 2000, 5000, MOST_RESAMPLES)
# Cells within which a click means a point, a row counting as two columns.
_NEAR: Final = 2.0


class Stability(PlanePage, FindingPage, Analysis):
    """The points by how safe they are, the clusters with their similarity, every k, the verdict."""

    PLACE = "Stability"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("Stability")]
    ANSWER: ClassVar[Answer] = "stability"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.cursor = Cursor(self, session)
        self._known = Steadiness()
        self._colouring = Colouring()
        self._cluster_at = 0
        self._by_k = False
        self._spared: dict[int, Reproducible] = {}
        self._shown_levels: Any = None

    def body(self) -> ComposeResult:
        """Yield plot or table of k at the left, the clusters at the right, the verdict below."""
        with Vertical(id="stage"):
            with Horizontal(id="pair"):
                yield SafetyChart(id="stability-chart")
                yield Listing(id="stability-by-k", title="each k")
                yield Listing(id="stability-clusters")
            yield Passage(id="stability-said", title="verdict")
            yield ProgressLine(id="progress")
            yield Status(id="status")

    # --- the options ---------------------------------------------------------------------------

    def question(self, run: Run) -> Options:
        """Return the run's data and k; the start is k-means++ unless the command differs."""
        kept = self.options
        first = self._source is None
        init = ELBOW_INIT if first and kept.screen != "stability" else kept.init
        return replace(
            run.options,
            k=run.history.k,
            init=answers.stability_start(init),
            seed=run.options.seed if first else kept.seed,
            runs=kept.runs,
            k_max=kept.k_max,
            resamples=kept.resamples,
            resampling=kept.resampling,
            centroids=None,
            colours=None,
        )

    def show_data(self) -> None:
        """Give the plot the points of the data."""
        self.plot().set_points(self.dataset.shown(), self.dataset.units)

    def restarts(self, old: Options, new: Options) -> bool:
        """Whether the change needs new resamples; more or fewer of them do not."""
        return replace(new, resamples=old.resamples) != old

    def _ask_for(self, new: Options) -> None:
        old = self.options
        if not self.restarts(old, new):
            self.options = new
            self._known.keep(new.resamples)
            self.go_on()
            return
        # What is known of each k does not depend on the one that is chosen.
        same = replace(new, k=old.k, colours=old.colours, resamples=old.resamples) == old
        self._spared = dict(self._known.rows) if same else {}
        super()._ask_for(new)
        self._spared = {}

    def forget(self) -> None:
        """Drop all results."""
        self._known.forget(rows=True)
        self._known.rows = dict(self._spared)
        self._colouring.forget()
        self._cluster_at = 0

    def work(
        self, dataset: "Dataset", job: Job
    ) -> "tuple[ClusterStability, dict[int, Reproducible]] | None":
        """Resample for the chosen k, then for every k."""
        known, rows = self._known.stability, dict(self._known.rows)
        return answers.stability(self.options, dataset, known, rows, job.hear)

    def take(self, rows: Sequence[Any]) -> None:
        """Take the original, resamples, and rows for each k."""
        self._known.take(rows, self.options.resampling)

    def answered(self, result: "tuple[ClusterStability, dict[int, Reproducible]] | None") -> None:
        """Do nothing: everything arrived row by row."""

    def found(self) -> "tuple[ClusterStability, dict[int, Reproducible]] | None":
        """Return resamples and rows, once there are some."""
        known = self._known.stability
        return None if known is None or not known.resamples else (known, dict(self._known.rows))

    # --- keys ----------------------------------------------------------------------------------

    @property
    def _plotted(self) -> bool:
        return self.focused is self.plot()

    def _choose(self, at: int) -> None:
        known = self._known.stability
        self._cluster_at = max(0, min(at, (1 if known is None else known.original.k) - 1))
        self.paint()

    def action_move(self, by: int) -> None:
        """Choose another cluster; with the cursor in the plot, move that."""
        if not self._move_cursor("down" if by > 0 else "up"):
            self._choose(self._cluster_at + by)

    def action_arrow(self, direction: "Direction") -> None:
        """Move the cursor."""
        self._move_cursor(direction)

    def _move_cursor(self, direction: "Direction") -> bool:
        raster = self.plot().raster
        if self._by_k or raster is None or not self.cursor.move(direction, raster):
            return False
        self.follow_point()
        self.paint()
        return True

    def action_first(self) -> None:
        """Choose the first cluster."""
        self._choose(0)

    def action_last(self) -> None:
        """Choose the last cluster."""
        self._choose((self.options.k or 1) - 1)

    def on_listing_picked(self, message: Listing.Picked) -> None:
        """Choose the cluster that was clicked."""
        if message.listing.id == "stability-clusters":
            message.listing.focus()
            self.call_after_refresh(self._choose, message.row)

    def on_picture_pressed(self, message: "Picture.Pressed") -> None:
        """Inspect the point that was clicked."""
        chart, run = self.plot(), self.session.run
        place = chart.place_at(message.x, message.y)
        if place is None or run is None or (raster := chart.raster) is None:
            return
        row, away = hand.nearest(place, self.dataset.shown(), chart.reach)
        if away <= _NEAR:
            present = self.cursor.row
            if present is not None and raster.cell[present] == raster.cell[row]:
                self.cursor.question(raster)
                row = self.cursor.row or 0
            self.inspect_row(row)

    def question_point(self) -> None:
        """Put a cursor on the point nearest the middle; then on the next in the same place."""
        raster = self.plot().raster
        if raster is not None:
            if not self.cursor.question(raster):
                self.notify(f"No point is visible here; {key('whole')} shows all.")
            self.follow_point()
            self.paint()

    def questioned_place(self) -> tuple[float, float] | None:
        """Return the position of the inspected point."""
        return self.cursor.place

    def escape(self) -> bool:
        """End the cursor."""
        if self.cursor.row is None:
            return super().escape()
        self.inspect_row(None)
        return True

    def inspect_row(self, row: int | None) -> None:
        """Put the cursor on a row, or remove it."""
        self.cursor.put(row)
        self.follow_point()
        self.paint()

    async def action_choose(self) -> None:
        """Compare with the resample that broke the cluster most; in the plot, inspect a point."""
        if self._plotted or (self.cursor.row is not None and not self._by_k):
            self.question_point()
            return
        known = self._known.stability
        worst = None if known is None else known.worst(self._cluster_at)
        if worst is None:
            self.notify("No resample has been clustered yet.")
            return
        way = "" if self.options.resampling == RESAMPLINGS[0] else f":{self.options.resampling}"
        await self.app.action_show("Compare")  # type: ignore[attr-defined]
        self.app.page.open_pair(replace(self.options, pair=f"resample:{worst.number}{way}"))  # type: ignore[attr-defined]

    def action_resamples(self, by: int) -> None:
        """Use fewer or more resamples."""
        self.change(resamples=beside(COUNTS, self.options.resamples, by))

    def action_resampling(self) -> None:
        """Switch between bootstrap and halves."""
        self.change(resampling=following(RESAMPLINGS, self.options.resampling))

    def action_axes(self) -> None:
        """Show the table of every k, or the plot."""
        self._by_k = not self._by_k
        if self._by_k and self._plotted:
            self.set_focus(None)
        self.call_after_refresh(self.paint)
        self.paint()

    def action_again(self) -> None:
        """Go on if stopped, else with more resamples."""
        if self.stopped or self.busy:
            self.go_on()
        else:
            self.action_resamples(1)

    def view_options(self) -> Options:
        """Return the options with the inspected row and the look of the plot."""
        look = self.session.options
        colours = self._colouring.named(self._own)
        return replace(super().view_options(), row=look.row, marker=look.marker, colours=colours)

    @property
    def _own(self) -> Any:
        return None if self._known.stability is None else self._known.stability.original

    def plot(self) -> SafetyChart:
        """Return the plot."""
        return self.query_one("#stability-chart", SafetyChart)

    def now(self) -> tuple[str, ...]:
        """Return the states, and whether the cursor is in the plot."""
        cursor = self.cursor.row is not None and not self._by_k
        states = [*super().now(), *(["cursor"] if cursor else [])]
        return tuple(states)

    # --- drawing -------------------------------------------------------------------------------

    def standing(self) -> str:
        """Return how many resamples there are, and how far the numbers may still move."""
        from kmeans_tui.analysis.stability_verdict import settling

        known, options = self._known.stability, self.options
        done = 0 if known is None else len(known.resamples)
        said = f"resampled {done} of {options.resamples} · {options.resampling}"
        if self.stopped:
            return f"stopped: {said} · {key('again')} goes on"
        settles = "" if known is None else settling(known)
        return f"{said} · {settles}" if settles else said

    def hint(self) -> str:
        """Return what is known of the inspected point, or of the chosen cluster."""
        known, row = self._known.stability, self.cursor.row
        if known is None or not known.resamples:
            return ""
        done = len(known.resamples)
        if row is not None and not self._by_k and row < len(known.counts):
            from kmeans_tui.data.rows import name

            own = int(known.original.labels[row]) + 1
            kept = f"kept its company in {known.counts[row]:,} of {plural(done, 'resample')}"
            return f"row {name(self.dataset, row)}: cluster {own}, {kept}"
        at = self._cluster_at
        worst = known.worst(at)
        if worst is None:
            return f"cluster {at + 1}: no resample has drawn a row of it"
        similar = f"{float(worst.jaccard[at]):.2f}"
        gone = known.dissolved(at)
        often = f"dissolved in {gone} of {done}" if gone else "never dissolved"
        return f"cluster {at + 1}: {often}; enter opens resample {worst.number}, Jaccard {similar}"

    def heading(self, run: Run) -> str:
        """Return the data and k."""
        return f"{self.dataset.title} · k={self.options.k}"

    def draw(self) -> None:
        """Draw the plot or the table, the clusters and the verdict."""
        known = self._known.stability
        self.plot().display = not self._by_k
        table = self.query_one("#stability-by-k", Listing)
        table.display = self._by_k
        if known is not None:
            self._colouring.match_to(self.session.run, self.dataset, known.original)
        self._draw_clusters(known)
        if self._by_k:
            self._draw_table(table)
        elif known is not None:
            self._draw_points(known)
        self._draw_verdict(known)

    def _draw_points(self, known: "ClusterStability") -> None:
        chart, own = self.plot(), known.original
        chart.entitle("how safe each point is", self._legend(chart.inner.width))
        levels = self._known.levels(busy=self.busy)
        if levels is not self._shown_levels:
            self._shown_levels = levels
            chart.shade(levels)
        look = self.session.options
        scene = Scene(
            own.labels,
            self.dataset.project(own.centroids),
            wears=self._colouring.worn(own),
            questioned=self.cursor.row,
        )
        chart.draw(scene, look.marker, framing(look))

    @staticmethod
    def _legend(width: int) -> str:
        if width >= 60:
            return "bright: kept its company in 95 of 100 · dot: in fewer than 60"
        return "dot: kept its company < 60 %" if width >= 34 else ""

    def _draw_clusters(self, known: "ClusterStability | None") -> None:
        listing = self.query_one("#stability-clusters", Listing)
        if known is None:
            listing.entitle("clusters")
            listing.draw("", [], None)
            return
        done = len(known.resamples)
        listing.entitle(f"clusters in {plural(done, 'resample')}")
        listing.wears = self._colouring.worn(known.original)
        badges = [listing.badge(c) for c in range(known.original.k)]
        header, rows = stability_rows.clusters(known, badges, listing.inner.width)
        note = "enter: the resample that broke it" if done else ""
        listing.draw(header, rows, self._cluster_at, note)

    def _draw_table(self, listing: Listing) -> None:
        rows = self._known.in_order()
        header, table = stability_rows.each_k(rows, listing.inner.width)
        ks = [row.k for row in rows]
        here = ks.index(self.options.k) if self.options.k in ks else None
        listing.entitle(f"each k, {plural(max((row.pairs for row in rows), default=0), 'pair')}")
        starred = "* stable · " if "stable" not in header else ""
        listing.draw(header, table, here, f"{starred}{key('axes')} shows the points")

    def _draw_verdict(self, known: "ClusterStability | None") -> None:
        from kmeans_tui.analysis.stability_verdict import of_clusters, of_k, rows_at_risk

        passage = self.query_one("#stability-said", Passage)
        if known is None or not known.resamples:
            passage.draw(("…" if self.busy else "Stopped before the first resample.",))
            return
        rows = self._known.in_order()
        own = self._known.rows.get(known.original.k)
        said = [of_clusters(known, own)]
        if rows:
            said.append(("So far: " if self.busy else "") + of_k(rows))
        (risk,) = rows_at_risk(known)
        passage.draw((*said, f"{risk[0].upper()}{risk[1:]}."))
