"""A half step in words and numbers, for the panels."""

from typing import TYPE_CHECKING

from kmeans_tui import palette
from kmeans_tui.analysis import step_facts
from kmeans_tui.requests import step_words
from kmeans_tui.requests.session import Moment, Run
from kmeans_tui.ui.widgets.panels import ClusterRow, View
from kmeans_tui.words import amount

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import Step
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.questioning import Questioned
    from kmeans_tui.ui.models.drawing import ShownDraw


def read(run: Run, moment: Moment, step: "Step | None", *, playing: bool, speed: float) -> View:
    """Return the panels' view of one half step; ``step`` is None at the start."""
    history = run.history
    last = moment.position == run.last and moment.iteration > 0 and not run.running
    centroids = history[0].centroids if step is None else step.centroids
    places = run.dataset.project(centroids)
    shifts = None if step is None or moment.iteration == 0 else step.shifts
    weights = None if step is None else step.weights
    rows = [
        ClusterRow(
            None if step is None else int(step.sizes[c]),
            tuple(map(float, places[c, : min(run.dataset.d, 2)])),
            None if shifts is None else float(shifts[c]),
            None if weights is None else float(weights[c]),
        )
        for c in range(history.k)
    ]
    shift = "" if shifts is None else f"shift {amount(float(shifts.max()))}"
    if step is not None and step.swap is not None and moment.kind == "update":
        shift = "swap, no means"
    return View(
        kind=moment.kind,
        iteration=moment.iteration,
        iterations=history.iterations,
        start=step_words.start(run),
        assigned=step_facts.assigned(history, step),
        shift=shift,
        converged=step_facts.converged(history, moment.iteration),
        verdict=last,
        inertia="" if step is None else f"inertia {amount(step.inertia)}",
        note=" · ".join(step_words.notes(run, moment, step)),
        rows=rows,
        playing=playing,
        speed=speed,
        drops=step_facts.drops(history, moment.position),
        shares=step_facts.drops(history, moment.position, brief=True),
        work=step_words.work(run, moment),
        shared=step_facts.shared(centroids),
        heads=heads(run.dataset),
        weighted=run.dataset.weights is not None,
        extent=run.dataset.extent,
        wears=palette.worn(run.options.colours, history.k),
    )


def of_draw(run: Run, view: View, draw: "ShownDraw") -> View:
    """Return the panels' view of the start at one of its draws: only what is placed by then."""
    placed = len(draw.placed)
    places = run.dataset.project(draw.placed)[:, : min(run.dataset.d, 2)].tolist()
    sizes: list[int | None] = [None] * placed
    if draw.labels is not None:
        sizes = [int((draw.labels == c).sum()) for c in range(placed)]
    rows = [ClusterRow(size, tuple(at), None) for size, at in zip(sizes, places, strict=True)]
    return view._replace(rows=rows, note=draw.line, shared=step_facts.shared(draw.placed))


def panel_of_draw(
    run: Run, draw: "ShownDraw", questioned: "Questioned | None"
) -> tuple[str, tuple[str, ...], tuple[tuple[str, ...], str]]:
    """Return title and lines of the panel of a draw, and two lines for when it does not fit."""
    title = f"draw {draw.number + 1} of {run.draws}"
    lines = (draw.sentence, *draw.details)
    if questioned is not None and (likely := draw.of_row(questioned.row)):
        lines = (f"{questioned.title}: {likely}", *lines)
    chances = " · ".join(each.partition(", sum")[0] for each in draw.details)
    placed = f"{len(draw.placed)} of {run.history.k} centroids placed"
    return title, lines, ((chances or placed,), draw.sentence)


def heads(dataset: "Dataset") -> tuple[str, str]:
    """Return the column heads: for a logarithm its mean, which is not the logarithm of the mean."""
    x, y = (*dataset.axes, "")[:2]
    return "log x" if x in dataset.log else "x", "log y" if y in dataset.log else "y"


def no_regions(dataset: "Dataset") -> str:
    """Return why regions cannot be drawn."""
    return (
        f"Regions need one or two features; these data have {dataset.d}. "
        "Choose two with --features."
    )
