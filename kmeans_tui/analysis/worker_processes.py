"""Processes that work for this one: silent, on one thread each, and gone when it is.

They are started without joblib or ``multiprocessing``: on two busy cores the first result comes
after 0.2 s, and after 0.7 s from joblib's, which start two more processes that watch over them and
import joblib in each. Here a process ends when its input does, however this one ends.
"""

import atexit
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from kmeans_tui.analysis.piece_process import receive, send

# Seconds for which processes without work are kept for the next screen; each has 35 MB.
_IDLE: Final = 20.0
# One thread each, and no processes of their own.
_ALONE: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT"), "1"
)
_PROGRAM: Final = "from kmeans_tui.analysis.piece_process import serve; serve()"
# The processes at rest, and all that are alive.
_resting: "list[WorkerProcess]" = []
_alive: "set[WorkerProcess]" = set()
_door: Final = threading.Lock()


class WorkerProcess:
    """A process; ``busy`` while it owes an answer. Raises ``OSError`` if none can be started."""

    def __init__(self) -> None:
        self.busy = False
        self.rests_since = 0.0
        paths = os.pathsep.join(each for each in sys.path if each)
        with _deaf():
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ALONE, "PYTHONPATH": paths},
            )
        _alive.add(self)

    @property
    def lives(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def ask(self, path: str, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Return the result of work on the points in a file, in a tuple; None if it failed there.

        Raises ``EOFError`` or ``OSError`` if the process ends.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        message = pickle.dumps((work, arguments), protocol=5)
        send(self._process.stdin, path.encode())
        send(self._process.stdin, message)
        found = receive(self._process.stdout)
        return (pickle.loads(found),) if found else None

    def rest(self) -> None:
        """Let go of the points."""
        assert self._process.stdin is not None
        self.rests_since = time.monotonic()
        send(self._process.stdin, b"")

    def kill(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()

    def end(self) -> None:
        """End the process and forget it."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        _alive.discard(self)


@contextmanager
def crew(number: int) -> Iterator[list[WorkerProcess]]:
    """Lend processes: those at rest, and new ones; fewer where the system allows no more.

    Afterwards they rest for a while; those that still work, or have ended, are ended.
    """
    if not _alive:
        atexit.register(end_all)
    with _door:
        found = [_resting.pop() for _ in range(min(number, len(_resting)))]
    lent = [each for each in found if each.lives]
    try:
        with suppress(OSError):
            while len(lent) < number:
                lent.append(WorkerProcess())
        yield lent
    finally:
        for each in {*found, *lent}:
            try:
                if each.busy:
                    raise BrokenPipeError
                each.rest()
                with _door:
                    _resting.append(each)
            except OSError:
                each.end()
        if _resting:
            _dismiss_later()


def end_all() -> None:
    """End all processes; those at rest would be ended soon."""
    with _door:
        _resting.clear()
    for each in list(_alive):
        each.end()


def _dismiss_later() -> None:
    timer = threading.Timer(_IDLE, _dismiss, (_IDLE,))
    timer.daemon = True
    try:
        timer.start()
    except RuntimeError:  # the system allows no more threads
        _dismiss(0.0)


def _dismiss(rested: float) -> None:
    """End those that have rested for so many seconds."""
    now = time.monotonic()
    with _door:
        tired = [each for each in _resting if now - each.rests_since >= rested]
        _resting[:] = [each for each in _resting if each not in tired]
    for each in tired:
        each.end()


@contextmanager
def _deaf() -> Iterator[None]:
    """Keep ctrl+c from processes that start meanwhile: it is for the program to stop them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
