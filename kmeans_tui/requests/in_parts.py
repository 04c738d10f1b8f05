"""A run on a table that stays on disk: opened, run part by part, continued."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kmeans_tui.command import GIVEN, SWEPT, Options
from kmeans_tui.requests import answers, given, on_display, unfinished, where_points
from kmeans_tui.requests.where_points import SaidListener

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.clustering.history import History
    from kmeans_tui.clustering.steps import StoppedBy
    from kmeans_tui.data.display_rows import DisplayRows
    from kmeans_tui.data.reading.dialect import Dialect
    from kmeans_tui.partitioned.all_labels import LabelledTable
    from kmeans_tui.partitioned.executor import PartSample
    from kmeans_tui.partitioned.part_executor import PartExecutor
    from kmeans_tui.partitioned.passes import PartStep
    from kmeans_tui.partitioned.plan import ColumnChoice, Plan, StoredTable
    from kmeans_tui.partitioned.row_names import RowNames
    from kmeans_tui.vocabulary import RunPlace

# The rows on display are the same for every run on a table.
_SAMPLED_BY: Final = 0
# What needs all points in memory.
_IN_MEMORY: Final = {
    "improve": "centroids are swapped among",
    "without": "rows are taken out of",
    "add": "points are added to",
    "truth": "known groups are compared with",
    "encode": "texts are encoded as numbers beside",
    "sample": "rows are drawn at random from",
}
# Seconds between two writings of an unfinished run.
_EVERY: Final = 1.0


@dataclass(frozen=True, eq=False)
class OpenParts:
    """A table on disk, ready for passes over all its rows.

    ``dataset`` are the rows on display, ``asked`` the options it was opened with. One run at a time
    uses the executor.
    """

    executor: "PartExecutor"
    plan: "Plan"
    sample: "PartSample"
    dataset: "DisplayRows"
    asked: Options
    choice: "ColumnChoice"
    names: "RowNames | None" = None
    turn: threading.Lock = field(default_factory=threading.Lock)

    def seen_as(self, dataset: "DisplayRows") -> "OpenParts":
        """Return the same with another plane of the rows on display."""
        return replace(self, dataset=dataset)

    def labelled(self) -> "LabelledTable":
        """Return what the labels of all rows are written from."""
        from kmeans_tui.partitioned.all_labels import LabelledTable

        executor = self.executor
        return LabelledTable(executor.table, self.choice, executor.scheduler, self.names)

    def idle(self, shown: "OpenParts | None") -> None:
        """End its processes if others are ``shown`` now; another run would start them again."""
        from kmeans_tui.partitioned.processes import Processes

        executor = self.executor
        if isinstance(executor, Processes) and (shown is None or shown.executor is not executor):
            executor.cancel()
            # A run that is still in its last block ends them with the screen.
            if self.turn.acquire(blocking=False):
                try:
                    executor.close()
                finally:
                    self.turn.release()

    def close(self) -> None:
        """End its processes, if it has any."""
        self.executor.cancel()
        close = getattr(self.executor, "close", None)
        if close is not None:
            close()


def open_parts(options: Options, dialect: "Dialect", tell: SaidListener) -> OpenParts:
    """Open the table, survey it once, and draw the rows on display.

    ``dialect`` is how its bytes are read. Raises ``DataError``, and ``ValueError`` when ``tell``
    stops it.
    """
    import numpy as np

    from kmeans_tui.partitioned.executor import Stopped

    check(options)
    found = where_points.place(options)
    assert found is not None  # the caller has asked
    table, choice = where_points.stored_table(options, found, dialect, tell)
    names = _named(options, found.place, choice, dialect)
    executor = _executor(options, found.place, table, choice)
    try:
        plan = executor.plan(_listener(tell, "reading all rows once"))
        sample = executor.sample(
            options.display_rows, _SAMPLED_BY, _listener(tell, "drawing the rows on display")
        )
        texts = np.empty(0, object)
        if names is not None:
            listener = _listener(tell, f"reading {names.column}")
            texts = names.of(sample.rows, plan.all_rows, listener)
    except BaseException as error:
        # Nothing else will end its processes.
        executor.close()
        if isinstance(error, Stopped):
            raise ValueError(f"{table.name} was not read to its end: it was stopped") from None
        raise
    dataset = on_display.rows_of(options, plan, sample, choice, table)
    if names is not None:
        dataset = replace(dataset, labels={names.column: texts}, id_column=names.column)
    return OpenParts(executor, plan, sample, dataset, options, choice, names)


def _named(
    options: Options, place: "RunPlace", choice: "ColumnChoice", dialect: "Dialect"
) -> "RowNames | None":
    """Return what names the rows; raises ``DataError`` where only the workers see the files."""
    if choice.id_column is None:
        return None
    from kmeans_tui.data.columns import DataError
    from kmeans_tui.partitioned.row_names import RowNames
    from kmeans_tui.partitioned.table_files import table_files

    if place == "dask":
        raise DataError("the rows of a table on a cluster have no names: leave --id out")
    return RowNames(choice.id_column, tuple(table_files(options.data)), dialect)


def start(options: Options, opened: OpenParts, k: int, tell: SaidListener) -> "np.ndarray":
    """Return the initial centroids (k, d); raises ``ValueError`` for a start that cannot be."""
    from kmeans_tui.partitioned.part_starts import initial

    if options.init == GIVEN:
        return given.start(options, opened.dataset, k)
    if options.init in SWEPT:
        raise ValueError(
            f"the start {options.init} continues runs for fewer clusters, which would each read "
            f"all {opened.plan.rows:,} rows: take --init k-means++"
        )
    listener = _listener(tell, f"the start, {options.init}")
    return initial(opened.executor, opened.sample, k, options.init, options.seed, listener)


def run(
    options: Options,
    opened: OpenParts,
    tell: SaidListener,
    begun: "Callable[[History], None] | None" = None,
    heard: "Callable[[PartStep], None] | None" = None,
    before: "History | None" = None,
) -> "History":
    """Return the run of the options on all rows.

    ``begun`` is given the history when its first iteration is whole, and it grows from then on;
    ``heard`` is told every half step. A run that was stopped ``before`` is continued. When ``tell``
    stops the run, its whole iterations are kept, and ``unfinished`` has them; before the first of
    them it raises ``ValueError``.
    """
    from kmeans_tui.partitioned.executor import Stopped

    k = answers.clusters(options, opened.dataset)
    enough_rows(k, opened.dataset)
    check(options)
    with opened.turn:
        place = unfinished.place(options, opened.executor.table, k)
        history = None if before is None else before.resume()
        if before is None and options.resume:
            history = unfinished.found(place, opened.dataset, k)
        recorder = _Recorder(options, opened, place, history)
        try:
            for step in recorder.steps(k, tell):
                if recorder.record(step) and begun is not None:
                    begun(recorder.history)
                    begun = None
                if heard is not None:
                    heard(step)
        except Stopped:
            if not len(recorder.history):
                raise ValueError("stopped before the first iteration was whole") from None
            recorder.end("cancelled")
        except BaseException as error:
            going = len(recorder.history) and recorder.history.stopped_by is None
            if going and isinstance(error, Exception):
                recorder.end("lost")
            else:
                recorder.keep()
            raise
    return recorder.history


class _Recorder:
    """Records the steps of a run: totals of all rows, labels of those on display."""

    def __init__(
        self, options: Options, opened: OpenParts, place: Path, before: "History | None"
    ) -> None:
        from kmeans_tui.clustering.history import History
        from kmeans_tui.clustering.stillness import limit_at

        self._options, self._opened, self._place = options, opened, place
        dataset = opened.dataset
        self._before = before
        self.history = before or History(dataset.n, 1, dataset.d, counted=opened.plan.rows)
        self._limit = limit_at(options.tolerance, opened.plan.spread)
        self._kept_at = time.monotonic()

    def steps(self, k: int, tell: SaidListener) -> "Iterator[PartStep]":
        from kmeans_tui.clustering.history import History
        from kmeans_tui.partitioned.passes import half_steps

        options, opened, known = self._options, self._opened, self._before
        at, previous = 0, None
        if known is None:
            centroids = start(options, opened, k, tell)
            k, d = centroids.shape
            self.history = History(opened.dataset.n, k, d, counted=opened.plan.rows)
        else:
            known.cut(options.max_iterations + 1)
            at = known.iterations
            centroids = known[-1].centroids
            previous = known[-2].centroids if at else None
        self.history.still_within(self._limit)

        def listener(done: int, rows: int) -> bool | None:
            history = self.history
            number = max(0, len(history)) if history.counted else 0
            inertia = f", inertia {history[-1].inertia:.6g}" if len(history) else ""
            # The most telling first: a narrow screen leaves out what follows.
            return tell(f"iteration {number}: {_share(opened.plan, done)}{inertia}")

        yield from half_steps(
            opened.executor,
            centroids,
            max_iterations=options.max_iterations,
            tolerance=options.tolerance,
            empty=options.empty,
            seed=options.seed,
            iteration=at,
            previous=previous,
            listener=listener,
        )

    def record(self, step: "PartStep") -> bool:
        """Record a half step; whether an iteration is whole by it."""
        import numpy as np

        from kmeans_tui.clustering import kernels

        history, points = self.history, self._opened.dataset.points
        if step.kind == "update":
            history.record_update(step.centroids, step.shifts, step.inertia, step.events)
            return False
        if step.iteration == len(history):
            labels = kernels.assign(points, step.centroids)[0]
            weight = step.weight if self._opened.plan.weighted else None
            if not len(history):
                history.record_start(step.centroids, labels, step.inertia, step.sizes, weight)
            else:
                before = history.labels(-1)
                rows = np.flatnonzero(labels != before)
                flips = labels[rows] ^ before[rows]
                history.record_assignment(
                    rows, flips, step.inertia, step.sizes, step.changed, weight
                )
        # A run that is continued makes its last assignment again: the same, but it may be the end.
        if step.stopped_by is not None:
            self.end(step.stopped_by)
        elif time.monotonic() >= self._kept_at + _EVERY:
            self.keep()
        return True

    def end(self, why: "StoppedBy") -> None:
        """Finish; a run that could go on is kept to be continued."""
        self.history.finish(why)
        if self.history.cut_short:
            self.keep()
        else:
            unfinished.forget(self._place)

    def keep(self) -> None:
        """Write what is whole, so that it can be continued."""
        if len(self.history):
            unfinished.keep(self.history, self._place, self._opened.dataset)
        self._kept_at = time.monotonic()


def _share(plan: "Plan", done: int) -> str:
    """Return how far a pass over all rows is."""
    share = done / max(1, plan.all_rows)
    count = len(plan.parts)
    part = f", part {min(count, int(share * count) + 1)} of {count}" if count > 1 else ""
    return f"{share:.0%}{part}"


def _listener(tell: SaidListener, doing: str) -> Callable[[int, int], bool | None]:
    return lambda done, rows: tell(f"{doing}, {done / max(1, rows):.0%}")


def enough_rows(k: int, dataset: "DisplayRows") -> None:
    """Raise ``DataError`` for more clusters than rows on display."""
    from kmeans_tui.data.columns import DataError

    if k > dataset.n:
        raise DataError(
            f"k = {k} clusters need as many rows on display, and there are {dataset.n:,}: choose a "
            "smaller k" + (", or more --display-rows" if dataset.n < dataset.in_all else "")
        )


def check(options: Options) -> None:
    """Raise ``DataError`` for what needs all points in memory."""
    from kmeans_tui.data.columns import DataError

    if (refused := refusal(options)) is not None:
        name, said = refused
        raise DataError(f"{said}: leave --{name.removesuffix('_column')} out")


def refusal(options: Options) -> tuple[str, str] | None:
    """Return the option that needs all points in memory, and a sentence why; None if none does."""
    for name, what in _IN_MEMORY.items():
        if getattr(options, name):
            return name, f"{what} points in memory only, and these stay on disk"
    return None


def _executor(
    options: Options, place: "RunPlace", table: "StoredTable", choice: "ColumnChoice"
) -> "PartExecutor":
    if place == "dask":
        from kmeans_tui.partitioned.on_dask import OnDask

        return OnDask(table, choice, cluster=where_points.cluster(options))
    if place == "processes":
        from kmeans_tui.data.reading.core_count import core_count
        from kmeans_tui.partitioned.processes import Processes

        return Processes(table, choice, workers=options.workers or core_count())
    from kmeans_tui.partitioned.here import Here

    return Here(table, choice)
