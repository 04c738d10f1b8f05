"""Passes on this machine's cores: parts are given to processes that keep their labels."""

import contextlib
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Iterable
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from kmeans_tui.data.columns import DataError
from kmeans_tui.partitioned import part_worker
from kmeans_tui.partitioned.executor import PassListener, Stopped
from kmeans_tui.partitioned.part_executor import PartExecutor
from kmeans_tui.partitioned.plan import USUAL, ColumnChoice, Part, Recipe, StoredTable
from kmeans_tui.words import plural

# How long, in seconds, the processes may take to notice that a pass is cancelled, and to end.
_PATIENCE: Final = 0.5
_EVERY: Final = 0.05
# So many processes may die on the same part: the memory is probably too small for it.
_DEATHS: Final = 4


class _Worker:
    """One process, and what it is doing."""

    def __init__(self) -> None:
        # Never by fork: the screen has threads. The process has nothing of this one but a pipe.
        context = multiprocessing.get_context("spawn")
        self.pipe: Connection
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(
            target=part_worker.serve, args=(theirs,), daemon=True, name="kmeans-tui worker"
        )
        self.part: int | None = None
        try:
            _start_tracker()
            self.process.start()
        except BaseException:
            self.pipe.close()
            raise
        finally:
            theirs.close()

    def end(self) -> None:
        """End the process: at once if it is idle, by force if it does not listen."""
        with contextlib.suppress(OSError):
            self.pipe.close()
        self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.process.close()


class Processes(PartExecutor):
    """Gives the parts to ``workers`` processes, each preferably those that it had before.

    A process that dies is replaced and its part done again, with the same result. ``close`` ends
    them all; they also end when this process does.
    """

    def __init__(
        self,
        table: StoredTable,
        choice: ColumnChoice = USUAL,
        part_rows: int | None = None,
        workers: int = 2,
    ) -> None:
        super().__init__(table, choice, part_rows)
        self._count = max(1, workers)
        self._workers: list[_Worker] = []

    def run(
        self,
        name: str,
        parts: tuple[Part, ...],
        recipe: Recipe,
        task: dict[str, Any],
        listener: PassListener | None,
    ) -> list[Any]:
        self._cancelled = False
        total, done = sum(part[1] for part in parts), 0
        count = min(self._count, len(parts))
        left = [deque(range(i, len(parts), count)) for i in range(count)]
        deaths: dict[int, int] = {}
        results: dict[int, Any] = {}
        counted: dict[int, int] = {}
        try:
            while len(results) < len(parts):
                self._staff(count)
                for i, worker in enumerate(self._workers[:count]):
                    if worker.part is None and (number := _next(left, i)) is not None:
                        worker.part = number
                        with contextlib.suppress(OSError):  # dead: seen below
                            worker.pipe.send((name, number, parts[number], recipe, task))
                if self._cancelled:
                    raise Stopped
                busy = [each for each in self._workers[:count] if each.part is not None]
                wait([each.pipe for each in busy], _EVERY)
                for worker in busy:
                    for kind, number, found in self._said(worker, left, deaths, counted):
                        if kind == "told":
                            counted[number] = counted.get(number, 0) + found
                        elif kind == "done":
                            results[number] = found
                            counted[number] = parts[number][1]
                            worker.part = None
                        else:
                            worker.part = None
                            raise DataError(self.unreadable(found))
                told = sum(counted.values())
                if listener is not None and told != done and listener(told, total) is False:
                    raise Stopped
                done = told
        except BaseException:
            self._quiet()
            raise
        return [results[number] for number in range(len(parts))]

    def _staff(self, count: int) -> None:
        """Have at least ``count`` living processes."""
        for i in range(count):
            if i < len(self._workers):
                if self._workers[i].process.is_alive():
                    continue
                if self._workers[i].part is not None:
                    continue  # its part is taken back first
                self._workers[i].end()
            try:
                new = _Worker()
            except OSError as error:
                raise DataError(
                    f"no process can be started ({error.strerror or error}): take fewer with "
                    "--workers, or none"
                ) from None
            self._workers[i : i + 1] = [new]

    def _said(
        self,
        worker: _Worker,
        left: list[deque[int]],
        deaths: dict[int, int],
        counted: dict[int, int],
    ) -> Iterable[tuple[str, int, Any]]:
        """Yield what a process has said; if it is dead, put its part back."""
        try:
            while worker.part is not None and worker.pipe.poll():
                yield worker.pipe.recv()
        except (EOFError, OSError):
            number = worker.part
            worker.part = None
            assert number is not None
            worker.process.join(_PATIENCE)
            deaths[number] = deaths.get(number, 0) + 1
            counted.pop(number, None)
            if deaths[number] >= _DEATHS:
                raise DataError(
                    f"{plural(_DEATHS, 'process')} in a row ended on the same rows of "
                    f"{self.table.name}, probably for want of memory: take fewer with --workers"
                ) from None
            left[self._workers.index(worker)].appendleft(number)

    def _quiet(self) -> None:
        """Stop what the processes are doing; those that do not listen in time are ended."""
        busy = [each for each in self._workers if each.part is not None]
        for worker in busy:
            with contextlib.suppress(OSError):
                worker.pipe.send(None)
        end = time.monotonic() + _PATIENCE / 2
        for worker in busy:
            try:
                while worker.part is not None and worker.pipe.poll(max(0, end - time.monotonic())):
                    if worker.pipe.recv()[0] == "stopped":
                        worker.part = None
            except (EOFError, OSError):
                pass
            if worker.part is not None:
                worker.process.kill()
                worker.part = None

    def close(self) -> None:
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.end()


def _start_tracker() -> None:
    """Start what removes the traces of processes that are killed."""
    if os.name != "posix":
        return
    # It takes the number of the file behind stderr, which has none while the screen is open.
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
        resource_tracker.ensure_running()


def _next(left: list[deque[int]], i: int) -> int | None:
    """Return the next part of worker ``i``: its own, or one of a worker that has several left."""
    if left[i]:
        return left[i].popleft()
    longest = max(left, key=len)
    return longest.pop() if len(longest) > 1 else None
