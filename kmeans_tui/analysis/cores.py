"""Independent runs on all cores of the machine, in processes, with the results in order.

Each process uses one thread, as does the work that stays here: so every result has the same bits,
however many cores there are. The points are shared by a memory map.
"""

import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from kmeans_tui.analysis.worker_processes import crew, start_trackers

# Seconds of work from which the start of the processes, a third of a second, is won back: on two
# cores, seeds that take 0.6 s take as long with processes started for them, 1.0 s takes 0.8 s, and
# 1.7 s takes 1.1 s.
WORTH: Final = 1.0
# Seconds of a run for each number in its points and each of its clusters: on blobs of 100,000 × 8
# and k = 1 to 10, a run takes 9 ns.
COST: Final = 1e-8
# How much longer a run with swaps takes, there.
SWAPS: Final = 2.5
# Seconds between two looks at whether to stop.
_LOOK: Final = 0.05
GoOn: TypeAlias = Callable[[str], bool]


class Piece(NamedTuple):
    """A call of ``work(points, *arguments, go_on)``; ``work`` is a function of a module.

    It returns None if ``go_on`` stopped it.
    """

    work: Callable[..., Any]
    arguments: tuple[Any, ...]


def seconds(n: int, d: int, clusters: float) -> float:
    """Estimate the time of runs on n points (n, d) whose numbers of clusters add up to this."""
    return COST * n * d * clusters


def available() -> int:
    """Return the cores this process may use; ``LOKY_MAX_CPU_COUNT`` sets a lower number."""
    import joblib

    return int(joblib.cpu_count())


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
    ``expected`` is the time of the work in seconds: below ``WORTH`` it stays in this process. At
    most ``ahead`` tasks are taken before their results are yielded, so that later ones may depend
    on earlier results. When stopped, processes end within half a second. An error in a task is
    raised here; a task whose process was killed is done here.
    """
    rest: Iterator[Piece] = iter(tasks)
    if expected < WORTH:
        yield from _here(X, rest, go_on)
        return
    from threadpoolctl import threadpool_limits

    number = available() if workers is None else workers
    with threadpool_limits(limits=1):
        if number > 1:
            failed: deque[Piece] = deque()
            if not (yield from _in_processes(X, rest, go_on, number, ahead or 3 * number, failed)):
                return
            rest = chain(failed, rest)
        yield from _here(X, rest, go_on)


def _here(X: np.ndarray, tasks: Iterator[Piece], go_on: GoOn) -> Generator[Any, None, None]:
    for task in tasks:
        found = task.work(X, *task.arguments, go_on)
        if found is None and not go_on(""):
            return
        yield found


def _in_processes(
    X: np.ndarray,
    tasks: Iterator[Piece],
    go_on: GoOn,
    number: int,
    ahead: int,
    failed: deque[Piece],
) -> Generator[Any, None, bool]:
    """Yield results of tasks; return False if stopped.

    If the processes break down, the tasks without a result stay in ``failed``.
    """
    from concurrent.futures import wait

    from joblib.externals.loky.process_executor import BrokenProcessPool

    waiting: deque[Future[Any]] = deque()
    try:
        with _mapped(X) as path, crew(number) as lent:
            while True:
                while len(waiting) < ahead and (task := next(tasks, None)) is not None:
                    failed.append(task)
                    waiting.append(lent.submit(_call, path, *task))
                if not waiting:
                    return True
                while not wait([waiting[0]], _LOOK).done:
                    if not go_on(""):
                        return False
                found = waiting.popleft().result()
                failed.popleft()
                yield found
    except (BrokenProcessPool, OSError):
        # A process was killed, or none could be started: the caller does the rest itself.
        return True


def _call(path: str, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Do a task in a process; only the end of the process stops it."""
    return work(_points(path), *arguments, _always)


def _always(_doing: str) -> bool:
    return True


@lru_cache(maxsize=1)
def _points(path: str) -> np.ndarray:
    return np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)


@contextmanager
def _mapped(X: np.ndarray) -> Iterator[str]:
    """Write X (n, d) to a file for the processes; it is removed even if this process is killed."""
    from joblib.externals.loky.backend import resource_tracker

    start_trackers()
    folder = tempfile.mkdtemp(prefix="kmeans-tui-")
    resource_tracker.register(folder, "folder")
    try:
        path = str(Path(folder) / "points.npy")
        np.save(path, X)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        resource_tracker.unregister(folder, "folder")
