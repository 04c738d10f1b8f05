"""The stage: the plot, the panels beside it, and the lines below, for one half step."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from kmeans_tui import palette
from kmeans_tui.analysis import step_facts
from kmeans_tui.command import Options
from kmeans_tui.requests import step_words
from kmeans_tui.requests.session import Moment, Run, Session
from kmeans_tui.ui.models import half_step
from kmeans_tui.ui.models.drawing import ShownDraw
from kmeans_tui.ui.models.hand import Hand
from kmeans_tui.ui.models.predicting import Asked
from kmeans_tui.ui.models.zooming import framing
from kmeans_tui.ui.widgets.asking import Asking
from kmeans_tui.ui.widgets.cells import Cells
from kmeans_tui.ui.widgets.looks import hand_over
from kmeans_tui.ui.widgets.panels import Algorithm, Clusters
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.status_line import Status
from kmeans_tui.ui.widgets.summary import Summary
from kmeans_tui.user_keys import key
from kmeans_tui.vocabulary import PCA

if TYPE_CHECKING:
    from kmeans_tui.aspect import Units
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.questioning import Questioned
    from kmeans_tui.ui.widgets.chart import Chart
    from kmeans_tui.ui.widgets.scene import Scene

# Rows kept for the algorithm's steps and the inertia, however many clusters there are.
_KEPT_ROWS = 15


class EmptyPlot(Cells):
    """A placeholder for a plot."""

    framed = True


class Body(Horizontal):
    """The plot and, beside it, the panels."""

    BLANK = True


class Side(Vertical):
    """The panels, stacked."""

    BLANK = True


class Stage(Vertical):
    """Everything between the two bars of the Explore screen."""

    BLANK = True
    _clusters_height = 0

    def compose(self) -> ComposeResult:
        """Yield the panels; the plots follow later because they need numpy and plotext."""
        with Body(id="body"):
            yield EmptyPlot(id="plot")
            with Side(id="side"):
                yield Algorithm(id="algorithm", title="algorithm")
                yield Clusters(id="clusters", title="clusters")
                yield EmptyPlot(id="inertia", title="inertia")
                yield Passage(id="question")
        yield Summary(id="summary")
        yield Status(id="status")
        yield Asking(id="asking")

    async def mount_plots(self, colours: dict[str, Any]) -> bool:
        """Replace the placeholders by the plots, after numpy and plotext are imported.

        False if the screen is closing and no longer has a place for them.
        """
        from kmeans_tui.ui.widgets.chart import Chart
        from kmeans_tui.ui.widgets.curve import Curve

        for frame, plot in (
            ("#plot", Chart(id="chart")),
            ("#inertia", Curve(id="curve", title="inertia")),
        ):
            place = next(iter(self.query(frame)), None)
            home = place.parent if place else None
            if place is None or not isinstance(home, Widget) or not home.is_attached:
                return False
            await home.mount(plot, after=place)
            await place.remove()
        if not self.plotted:
            return False
        hand_over(self, colours)
        return True

    @property
    def plotted(self) -> bool:
        """Whether the plots exist; keys may arrive earlier."""
        return bool(self.query("#chart") and self.query("#curve"))

    @property
    def chart(self) -> "Chart":
        """The scatter plot."""
        from kmeans_tui.ui.widgets.chart import Chart

        return self.query_one(Chart)

    def show_data(self, dataset: "Dataset") -> None:
        """Take the points of a new data set, scale or axes."""
        self.chart.set_points(dataset.shown(), dataset.units, _otherwise(dataset))
        x, y = dataset.axis_names
        others = f"{dataset.d} features" if dataset.d > 2 else ""
        how = {"standard": "standardised", "minmax": "from 0 to 1", "robust": "robustly scaled"}
        rest = " · ".join(filter(None, (others, how.get(dataset.scale))))
        in_scale = " · shift standardised" if dataset.scale == "standard" else ""
        self.query_one(Clusters).entitle(f"clusters{in_scale}")
        some = step_words.on_display(dataset)
        self.chart.entitle(f"{x} × {y}{some}", _remarked(dataset.notes()), rest)

    def say(self, text: str) -> None:
        """Show a sentence in the status line until the next ``paint``."""
        self.query_one(Status).say(text)

    def doing(self, said: Sequence[str], *, placed: bool) -> None:
        """Show what is being done there; if ``placed``, behind the position in the run."""
        self.query_one(Status).doing(said, placed=placed)

    def paint(
        self,
        session: Session,
        *,
        playing: bool,
        questioned: "Questioned | None" = None,
        hand: Hand | None = None,
        draw: ShownDraw | None = None,
        asked: Asked | None = None,
    ) -> None:
        """Draw the half step, or the draw of the start, on show; unchanged cells are not sent.

        The panel of an inspected point replaces the inertia, and so does that of a draw. Of a run
        that is ``asked`` about nothing is shown that follows.
        """
        run = session.run
        if run is None:
            return
        from kmeans_tui.ui.widgets.curve import Curve

        options, moment, step = session.options, session.moment, session.step()
        view = half_step.read(run, moment, step, playing=playing, speed=options.speed)
        scene = scene_of(run, moment, options)
        told: tuple[str, tuple[str, ...], tuple[tuple[str, ...], str]] | None
        if draw is not None:
            view, scene = half_step.of_draw(run, view, draw), _drawing(run, scene, draw)
            told = half_step.panel_of_draw(run, draw, questioned)
            shown = None if questioned is None else questioned.row
            scene, questioned = replace(scene, questioned=shown), None
        else:
            told = questioned and (
                questioned.title, questioned.lines, (questioned.compared, questioned.sentence),
            )  # fmt: skip
        if questioned is not None:
            far = questioned.distances if options.distances else ()
            scene = replace(scene, questioned=questioned.row, distances=far)
        values: list[float | None] = run.history.half_step_inertia.tolist()
        swaps = [2 * each.iteration - 1 for each in run.history.swaps]
        for i in swaps:
            # Between a swap and its assignment, far points keep a centroid that has left: a rise
            # beside which the rest of the curve would be flat.
            values[i] = None
        if asked is not None:
            scene = replace(scene, questioned=asked.row)
            values = values[: max(moment.position, 1)]
            scene = replace(scene, coming=None, owner=None if asked.hidden else scene.owner)
        if hand is not None:
            scene = replace(scene, hand=hand.place, held=hand.held)
        self.chart.draw(scene, options.marker, framing(options))
        view = view._replace(coming=scene.coming is not None)
        self.query_one(Algorithm).draw(view)
        self._fit_clusters(run.history.k)
        self.query_one(Clusters).draw(view)
        # Always two lines below the inertia, so that the plot does not move.
        inertia = view.formula
        words = (inertia, *(*view.drops, "", "")[:2])
        if step is not None and step.swap is not None and moment.kind == "update":
            # What it leads to: the inertia of this half step, of left points, says little.
            words = (*view.drops, inertia, "")
        at = max(moment.position - 1, 0)
        self.query_one(Curve).draw(values, at, words, halves=True, swaps=swaps)
        self.set_class(told is not None, "-questioned")
        self.set_class(asked is not None, "-predicting")
        summary = self.query_one(Summary)
        if told is not None:
            panel = self.query_one("#question", Passage)
            panel.entitle(told[0])
            panel.draw(told[1])
        if summary.display:
            summary.draw(view, told[2] if told else None)
        if draw is not None:
            self.say(draw.line)
            return
        how = step_words.start(run, " · ")
        self.query_one(Status).draw(view, how if run.recorded else f"init {how}")

    def _fit_clusters(self, k: int) -> None:
        height = max(4, min(k + 3, self.size.height - _KEPT_ROWS))
        # Setting a style lays out the screen and resends the whole panel: 1.1 kB per iteration.
        if height != self._clusters_height:
            self._clusters_height = height
            self.query_one(Clusters).styles.height = height


def _otherwise(dataset: "Dataset") -> "tuple[str, Units] | None":
    """Return what ``z`` would do here, and the lengths of units then."""
    if dataset.units is None or dataset.axes == (PCA,):
        return None
    if dataset.scale == "standard":
        return f"{key('scale')} uses unscaled values", (1.0, 1.0)
    x, y = (float(each) or 1.0 for each in dataset.shown().std(axis=0))
    return f"{key('scale')} standardises", (1 / x, 1 / y)


def _remarked(notes: Sequence[str]) -> str:
    """Return the most serious remark, and the key that shows all."""
    if not notes:
        return ""
    remarks = key("remarks")
    return (
        f"{remarks}: {notes[0]}" if len(notes) == 1 else f"{remarks} reads {len(notes)}: {notes[0]}"
    )


def scene_of(run: Run, moment: Moment, options: Options) -> "Scene":
    """Return a half step of a run in the plane of the plot, in the look of ``options``."""
    from kmeans_tui.data.reading import pixels
    from kmeans_tui.ui.widgets.scene import Scene

    dataset = run.dataset
    step = run.history.step(moment.position - 1) if moment.position else None
    centroids = run.history[0].centroids if step is None else step.centroids
    trail = None
    if options.trails and moment.iteration:
        trail = dataset.project(run.history.centroids[: moment.iteration + 1])
    coming = None
    swapping = step_facts.swap_follows(run.history, moment.iteration)
    if options.coming and moment.kind == "assign" and moment.position < run.last and not swapping:
        coming = dataset.project(run.history[moment.iteration + 1].centroids)
    return Scene(
        None if step is None else step.labels,
        dataset.project(centroids),
        None if step is None or step.previous is None else dataset.project(step.previous),
        trail,
        _owner(run, centroids) if options.regions and dataset.exact_plane else None,
        coming=coming,
        inks=None if step is None else pixels.inks(dataset, centroids),
        wears=palette.worn(run.options.colours, run.history.k),
    )


def _drawing(run: Run, scene: "Scene", draw: ShownDraw) -> "Scene":
    """Return a draw of the start in the plane of the plot."""
    return replace(
        scene,
        labels=draw.labels,
        centroids=run.dataset.project(draw.placed),
        owner=None,
        weights=draw.weights,
        tried=draw.tried,
        drawn=draw.row,
        reach=None if draw.reach is None or draw.nearest is None else (draw.reach, draw.nearest),
    )


def _owner(run: Run, centroids: Any) -> Callable[[Any], Any]:
    """Return a function from positions in the plot to clusters, by the rule that assigns points."""
    from kmeans_tui.clustering.kmeans import KMeans

    model = KMeans(k=len(centroids))
    return lambda positions: model.assign_clusters(run.dataset.unproject(positions), centroids)
