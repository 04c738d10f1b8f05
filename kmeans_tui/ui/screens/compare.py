"""Compare: ours and scikit-learn's, clusters matched, the difference in numbers and words."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from kmeans_tui import palette
from kmeans_tui.command import COMPARED, Answer, Options, agree, deciding
from kmeans_tui.requests import answers
from kmeans_tui.requests.fit import our_side
from kmeans_tui.ui import keys
from kmeans_tui.ui.models import half_step
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.round_steps import following
from kmeans_tui.ui.models.session import Run, Session
from kmeans_tui.ui.models.zooming import framing
from kmeans_tui.ui.screens.analysis import Analysis
from kmeans_tui.ui.screens.plane_page import PlanePage
from kmeans_tui.ui.widgets.cells import Words
from kmeans_tui.ui.widgets.chart import Chart, Scene
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.panels import BOLD, PLAIN, Status
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.progress_line import ProgressLine
from kmeans_tui.words import plural, sentence

if TYPE_CHECKING:
    from kmeans_tui.analysis.comparison import Comparison, Outcome
    from kmeans_tui.data.dataset import Dataset, Floats
    from kmeans_tui.ui.widgets.chart import Labels

_STARTS: Final = {
    "same": "the same {start} for both ({init}, seed {seed}), until nothing moves",
    "k-means++": "k-means++ in both, seed {seed}",
    "defaults": "each library's own defaults, seed {seed}",
}
_HEADS: Final = ("", "ours", "scikit-learn", "diff.")
# The minimum widths of the columns, so that rounding does not move them.
_LEAST: Final = (12, 7, 12, 7)
# Digits of inertia, the most that fit.
_DIGITS: Final = (7, 6, 5, 4, 3)
_NAMES: Final = "matched: numbers are arbitrary"
_TABLE: Final = 28  # width in cells that the table of known groups always has
_WITH_TRUTH: Final = 78  # width in cells from which the table of known groups has room
# Height in lines from which the tables leave the plots 24 columns and 10 rows for round clusters.
_WITH_FACTS: Final = 36


class Compare(PlanePage, Analysis):
    """Two plots, the numbers, the table of known groups, and the verdict."""

    PLACE = "Compare"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("Compare")]
    ANSWER: ClassVar[Answer] = "compare"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._sides: list[Outcome] = []
        self._comparison: Comparison | None = None

    def body(self) -> ComposeResult:
        """Yield the plots, the numbers below them, and the verdict."""
        with Vertical(id="stage"):
            with Horizontal(id="both"):
                yield Chart(id="ours")
                yield Chart(id="theirs")
            with Horizontal(id="facts"):
                yield Listing(id="difference", title="difference")
                yield Passage(id="truth", title="truth")
            yield Passage(id="compared", title="verdict")
            yield ProgressLine(id="progress")
            yield Status(id="status")

    # --- the options ---------------------------------------------------------------------------

    def question(self, run: Run) -> Options:
        """Return the options of the run on show, with the kind of start chosen here before."""
        init = answers.single_start(run.options.init)
        tolerance = run.options.tolerance
        if tolerance == 0 and self._source is not None:
            # The start of our side in "same", which enter has shown; others set their own.
            tolerance = self.options.tolerance
        return replace(
            run.options,
            k=run.history.k,
            init=init,
            tolerance=tolerance,
            start=self.options.start,
        )

    def show_data(self) -> None:
        """Give both plots the points of the data."""
        for chart in self.query(Chart):
            chart.set_points(self.dataset.shown(), self.dataset.units)

    def forget(self) -> None:
        """Drop both sides."""
        self._sides.clear()
        self._comparison = None

    def work(self, dataset: "Dataset", job: Job) -> "Comparison | None":
        """Run ours first; scikit-learn is imported here on first use."""
        return answers.comparison(self.options, dataset, job.hear)

    def take(self, rows: "Sequence[Outcome]") -> None:
        """Take our result, then theirs."""
        self._sides.extend(rows)

    def answered(self, result: "Comparison | None") -> None:
        """Take the comparison."""
        self._comparison = result

    def found(self) -> "Comparison | None":
        """Return the comparison, once both sides have run."""
        return self._comparison

    def action_again(self) -> None:
        """Run both again: neither can continue where it was stopped."""
        self.ask()

    def now(self) -> tuple[str, ...]:
        """Return the states; after a stop it starts over."""
        return tuple(each for each in super().now() if each != "stopped")

    # --- keys ----------------------------------------------------------------------------------

    async def action_choose(self) -> None:
        """Show our run in Explore."""
        await self.open_in_explore(our_side(replace(self.options, colours=self._colours)))

    def action_seed(self, by: int) -> None:
        """Use the next or the previous seed."""
        self.change_seed(self.options.seed + by)

    def action_init(self) -> None:
        """Use the next kind of start."""
        self.change(start=following(COMPARED, self.options.start))

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
        """Return our plot; the other shows the same part."""
        return self.query_one("#ours", Chart)

    # --- drawing -------------------------------------------------------------------------------

    def view_options(self) -> Options:
        """Return the options with the look of the plots, which is Explore's."""
        look = self.session.options
        return replace(
            super().view_options(),
            marker=look.marker,
            trails=look.trails,
            regions=look.regions,
            colours=self._colours,
        )

    @property
    def _colours(self) -> tuple[int, ...] | None:
        """Return the colours of the run on show if it is the one compared."""
        run = self.session.run
        same = run is not None and self.answers(run.options)
        return run.options.colours if run is not None and same else self.options.colours

    def heading(self, run: Run) -> str:
        """Return the data and k."""
        return f"{self.dataset.name} · k={self.options.k}"

    def standing(self) -> str:
        """Return how both started."""
        if self.stopped:
            return "stopped · r runs both again"
        options = self.options
        start = _STARTS[options.start].format(
            start=plural(options.k or self.dataset.k, "centroid"),
            init=options.init,
            seed=options.seed,
        )
        return f"start: {start}"

    def hint(self) -> str:
        """Return what the keys change."""
        return "i changes how both start · enter watches our run in Explore"

    def draw(self) -> None:
        """Draw plots, numbers, known groups and verdict."""
        found = self._comparison
        sides = [found.ours, found.scikit_learn] if found is not None else self._sides
        ours, theirs = self.query_one("#ours", Chart), self.query_one("#theirs", Chart)
        ours.entitle("ours")
        theirs.entitle("scikit-learn", _NAMES)
        for chart, side in zip((ours, theirs), sides, strict=False):
            look = self.session.options
            chart.draw(self._scene(side, chart is ours), look.marker, framing(look))
        listing = self.query_one("#difference", Listing)
        header, *rows = _table(found, listing.inner.width - 2)
        listing.draw("".join(text for text, _ in header), rows if found is not None else [], None)
        room = self.size.width >= _WITH_TRUTH
        brief = self.size.height < _WITH_FACTS and not self._reads_facts
        self.set_class(brief, "-brief")
        self.set_class(room and self.dataset.truth is not None, "-known")
        if found is not None and found.truth is not None:
            truth = self.query_one("#truth", Passage)
            index = "ARI" if self.size.width < 90 else "adjusted Rand index"
            truth.entitle(f"truth: {index} {found.truth.ari:.4f}")
            truth.draw(tuple(self._truth_lines(found)), wrapped=False)
        said = self.query_one("#compared", Passage)
        if found is not None:
            aside = _aside(found, room and not brief)
            tables = "; tab shows all numbers" if self.has_class("-tall") else ""
            numbers = (f"{_numbers(found)}{tables}.",) if brief else ()
            said.draw((sentence(found.verdict), sentence(found.reason), *numbers, *aside))
        else:
            said.draw(("…" if self.busy else "",))

    @property
    def _reads_facts(self) -> bool:
        """Whether the tables have the focus; on a low screen they appear only then."""
        return self.focused is not None and self.focused.id in ("difference", "truth")

    def on_descendant_focus(self) -> None:
        """Show the tables if focused."""
        self.call_after_refresh(self.paint)

    def on_descendant_blur(self) -> None:
        """Hide the tables if they need not be shown."""
        self.call_after_refresh(self.paint)

    def _scene(self, side: "Outcome", ours: bool) -> Scene:
        from kmeans_tui.clustering.kernels import assign

        options, dataset, found = self.session.options, self.dataset, self._comparison
        trail = None
        if options.trails and ours and found is not None:
            trail = dataset.project(found.history.centroids)
        centroids = side.centroids
        owner = None
        if options.regions and dataset.exact_plane:

            def owner(positions: "Floats") -> "Labels":
                return assign(dataset.unproject(positions), centroids)[0]

        wears = palette.worn(self._colours, len(centroids))
        return Scene(side.labels, dataset.project(centroids), None, trail, owner, wears=wears)

    def _truth_lines(self, found: "Comparison") -> Iterator[str]:
        truth = found.truth
        assert truth is not None
        names = self.dataset.truth_names
        wide = max(map(len, ("cluster", *names)))
        # Closer together if there are many: the ten groups of digits take 47 cells.
        each = 6 if wide + 6 * len(truth.clusters) <= _TABLE else len(str(truth.table.max())) + 1
        heads = "".join(f"{cluster + 1:>{each}}" for cluster in truth.clusters)
        yield f"{'cluster':<{wide}}{heads}"
        for name, counts in zip(names, truth.table, strict=False):
            yield f"{name:<{wide}}" + "".join(f"{count:>{each}}" for count in counts)
        yield f"{truth.right} of {self.dataset.n} rows match"


def _table(found: "Comparison | None", width: int) -> list[list[Words]]:
    """Return header and rows within ``width``: digits are dropped before columns touch."""
    for digits in _DIGITS:
        lines = [_HEADS, *(_facts(found, digits) if found is not None else ())]
        first, *others = (
            max(least, *map(len, column))
            for least, column in zip(_LEAST, zip(*lines, strict=True), strict=True)
        )
        if first + sum(others) + len(others) <= width:
            break
    # Spare room goes between the columns.
    gap = max(1, min(3, (width - 1 - first - sum(others)) // len(others)))
    return [
        [
            (f"{name:{first}}", BOLD),
            ("".join(f"{c:>{w + gap}}" for c, w in zip(cells, others, strict=True)), PLAIN),
        ]
        for name, *cells in lines
    ]


def _facts(found: "Comparison", digits: int) -> tuple[tuple[str, str, str, str], ...]:
    ours, theirs = found.ours, found.scikit_learn
    return (
        ("inertia", f"{ours.inertia:.{digits}g}", f"{theirs.inertia:.{digits}g}",
         _difference(ours.inertia - theirs.inertia)),
        ("iterations", str(ours.updates), str(theirs.updates),
         f"{ours.updates - theirs.updates:+}" if ours.updates != theirs.updates else "0"),
        ("same cluster", "", f"{found.agreement:.2%}", ""),
        ("centroid gap", "", "", _difference(found.largest_centroid_gap).lstrip("+")),
        ("s, one run", f"{ours.seconds:.4f}", f"{theirs.seconds:.4f}", ""),
    )  # fmt: skip


def _difference(value: float) -> str:
    """Return a rounding difference by its magnitude only, a larger one with digits."""
    if value == 0:
        return "0"
    if abs(value) < 1e-3 or abs(value) >= 1e6:
        return f"{value:+.{0 if abs(value) < 1e-3 else 2}e}"
    return f"{value:+,.0f}" if abs(value) >= 1000 else f"{value:+.3g}"


def _numbers(found: "Comparison") -> str:
    """Return the table of differences as a sentence."""
    ours, theirs = found.ours, found.scikit_learn
    apart = ours.inertia - theirs.inertia
    # Smaller differences are rounding.
    more = f" ({_difference(apart)})" if abs(apart) > 1e-9 * abs(ours.inertia) else ""
    return (
        f"Inertia {ours.inertia:.7g} and {theirs.inertia:.7g}{more}, iterations {ours.updates} "
        f"and {theirs.updates}"
    )


def _aside(found: "Comparison", room: bool) -> Iterator[str]:
    if found.truth is not None and not room:
        right, n = found.truth.right, len(found.ours.labels)
        yield (
            f"Against the truth: adjusted Rand index {found.truth.ari:.4f}, {right} of {n} rows in "
            "the matching cluster."
        )
