"""Tasks that a thread here and processes take from one board, each when it is free."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import numpy as np

from kmeans_tui.analysis.crew import CrewMember, crew
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading.rooms import room


class SharedTask:
    """A call of ``work(points, *arguments, go_on)``, and what it ``found`` when it is ``done``."""

    def __init__(self, work: Callable[..., Any], arguments: tuple[Any, ...], size: float) -> None:
        self.work, self.arguments, self.size = work, arguments, size
        self.found: Any = None
        self.done = False
        # Whether a process has failed at it.
        self.failed = False


class TaskBoard:
    """The tasks that wait, in their order."""

    def __init__(self) -> None:
        self._waiting: list[SharedTask] = []
        self._changed = threading.Condition()
        self._closed = False

    def add(self, work: Callable[..., Any], arguments: tuple[Any, ...], size: float) -> SharedTask:
        """Let a task wait."""
        found = SharedTask(work, arguments, size)
        with self._changed:
            self._waiting.append(found)
            self._changed.notify_all()
        return found

    def first(self) -> SharedTask | None:
        """Take the task that has waited longest, for this process; None if none waits."""
        with self._changed:
            return self._waiting.pop(0) if self._waiting else None

    def largest(self, process: CrewMember) -> SharedTask | None:
        """Take the largest task for a process, which is busy then; None when all is over."""
        with self._changed:
            while not self._closed:
                possible = [each for each in self._waiting if not each.failed]
                if possible:
                    found = max(possible, key=lambda task: task.size)
                    self._waiting.remove(found)
                    process.busy = True
                    return found
                self._changed.wait()
            return None

    def finish(self, task: SharedTask, found: Any) -> None:
        """Note what a task has found."""
        with self._changed:
            task.found, task.done = found, True
            self._changed.notify_all()

    def give_back(self, task: SharedTask) -> None:
        """Let a task wait again, before all others, for this process alone."""
        with self._changed:
            task.failed = True
            self._waiting.insert(0, task)
            self._changed.notify_all()

    def wait(self, task: SharedTask, seconds: float) -> None:
        """Wait until a task is done, or another can be done here; at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: task.done or bool(self._waiting), seconds)

    def close(self) -> None:
        """Let processes take no more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


@contextmanager
def assisted(X: np.ndarray, number: int) -> Iterator[TaskBoard]:
    """Have processes do tasks on the points X (n, d) from a board; fewer if there is no room.

    At the end those that still work are ended.
    """
    board = TaskBoard()
    with ExitStack() as stack:
        # No room for the points, or no more threads: it is done here.
        with suppress(DataError, OSError, RuntimeError):
            processes = stack.enter_context(crew(number))
            if processes:
                path = os.path.join(stack.enter_context(room()), "points.npy")
                np.save(path, X)
                threads: list[threading.Thread] = []
                stack.callback(_dismissed, board, processes, threads)
                for each in processes:
                    thread = threading.Thread(target=_served, args=(board, each, path), daemon=True)
                    thread.start()
                    threads.append(thread)
        yield board


def _dismissed(
    board: TaskBoard, processes: list[CrewMember], threads: list[threading.Thread]
) -> None:
    board.close()
    for each in processes:
        if each.busy:
            each.kill()
    for thread in threads:
        thread.join()


def _served(board: TaskBoard, process: CrewMember, path: str) -> None:
    """Pass tasks to a process until all is over or it has ended."""
    while (task := board.largest(process)) is not None:
        try:
            found = process.ask(path, task.work, task.arguments)
        except Exception:
            # It was killed, or the task cannot be sent: this process does it.
            board.give_back(task)
            return
        process.busy = False
        if found is None:
            board.give_back(task)
        else:
            board.finish(task, found[0])
