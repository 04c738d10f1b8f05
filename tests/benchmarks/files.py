"""Opening a table, beside what the parser alone needs for the same arrays, in turns in one run.

``python -m tests.benchmarks.files [--rows N] [--columns N] [--repeats N]`` writes a CSV of random
numbers to a temporary folder and prints medians and their ratio; 1.3 is the most it may be.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from kmeans_tui.data.reading.files import open_file
from kmeans_tui.data.selection import Selection


def written(folder, rows, columns):
    """A CSV of normal numbers in full precision."""
    path = Path(folder, "table.csv")
    rng = np.random.default_rng(0)
    with path.open("w") as file:
        file.write(",".join(f"x{i}" for i in range(columns)) + "\n")
        for start in range(0, rows, 10_000):
            some = rng.normal(size=(min(10_000, rows - start), columns)).tolist()
            file.writelines(",".join(map(repr, row)) + "\n" for row in some)
    return path


def alone(path):
    """duckdb as its documentation has it, into arrays of numpy."""
    import duckdb

    connection = duckdb.connect(":memory:")
    found = connection.execute("SELECT * FROM read_csv(?)", [str(path)]).fetchnumpy()
    connection.close()
    return found


def timed(work, *arguments):
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--repeats", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, given.rows, given.columns)
        print(f"{given.rows:,} x {given.columns}, {path.stat().st_size / 1e6:.0f} MB")
        alone(path), open_file(str(path))
        theirs, ours = [], []
        for _ in range(given.repeats):
            theirs.append(timed(alone, path))
            ours.append(timed(lambda: Selection(open_file(str(path))).dataset()))
        for name, times in (("duckdb alone", theirs), ("kmeans-tui", ours)):
            print(f"{name:14} median {statistics.median(times):.3f} s  best {min(times):.3f} s")
        ratio = statistics.median(ours) / statistics.median(theirs)
        print(f"ratio of medians {ratio:.2f}, of the best {min(ours) / min(theirs):.2f} (1.3)")


if __name__ == "__main__":
    main()
