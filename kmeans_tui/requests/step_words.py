"""A half step of a run in words: the one source of its sentences, for every face."""

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kmeans_tui.analysis.empty_clusters import ran_empty, taken_over
from kmeans_tui.command import GIVEN
from kmeans_tui.requests.session import Moment, Run
from kmeans_tui.user_keys import key
from kmeans_tui.words import amount, changed_cluster, few, listed, plural, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmeans_tui.clustering.history import Step
    from kmeans_tui.data.dataset import Dataset, Floats


UNASSIGNED: Final = "No points are assigned yet."
SEEDS_START: Final = "Seeds start at 0."
NO_PREVIOUS: Final = "There is no previous run."


def drops(run: Run, moment: Moment, *, brief: bool = False) -> tuple[str, ...]:
    """Say how much update and assignment reduced the inertia in this iteration.

    If ``brief``, only as shares: ``moving −65.6%``.
    Neither increases it, except when a random point takes over an empty cluster.
    """
    i = moment.iteration
    if i == 0:
        return ()
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
    if moment.iteration < run.history.iterations or run.history.stopped_by != "converged":
        over = moment.iteration == run.history.iterations
        reason = {"max_iterations": "limit reached", "cancelled": "stopped by you"}
        return f"no, {reason[str(run.history.stopped_by)]}" if over else f"no{tolerance}"
    return f"yes{tolerance}"


def note(run: Run, moment: Moment, step: "Step | None") -> str:
    """Return what is notable at this half step, in one line."""
    return " · ".join(notes(run, moment, step))


def notes(run: Run, moment: Moment, step: "Step | None") -> list[str]:
    """Return what is notable at this half step: an empty cluster, no movement, why it stopped."""
    if step is None:
        return ["the centroids are placed, no point is assigned yet"]
    if moment.kind == "update":
        parts = [taken_over(step.events, run.dataset)]
    else:
        parts = [ran_empty(step.sizes)]
    if moment.position == run.last:
        parts = [*why_stopped(run), *parts]
    elif moment.kind == "assign" and moment.iteration and step.changed == 0:
        still = "" if step.shifts.max() else ", no centroid moved"
        parts.append(f"{changed_cluster(0)}{still}")
    return [each for each in parts if each]


def why_stopped(run: Run) -> tuple[str, ...]:
    """Return why the run ended, in words; the iteration is shown beside them."""
    history = run.history
    if history.stopped_by == "max_iterations":
        return (f"stopped: the limit of {plural(history.iterations, 'update')} was reached",)
    if history.stopped_by == "cancelled":
        done = plural(history.iterations, "update")
        return (f"stopped by you after {done}; {key('replay')} runs it again",)
    if float(history[-1].shifts.max()) == 0:
        return changed_cluster(0), "converged: no centroid moved"
    within = history.tolerance
    tolerance = "the tolerance" if within is None else f"{within:.3g}"
    return (f"converged: no centroid moved by more than {tolerance}",)


def too_many_clusters(dataset: "Dataset") -> str:
    """Return why k cannot go further."""
    return f"With {plural(dataset.n, 'row')}, k can only be 1 to {dataset.n:,}."


def changed_in(count: int, iteration: int) -> str:
    """Return how many points changed cluster in an iteration."""
    return f"{changed_cluster(count)} in iteration {iteration}"


def matching(count: int) -> str:
    """Return that several rows were found."""
    return f"{plural(count, 'row')} match; {key('find')} and enter finds the next."


def no_such_row(dataset: "Dataset", text: str) -> str:
    """Return that no row has this number or label."""
    return f"No row is called {text!r} among the {plural(dataset.n, 'row')} clustered."


def told(run: Run, moment: Moment, step: "Step | None") -> str:
    """Return a half step as sentences for the ear: which, what it did, how far the run is."""
    if step is None:
        return " ".join(map(sentence, (f"start, {start(run)}", *notes(run, moment, step))))
    i, of = moment.iteration, f"iteration {moment.iteration} of {run.history.iterations}"
    drop = drops(run, moment)[-1:]
    if moment.kind == "update":
        did = f"{of}, update: {_moved(step)}"
    elif i:
        did = f"{of}, assign: {changed_cluster(step.changed)}"
    else:
        did = f"{of}, assign: {_first(run)}"
    return _sentences(did, step, drop, notes(run, moment, step))


def told_whole(run: Run, moment: Moment, step: "Step") -> str:
    """Return a complete iteration as sentences, both of its half steps at once."""
    i = moment.iteration
    if not i:
        return told(run, moment, step)
    did = (
        f"iteration {i} of {run.history.iterations}: {_moved(step)}, then "
        f"{changed_cluster(step.changed)}"
    )
    before = Moment(i, "update")
    said = notes(run, before, run.history.step(before.position - 1))
    return _sentences(did, step, drops(run, moment), [*said, *notes(run, moment, step)])


def _first(run: Run) -> str:
    if run.history.n == 1:
        return "the only point goes to its nearest centroid"
    return f"each of {plural(run.history.n, 'point')} goes to its nearest centroid"


def _moved(step: "Step") -> str:
    farthest = float(step.shifts.max())
    if not farthest:
        return "no centroid moved"
    if len(step.shifts) == 1:
        return f"the centroid moved by {amount(farthest)}"
    return f"the centroids moved, the farthest by {amount(farthest)}"


def _sentences(did: str, step: "Step", drop: "Sequence[str]", said: "Sequence[str]") -> str:
    """Join what a half step did, the inertia after it, and what is notable, each said once."""
    fell = [each for each in drop if not each.endswith(" 0")]
    inertia = "; ".join((f"inertia {amount(step.inertia)}", *fell))
    nothing = changed_cluster(0)
    further = [each for each in said if nothing not in did or not each.startswith(nothing)]
    return " ".join(map(sentence, (did, inertia, *further)))
