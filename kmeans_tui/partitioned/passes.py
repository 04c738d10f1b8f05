"""Lloyd's iteration over parts: assign, update, assign, … as an exact run in memory would."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, cast

import numpy as np

from kmeans_tui.clustering import stillness
from kmeans_tui.clustering.steps import Event, StoppedBy
from kmeans_tui.partitioned.executor import (
    Assign,
    Executor,
    FarRow,
    Farthest,
    PassListener,
    Totals,
)
from kmeans_tui.partitioned.plan import Plan


@dataclass(frozen=True, eq=False)
class PartStep:
    """One half step over all rows, and the resulting state; as ``clustering.steps.Step``.

    ``point`` of an event is the number of a row, from 0 in the file. ``weight`` (k,) is what
    ``sizes`` (k,), rows, weigh. ``inertia`` after an update is that of the labels it averaged.
    ``stopped_by`` is set on the last step of a run.
    """

    kind: Literal["assign", "update"]
    iteration: int
    centroids: np.ndarray
    previous: np.ndarray | None
    inertia: float
    changed: int
    shifts: np.ndarray
    sizes: np.ndarray
    weight: np.ndarray
    events: tuple[Event, ...] = ()
    stopped_by: StoppedBy | None = None


def half_steps(
    executor: Executor,
    start: np.ndarray,
    *,
    max_iterations: int = 300,
    tolerance: float = 1e-4,
    empty: str = "farthest",
    seed: int = 0,
    iteration: int = 0,
    previous: np.ndarray | None = None,
    listener: PassListener | None = None,
) -> Iterator[PartStep]:
    """Yield every half step from the centroids ``start`` (k, d) until the run ends.

    To continue a run, give the ``iteration`` whose centroids ``start`` are, and those before as
    ``previous``; ``max_iterations`` count from the beginning of the run. ``empty`` is one of
    ``EMPTY_RULES``; ``seed`` draws the rows of "random". Raises ``Stopped`` when a pass is
    cancelled: the steps before stay whole.
    """
    plan = executor.plan()
    limit = stillness.limit_at(tolerance, plan.spread)
    centroids = np.array(start, np.float64, order="C")
    totals = cast(Totals, executor.iterate(Assign(centroids, previous), listener))
    shifts = np.zeros(len(centroids))
    if previous is not None:
        shifts = _shifts(previous, centroids)
    step = _assigned(iteration, centroids, previous, shifts, totals)
    yield step if iteration < max_iterations else replace(step, stopped_by="max_iterations")
    for number in range(iteration + 1, max_iterations + 1):
        moved, events = _updated(executor, plan, totals, centroids, empty, seed, number)
        shifts = _shifts(centroids, moved)
        largest = float(shifts.max())
        same = largest == 0 and bool((moved == centroids).all())
        inertia = totals.inertia if same else _moved_inertia(plan, totals, centroids, moved)
        previous, centroids = centroids, moved
        update = PartStep(
            "update", number, centroids, previous, inertia, step.changed, shifts, step.sizes,
            step.weight, events,
        )  # fmt: skip
        yield update
        if same:
            totals = totals._replace(changed=0)
        else:
            totals = cast(Totals, executor.iterate(Assign(centroids, previous), listener))
        stopped_by: StoppedBy | None = "max_iterations" if number == max_iterations else None
        if largest < limit or largest == 0:
            stopped_by = "converged"
        step = _assigned(number, centroids, previous, shifts, totals, events, stopped_by)
        yield step
        if stopped_by is not None:
            return


def _assigned(
    iteration: int,
    centroids: np.ndarray,
    previous: np.ndarray | None,
    shifts: np.ndarray,
    totals: Totals,
    events: tuple[Event, ...] = (),
    stopped_by: StoppedBy | None = None,
) -> PartStep:
    return PartStep(
        "assign", iteration, centroids, previous, totals.inertia, totals.changed, shifts,
        totals.sizes, totals.weight, events, stopped_by,
    )  # fmt: skip


def _shifts(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    squares = (new - old) ** 2
    found: np.ndarray = np.sqrt(np.add.reduce(squares, axis=1))
    return found


def _means(plan: Plan, totals: Totals, centroids: np.ndarray) -> np.ndarray:
    """Return the mean of every cluster, (k, d); one without weight keeps its centroid."""
    filled = totals.sizes > 0
    mass = np.where(filled, totals.weight, 1.0)[:, np.newaxis]
    return np.where(filled[:, np.newaxis], totals.sums / mass + plan.middle, centroids)


def _moved_inertia(plan: Plan, totals: Totals, centroids: np.ndarray, moved: np.ndarray) -> float:
    """Return the inertia of the same labels with ``moved``: exact, as sums around the means are."""
    means = _means(plan, totals, centroids)
    fell = np.add.reduce((centroids - means) ** 2, axis=1)
    rose = np.add.reduce((moved - means) ** 2, axis=1)
    return max(0.0, totals.inertia + float((totals.weight * (rose - fell)).sum()))


def _updated(
    executor: Executor,
    plan: Plan,
    totals: Totals,
    centroids: np.ndarray,
    empty: str,
    seed: int,
    iteration: int,
) -> tuple[np.ndarray, tuple[Event, ...]]:
    """Return the next centroids, and one event for every cluster without weight."""
    lone = np.flatnonzero(totals.sizes == 0)
    if not len(lone):
        return _means(plan, totals, centroids), ()
    if empty == "random":
        drawn = executor.sample(len(lone), seed + 1_000_003 * iteration, by_weight=True)
        moved = _means(plan, totals, centroids)
        moved[lone] = drawn.points
        apart = ((drawn.points[:, np.newaxis] - centroids) ** 2).sum(axis=2)
        donors = apart.argmin(axis=1)
        return moved, _events(iteration, lone, drawn.rows, donors)
    far = totals.farthest
    if len(lone) > 1:
        far = cast(tuple[FarRow, ...], executor.iterate(Farthest(centroids, len(lone))))
    # A mean of equal points can be off by roundings, which are no distances.
    if far[0].distance <= plan.rounding() ** 2:
        stays = tuple(Event("empty", iteration, int(each), None, None) for each in lone)
        return _means(plan, totals, centroids), stays
    sums, sizes, weight = (each.copy() for each in (totals.sums, totals.sizes, totals.weight))
    for row in far:
        # One of the copies that a row counts for leaves; a weight up to 1 leaves as a whole.
        gone = min(1.0, row.weight)
        sums[row.label] -= gone * (row.point - plan.middle)
        weight[row.label] -= gone
        sizes[row.label] -= row.weight <= 1
    moved = _means(plan, totals._replace(sums=sums, sizes=sizes, weight=weight), centroids)
    moved[lone[: len(far)]] = [row.point for row in far]
    events = _events(
        iteration, lone, np.array([e.row for e in far]), np.array([e.label for e in far])
    )
    return moved, events


def _events(
    iteration: int, empty: np.ndarray, rows: np.ndarray, donors: np.ndarray
) -> tuple[Event, ...]:
    return tuple(
        Event("empty", iteration, int(cluster), int(row), int(donor))
        for cluster, row, donor in zip(empty, rows, donors, strict=True)
    )
