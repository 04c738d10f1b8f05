"""Independent runs on all cores of the machine, in processes and here, with the results in order.

Each process uses one thread, as does the work that stays here: so every result has the same bits,
however many cores there are. The points are shared by a memory map.
"""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from kmeans_tui.analysis.task_board import SharedTask, TaskBoard, assisted
from kmeans_tui.data.reading import memory

# Seconds of work from which the start of the processes is won back: on two cores, seeds that take
# 0.56 s take 0.53 s with a process started for them, 0.9 s takes 0.8 s, and 3.5 s takes 1.9 s.
WORTH: Final = 0.5
# Seconds of work for each process: one takes a fifth of a second of a core to start.
_EACH: Final = 0.25
# Seconds of a run for each number in its points and each of its clusters: on blobs of 100,000 × 8
# and k = 1 to 10, a run takes 9 ns.
COST: Final = 1e-8
# How much longer a run with swaps takes, there.
SWAPS: Final = 2.5
# Seconds between two looks at whether to stop.
_LOOK: Final = 0.05
# Bytes of a process: its own, and at most for each byte of the points and for each of them. With
# 1,000,000 × 8 points, runs take 50 MB, criteria 190, swaps 230, pairs of resamples 460.
_PROCESS: Final = 50_000_000
_SCRATCH: Final = 4
_OF_POINT: Final = 200
GoOn: TypeAlias = Callable[[str], bool]


class Piece(NamedTuple):
    """A call of ``work(points, *arguments, go_on)``; ``work`` is a function of a module.

    It returns None if ``go_on`` stopped it. Of those that wait, processes take the one of the
    largest ``size`` first, in any unit.
    """

    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    size: float = 1.0


def seconds(n: int, d: int, clusters: float) -> float:
    """Estimate the time of runs on n points (n, d) whose numbers of clusters add up to this."""
    return COST * n * d * clusters


def available() -> int:
    """Return the cores this process may use; ``LOKY_MAX_CPU_COUNT`` sets a lower number.

    The name is joblib's, whose count is the same, but takes a tenth of a second to import.
    """
    affinity = getattr(os, "sched_getaffinity", None)
    number = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # no such limit: "max"
        share, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        number = min(number, -(-int(share) // int(period)))
    with suppress(KeyError, ValueError):
        number = min(number, int(os.environ["LOKY_MAX_CPU_COUNT"]))
    return max(1, number)


def in_order(
    X: np.ndarray,
    tasks: Iterable[Piece],
    go_on: GoOn,
    *,
    expected: float,
    ahead: int | None = None,
    workers: int | None = None,
) -> Generator[Any, None, None]:
    """Yield the results of ``tasks`` on the points X (n, d), in their order, until ``go_on`` stops.

    ``go_on`` is told what is being done, or an empty text, and stops the work by returning False.
    ``expected`` is the time of the work in seconds: below ``WORTH`` it stays in this process, else
    processes take their share of it. At most ``ahead`` tasks are taken before their results are
    yielded, so that later ones may depend on earlier results. When stopped, processes end at once.
    An error in a task is raised here; a task whose process was killed is done here. ``workers`` is
    the number of processes besides this one, if it does not follow from the machine.
    """
    rest = iter(tasks)
    if expected < WORTH:
        yield from _here(X, rest, go_on)
        return
    number = _processes(X, expected) if workers is None else workers
    ahead = ahead or 3 * (number + 1)
    with ExitStack() as stack:
        # They start while this process imports.
        board = stack.enter_context(assisted(X, min(number, ahead - 1))) if number else None
        from threadpoolctl import threadpool_limits

        stack.enter_context(threadpool_limits(limits=1))
        if board is None:
            yield from _here(X, rest, go_on)
        else:
            yield from _together(X, rest, go_on, board, ahead)


def _processes(X: np.ndarray, expected: float) -> int:
    """Return how many processes work besides this one: one for each core, time, and memory."""
    most = min(available() - 1, int(expected / _EACH))
    if most < 1:
        return 0
    each = _PROCESS + _SCRATCH * X.nbytes + _OF_POINT * len(X)
    return min(most, memory.available() // 2 // each)


def _here(X: np.ndarray, tasks: Iterator[Piece], go_on: GoOn) -> Generator[Any, None, None]:
    for task in tasks:
        found = task.work(X, *task.arguments, go_on)
        if found is None and not go_on(""):
            return
        yield found


def _together(
    X: np.ndarray, tasks: Iterator[Piece], go_on: GoOn, board: TaskBoard, ahead: int
) -> Generator[Any, None, None]:
    """Do the first task that waits here, while processes do others."""
    entries: deque[SharedTask] = deque()
    while True:
        while len(entries) < ahead and (piece := next(tasks, None)) is not None:
            entries.append(board.add(*piece))
        if not entries:
            return
        if entries[0].done:
            yield entries.popleft().found
        elif (entry := board.first()) is not None:
            found = entry.work(X, *entry.arguments, lambda _: go_on(""))
            if found is None and not go_on(""):
                return
            board.finish(entry, found)
        elif go_on(""):
            board.wait(entries[0], _LOOK)
        else:
            return
