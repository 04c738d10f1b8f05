import os
import signal

import numpy as np
import pytest

from kmeans_tui.data.columns import DataError
from kmeans_tui.partitioned import stored
from kmeans_tui.partitioned.here import Here
from kmeans_tui.partitioned.passes import half_steps
from kmeans_tui.partitioned.plan import USUAL
from kmeans_tui.partitioned.processes import Processes
from tests.partitioned.stopping import stop_from_outside
from tests.partitioned.textbook_run import check

PARTS = 7


@pytest.fixture(scope="module")
def points():
    draw = np.random.RandomState(0)
    X = draw.normal(size=(60_000, 3)) * 2 + draw.randint(0, 5, size=(60_000, 1)) * 7
    X[5::9_001] = np.nan
    return X


@pytest.fixture(scope="module")
def table(points, tmp_path_factory):
    path = tmp_path_factory.mktemp("parts") / "x.npy"
    np.save(path, points)
    return stored.npy(path)


def opened(table, workers):
    return Processes(table, USUAL, -(-table.rows // PARTS), workers)


def bits(steps):
    return [(s.centroids.tobytes(), s.sizes.tobytes(), s.inertia, s.changed) for s in steps]


@pytest.fixture(scope="module")
def alone(table, points):
    """The run in this process, that all others must equal to the last bit."""
    executor = Here(table, USUAL, -(-table.rows // PARTS))
    return bits(half_steps(executor, points[10:16], max_iterations=6, tolerance=0))


def test_any_number_of_workers_killed_or_not_give_the_same_bits(table, points, alone):
    executor = opened(table, 3)
    try:
        rows = np.flatnonzero(~np.isnan(points).any(axis=1))
        assert executor.plan().rows == len(rows)
        check(executor, points[rows], rows, points[10:16], max_iterations=2)
        found, killed = [], []
        for step in half_steps(executor, points[10:16], max_iterations=6, tolerance=0):
            found.append(step)
            workers = [each.pid for each in executor._workers]
            assert len({os.getpid(), *workers}) == 4
            if len(killed) < 2:
                # Between two passes; the second time, two at once.
                for process in workers[: len(killed) + 1]:
                    os.kill(process, signal.SIGKILL)
                    killed.append(process)
        assert bits(found) == alone
        assert len(killed) == 3
    finally:
        ids = [each.pid for each in executor._workers]
        executor.close()
    for each in ids:
        with pytest.raises(ProcessLookupError):
            os.kill(each, 0)


def test_a_worker_killed_in_a_pass_is_replaced_and_a_pass_is_stopped(table, points, alone):
    executor = opened(table, 2)
    try:
        executor.plan()
        struck = []

        def strike(done, total):
            if not struck:
                struck.append(executor._workers[0].pid)
                os.kill(struck[0], signal.SIGKILL)

        found = list(
            half_steps(executor, points[10:16], max_iterations=6, tolerance=0, listener=strike)
        )
        assert bits(found) == alone
        assert struck[0] not in [each.pid for each in executor._workers]

        stop_from_outside(executor, points[10:200], 0.2)
        again = list(half_steps(executor, points[10:16], max_iterations=1, tolerance=0))
        assert bits(again) == alone[:3]
    finally:
        executor.close()


def test_a_file_that_vanishes_is_one_sentence(tmp_path):
    path = tmp_path / "x.npy"
    np.save(path, np.arange(12.0).reshape(6, 2))
    executor = Here(stored.npy(path))
    executor.plan()
    path.unlink()
    with pytest.raises(DataError, match=r"^x.npy is gone: put it back, then run again; the run"):
        executor.sample(3, 0)
    np.save(path, np.arange(14.0).reshape(7, 2))
    with pytest.raises(DataError, match=r"^x.npy has changed since it was opened: open it again$"):
        executor.sample(3, 0)


def test_what_a_process_cannot_read_is_named(tmp_path):
    path = tmp_path / "x.npy"
    np.save(path, np.arange(12.0).reshape(6, 2))
    executor = Processes(stored.npy(path), part_rows=3, workers=1)
    try:
        executor.plan()
        executor.check_unchanged = lambda: None
        path.unlink()
        with pytest.raises(DataError, match=r"^x.npy is gone: put it back"):
            executor.sample(3, 0)
    finally:
        executor.close()
    assert executor.unreadable(MemoryError()) == (
        "there is not enough memory to read a part of x.npy: close other programs"
    )
    assert executor.unreadable(OSError("a\n  b")) == "x.npy cannot be read any more: a b"
