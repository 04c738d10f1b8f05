"""Passes on a Dask cluster: a task for each part, then a tree that merges their results there.

Workers need numpy (and pyarrow for Parquet), but nothing of this program: it sends its source text,
and no pickled functions, which another version of Python may not read. Lost parts are read again
by Dask, and every pass is a pure function of a part and its task: the bits are the same.

``Client.cancel`` is never called: with distributed 2026.8.0 the scheduler can then drop the whole
client with all its data. Released futures end as well.
"""

import operator
import queue
import uuid
from typing import Any, Final, TypeAlias

from kmeans_tui.data.columns import DataError
from kmeans_tui.partitioned import part_kernels, part_sources, stored
from kmeans_tui.partitioned.dask_client import Cluster
from kmeans_tui.partitioned.executor import PassListener, Stopped
from kmeans_tui.partitioned.part_executor import PartExecutor
from kmeans_tui.partitioned.plan import USUAL, ColumnChoice, Part, Recipe, StoredTable

# A result that comes; a class of distributed, which has no types.
Future: TypeAlias = Any

# Results merged by one task: a power of two, so that the tree is that of ``part_kernels.merged``.
_FAN: Final = 16
_EVERY: Final = 0.05
# The points stay in the workers' memory if they take less than a third of it: twice as fast.
_ROOM: Final = 3
_RUNS: Final = "_kmeans_tui_parts"


class _Remote:
    """The functions of the parts, as text that the workers run."""

    def __init__(self, cluster: Cluster) -> None:
        self.client, self._run, self._calls = cluster.client, uuid.uuid4().hex[:12], 0
        code = (
            f"(lambda g: (exec(compile({part_sources.text()!r}, 'kmeans-tui', 'exec'), g), g)[1])"
            f"({{'__name__': {_RUNS!r}}})"
        )
        names = self.client.submit(eval, code, key=f"kmt-text-{self._run}")
        self._functions = {
            name: self.client.submit(operator.getitem, names, name, key=f"kmt-{name}-{self._run}")
            for name in ("held", "pass_over", "merged", "listed")
        }

    def call(self, name: str, *given: Any, **how: Any) -> Future:
        self._calls += 1
        key = f"kmt-{name}-{self._run}-{self._calls}"
        return self.client.submit(operator.call, self._functions[name], *given, key=key, **how)

    def given(self, value: dict[str, Any]) -> Future:
        """Send a value to the cluster once, as the result of a task."""
        self._calls += 1
        # Functions of ours are not known there, but dict is, and all values are dictionaries.
        return self.client.submit(dict, value, key=f"kmt-given-{self._run}-{self._calls}")


class OnDask(PartExecutor):
    """Gives the parts to the workers of a cluster, which keep them in memory if there is room."""

    def __init__(
        self,
        table: StoredTable,
        choice: ColumnChoice = USUAL,
        part_rows: int | None = None,
        *,
        cluster: Cluster,
        keep: bool | None = None,
    ) -> None:
        super().__init__(table, choice, part_rows)
        self._cluster, self._remote = cluster, _Remote(cluster)
        self._keep = keep
        self._parts: list[Future] = []
        self._recipe: Recipe | None = None
        self._held_for: tuple[Part, ...] = ()
        self._cancelled = False

    @property
    def keeps(self) -> bool:
        """Whether the workers keep the points in memory."""
        if self._keep is not None:
            return self._keep
        rows, features = self.table.rows, len(self._choice.features or self.table.columns)
        return _ROOM * rows * features * 8 < self._cluster.memory

    def merged(
        self,
        name: str,
        parts: tuple[Part, ...],
        recipe: Recipe,
        task: dict[str, Any],
        listener: PassListener | None,
    ) -> Any:
        left = self._submitted(name, parts, recipe, task)
        steps, hold = left, list(left)
        while len(left) > 1:
            groups = [left[i : i + _FAN] for i in range(0, len(left), _FAN)]
            left = [self._remote.call("merged", name, group) for group in groups]
            hold += left
        return self._awaited(steps, parts, left, hold, listener)[0]

    def run(
        self,
        name: str,
        parts: tuple[Part, ...],
        recipe: Recipe,
        task: dict[str, Any],
        listener: PassListener | None,
    ) -> list[Any]:
        steps = self._submitted(name, parts, recipe, task)
        return self._awaited(steps, parts, steps, list(steps), listener)

    def check_unchanged(self) -> None:
        """Leave it to the workers, who have the files: they fail if one has changed its size."""

    def cancel(self) -> None:
        self._cancelled = True

    def close(self) -> None:
        self._parts = []
        self._cluster.client.close(timeout=2)

    def _submitted(
        self, name: str, parts: tuple[Part, ...], recipe: Recipe, task: dict[str, Any]
    ) -> list[Future]:
        self._cancelled = False
        if name in part_kernels.KEEPING and (
            self._held_for is not parts or self._recipe is not recipe
        ):
            self._parts = [self._remote.call("held", part, recipe, self.keeps) for part in parts]
            self._held_for, self._recipe = parts, recipe
        sent = self._remote.given(task)
        if self._parts and self._held_for is parts:
            given = None if recipe is self._recipe else recipe
            return [self._remote.call("pass_over", name, each, given, sent) for each in self._parts]
        once = [self._remote.call("held", part, recipe, False) for part in parts]
        return [self._remote.call("pass_over", name, each, None, sent) for each in once]

    def _awaited(
        self,
        steps: list[Future],
        parts: tuple[Part, ...],
        wanted: list[Future],
        hold: list[Future],
        listener: PassListener | None,
    ) -> list[Any]:
        """Return the results of ``wanted``; ``hold`` are all futures to let go if stopped."""
        rows = {step.key: part[1] for step, part in zip(steps, parts, strict=True)}
        total, done = sum(rows.values()), 0
        over: queue.SimpleQueue[Future] = queue.SimpleQueue()
        for each in dict.fromkeys((*steps, *wanted)):
            each.add_done_callback(over.put)
        waiting = {each.key for each in (*steps, *wanted)}
        try:
            while waiting:
                try:
                    found = over.get(timeout=_EVERY)
                except queue.Empty:
                    pass
                else:
                    # "lost" was finished, and is done again: its worker died since.
                    if found.status in ("error", "cancelled"):
                        raise self._failure(found)
                    waiting.discard(found.key)
                    done += rows.pop(found.key, 0)
                if self._cancelled or (listener is not None and listener(done, total) is False):
                    raise Stopped
            return [self._result(each) for each in wanted]
        finally:
            for each in hold:
                each.release()

    def _result(self, future: Future) -> Any:
        try:
            return future.result(timeout=None)
        except Exception as error:
            raise self._said(error) from None

    def _failure(self, future: Future) -> Exception:
        if future.status == "cancelled":
            return self._lost()
        error = future.exception()
        return self._said(error if isinstance(error, Exception) else RuntimeError(str(error)))

    def _said(self, error: Exception) -> Exception:
        """Return the sentence for what went wrong on the cluster."""
        name, kind = self.table.name, type(error).__name__
        if kind in ("FutureCancelledError", "CommClosedError", "CancelledError", "TimeoutError"):
            return self._lost()
        if kind == "KilledWorker":
            return DataError(
                f"four workers died on the same rows of {name}, probably for want of memory: give "
                "them more with --memory-limit"
            )
        if isinstance(error, ImportError):
            return DataError(
                f"a worker cannot read {name}: install pyarrow there (pip install pyarrow)"
            )
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            return DataError(f"{name} cannot be read any more on a worker: {reason}")
        return DataError(f"the cluster failed on {name}: {kind}: {str(error)[:200]}")

    def _lost(self) -> DataError:
        return DataError(
            f"the scheduler at {self._cluster.address} is gone: start it again and repeat the "
            "command; the run continues where it was"
        )


def opened_there(
    cluster: Cluster, data: str, choice: ColumnChoice = USUAL
) -> tuple[StoredTable, ColumnChoice]:
    """Return the table in a path, folder or pattern as the workers see it, and the named choice.

    They may see other files than this machine. Raises ``DataError``.
    """
    name = data.rstrip("/").rsplit("/", 1)[-1] or data
    try:
        files = _Remote(cluster).call("listed", data).result(timeout=None)
    except ValueError as error:
        raise DataError(str(error)) from None
    except ImportError:
        raise DataError(
            f"a worker cannot read {name}: install pyarrow there (pip install pyarrow)"
        ) from None
    except OSError as error:
        raise DataError(
            f"the workers cannot read {data} ({error.strerror or error}): put it where they see it "
            "by the same path"
        ) from None
    if not files:
        raise DataError(f"the workers see no Parquet files or arrays in {data}")
    tables = []
    for path, columns, rows, pieces, size, changed, length in files:
        stamp = (path, length, changed)
        tables.append(StoredTable(name, tuple(columns), rows, tuple(pieces), size, (stamp,)))
    table = stored.joined(name, tables)._replace(remarks=cluster.remarks)
    return table, stored.named(table, choice)
