"""Our result next to scikit-learn's: two plots, the numbers, the known groups, the verdict."""

from typing import TYPE_CHECKING, Final

from kmeans_tui import palette
from kmeans_tui.pair_kinds import PROGRAMS
from kmeans_tui.requests.session import Session
from kmeans_tui.ui.models import difference
from kmeans_tui.ui.models.zooming import framing
from kmeans_tui.ui.screens.analysis import Analysis
from kmeans_tui.ui.widgets.chart import Chart
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.scene import Scene
from kmeans_tui.words import plural, sentence

if TYPE_CHECKING:
    from kmeans_tui.analysis.comparison import Comparison, Outcome
    from kmeans_tui.data.dataset import Floats
    from kmeans_tui.ui.widgets.scene import Labels

_STARTS: Final = {
    "same": "the same {start} for both ({init}, seed {seed}), until nothing moves",
    "k-means++": "k-means++ in both, seed {seed}",
    "defaults": "each library's own defaults, seed {seed}",
}
_WITH_TRUTH: Final = 78  # width in cells from which the table of known groups has room
# Height in lines from which the tables leave the plots 24 columns and 10 rows for round clusters.
_WITH_FACTS: Final = 36
_NAMES: Final = "matched: numbers are arbitrary"


class ProgramsPage(Analysis):
    """A screen with the plots ``ours`` and ``theirs``, the tables and the verdict."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.outcomes: list[Outcome] = []
        self.comparison: Comparison | None = None
        self.refused = ""

    @property
    def first_colours(self) -> tuple[int, ...] | None:
        """Return the colours of the run on show if it is the one compared."""
        run = self.session.run
        same = run is not None and self.answers(run.options)
        return run.options.colours if run is not None and same else self.options.colours

    def same_start(self) -> str:
        """Return how both programs started."""
        options = self.options
        start = _STARTS[PROGRAMS[options.pair][0]].format(
            start=plural(options.k or self.dataset.k, "centroid"),
            init=options.init,
            seed=options.seed,
        )
        return f"start: {start}"

    def draw_programs(self) -> None:
        """Draw plots, numbers, known groups and verdict."""
        found = self.comparison
        sides = [found.ours, found.scikit_learn] if found is not None else self.outcomes
        ours, theirs = self.query_one("#ours", Chart), self.query_one("#theirs", Chart)
        ours.entitle("ours")
        theirs.entitle("scikit-learn", _NAMES)
        for chart, side in zip((ours, theirs), sides, strict=False):
            look = self.session.options
            chart.draw(self._scene(side, chart is ours), look.marker, framing(look))
        listing = self.query_one("#difference", Listing)
        header, *rows = difference.table(found, listing.inner.width - 2)
        listing.draw("".join(text for text, _ in header), rows if found is not None else [], None)
        room = self.size.width >= _WITH_TRUTH
        brief = self.size.height < _WITH_FACTS and not self.reads_facts
        self.set_class(brief, "-brief")
        self.set_class(room and self.dataset.truth is not None, "-known")
        if found is not None and found.truth is not None:
            truth = self.query_one("#truth", Passage)
            index = "ARI" if self.size.width < 90 else "adjusted Rand index"
            truth.entitle(f"truth: {index} {found.truth.ari:.4f}")
            lines = difference.truth_lines(found, self.dataset.truth_names)
            truth.draw(tuple(lines), wrapped=False)
        said = self.query_one("#compared", Passage)
        said.entitle("verdict")
        if found is not None:
            aside = () if room and not brief else difference.aside(found)
            tables = "; tab shows all numbers" if self.has_class("-tall") else ""
            numbers = (f"{difference.numbers(found)}{tables}.",) if brief else ()
            said.draw((sentence(found.verdict), sentence(found.reason), *numbers, *aside))
        else:
            said.draw((self.refused or ("…" if self.busy else ""),))

    @property
    def reads_facts(self) -> bool:
        """Whether the tables have the focus; on a low screen they appear only then."""
        return self.focused is not None and self.focused.id in ("difference", "truth")

    def _scene(self, side: "Outcome", ours: bool) -> Scene:
        from kmeans_tui.clustering.kernels import assign

        options, dataset, found = self.session.options, self.dataset, self.comparison
        trail = None
        if options.trails and ours and found is not None:
            trail = dataset.project(found.history.centroids)
        centroids = side.centroids
        owner = None
        if options.regions and dataset.exact_plane:

            def owner(positions: "Floats") -> "Labels":
                return assign(dataset.unproject(positions), centroids)[0]

        wears = palette.worn(self.first_colours, len(centroids))
        return Scene(side.labels, dataset.project(centroids), None, trail, owner, wears=wears)
