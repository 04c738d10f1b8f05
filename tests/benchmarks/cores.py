"""How much faster Elbow, Seeds and Stability are on two cores, and what more cores would give.

    python -m tests.benchmarks.cores [POINTS [FEATURES]]

Wall times of the same work in one process and in two, taken in turn; ``cold`` starts the processes,
``warm`` finds them. The model replays the measured times of the pieces on 2, 8 and 32 cores, each
core taking the next piece in order, after the start of the processes; what this process does itself
(the reference sets of the gap statistic, joining the results) is not divided.
"""

import heapq
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from unittest.mock import patch

import numpy as np

from kmeans_tui.analysis import cores, worker_processes
from kmeans_tui.analysis.resampling import BOOTSTRAP, Clustering
from kmeans_tui.analysis.seed_runs import run_seeds
from kmeans_tui.analysis.stable_clusters import ClusterStability, original, resample
from kmeans_tui.analysis.sweep import sweep

TURNS = 3
# Seconds until new processes have their first piece of work.
START = 0.4


def timed(work: Callable[[], object], number: int) -> float:
    """Seconds of the work on this many cores."""
    os.environ["LOKY_MAX_CPU_COUNT"] = str(number)
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def pieces_of(work: Callable[[], object]) -> tuple[list[float], float]:
    """The seconds of every piece in one process, and of all else."""
    found: list[float] = []
    real = cores._here

    def here(X, pieces, go_on):
        def watched(piece):
            def call(*arguments):
                begun = time.perf_counter()
                result = piece.work(*arguments)
                found.append(time.perf_counter() - begun)
                return result

            return cores.Piece(call, piece.arguments)

        return real(X, map(watched, pieces), go_on)

    with patch.object(cores, "_here", here):
        whole = timed(work, 1)
    return found, whole - sum(found)


def modelled(pieces: Sequence[float], rest: float, number: int) -> float:
    """Seconds on this many cores: each takes the next piece, and the rest is divided with one."""
    free = [START] * number
    for each in pieces:
        heapq.heapreplace(free, free[0] + each)
    return max(max(free), (sum(pieces) + rest) / number + START, rest)


def main(n: int, d: int) -> None:
    rng = np.random.RandomState(0)
    centres = 4 * rng.randn(8, d)
    X = centres[rng.randint(8, size=n)] + rng.randn(n, d)
    asked = Clustering(8)
    own = original(X, asked)
    assert own is not None
    works = {
        "elbow, k 1 to 10, 3 runs": lambda: sweep(X),
        "elbow with swaps": lambda: sweep(X, improve=True),
        "seeds, 60 of k 8": lambda: run_seeds(X, 8, range(60)),
        "stability, 20 of k 8": lambda: resample(X, ClusterStability.of(own, BOOTSTRAP), asked, 20),
    }
    print(f"{n:,} × {d}: seconds on one core; times as fast on two, cold and warm; model")
    for name, work in works.items():
        work()
        one, cold, warm = [], [], []
        for _ in range(TURNS):
            one.append(timed(work, 1))
            worker_processes.end_all()
            cold.append(timed(work, 2))
            warm.append(timed(work, 2))
        alone = statistics.median(one)
        pieces, rest = pieces_of(work)
        model = {number: alone / modelled(pieces, rest, number) for number in (2, 8, 32)}
        print(
            f"{name:26} {alone:6.2f} s   {alone / statistics.median(cold):4.2f} cold  "
            f"{alone / statistics.median(warm):4.2f} warm   model "
            + ", ".join(f"{number} cores {value:.1f}" for number, value in model.items())
        )


if __name__ == "__main__":
    main(*map(int, [*sys.argv[1:], *("100000", "8")[len(sys.argv) - 1 :]]))
