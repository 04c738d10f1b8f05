"""How much faster Elbow, Seeds, the census and Stability are on two cores, and on more by a model.

    python -m tests.benchmarks.cores [POINTS [FEATURES]]

Wall times of the same work on one core and on two, taken in turn, each in a program of its own:
``cold`` is its first question, which starts the process, ``warm`` the second, which finds it. The
seconds of all processors are said too: they tell what is true on a machine with other work. The
model replays the measured times of the pieces on 2, 8 and 32 cores, each process taking the largest
that waits; what only this process does (the reference sets of the gap statistic, joining the
results) is not divided; in a census (k-means++ and swaps, which check it) it comes last. Then
seeds of ever shorter work: from where on it is worth it.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from unittest.mock import patch

import numpy as np

from kmeans_tui.analysis import cores, crew
from kmeans_tui.analysis.census import census
from kmeans_tui.analysis.resampling import Clustering
from kmeans_tui.analysis.seed_runs import run_seeds
from kmeans_tui.analysis.stable_clusters import ClusterStability, original, resample
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.vocabulary import BOOTSTRAP

TURNS = 3
# Seconds until a new process has its first piece of work.
START = 0.15
NAMES = ("elbow", "elbow with swaps", "seeds", "census", "stability")
SHORT = (4, 8, 16)


def points(n: int, d: int) -> np.ndarray:
    rng = np.random.RandomState(0)
    centres = 4 * rng.randn(8, d)
    return centres[rng.randint(8, size=n)] + rng.randn(n, d)


def work_of(name: str, X: np.ndarray) -> Callable[[], object]:
    asked = Clustering(8)
    if name.isdigit():
        return lambda: run_seeds(X, 8, range(int(name)))
    if name == "stability":
        own = original(X, asked)
        assert own is not None
        return lambda: resample(X, ClusterStability.of(own, BOOTSTRAP), asked, 30)
    return {
        "elbow": lambda: sweep(X),
        "elbow with swaps": lambda: sweep(X, improve=True),
        "seeds": lambda: run_seeds(X, 8, range(40)),
        "census": lambda: census(X, 8, range(40)),
    }[name]


def timed(name: str, n: int, d: int) -> None:
    """Print the seconds of the first question and of the second, and of all processors."""
    work = work_of(name, points(n, d))
    found = []
    if name.isdigit():
        cores.WORTH = 0.0
    spent = time.process_time()
    for _ in range(1 if name.isdigit() else 2):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    spent = time.process_time() - spent
    crew.end_all()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps([*found, spent + children.ru_utime + children.ru_stime]))


def in_a_program(name: str, n: int, d: int, number: int) -> list[float]:
    """Return what ``timed`` says in a new program on this many cores."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.cores", str(n), str(d), name],
        env={**os.environ, "LOKY_MAX_CPU_COUNT": str(number)},
        capture_output=True,
        check=True,
    )
    return list(json.loads(done.stdout))


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

    os.environ["LOKY_MAX_CPU_COUNT"] = "1"
    with patch.object(cores, "_here", here):
        begun = time.perf_counter()
        work()
        whole = time.perf_counter() - begun
    return found, whole - sum(found)


def modelled(pieces: Sequence[float], rest: float, number: int, last: bool) -> float:
    """Seconds on this many cores: here the rest and then pieces, elsewhere pieces after a start.

    If the rest comes ``last``, it waits for all pieces.
    """
    processes = min(number - 1, int((sum(pieces) + rest) / cores._EACH))
    free = [0.0 if last else rest, *[START] * processes]
    for each in sorted(pieces, reverse=True):
        free[free.index(min(free))] += each
    return max(free) + last * rest


def main(n: int, d: int) -> None:
    X = points(n, d)
    print(f"{n:,} × {d}: seconds on one core and on two, first question (cold) and second (warm)")
    for name in NAMES:
        one, two = [], []
        for _ in range(TURNS):
            one.append(in_a_program(name, n, d, 1))
            two.append(in_a_program(name, n, d, 2))
        (cold1, warm1, cpu1), (cold2, warm2, cpu2) = (
            map(statistics.median, zip(*each, strict=True)) for each in (one, two)
        )
        pieces, rest = pieces_of(work_of(name, X))
        model = {
            each: (sum(pieces) + rest) / modelled(pieces, rest, each, name == "census")
            for each in (2, 8, 32)
        }
        print(
            f"{name:17} cold {cold1:5.2f} {cold2:5.2f} = {cold1 / cold2:4.2f} times as fast   "
            f"warm {warm1:5.2f} {warm2:5.2f} = {warm1 / warm2:4.2f}   "
            f"processors {cpu1:5.2f} {cpu2:5.2f}   model "
            + ", ".join(f"{each} cores {value:.1f}" for each, value in model.items()),
            flush=True,
        )
    for number in SHORT:
        one = [in_a_program(str(number), n, d, 1)[0] for _ in range(TURNS)]
        two = [in_a_program(str(number), n, d, 2)[0] for _ in range(TURNS)]
        said = cores.seconds(n, d, 8 * number)
        print(
            f"{number:3} seeds, {said:.2f} s expected: cold {statistics.median(one):.2f} "
            f"{statistics.median(two):.2f}",
            flush=True,
        )


if __name__ == "__main__":
    given = sys.argv[1:]
    size = int(given[0]) if given else 100_000, int(given[1]) if len(given) > 1 else 8
    if len(given) > 2:
        timed(given[2], *size)
    else:
        main(*size)
