"""The engine beside scikit-learn: ``python -m tests.benchmarks.engine [--quick] [TABLE …]``.

Tables: one, installed, starts, sweep, growth, memory, history; all of them if none is named.

Every ratio is taken side by side: ours, theirs, ours, theirs, …, and is the ratio of the medians,
so that a busy machine slows both alike. Both sides get the same points, the same start and the same
number of iterations, with a tolerance of 0. Ours keeps the complete history, theirs none.
"""

import argparse
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from statistics import median

import numpy as np
from sklearn import cluster
from threadpoolctl import threadpool_limits

from kmeans_tui import KMeans
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.clustering.initialisation import plus_plus_rows

# points, features, clusters, updates at most, the ratio to reach with one thread each
ONE_THREAD = (
    (300, 2, 3, 50, 4.0),
    (10_000, 2, 8, 50, 1.4),
    (100_000, 8, 8, 50, 1.3),
    (100_000, 2, 64, 50, 3.5),
    (1_000_000, 2, 3, 50, 3.5),
    (1_000_000, 2, 8, 50, 4.0),
    (1_000_000, 2, 64, 30, 6.5),
    (10_000_000, 2, 8, 20, 2.5),
    (30_000, 64, 64, 50, 1.4),
    (100_000, 64, 8, 50, 0.9),
)
INSTALLED = (
    (100_000, 2, 8, 50, 1.15),
    (1_000_000, 2, 8, 50, 2.0),
    (100_000, 8, 8, 50, 0.9),
    (30_000, 64, 64, 50, 0.75),
)
STARTS = ((300, 2, 3, 1.5), (100_000, 2, 8, 1.5), (100_000, 8, 8, 0.0), (30_000, 64, 64, 0.0))


def blobs(n: int, d: int, k: int) -> np.ndarray:
    """k blobs (n, d) that overlap, so that a run takes dozens of iterations."""
    rng = np.random.RandomState(1)
    centers = rng.uniform(-10, 10, size=(k, d))
    gaps = np.linalg.norm(centers[:, np.newaxis] - centers, axis=2) + 1e9 * np.eye(k)
    deviation = (0.45 if d < 64 else 0.32) * np.median(gaps.min(axis=1))
    X = rng.normal(scale=deviation, size=(n, d))
    X += centers[rng.randint(k, size=n)]
    return X


def interleaved(
    sides: dict[str, Callable[[], object]], rounds: int, clock: Callable[[], float]
) -> dict[str, float]:
    """Median seconds of each side, the sides taking turns."""
    spent: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, run in sides.items():
            began = clock()
            run()
            if number:  # the first round warms up
                spent[name].append(clock() - began)
    return {name: median(times) for name, times in spent.items()}


def start_of(X: np.ndarray, k: int) -> np.ndarray:
    return X[np.random.RandomState(0).choice(len(X), k, replace=False)]


def ours(X: np.ndarray, start: np.ndarray, updates: int) -> KMeans:
    return KMeans(len(start), updates, 0.0, init=start).fit(X)


def theirs(X: np.ndarray, start: np.ndarray, updates: int) -> cluster.KMeans:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return cluster.KMeans(len(start), init=start, n_init=1, tol=0, max_iter=updates).fit(X)


def others(X: np.ndarray, start: np.ndarray) -> dict[str, Callable[[int], object]]:
    """Libraries of the extra ``bench``, as far as they are installed."""
    found: dict[str, Callable[[int], object]] = {}
    try:
        import faiss
    except ImportError:
        pass
    else:
        narrow, places = X.astype(np.float32), start.astype(np.float32)

        def run_faiss(updates: int) -> object:
            run = faiss.Kmeans(
                X.shape[1], len(start), niter=updates, max_points_per_centroid=len(X)
            )
            run.train(narrow, init_centroids=places)
            return run.index.search(narrow, 1)

        found["faiss"] = run_faiss
    try:
        from sklearnex.cluster import KMeans as Accelerated
    except ImportError:
        pass
    else:
        found["sklearnex"] = lambda updates: Accelerated(
            len(start), init=start, n_init=1, tol=0, max_iter=updates
        ).fit(X)
    return found


def heading(*names: str) -> None:
    print("".join(f"{name:>11}" for name in names))


def compared(rows: tuple, rounds: int, clock: Callable[[], float], threads: int | None) -> None:
    heading("points", "d", "k", "updates", "ours ms", "theirs ms", "ratio", "goal")
    for n, d, k, updates, goal in rows:
        X = blobs(n, d, k)
        start = start_of(X, k)
        with threadpool_limits(threads) if threads else nullcontext():
            count = ours(X, start, updates).iterations
            sides: dict[str, Callable[[], object]] = {
                "ours": partial(ours, X, start, updates),
                "theirs": partial(theirs, X, start, updates),
            }
            for name, run in others(X, start).items():
                sides[name] = partial(run, count)
            repeat = 50 * rounds if n * d * k < 100_000 else rounds if n < 5_000_000 else 1
            spent = interleaved(sides, repeat, clock)
        ratio = spent["theirs"] / spent["ours"]
        rest = (f"{name} {spent['theirs'] / spent[name]:.2f}" for name in list(spent)[2:])
        print(
            f"{n:>11}{d:>11}{k:>11}{count:>11}{1000 * spent['ours']:>11.2f}"
            f"{1000 * spent['theirs']:>11.2f}{ratio:>11.2f}{goal:>11.2f}"
            f"{'' if ratio >= goal else '   missed'}   {'  '.join(rest)}",
            flush=True,
        )


def table_one(quick: bool) -> None:
    """CPU time of a whole fit, one thread each"""
    rows = tuple(row for row in ONE_THREAD if row[0] <= (200_000 if quick else 10**8))
    compared(rows, 3 if quick else 5, time.process_time, 1)


def table_installed(quick: bool) -> None:
    """Wall time of a whole fit, both sides as installed: scikit-learn takes all cores"""
    rows = tuple(row for row in INSTALLED if row[0] <= (200_000 if quick else 10**8))
    compared(rows, 5 if quick else 9, time.perf_counter, None)


def table_starts(quick: bool) -> None:
    """CPU time of k-means++ beside kmeans_plusplus, the same rows picked"""
    heading("points", "d", "k", "same rows", "ours ms", "theirs ms", "ratio", "goal")
    for n, d, k, goal in STARTS:
        X = blobs(n, d, k)
        with threadpool_limits(1):
            rows = plus_plus_rows(X, k, np.random.RandomState(0))
            same = (rows == cluster.kmeans_plusplus(X, k, random_state=0)[1]).all()
            sides: dict[str, Callable[[], object]] = {
                "ours": lambda X=X, k=k: plus_plus_rows(X, k, np.random.RandomState(0)),
                "theirs": lambda X=X, k=k: cluster.kmeans_plusplus(X, k, random_state=0),
            }
            spent = interleaved(sides, 5 if quick else 15, time.process_time)
        ratio = spent["theirs"] / spent["ours"]
        print(
            f"{n:>11}{d:>11}{k:>11}{'yes' if same else 'NO':>11}{1000 * spent['ours']:>11.2f}"
            f"{1000 * spent['theirs']:>11.2f}{ratio:>11.2f}{goal:>11.2f}",
            flush=True,
        )


def table_sweep(quick: bool) -> None:
    """CPU time of k = 1 ... 10 with 3 runs each, one thread; worst: inertia over their best"""
    heading("points", "d", "ours ms", "theirs ms", "ratio", "goal", "worst")
    for n, d, goal in ((5_000, 2, 2.0), (100_000, 2, 2.5)):
        X = blobs(n, d, 6)

        def loop(X: np.ndarray = X) -> list[float]:
            return [
                cluster.KMeans(k, n_init=3, random_state=0).fit(X).inertia_ for k in range(1, 11)
            ]

        def warm(X: np.ndarray = X) -> list[float]:
            found = sweep(X, 10, 3, init="warm", random_state=0, criteria=False)
            return [row.best for row in found.rows]

        with threadpool_limits(1):
            worst = max(a / b for a, b in zip(warm(), loop(), strict=True))
            spent = interleaved(
                {"ours": warm, "theirs": loop}, 1 if quick else 3, time.process_time
            )
        ratio = spent["theirs"] / spent["ours"]
        print(
            f"{n:>11}{d:>11}{1000 * spent['ours']:>11.1f}{1000 * spent['theirs']:>11.1f}"
            f"{ratio:>11.2f}{goal:>11.2f}{worst:>11.4f}",
            flush=True,
        )


def table_growth(quick: bool) -> None:
    """CPU time per point and iteration as the points grow, one thread"""
    heading("points", "d", "k", "updates", "fit ns", "later ns")
    for n in (10**5, 10**6) if quick else (10**5, 10**6, 10**7):
        for d, k in ((2, 8), (8, 8)):
            if n * d > 20_000_000:
                continue
            X = blobs(n, d, k)
            start = start_of(X, k)
            with threadpool_limits(1):
                spent = []
                for updates in (5, 20):
                    began = time.process_time()
                    count = ours(X, start, updates).iterations
                    spent.append(time.process_time() - began)
            whole = 1e9 * spent[1] / n / count
            later = 1e9 * (spent[1] - spent[0]) / n / (count - 5)
            print(f"{n:>11}{d:>11}{k:>11}{count:>11}{whole:>11.2f}{later:>11.2f}", flush=True)


_MEMORY = """
import resource, sys, warnings
warnings.simplefilter("ignore")
from tests.benchmarks import engine
n, d, k, side = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
X = engine.blobs(n, d, k)
start = engine.start_of(X, k)
getattr(engine, side)(X[:1000].copy(), start, 3)
open("/proc/self/clear_refs", "w").write("5")  # the peak so far is that of making the points
before = engine.status("VmRSS")
model = getattr(engine, side)(X, start, 15)
print((engine.status("VmHWM") - before) * 1024 / X.nbytes)
"""


def status(name: str) -> int:
    """A line of Linux's account of this process, in kB."""
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(name))


def table_memory(quick: bool) -> None:
    """Peak memory of 15 updates beyond what there was before, in sizes of the points; Linux"""
    heading("points", "d", "k", "ours", "theirs")
    rows = ((200_000, 8, 8),) if quick else ((5_000_000, 2, 8), (1_000_000, 8, 8), (300_000, 64, 8))
    for n, d, k in rows:
        found = [
            subprocess.run(
                [sys.executable, "-c", _MEMORY, *map(str, (n, d, k)), side],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for side in ("ours", "theirs")
        ]
        print(f"{n:>11}{d:>11}{k:>11}" + "".join(f"{float(each):>11.2f}" for each in found))


def table_history(quick: bool) -> None:
    """The recording: bytes per point in total, their part for labels, and seeking in it"""
    heading("points", "d", "k", "updates", "moved/n", "B/point", "labels", "worst ms", "next ms")
    sizes = [(100_000, 2, 64), (30_000, 64, 64), (100_000, 64, 8), (1_000_000, 2, 8)]
    for n, d, k in sizes[:1] if quick else sizes:
        X = blobs(n, d, k)
        km = ours(X, start_of(X, k), 300)
        history = km.history
        moved, total = history.changed.sum() / n, history.nbytes / n
        places = history.centroids.nbytes + history.shifts.nbytes + history.sizes.nbytes
        frames = range(len(history))
        jumps = []
        for i in (*frames[:: max(1, len(frames) // 40)], frames[-1]):
            history.labels(len(history) - 1 - i)
            began = time.perf_counter()
            history.labels(i)
            jumps.append(time.perf_counter() - began)
        following = []
        for i in frames:
            began = time.perf_counter()
            history.labels(i)
            following.append(time.perf_counter() - began)
        print(
            f"{n:>11}{d:>11}{k:>11}{km.iterations:>11}{moved:>11.2f}{total:>11.2f}"
            f"{total - places / n:>11.2f}{1000 * max(jumps):>11.2f}"
            f"{1000 * median(following):>11.2f}",
            flush=True,
        )


TABLES = {
    "one": table_one,
    "installed": table_installed,
    "starts": table_starts,
    "sweep": table_sweep,
    "growth": table_growth,
    "memory": table_memory,
    "history": table_history,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="The engine beside scikit-learn.")
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument("--quick", action="store_true", help="small sizes, few rounds")
    given = parser.parse_args()
    for name in given.tables:
        if name not in TABLES:
            parser.error(f"there is no table {name!r}: {', '.join(TABLES)}")
    for name in given.tables or TABLES:
        print(f"\n{TABLES[name].__doc__} ({name})")
        TABLES[name](given.quick)


if __name__ == "__main__":
    main()
