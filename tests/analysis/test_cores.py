"""Independent runs in processes: the same bits in the same order, stopped at once, none left."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from kmeans_tui.analysis import cores, worker_processes
from kmeans_tui.analysis.cores import Piece, in_order
from kmeans_tui.analysis.reproducibility import by_k
from kmeans_tui.analysis.resampling import BOOTSTRAP, HALVES, Clustering
from kmeans_tui.analysis.seed_runs import run_seeds
from kmeans_tui.analysis.stable_clusters import ClusterStability, original, resample
from kmeans_tui.analysis.sweep import sweep

POINTS = np.random.RandomState(0).rand(400, 3)
LONG = 60.0
HOME = os.getpid()


@pytest.fixture(autouse=True)
def at_the_end():
    yield
    worker_processes.end_all()


@pytest.fixture
def both(monkeypatch):
    """Call a function with all work in this process, and with two that help."""

    def called(function):
        monkeypatch.setattr(cores, "WORTH", 0.0)
        found = []
        for number in (0, 2):
            monkeypatch.setattr(cores, "_processes", lambda *_, number=number: number)
            found.append(function())
        return found

    return called


def where(X, number, home, go_on):
    """A piece of work that tells its process and what it was given.

    Slow at home, for a process may need seconds to start on a busy machine.
    """
    time.sleep(0.3 if os.getpid() == home else 0.03)
    return os.getpid(), number, float(X.sum())


def slow(X, home, go_on):
    """Never end in a process; here, until stopped."""
    while os.getpid() != home or go_on(""):
        time.sleep(0.01)


def fatal(X, home, go_on):
    """Kill the process, but not the one of the test."""
    if os.getpid() != home:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.5)
    return "done at home"


def wrong(X, home, go_on):
    """Fail in a process; here, wait for that and fail too."""
    time.sleep(0.5 * (os.getpid() == home))
    raise ValueError("no such k")


def silent(X, home, go_on):
    time.sleep(0.4 if os.getpid() == home else 0.1)
    if os.getpid() == home:
        return "done at home"
    print("to the terminal")
    print("and to its errors", file=sys.stderr)
    os.write(1, b"past Python\n")
    return "done"


def always(_):
    return True


def test_results_come_in_order_from_all_processes():
    pieces = [Piece(where, (number, HOME), size=number) for number in range(100)]
    found = list(in_order(POINTS, pieces, always, expected=LONG, ahead=20, workers=2))
    assert [each[1] for each in found] == list(range(100))
    assert {each[2] for each in found} == {float(POINTS.sum())}
    pids = {each[0] for each in found}
    assert os.getpid() in pids
    assert len(pids) == 3


def test_processes_take_the_largest_piece_and_this_one_the_first():
    pieces = [Piece(where, (number, HOME), size=number) for number in range(100)]
    found = list(in_order(POINTS, pieces, always, expected=LONG, ahead=100, workers=1))
    here = [each[0] == os.getpid() for each in found]
    assert here == sorted(here, reverse=True)
    assert 0 < sum(here) < 100


def test_short_work_stays_here():
    found = list(in_order(POINTS, [Piece(where, (0, HOME))], always, expected=0.1, workers=2))
    assert found[0][0] == os.getpid()
    assert worker_processes._alive == set()


def test_processes_are_used_again_and_then_dismissed(monkeypatch):
    def pids():
        pieces = [Piece(where, (number, HOME)) for number in range(50)]
        found = {each[0] for each in in_order(POINTS, pieces, always, expected=LONG, workers=2)}
        return found - {os.getpid()}

    first = pids()
    monkeypatch.setattr(worker_processes, "_IDLE", 0.2)
    assert pids() & first
    end = time.monotonic() + 20
    while worker_processes._alive and time.monotonic() < end:
        time.sleep(0.05)
    assert worker_processes._alive == set()


def test_later_pieces_may_need_earlier_results():
    known = []

    def pieces():
        yield from (Piece(where, (number, HOME)) for number in range(3))
        for number in range(3):
            yield Piece(where, (known[number] + 10, HOME))

    for _, number, _ in in_order(POINTS, pieces(), always, expected=LONG, ahead=3, workers=2):
        known.append(number)
    assert known == [0, 1, 2, 10, 11, 12]


def test_stopped_at_once_and_no_process_is_left():
    begun, asked = time.monotonic(), []

    def go_on(_):
        asked.append(time.monotonic())
        return time.monotonic() < begun + 1.5

    pieces = [Piece(slow, (os.getpid(),))] * 4
    assert list(in_order(POINTS, pieces, go_on, expected=LONG, workers=2)) == []
    assert time.monotonic() - begun < LONG / 2
    assert worker_processes._alive == set()


def test_the_work_of_a_killed_process_is_done_here():
    pieces = [Piece(fatal, (os.getpid(),)) for _ in range(3)]
    found = list(in_order(POINTS, pieces, always, expected=LONG, workers=2))
    assert found == ["done at home"] * 3
    assert worker_processes._alive == set()


def test_a_process_that_is_killed_at_rest_is_replaced():
    def pids():
        pieces = [Piece(where, (number, HOME)) for number in range(50)]
        found = {each[0] for each in in_order(POINTS, pieces, always, expected=LONG, workers=1)}
        return found - {os.getpid()}

    first = pids()
    for each in first:
        os.kill(each, signal.SIGKILL)
    while worker_processes._resting[0].lives:
        time.sleep(0.01)
    second = pids()
    assert len(first) == len(second) == 1
    assert first != second


def test_an_error_of_a_piece_is_raised():
    with pytest.raises(ValueError, match="no such k"):
        list(in_order(POINTS, [Piece(wrong, (os.getpid(),))], always, expected=LONG, workers=2))


def test_what_cannot_be_sent_is_done_here():
    pieces = [Piece(lambda X, number, go_on: number, (number,)) for number in range(5)]
    assert list(in_order(POINTS, pieces, always, expected=LONG, workers=2)) == list(range(5))


@pytest.mark.parametrize("failing", ["Popen", "start", "save"])
def test_without_room_for_processes_all_is_done_here(monkeypatch, failing):
    def fails(*_, **__):
        raise (RuntimeError if failing == "start" else OSError)("no more of these")

    owner = {"Popen": subprocess, "start": threading.Thread, "save": np}
    monkeypatch.setattr(owner[failing], failing, fails)
    pieces = [Piece(where, (number, HOME)) for number in range(5)]
    found = list(in_order(POINTS, pieces, always, expected=LONG, workers=2))
    assert [each[:2] for each in found] == [(os.getpid(), number) for number in range(5)]


def test_processes_are_as_many_as_cores_time_and_memory_allow(monkeypatch):
    monkeypatch.setattr(cores, "core_count", lambda: 8)
    monkeypatch.setattr(cores.memory, "available", lambda: 10**12)
    assert cores._processes(POINTS, LONG) == 7
    assert cores._processes(POINTS, 1.0) == 4
    assert cores._processes(POINTS, 0.1) == 0
    monkeypatch.setattr(cores.memory, "available", lambda: 4 * cores._PROCESS)
    assert cores._processes(POINTS, LONG) == 1
    monkeypatch.setattr(cores.memory, "available", lambda: 0)
    assert cores._processes(POINTS, LONG) == 0


def test_processes_write_nothing(capfd):
    pieces = [Piece(silent, (os.getpid(),))] * 9
    found = set(in_order(POINTS, pieces, always, expected=LONG, workers=2))
    assert found == {"done", "done at home"}
    worker_processes.end_all()
    assert capfd.readouterr() == ("", "")


def test_processes_start_while_the_screen_is_open():
    # Then there is no file behind stderr.
    code = """
import io, os, sys, numpy as np
sys.stderr = type("Screen", (io.StringIO,), {"fileno": lambda self: -1})()
from kmeans_tui.analysis.cores import Piece, in_order
from tests.analysis.test_cores import where
pieces = [Piece(where, (number, os.getpid())) for number in range(50)]
found = list(in_order(np.zeros((9, 2)), pieces, lambda _: True, expected=60, workers=1))
print(len({each[0] for each in found}), "joblib" in sys.modules)
"""
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=Path(__file__).parents[2]
    )
    assert (found.stdout, found.stderr) == (b"2 False\n", b"")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_killed_program_leaves_no_process_and_no_file(tmp_path, number):
    code = """
import os, sys, time, numpy as np
from kmeans_tui.analysis.cores import Piece, in_order
from tests.analysis.test_cores import slow
begun = time.monotonic()
def go_on(_):
    if time.monotonic() > begun + 1:
        print("works", flush=True)
    return True
list(in_order(np.zeros((10, 2)), [Piece(slow, (os.getpid(),))] * 3, go_on, expected=60, workers=2))
"""
    program = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(tmp_path), "KMEANS_TEST_MARK": str(tmp_path)},
        cwd=Path(__file__).parents[2],
    )
    assert program.stdout is not None
    assert program.stdout.readline() == b"works\n"

    def left():
        found = []
        for each in Path("/proc").glob("[0-9]*/environ"):
            try:
                if str(tmp_path).encode() in each.read_bytes():
                    found.append(each.parent.name)
            except OSError:
                continue
        return found

    assert len(left()) >= 2
    program.send_signal(number)
    program.stdout.close()
    program.wait()
    end = time.monotonic() + 20
    while (left() or list(tmp_path.iterdir())) and time.monotonic() < end:
        time.sleep(0.1)
    assert left() == []
    assert list(tmp_path.iterdir()) == []


def test_a_sweep_has_the_same_bits(both):
    def swept():
        told = []
        found = sweep(POINTS, 5, 2, improve=True, progress=lambda said: told.append(said.row))
        return found, [each.k for each in told if each is not None]

    (one, told), (two, told_too) = both(swept)
    assert told == told_too == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]
    for a, b in zip(one.rows, two.rows, strict=True):
        assert (a.best, a.worst, a.scores, a.shape) == (b.best, b.worst, b.scores, b.shape)
        assert (a.run.labels == b.run.labels).all()
        assert (a.run.centroids == b.run.centroids).all()


def test_seeds_have_the_same_bits(both):
    one, two = both(lambda: run_seeds(POINTS, 4, range(60, 120), empty="random"))
    for a, b in zip(one.rows, two.rows, strict=True):
        assert (a.seed, a.inertia, a.updates) == (b.seed, b.inertia, b.updates)
        assert (a.centroids == b.centroids).all()


def test_resamples_have_the_same_bits(both):
    asked = Clustering(3)
    own = original(POINTS, asked)

    def found():
        known = resample(POINTS, ClusterStability.of(own, BOOTSTRAP), asked, 25)
        return known, by_k(POINTS, range(2, 5), asked, HALVES, 10)

    (one, by_one), (two, by_two) = both(found)
    assert (one.table == two.table).all()
    assert (one.counts == two.counts).all()
    for k, row in by_one.items():
        assert (row.aris == by_two[k].aris).all()
        assert (row.strengths == by_two[k].strengths).all()
        assert row.pairs == by_two[k].pairs == 10
