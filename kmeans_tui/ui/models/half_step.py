"""A half step in words and numbers, for the panels."""

from itertools import pairwise
from typing import TYPE_CHECKING

from kmeans_tui import palette
from kmeans_tui.analysis.empty_clusters import ran_empty, taken_over
from kmeans_tui.analysis.swap_words import ended, reason
from kmeans_tui.command import GIVEN
from kmeans_tui.ui.models.session import Moment, Run
from kmeans_tui.ui.widgets.panels import ClusterRow, View, amount
from kmeans_tui.user_keys import key
from kmeans_tui.words import changed_cluster, few, listed, plural, sentence

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import Step
    from kmeans_tui.data.dataset import Dataset, Floats
    from kmeans_tui.ui.models.drawing import ShownDraw
    from kmeans_tui.ui.models.questioning import Questioned


def read(run: Run, moment: Moment, step: "Step | None", *, playing: bool, speed: float) -> View:
    """Return the panels' view of one half step; ``step`` is None at the start."""
    history = run.history
    last = moment.position == run.last and moment.iteration > 0
    centroids = history[0].centroids if step is None else step.centroids
    places = run.dataset.project(centroids)
    shifts = None if step is None or moment.iteration == 0 else step.shifts
    rows = [
        ClusterRow(
            None if step is None else int(step.sizes[c]),
            tuple(map(float, places[c, : min(run.dataset.d, 2)])),
            None if shifts is None else float(shifts[c]),
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
        start=start(run),
        assigned=assigned(run, moment, step),
        shift=shift,
        converged=converged(run, moment),
        verdict=last,
        inertia="" if step is None else f"inertia {amount(step.inertia)}",
        note=note(run, moment, step),
        rows=rows,
        playing=playing,
        speed=speed,
        drops=drops(run, moment),
        shares=drops(run, moment, brief=True),
        work=work(run, moment),
        shared=shared(centroids),
        heads=heads(run.dataset),
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
    return view._replace(rows=rows, note=draw.line, shared=shared(draw.placed))


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


def drops(run: Run, moment: Moment, *, brief: bool = False) -> tuple[str, ...]:
    """Say how much update and assignment reduced the inertia in this iteration.

    If ``brief``, only as shares: ``moving −65.6%``.
    Neither increases it, except when a random point takes over an empty cluster. Of a swap it says
    from where to where the iterations after it lead.
    """
    i = moment.iteration
    if i == 0:
        return ()
    swap = run.history[i].swap
    if swap is not None:
        before, after = map(amount, run.history.swapped(swap))
        return (f"by the swap {before} → {after}",)
    every = run.history.half_step_inertia[2 * i - 2 : 2 * i + 1].tolist()
    halves = zip(("moving", "assigning"), pairwise(every), strict=False)
    said = tuple(_drop(name, before, after, brief) for name, (before, after) in halves)
    return said[:1] if moment.kind == "update" else said


def work(run: Run, moment: Moment) -> str:
    """Say how many distances the assignments so far ask for: n · k each."""
    passes = 0 if moment.kind == "initialise" else moment.iteration + (moment.kind == "assign")
    done = passes * run.dataset.n * run.history.k
    return f"n·k·{passes} = {done:,} distances so far" if passes else ""


def shared(centroids: "Floats") -> str:
    """Name the centroids that are in one place: ``2 and 5 in one place``; two places at most."""
    found: dict[bytes, list[int]] = {}
    for c, row in enumerate(centroids, 1):
        # -0.0 and 0.0 are the same place.
        found.setdefault((row + 0.0).tobytes(), []).append(c)
    several = [each for each in found.values() if len(each) > 1]
    named = (listed(each) if len(each) < 4 else few(each, 2) for each in several)
    return few([f"{each} in one place" for each in named], 2)


def _drop(name: str, before: float, after: float, brief: bool) -> str:
    share = abs(before - after) / before if before else 0.0
    if brief:
        return f"{name} {'+' if after > before else '−'}{share:.1%}"
    if after > before:
        return f"{name} added {amount(after - before)}"
    return f"{name} took off {amount(before - after)}{f' ({share:.1%})' if share else ''}"


def heads(dataset: "Dataset") -> tuple[str, str]:
    """Return the column heads: for a logarithm its mean, which is not the logarithm of the mean."""
    x, y = (*dataset.axes, "")[:2]
    return "log x" if x in dataset.log else "x", "log y" if y in dataset.log else "y"


def start(run: Run, between: str = ", ") -> str:
    """Return how the centroids were placed."""
    options = run.options
    if run.recorded:
        return "as recorded"
    return GIVEN if options.init == GIVEN else f"{options.init}{between}seed {options.seed}"


def assigned(run: Run, moment: Moment, step: "Step | None") -> str:
    """Return what the latest assignment did."""
    if step is None:
        return ""
    if moment.iteration == 0 or (moment.iteration == 1 and moment.kind == "update"):
        return plural(run.history.n, "point")
    return changed_cluster(step.changed)


def converged(run: Run, moment: Moment) -> str:
    """Return whether the run ends after this update, and by which rule."""
    if moment.iteration == 0:
        return ""
    within = run.history.tolerance
    tolerance = "" if within is None else f" (tol {within:.2g})"
    if swap_follows(run, moment):
        return "a swap follows"
    if moment.iteration < run.history.iterations or run.history.stopped_by != "converged":
        over = moment.iteration == run.history.iterations
        reason = {"max_iterations": "limit reached", "cancelled": "stopped by you"}
        return f"no, {reason[str(run.history.stopped_by)]}" if over else f"no{tolerance}"
    return f"yes{tolerance}"


def note(run: Run, moment: Moment, step: "Step | None") -> str:
    """Return what is notable at this half step: an empty cluster, no movement, why it stopped."""
    if step is None:
        return "the centroids are placed, no point is assigned yet"
    if moment.kind == "update":
        parts = [swapped(run, step), taken_over(step.events, run.dataset)]
    else:
        parts = [ran_empty(step.sizes), still_above(run, step)]
    if moment.position == run.last:
        parts.insert(0, why_stopped(run))
    elif moment.kind == "assign" and moment.iteration and step.changed == 0:
        still = "" if step.shifts.max() else ", no centroid moved"
        parts.append(f"{changed_cluster(0)}{still}")
    return " · ".join(filter(None, parts))


def swap_follows(run: Run, moment: Moment) -> bool:
    """Whether a swap takes the place of the next update."""
    i = moment.iteration + 1
    return i <= run.history.iterations and run.history[i].swap is not None


def swapped(run: Run, step: "Step") -> str:
    """Return the sentence of a swap; "" for an update."""
    if step.swap is None:
        return ""
    return reason(step.swap, run.history)


def gained(run: Run) -> str:
    """Return what the search for swaps found, and how to see it."""
    history = run.history
    if not history.swaps:
        return sentence(ended(history) or "stopped before a swap that helps was found")
    before, after = history.swapped(history.swaps[0])[0], float(history[-1].inertia)
    searched = ended(history) or f"{plural(len(history.swaps), 'swap')} so far"
    lowered = f"inertia {amount(before)} → {amount(after)}"
    return f"{searched}: {lowered}. {key('play').capitalize()} plays them."


def still_above(run: Run, step: "Step") -> str:
    """Say that a swap has not paid yet; "" where it has, or there was none."""
    past = [each for each in run.history.swaps if each.iteration <= step.iteration]
    if not past:
        return ""
    before, _ = run.history.swapped(past[-1])
    above = step.inertia > before
    return f"still above the {amount(before)} before the swap: that takes a while" if above else ""


def why_stopped(run: Run) -> str:
    """Return why the run ended, in words; the iteration is shown beside them."""
    history = run.history
    if (searched := ended(history)) and history.stopped_by != "cancelled":
        limit = "" if history.stopped_by == "converged" else " · the limit of updates was reached"
        return f"{searched}{limit}"
    if history.stopped_by == "max_iterations":
        return f"stopped: the limit of {plural(history.iterations, 'update')} was reached"
    if history.stopped_by == "cancelled":
        done = plural(history.iterations, "update")
        return f"stopped by you after {done}; {key('replay')} runs it again"
    if float(history[-1].shifts.max()) == 0:
        return f"{changed_cluster(0)} · converged: no centroid moved"
    within = history.tolerance
    tolerance = "the tolerance" if within is None else f"{within:.3g}"
    return f"converged: no centroid moved by more than {tolerance}"


def too_many_clusters(dataset: "Dataset") -> str:
    """Return why k cannot go further."""
    return f"With {plural(dataset.n, 'row')}, k can only be 1 to {dataset.n:,}."


def no_regions(dataset: "Dataset") -> str:
    """Return why regions cannot be drawn."""
    return (
        f"Regions need one or two features; these data have {dataset.d}. "
        "Choose two with --features."
    )
