"""Passes on this machine's cores: parts are given to processes that keep their labels."""

import pickle
import queue
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final, TypeAlias

from kmeans_tui.data.columns import DataError
from kmeans_tui.partitioned import part_worker
from kmeans_tui.partitioned.executor import PassListener, Stopped
from kmeans_tui.partitioned.part_executor import PartExecutor
from kmeans_tui.partitioned.plan import USUAL, ColumnChoice, Part, Recipe, StoredTable
from kmeans_tui.words import plural
from kmeans_tui.worker_process import WorkerProcess, receive, send

# How long, in seconds, the processes may take to notice that a pass is cancelled.
_PATIENCE: Final = 0.25
_EVERY: Final = 0.05
# So many processes may die on the same part: the memory is probably too small for it.
_DEATHS: Final = 4


class _PartProcess(WorkerProcess):
    """A process, and the ``part`` it works on; what it says comes into a queue, None at its end.

    ``ended`` is set by whoever takes that None from the queue.
    """

    def __init__(self, heard: "Heard") -> None:
        super().__init__(part_worker.serve)
        self.part: int | None = None
        self.ended = False
        self._listener = threading.Thread(target=self._listen, args=(heard,), daemon=True)
        try:
            self._listener.start()
        except RuntimeError as error:  # the system allows no more threads
            super().end()
            raise OSError(str(error)) from None

    def ask(self, given: tuple[Any, ...] | None) -> None:
        """Send a pass for a part, or None to stop it; if the process is dead, None is heard."""
        with suppress(OSError):
            send(self.questions, pickle.dumps(given, protocol=5))

    def end(self) -> None:
        """End the process, whatever it does."""
        self.part, self.ended = None, True
        self.kill()
        self._listener.join()
        super().end()

    def _listen(self, heard: "Heard") -> None:
        try:
            with suppress(EOFError, OSError):
                while True:
                    heard.put((self, pickle.loads(receive(self.answers))))
        finally:
            heard.put((self, None))


Heard: TypeAlias = "queue.SimpleQueue[tuple[_PartProcess, tuple[str, int, Any] | None]]"


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
        self._workers: list[_PartProcess] = []
        self._heard: Heard = queue.SimpleQueue()

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
                        worker.ask((name, number, parts[number], recipe, task))
                if self._cancelled:
                    raise Stopped
                for worker, said in self._news():
                    if said is None:
                        self._take_back(worker, left, deaths, counted)
                        continue
                    if worker.part is None:  # it was ended in an earlier pass
                        continue
                    kind, number, found = said
                    if kind == "told":
                        counted[number] = counted.get(number, 0) + found
                        continue
                    worker.part = None
                    if kind == "failed":
                        raise DataError(self.unreadable(found))
                    results[number] = found
                    counted[number] = parts[number][1]
                told = sum(counted.values())
                if listener is not None and told != done and listener(told, total) is False:
                    raise Stopped
                done = told
        except BaseException:
            self._quiet()
            raise
        return [results[number] for number in range(len(parts))]

    def _staff(self, count: int) -> None:
        """Have at least ``count`` processes that have not ended."""
        for i in range(count):
            if i < len(self._workers):
                if not self._workers[i].ended:
                    continue
                self._workers[i].end()
            try:
                new = _PartProcess(self._heard)
            except OSError as error:
                raise DataError(
                    f"no process can be started ({error.strerror or error}): take fewer with "
                    "--workers, or none"
                ) from None
            self._workers[i : i + 1] = [new]

    def _news(self) -> Iterator[tuple[_PartProcess, tuple[str, int, Any] | None]]:
        """Yield what processes say, as soon as there is something; nothing after a while."""
        with suppress(queue.Empty):
            yield self._heard.get(timeout=_EVERY)
            while True:
                yield self._heard.get_nowait()

    def _take_back(
        self,
        worker: _PartProcess,
        left: list[deque[int]],
        deaths: dict[int, int],
        counted: dict[int, int],
    ) -> None:
        """Note that a process has ended, and put its part back."""
        number, worker.part, worker.ended = worker.part, None, True
        if number is None:
            return
        deaths[number] = deaths.get(number, 0) + 1
        counted.pop(number, None)
        if deaths[number] >= _DEATHS:
            raise DataError(
                f"{plural(_DEATHS, 'process')} in a row ended on the same rows of "
                f"{self.table.name}, probably for want of memory: take fewer with --workers"
            )
        left[self._workers.index(worker)].appendleft(number)

    def _quiet(self) -> None:
        """Stop what the processes are doing; those that do not listen in time are ended."""
        busy = {each for each in self._workers if each.part is not None}
        for worker in busy:
            worker.ask(None)
        end = time.monotonic() + _PATIENCE
        with suppress(queue.Empty):
            while busy:
                worker, said = self._heard.get(timeout=max(0, end - time.monotonic()))
                if said is None:
                    worker.part, worker.ended = None, True
                if said is None or said[0] == "stopped":
                    busy.discard(worker)
                    worker.part = None
        for worker in busy:
            worker.end()

    def close(self) -> None:
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.end()


def _next(left: list[deque[int]], i: int) -> int | None:
    """Return the next part of worker ``i``: its own, or one of a worker that has several left."""
    if left[i]:
        return left[i].popleft()
    longest = max(left, key=len)
    return longest.pop() if len(longest) > 1 else None
