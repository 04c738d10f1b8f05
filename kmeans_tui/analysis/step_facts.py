"""What a half step of a run did, in words: the one source of its sentences, for every face.

``moment`` counts half steps from 0: 0 is the start, before any assignment, 2i the update of
iteration i, 2i + 1 its assignment; ``step`` is what the history says of it, None at the start.
"""

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kmeans_tui.analysis import swap_words
from kmeans_tui.analysis.empty_clusters import ran_empty, taken_over
from kmeans_tui.words import amount, changed_cluster, few, listed, plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from kmeans_tui.clustering.history import History, Step
    from kmeans_tui.data.dataset import Dataset

_STOPPED: Final = {"max_iterations": "limit reached", "cancelled": "stopped by you",
                   "lost": "broken off by an error"}  # fmt: skip
# Sums of the same numbers in another order differ by less.
_ROUNDING: Final = 1e-13


def step_of(history: "History", moment: int) -> "Step | None":
    """Return the half step of the history at a moment; None at the start."""
    return history.step(moment - 1) if moment else None


def drops(history: "History", moment: int, *, brief: bool = False) -> tuple[str, ...]:
    """Say how much update and assignment reduced the inertia in this iteration.

    If ``brief``, only as shares: ``moving −65.6%``.
    Neither increases it, except when a random point takes over an empty cluster. Of a swap it says
    from where to where the iterations after it lead.
    """
    i = moment // 2
    if i == 0:
        return ()
    swap = history[i].swap
    if swap is not None:
        before, after = map(amount, history.swapped(swap))
        return (f"by the swap {before} to {after}",)
    every = history.half_step_inertia[2 * i - 2 : 2 * i + 1].tolist()
    halves = zip(("moving", "assigning"), pairwise(every), strict=False)
    said = tuple(_drop(name, before, after, brief) for name, (before, after) in halves)
    return said if moment % 2 else said[:1]


def _drop(name: str, before: float, after: float, brief: bool) -> str:
    if abs(before - after) <= _ROUNDING * before:
        after = before
    share = abs(before - after) / before if before else 0.0
    if brief:
        return f"{name} {'+' if after > before else '−'}{share:.1%}"
    if after > before:
        return f"{name} added {amount(after - before)}"
    return f"{name} took off {amount(before - after)}{f' ({share:.1%})' if share else ''}"


def shared(centroids: "np.ndarray") -> str:
    """Name the centroids that are in one place: ``2 and 5 in one place``; two places at most."""
    found: dict[bytes, list[int]] = {}
    for c, row in enumerate(centroids, 1):
        # -0.0 and 0.0 are the same place.
        found.setdefault((row + 0.0).tobytes(), []).append(c)
    several = [each for each in found.values() if len(each) > 1]
    named = (listed(each) if len(each) < 4 else few(each, 2) for each in several)
    return few([f"{each} in one place" for each in named], 2)


def assigned(history: "History", step: "Step | None") -> str:
    """Return what the latest assignment did."""
    if step is None:
        return ""
    if step.iteration == 0 or (step.iteration == 1 and step.kind == "update"):
        return plural(history.counted, "point")
    return changed_cluster(step.changed)


def converged(history: "History", iteration: int) -> str:
    """Return whether the run ends after this update, and by which rule."""
    if iteration == 0:
        return ""
    within = history.tolerance
    tolerance = "" if within is None else f" (tol {within:.2g})"
    if swap_follows(history, iteration):
        return "a swap follows"
    if iteration < history.iterations or history.stopped_by != "converged":
        over = iteration == history.iterations and history.stopped_by is not None
        return f"no, {_STOPPED[str(history.stopped_by)]}" if over else f"no{tolerance}"
    return f"yes{tolerance}"


def notes(
    history: "History", dataset: "Dataset", moment: int, step: "Step | None", cancelled: str = ""
) -> list[str]:
    """Return what is notable at this half step: an empty cluster, no movement, why it stopped.

    ``cancelled`` is what to do about a run that was cut short.
    """
    if step is None:
        return ["the centroids are placed, no point is assigned yet"]
    if step.kind == "update":
        parts = [swapped(history, step), taken_over(step.events, dataset)]
    else:
        parts = [ran_empty(step.sizes), still_above(history, step)]
    if moment == 2 * history.iterations + 1:
        parts = [*why_stopped(history, cancelled), *parts]
    elif step.kind == "assign" and step.iteration and step.changed == 0:
        still = "" if step.shifts.max() else ", no centroid moved"
        parts.append(f"{changed_cluster(0)}{still}")
    return [each for each in parts if each]


def swap_follows(history: "History", iteration: int) -> bool:
    """Whether a swap takes the place of the update after an iteration."""
    return iteration < history.iterations and history[iteration + 1].swap is not None


def swapped(history: "History", step: "Step") -> str:
    """Return the sentence of a swap; "" for an update."""
    return "" if step.swap is None else swap_words.reason(step.swap, history)


def still_above(history: "History", step: "Step") -> str:
    """Say that a swap has not paid yet; "" where it has, or there was none."""
    past = [each for each in history.swaps if each.iteration <= step.iteration]
    if not past:
        return ""
    before, _ = history.swapped(past[-1])
    above = step.inertia > before
    return f"still above the {amount(before)} before the swap: that takes a while" if above else ""


def why_stopped(history: "History", cancelled: str = "") -> tuple[str, ...]:
    """Return why the run ended, in words; the iteration is shown beside them."""
    if (searched := swap_words.ended(history)) and not history.cut_short:
        limit = history.stopped_by == "max_iterations"
        return (searched, *["the limit of updates was reached"] * limit)
    if history.stopped_by == "max_iterations":
        return (f"stopped: the limit of {plural(history.iterations, 'update')} was reached",)
    if history.cut_short:
        why = _STOPPED[str(history.stopped_by)]
        done = f"{why} after {plural(history.iterations, 'update')}"
        return (f"{done}; {cancelled}" if cancelled else done,)
    if history.stopped_by is None:
        return ("the next iteration is being computed",)
    if float(history[-1].shifts.max()) == 0:
        return changed_cluster(0), "converged: no centroid moved"
    within = history.tolerance
    tolerance = "the tolerance" if within is None else f"{within:.3g}"
    return (f"converged: no centroid moved by more than {tolerance}",)


def did(history: "History", step: "Step") -> str:
    """Return what a half step did to the centroids or the points."""
    if step.kind == "update":
        return moved(step)
    if step.iteration:
        return changed_cluster(step.changed)
    if history.n == 1:
        return "the only point goes to its nearest centroid"
    return f"each of {plural(history.counted, 'point')} goes to its nearest centroid"


def moved(step: "Step") -> str:
    """Return how far the centroids moved in the update to them, or which one in a swap."""
    if step.swap is not None:
        return f"centroid {step.swap.cluster + 1} moved into cluster {step.swap.into + 1}"
    farthest = float(step.shifts.max())
    if not farthest:
        return "no centroid moved"
    if len(step.shifts) == 1:
        return f"the centroid moved by {amount(farthest)}"
    return f"the centroids moved, the farthest by {amount(farthest)}"


def joined(
    done: str, step: "Step", dropped: "Sequence[str]", noted: "Sequence[str]"
) -> tuple[str, ...]:
    """Return what was ``done``, the inertia after it, and what is notable, each said once."""
    fell = [each for each in dropped if not each.endswith(" 0")]
    inertia = "; ".join((f"inertia {amount(step.inertia)}", *fell))
    nothing = changed_cluster(0)
    further = [each for each in noted if nothing not in done or not each.startswith(nothing)]
    return done, inertia, *further
