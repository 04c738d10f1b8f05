"""Passes on a Dask cluster: a task for each part, then a tree that merges their results there.

Workers need numpy (and pyarrow for Parquet), but nothing of this program: it sends its source text,
and no pickled functions, which another version of Python may not read. Lost parts are read again
by Dask, and every pass is a pure function of a part and its task: the bits are the same.

``Client.cancel`` is never called: with distributed 2026.8.0 the scheduler can then drop the whole
client with all its data. Released futures end as well.
"""

import operator
import pickle
import queue
import time
import uuid
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from kmeans_tui.data.columns import DataError
from kmeans_tui.partitioned import part_kernels, part_sources, stored
from kmeans_tui.partitioned.dask_client import Cluster
from kmeans_tui.partitioned.dask_failures import deserted, failure, gone
from kmeans_tui.partitioned.executor import PassListener, Stopped
from kmeans_tui.partitioned.part_executor import PartExecutor
from kmeans_tui.partitioned.plan import USUAL, ColumnChoice, Part, Recipe, StoredTable

# A result that comes; a class of distributed, which has no types.
Future: TypeAlias = Any

# At most so many of the steps of a pass tell that they are done.
_TOLD: Final = 16
# Results merged by one task: a power of two, so that the tree is that of ``part_kernels.merged``.
# With 16 of them, 64 parts take a fifth more of the processors.
_FAN: Final = 64
_EVERY: Final = 0.05
# The points stay in the workers' memory if they take less than a third of it: twice as fast.
_ROOM: Final = 3
# Seconds between looks for workers, and without any until a pass is given up.
_ASKED_EVERY: Final = 5.0
_ALONE: Final = 40.0
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
            for name in ("held", "pass_over", "merged_packed", "listed")
        }

    @property
    def lost(self) -> bool:
        """Whether the scheduler has forgotten the functions, or is gone."""
        gone = any(each.status == "cancelled" for each in self._functions.values())
        return gone or self.client.status != "running"

    def call(self, name: str, *given: Any) -> Future:
        task = self.task(name, *given)
        return self.sent([task], [task])[0]

    def task(self, name: str, *given: Any) -> "_Task":
        """Return a call of a function, to be sent together with others that may await it."""
        return _Task(self._key(name), (operator.call, self._functions[name], *given))

    def given(self, value: dict[str, Any]) -> "_Task":
        """Return a value that is sent once, as the result of a task."""
        # Functions of ours are not known there, but dict is, and all values are dictionaries.
        return _Task(self._key("given"), (dict, value))

    def sent(self, tasks: Sequence["_Task"], wanted: Sequence["_Task"]) -> list[Future]:
        """Send tasks in one message and return what will come of those that are ``wanted``, once.

        A message for each of 64 parts and their merges takes the scheduler and this process more
        than twice the time, and a report of each a tenth.
        """
        keys = list(dict.fromkeys(each.key for each in wanted))
        return list(self.client.get(dict(tasks), keys, sync=False))

    def _key(self, name: str) -> str:
        self._calls += 1
        return f"kmt-{name}-{self._run}-{self._calls}"


class _Task(NamedTuple):
    """A task of a graph: its key, by which others await it, and the call."""

    key: str
    call: tuple[Any, ...]


class _Alone:
    """How long a cluster has no workers: a nanny needs seconds to replace a dead one."""

    def __init__(self, client: Any) -> None:
        self._client, self._asked_at, self._since = client, time.monotonic(), 0.0

    def too_long(self) -> bool:
        now = time.monotonic()
        if now < self._asked_at + _ASKED_EVERY:
            return False
        self._asked_at = now
        try:
            there = bool(self._client.nthreads())
        except OSError:
            # The scheduler is lost: what is awaited ends for that.
            there = True
        self._since = 0.0 if there else self._since or now
        return not there and now - self._since >= _ALONE


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
        self.scheduler = cluster.scheduler
        self._keep = keep
        self._parts: list[Future] = []
        self._recipe: Recipe | None = None
        self._held_for: tuple[Part, ...] = ()

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
        steps, more = self._tasks(name, parts, recipe, task)
        left, merges = steps, []
        while len(left) > 1:
            groups = [left[i : i + _FAN] for i in range(0, len(left), _FAN)]
            left = [
                self._remote.task("merged_packed", name, [each.key for each in group])
                for group in groups
            ]
            merges += left
        return self._awaited(steps, [*more, *merges], left, parts, listener)[0]

    def run(
        self,
        name: str,
        parts: tuple[Part, ...],
        recipe: Recipe,
        task: dict[str, Any],
        listener: PassListener | None,
    ) -> list[Any]:
        steps, more = self._tasks(name, parts, recipe, task)
        return self._awaited(steps, more, steps, parts, listener)

    def check_unchanged(self) -> None:
        """Leave it to the workers, who have the files: they fail if one has changed its size."""

    def close(self) -> None:
        self._parts = []
        self._cluster.client.close(timeout=2)

    def _connect_again(self) -> None:
        """After a scheduler was lost, look for one at the same address; the parts are read anew."""
        if not self._remote.lost:
            return
        self._cluster.client.close(timeout=2)
        self._cluster = self._cluster.again()
        self._remote = _Remote(self._cluster)
        self._parts, self._recipe, self._held_for = [], None, ()

    def _tasks(
        self, name: str, parts: tuple[Part, ...], recipe: Recipe, task: dict[str, Any]
    ) -> tuple[list[_Task], list[_Task]]:
        """Return a task for each part, and those that they await."""
        self._cancelled = False
        self._connect_again()
        remote = self._remote
        if name in part_kernels.KEEPING and (
            self._held_for is not parts or self._recipe is not recipe
        ):
            held = [remote.task("held", part, recipe, self.keeps) for part in parts]
            self._parts = remote.sent(held, held)
            self._held_for, self._recipe = parts, recipe
        given = remote.given(task)
        if self._parts and self._held_for is parts:
            other = None if recipe is self._recipe else recipe
            return (
                [remote.task("pass_over", name, each, other, given.key) for each in self._parts],
                [given],
            )
        once = [remote.task("held", part, recipe, False) for part in parts]
        return (
            [remote.task("pass_over", name, each.key, None, given.key) for each in once],
            [given, *once],
        )

    def _awaited(
        self,
        steps: list[_Task],
        more: list[_Task],
        wanted: list[_Task],
        parts: tuple[Part, ...],
        listener: PassListener | None,
    ) -> list[Any]:
        """Return the results of ``wanted`` once ``steps`` and ``more`` are sent and done.

        ``steps`` are those of the parts, some of which tell how far it is.
        """
        total, done = sum(part[1] for part in parts), 0
        stride = -(-len(steps) // _TOLD)
        # The last of each few steps stands for them.
        groups = range(0, len(steps), stride)
        told = [steps[i : i + stride][-1] for i in groups]
        try:
            sent = self._remote.sent([*steps, *more], [*told, *wanted])
        except (OSError, RuntimeError) as error:
            raise self._said(error) from None
        hold = {each.key: each for each in sent}
        ends = [hold[each.key] for each in wanted]
        rows = {
            each.key: sum(part[1] for part in parts[i : i + stride])
            for each, i in zip(told, groups, strict=True)
        }
        over: queue.SimpleQueue[Future] = queue.SimpleQueue()
        # Not for each step: that is a task in the client's loop, which is busy enough.
        for each in ends:
            each.add_done_callback(over.put)
        waiting = {each.key for each in ends}
        alone = _Alone(self._remote.client)
        try:
            while waiting:
                try:
                    found = over.get(timeout=_EVERY)
                except queue.Empty:
                    if alone.too_long():
                        raise deserted(self._cluster.scheduler.address) from None
                else:
                    # "lost" was finished, and is done again: its worker died since.
                    if found.status in ("error", "cancelled"):
                        raise self._failure(found)
                    waiting.discard(found.key)
                for key in [key for key in rows if hold[key].status == "finished"]:
                    done += rows.pop(key)
                if self._cancelled or (listener is not None and listener(done, total) is False):
                    raise Stopped
            return [self._result(each) for each in ends]
        finally:
            for each in hold.values():
                each.release()

    def _result(self, future: Future) -> Any:
        try:
            return pickle.loads(future.result(timeout=None))
        except Exception as error:
            raise self._said(error) from None

    def _failure(self, future: Future) -> Exception:
        if future.status == "cancelled":
            return self._lost()
        error = future.exception()
        return self._said(error if isinstance(error, Exception) else RuntimeError(str(error)))

    def _said(self, error: Exception) -> DataError:
        if self._remote.lost:
            return self._lost()
        return failure(error, self.table.name, self._cluster.scheduler.address, running=True)

    def _lost(self) -> DataError:
        return gone(self._cluster.scheduler.address, running=True)


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
        raise DataError(" ".join(str(error).split())) from None
    except Exception as error:
        shown = data if isinstance(error, OSError) else name
        raise failure(error, shown, cluster.scheduler.address, running=False) from None
    if not files:
        raise DataError(f"the workers see no Parquet files or arrays in {data}")
    tables = []
    for path, columns, rows, pieces, size, changed, length in files:
        stamp, file = (path, length, changed), path.rsplit("/", 1)[-1]
        tables.append(StoredTable(file, tuple(columns), rows, tuple(pieces), size, (stamp,)))
    table = stored.joined(name, tables)
    table = table._replace(remarks=cluster.remarks + table.remarks)
    return table, stored.named(table, choice)
