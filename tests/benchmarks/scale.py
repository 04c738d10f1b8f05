"""Points that do not fit in memory: ``python -m tests.benchmarks.scale [--full] [SECTION …]``.

Sections: memory, map, parquet, growth, workers, dask, starts, conversion; all if none is named.
Without ``--full`` files are a tenth or less of the sizes that the figures are stated for, and all
sections together take about two minutes.

Every ratio is taken side by side: one, the other, one, the other, …, and is the ratio of the
medians of CPU seconds (of wall seconds where several processes work).
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path

import numpy as np

from kmeans_tui.partitioned import stored
from kmeans_tui.partitioned.executor import Assign, Stopped
from kmeans_tui.partitioned.here import Here
from kmeans_tui.partitioned.part_starts import initial
from kmeans_tui.partitioned.passes import half_steps
from kmeans_tui.partitioned.plan import USUAL
from kmeans_tui.partitioned.processes import Processes
from tests.benchmarks import scale_dask
from tests.benchmarks.engine import interleaved

MB = 1 << 20
# rows of two and of eight features, the largest of the growth: usual and full
SIZES = {False: (5_000_000, 1_000_000, 10_000_000), True: (50_000_000, 10_000_000, 100_000_000)}


def written(folder: Path, n: int, d: int, k: int) -> Path:
    """A file of k overlapping blobs, (n, d); written once for all sections."""
    path = folder / f"{n}x{d}.npy"
    if not path.exists():
        draw = np.random.default_rng(n + d)
        centres = draw.uniform(-20, 20, (k, d))
        X = np.lib.format.open_memmap(path, "w+", np.float64, (n, d))
        for start in range(0, n, MB):
            m = min(MB, n - start)
            X[start : start + m] = draw.normal(size=(m, d)) * 3 + centres[draw.integers(k, size=m)]
        X.flush()
    return path


def as_parquet(path: Path, d: int) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    target = path.with_suffix(".parquet")
    if not target.exists():
        X = np.load(path, mmap_mode="r")
        names = [f"x{f}" for f in range(d)]
        with pq.ParquetWriter(target, pa.schema([(name, pa.float64()) for name in names])) as out:
            for start in range(0, len(X), MB):
                columns = [np.ascontiguousarray(X[start : start + MB, f]) for f in range(d)]
                out.write_table(pa.table(dict(zip(names, columns, strict=True))))
    return target


def started(executor: Here | Processes, k: int) -> np.ndarray:
    """The centroids before the pass that is measured: with labels kept from the one before."""
    sample = executor.sample(20_000, 0)
    first = initial(executor, sample, k, "k-means++", 0)
    steps = half_steps(executor, first, max_iterations=2, tolerance=0)
    return [step.centroids for step in steps][-1]


def in_a_map(path: Path, like: Here) -> Here:
    """The same kernel on the same parts of a plain memory map."""
    other = Here(like.table, like._choice)
    X = np.load(path, mmap_mode="r")
    parts = tuple(
        ((("array", X[first : first + rows]),), rows, first, dropped)
        for _, rows, first, dropped in like.plan().parts
    )
    other._plan = like.plan()._replace(parts=parts)
    return other


def again(executor: Here | Processes, centroids: np.ndarray) -> None:
    executor.iterate(Assign(centroids, centroids))


def said(what: str, ratio: float, most: float, more: str = "") -> None:
    mark = "" if ratio <= most else "   MISSED"
    print(f"{what:<52} {ratio:8.3g}   at most {most:<6g} {more}{mark}", flush=True)


MEASURED = """
import sys
from pathlib import Path
def anonymous():
    for line in open("/proc/self/status"):
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
from kmeans_tui.partitioned import here, part_starts, passes, stored, processes
import threadpoolctl, threading, time
executor = here.Here(stored.npy(Path(sys.argv[1])))
idle, most, over = anonymous(), [0.0], threading.Event()
def watch():
    while not over.wait(0.01):
        most[0] = max(most[0], anonymous())
threading.Thread(target=watch, daemon=True).start()
sample = executor.sample(20_000, 0)
start = part_starts.initial(executor, sample, 8, "k-means++", 0)
for step in passes.half_steps(executor, start, max_iterations=2, tolerance=0):
    pass
over.set()
print(max(most[0], anonymous()) - idle)
"""


def memory(folder: Path, full: bool) -> None:
    path = written(folder, SIZES[full][0], 2, 8)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, path], check=True, capture_output=True, text=True
    )
    mb = path.stat().st_size / 1e6
    said("anonymous memory above idle, MB", float(done.stdout), 300, f"({mb:,.0f} MB streamed)")


def against_map(folder: Path, full: bool) -> None:
    for d, k, n in ((2, 8, SIZES[full][0]), (8, 16, SIZES[full][1])):
        path = written(folder, n, d, k)
        here = Here(stored.npy(path))
        mapped, centroids = in_a_map(path, here), started(here, k)
        spent = interleaved(
            {"file": partial(again, here, centroids), "map": partial(again, mapped, centroids)},
            5, time.process_time,
        )  # fmt: skip
        more = f"({spent['file'] / n * 1e9:.1f} ns a row)"
        said(f"{n:,} × {d}, k {k}: file / map", spent["file"] / spent["map"], 1.1, more)


def parquet(folder: Path, full: bool) -> None:
    for d, k, n, most in ((2, 8, SIZES[full][0], 1.6), (8, 16, SIZES[full][1], 2.0)):
        path = written(folder, n, d, k)
        here = Here(stored.npy(path))
        mapped, centroids = in_a_map(path, here), started(here, k)
        arrow = Here(stored.parquet(as_parquet(path, d)))
        again(arrow, centroids)
        spent = interleaved(
            {"parquet": partial(again, arrow, centroids), "map": partial(again, mapped, centroids)},
            5, time.process_time,
        )  # fmt: skip
        said(f"{n:,} × {d}, k {k}: Parquet / map", spent["parquet"] / spent["map"], most)


def growth(folder: Path, full: bool) -> None:
    sizes = [n for n in (10**6, 10**7, 10**8) if n <= SIZES[full][2]]
    ways = {}
    for n in sizes:
        here = Here(stored.npy(written(folder, n, 2, 8)))
        # All take as long, so a moment of other work weighs the same on each.
        ways[n] = partial(repeated, here, started(here, 8), sizes[-1] // n)
    spent = interleaved(ways, 5, time.process_time)
    found = {n: spent[n] / sizes[-1] * 1e9 for n in sizes}
    for n in sizes:
        if n > SIZES[full][0]:
            written(folder, n, 2, 8).unlink()
    each = ", ".join(f"{n:,}: {ns:.1f} ns" for n, ns in found.items())
    said("growth: a row of the most costly / of the least",
         max(found.values()) / min(found.values()), 1.3, f"({each})")  # fmt: skip


def repeated(executor: Here, centroids: np.ndarray, times: int) -> None:
    for _ in range(times):
        again(executor, centroids)


def workers(folder: Path, full: bool) -> None:
    path = written(folder, SIZES[full][0], 2, 8)
    table = stored.npy(path)
    size = -(-table.rows // 16)
    here, two = Here(table, USUAL, size), Processes(table, USUAL, size, 2)
    try:
        centroids = started(here, 8)
        again(two, centroids)
        struck: list[int] = []

        def strike(done: int, total: int) -> None:
            if not struck and done > 0.3 * total:
                struck.append(two._workers[0].pid)
                os.kill(struck[0], signal.SIGKILL)

        def killed() -> None:
            struck.clear()
            two.iterate(Assign(centroids, centroids), strike)

        spent = interleaved(
            {"one": partial(again, here, centroids), "two": partial(again, two, centroids)},
            5, time.perf_counter,
        )  # fmt: skip
        # Apart: the pass after a death assigns twice the rows whose labels are lost.
        spent |= interleaved({"killed": killed}, 3, time.perf_counter)
        said("two processes / one thread, wall", spent["two"] / spent["one"], 0.75)
        said("a worker killed / undisturbed, wall", spent["killed"] / spent["two"], 4)
        waits = []
        for _ in range(5):
            timer = threading.Timer(0.1 * spent["two"], lambda: waits.append(-time.perf_counter()))
            stop = threading.Timer(0.1 * spent["two"], two.cancel)
            timer.start()
            stop.start()
            try:
                while True:
                    again(two, centroids + 1e-9 * len(waits))
            except Stopped:
                timer.join()
                waits[-1] += time.perf_counter()
        said("cancel until the workers are idle, seconds", max(waits), 0.5)
    finally:
        two.close()
    small = Processes(table, USUAL, -(-table.rows // 64), 2)
    try:
        small._plan = small.plan()._replace(
            parts=tuple(
                (((*pieces[0][:-1], 10),), 10, first, dropped)
                for pieces, _, first, dropped in small.plan().parts
            )
        )
        again(small, centroids)
        spent = interleaved({"it": partial(again, small, centroids)}, 10, time.perf_counter)
        said("a pass over 64 parts of 10 rows, ms", 1000 * spent["it"], 100)
    finally:
        small.close()


def starts(folder: Path, full: bool) -> None:
    path = written(folder, SIZES[full][1], 8, 50)
    here, found = Here(stored.npy(path)), {"k-means++": [], "k-means||": []}
    for init, ends in found.items():
        for seed in range(3):
            start = initial(here, here.sample(20_000, seed), 50, init, seed)
            ends.append([s.inertia for s in half_steps(here, start, max_iterations=20)][-1])
    ratio = np.mean(found["k-means++"]) / np.mean(found["k-means||"])
    said("k-means++ on the sample / k-means|| on all, inertia", float(ratio), 1.05)


def conversion(folder: Path, full: bool) -> None:
    n = SIZES[full][1]
    X = np.load(written(folder, n, 8, 50), mmap_mode="r")
    path = folder / "x.csv"
    with open(path, "w", encoding="ascii") as file:
        file.write("a,b,c,d,e,f,g,h\n")
        for start in range(0, n, 100_000):
            rows = X[start : start + 100_000].round(4).tolist()
            file.writelines(",".join(map(repr, row)) + "\n" for row in rows)
    spent = []
    for _ in range(2):
        began = time.perf_counter()
        stored.opened(str(path), folder=folder / "cache")
        spent.append(time.perf_counter() - began)
    print(
        f"conversion of {path.stat().st_size / 1e6:,.0f} MB of text: {spent[0]:.1f} s, "
        f"{spent[0] / n * 1e6:.1f} µs a row of 8; opened again: {spent[1]:.2f} s"
    )
    path.unlink()


def on_dask(folder: Path, full: bool) -> None:
    path = written(folder, SIZES[full][1], 8, 16)
    here = Here(stored.npy(path))
    scale_dask.measure(
        path, as_parquet(path, 8), in_a_map(path, here), started(here, 16), said,
        written(folder, SIZES[full][0], 2, 8),
    )  # fmt: skip


SECTIONS = {
    "memory": memory, "map": against_map, "parquet": parquet, "growth": growth,
    "workers": workers, "dask": on_dask, "starts": starts, "conversion": conversion,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--full", action="store_true", help="the sizes the figures are stated for")
    parser.add_argument("--folder", type=Path, help="where files are written, and kept")
    asked = parser.parse_args()
    if unknown := set(asked.sections) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(unknown))}: there are {', '.join(SECTIONS)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        for name in asked.sections or SECTIONS:
            SECTIONS[name](folder, asked.full)


if __name__ == "__main__":
    main()
