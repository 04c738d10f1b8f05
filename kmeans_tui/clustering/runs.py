"""Independent runs on the same points, one after the other or in parallel threads."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import SimpleQueue
from threading import Event

import numpy as np

from kmeans_tui.clustering.engines import Engine
from kmeans_tui.clustering.engines.small import Small
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.lloyd import lloyd
from kmeans_tui.clustering.sparse_rows import Points


def runs(
    engine: Engine,
    X: Points,
    starts: Iterable[np.ndarray],
    max_iterations: int,
    is_still: Callable[[list[float]], bool],
    rng: np.random.RandomState,
    jobs: int = 1,
    cancelled: Callable[[], bool] = lambda: False,
    watch: Callable[[History, int], None] | None = None,
    weights: np.ndarray | None = None,
) -> Iterator[History]:
    """Yield the histories of the runs on X (n, d) from all ``starts``, each (k, d), in order.

    Only the calling thread iterates over ``starts``, so the draws do not depend on ``jobs``, the
    number of threads. Each thread has its own labels; the points prepared for ``engine`` are
    shared. Every run calls ``cancelled`` at every half step; a cancelled run keeps what it has, and
    so do running ones when the iterator is closed. ``watch`` is called in the thread of the run
    with the history and the number of each half step. ``weights`` (n,) are those of ``engine``.

    A second thread needs a free core: with one, the runs of a sweep took 0.65 to 0.75 of the time;
    on a busy machine 0.8 to 1.6 times the time, because every numpy call passes on the interpreter
    lock. So one thread is the default. Small data always use one: their calls take a microsecond.
    """
    closed = Event()
    idle: SimpleQueue[Engine] = SimpleQueue()

    def run(start: np.ndarray) -> History:
        history = History(len(X), len(start), start.shape[1], weights)
        history.remember(X)
        mine = idle.get()
        steps = lloyd(mine, X, start, history, max_iterations, is_still, "farthest", rng)
        with closing(steps):
            for step in steps:
                if watch is not None:
                    watch(history, step)
                if closed.is_set() or cancelled():
                    break
        idle.put(mine)
        return history

    idle.put(engine)
    if jobs == 1 or isinstance(engine, Small):
        yield from map(run, starts)
        return
    for _ in range(jobs - 1):
        idle.put(engine.another())
    with ThreadPoolExecutor(jobs, "kmeans-tui run") as pool:
        try:
            for each in [pool.submit(run, start) for start in starts]:
                yield each.result()
        finally:
            closed.set()
