"""Independent runs on the same points, one after the other or side by side in threads."""

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
) -> Iterator[History]:
    """The histories of the runs on X (n, d) from all ``starts``, each (k, d), in their order.

    ``starts`` is iterated over by the calling thread alone: what it draws does not depend on
    ``jobs``, the number of threads. Each thread has the labels of its own run, the points prepared
    for ``engine`` are shared. ``cancelled`` is asked by every run at every half step; a run that
    ends for it keeps what it has. So do those that are under way when the iterator is closed.
    ``watch`` is handed the history after every half step, and its number, by the thread of the run.

    A second thread needs a core that is free: with one the runs of a sweep took 0.65 to 0.75 of the
    time, on a machine with other work 0.8 to 1.6 times the time, because every numpy call hands the
    interpreter's lock over. So one thread is the default. Small data stay on it: their calls take a
    microsecond each.
    """
    closed = Event()
    idle: SimpleQueue[Engine] = SimpleQueue()

    def run(start: np.ndarray) -> History:
        history = History(len(X), *start.shape)
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
