"""What every executor does alike: plan, sample and iterate, with passes that run somewhere."""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kmeans_tui.data.columns import DataError
from kmeans_tui.partitioned import part_kernels, part_reading
from kmeans_tui.partitioned.executor import (
    Assign,
    FarRow,
    Farthest,
    PartLabels,
    PartSample,
    PassFound,
    PassListener,
    PassTask,
    Totals,
)
from kmeans_tui.partitioned.plan import USUAL, ColumnChoice, Part, Plan, Recipe, StoredTable
from kmeans_tui.partitioned.surveying import plan_of

if TYPE_CHECKING:
    from kmeans_tui.partitioned.dask_client import Scheduler

# Streams of the hash of row numbers: what they draw is independent.
_SAMPLE: Final = 0
_ROUNDS: Final = 16
# Parts whose labels are held at once: of 64 MiB and two features each, 64 MB of labels.
_AT_ONCE: Final = 16


class PartExecutor(ABC):
    """An executor by one method, ``run``: one pass of ``part_kernels.PASSES`` over all parts.

    ``part_rows`` cuts the table into parts of other sizes than usual. ``scheduler`` is that of the
    cluster whose workers read the rows, None if this machine does.
    """

    scheduler: "Scheduler | None" = None

    def __init__(
        self, table: StoredTable, choice: ColumnChoice = USUAL, part_rows: int | None = None
    ) -> None:
        self.table, self._choice, self._part_rows = table, choice, part_rows
        self._plan: Plan | None = None
        self._cancelled = False

    @abstractmethod
    def run(
        self,
        name: str,
        parts: tuple[Part, ...],
        recipe: Recipe,
        task: dict[str, Any],
        listener: PassListener | None,
    ) -> list[Any]:
        """Return the result of a pass for every part; raises ``Stopped`` and ``DataError``.

        Each part is given ``task`` with its ``rows``, and, in the passes of
        ``part_kernels.KEEPING``, a dictionary that stays with it. A pass begins with
        ``_cancelled`` off and looks at it at least every half second.
        """

    def cancel(self) -> None:
        """End the pass that is running, within half a second; from any thread."""
        self._cancelled = True

    @abstractmethod
    def close(self) -> None:
        """Give back what it holds: processes, labels, connections."""

    def plan(self, listener: PassListener | None = None) -> Plan:
        if self._plan is None:
            self._plan = plan_of(self.merged, self.table, self._choice, self._part_rows, listener)
        return self._plan

    def sample(
        self,
        size: int,
        seed: int,
        listener: PassListener | None = None,
        *,
        by_weight: bool = False,
    ) -> PartSample:
        plan = self.plan()
        n = plan.rows
        raw = {**plan.recipe, "log": (), "centre": None}
        by_weight = by_weight and plan.weighted
        threshold = (size + 6 * size**0.5 + 10) / (plan.total_weight if by_weight else n)
        if size >= n:
            threshold = np.inf
        while True:
            task = {
                "seed": seed, "stream": _SAMPLE, "threshold": threshold,
                "by_weight": by_weight, "d": len(plan.features),
            }  # fmt: skip
            found = self.merged("sample", plan.parts, raw, task, listener)
            if len(found[0]) >= min(size, n):
                return _sampled(found, size, plan)
            threshold *= 2

    def iterate(self, task: PassTask, listener: PassListener | None = None) -> PassFound:
        plan = self.plan()
        given = _task(plan, task.centroids)
        if isinstance(task, Assign):
            given |= {"previous": task.previous}
            found = self.merged("assign", plan.parts, plan.recipe, given, listener)
            sums, sizes, weight, inertia, changed, far = found
            return Totals(sums, sizes, weight, inertia, changed, (FarRow(*far),))
        if isinstance(task, Farthest):
            given |= {"count": task.many}
            rows, _ = self.merged("farthest", plan.parts, plan.recipe, given, listener)
            return tuple(FarRow(*each) for each in rows)
        given |= {"seed": task.seed, "stream": _ROUNDS + task.round, "factor": task.factor}
        found = self.merged("oversample", plan.parts, plan.recipe, given, listener)
        _, rows, points, weights = found
        return PartSample(points, points, rows, weights if plan.weighted else None)

    def labels(
        self, centroids: np.ndarray, listener: PassListener | None = None
    ) -> Iterator[PartLabels]:
        """Yield the labels of all rows for ``centroids`` (k, d), in the order of the parts.

        A few parts at a time are read, so memory does not grow with the rows.
        """
        plan = self.plan()
        task = _task(plan, centroids)
        before = 0

        def tell(done: int, _: int) -> bool | None:
            return None if listener is None else listener(before + done, plan.rows)

        for at in range(0, len(plan.parts), _AT_ONCE):
            some = plan.parts[at : at + _AT_ONCE]
            results = self.merged("label", some, plan.recipe, task, tell)
            for part, found in zip(some, results, strict=True):
                yield _labels_of(part, found)
            before += sum(len(labels) for labels, _ in results)

    def merged(
        self,
        name: str,
        parts: tuple[Part, ...],
        recipe: Recipe,
        task: dict[str, Any],
        listener: PassListener | None,
    ) -> Any:
        """Return the result of a pass over all parts."""
        self.check_unchanged()
        return part_kernels.merged(name, self.run(name, parts, recipe, task, listener))

    def check_unchanged(self) -> None:
        """Raise ``DataError`` if a file is not what it was when it was opened."""
        if self.has_changed():
            raise DataError(f"{self.table.name} has changed since it was opened: open it again")

    def has_changed(self) -> bool:
        """Whether a file is not what it was when it was opened; raises ``DataError`` if gone."""
        for path, size, changed in self.table.stamps:
            try:
                now = os.stat(path)
            except OSError as error:
                raise DataError(self.unreadable(error)) from None
            if (now.st_size, now.st_mtime_ns) != (size, changed):
                return True
        return False

    def unreadable(self, error: OSError | MemoryError) -> str:
        """Return the sentence for a file that can no longer be read."""
        name = self.table.name
        if isinstance(error, MemoryError):
            return f"there is not enough memory to read a part of {name}: close other programs"
        if isinstance(error, FileNotFoundError):
            return f"{name} is gone: put it back, then run again; the run continues where it was"
        said = " ".join(str(error.strerror or error).split())[:200]
        return f"{name} cannot be read any more: {said or 'it is damaged'}"


def _task(plan: Plan, centroids: np.ndarray) -> dict[str, Any]:
    return {
        "low": plan.low,
        "high": plan.high,
        "middle": plan.middle,
        "centroids": np.ascontiguousarray(centroids, np.float64),
    }


def _sampled(found: Any, size: int, plan: Plan) -> PartSample:
    u, rows, table, weights = found
    chosen = np.sort(np.lexsort((rows, u))[:size])
    table = np.ascontiguousarray(table[chosen])
    points = np.ascontiguousarray(part_reading.prepared(table, plan.recipe))
    return PartSample(points, table, rows[chosen], weights[chosen] if plan.weighted else None)


def _labels_of(part: Part, found: tuple[np.ndarray, np.ndarray | None]) -> PartLabels:
    """Return the labels of all rows of a part from those of its rows in use, and which they are."""
    labels, numbers = found
    if numbers is None:
        return PartLabels(part[2], labels.astype(np.int64))
    spread = np.full(part[1], -1, np.int64)
    spread[numbers - part[2]] = labels
    return PartLabels(part[2], spread)
