"""From options to what a report is written from."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kmeans_tui.command import GIVEN, Options
from kmeans_tui.requests import answers, where_points
from kmeans_tui.requests.given import verdict
from kmeans_tui.shell_command import to_command

if TYPE_CHECKING:
    from kmeans_tui.analysis.decision import Decision
    from kmeans_tui.analysis.progress import Progress
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.export.report.findings import Findings


def decided(
    options: Options,
    dataset: "Dataset",
    progress: "Callable[[Progress[Any]], bool | None] | None" = None,
) -> "Decision | None":
    """Call ``analysis.decision.decide`` with the options; None if ``progress`` stops it."""
    from kmeans_tui.analysis.decision import decide

    return decide(
        dataset,
        options.k,
        k_max=options.k_max,
        sweep_runs=options.runs,
        init=answers.drawn_start(options.init),
        max_iterations=options.max_iterations,
        tolerance=options.tolerance,
        empty=options.empty,
        random_state=options.seed,
        improve=answers.improves(options),
        progress=progress,
    )


def findings(
    options: Options, dataset: "Dataset", decision: "Decision", ended: float | None = None
) -> "Findings":
    """Return what the report is written from; ``ended`` is where a given start ends.

    Unless the options name the axes of its picture, those are chosen that show the clusters best.
    """
    from kmeans_tui.analysis.separation import clearest
    from kmeans_tui.export.report.findings import Findings

    plane = None
    if not options.axes:
        last = decision.history[-1]
        plane = clearest(dataset, last.labels, last.centroids)
    if plane is not None:
        dataset = dataset.with_axes(plane.axes)
    given = () if ended is None else (verdict(ended, decision.census.lowest or 0.0),)
    return Findings(dataset, decision, plane, _commands(options, decision, dataset), given)


def chosen(options: Options, decision: "Decision") -> Options:
    """Return the options of the run that the report describes."""
    improved = decision.history.tried is not None
    return replace(options, k=decision.k, seed=decision.seed, improve=improved or None)


def _commands(options: Options, decision: "Decision", dataset: "Dataset") -> tuple[str, ...]:
    run = chosen(options, decision)
    if where_points.stay_on_disk(options):
        # The one described is of the rows on display; centroids are not swapped among all.
        run = replace(run, improve=None)
    seeds = replace(run, census=decision.census.runs, improve=None)
    commands = [
        to_command(options, "report"),
        to_command(replace(options, k=None), "elbow"),
        to_command(seeds, "seeds"),
        to_command(run, "run"),
    ]
    if options.centroids is not None:
        commands.append(to_command(replace(options, init=GIVEN), "run"))
    shown = dataset.axes if dataset.d > 2 else options.axes
    return (*commands, to_command(replace(run, axes=shown)))
