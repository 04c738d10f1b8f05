"""Processes that work for this one: silent, on one thread each, and gone when it is."""

import atexit
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, redirect_stderr
from typing import Any, Final

# Seconds between two looks of a process at whether the program is still there.
_ALIVE: Final = 0.2
# Seconds for which processes without work are kept for the next screen.
_IDLE: Final = 20
# One thread each, and no processes of their own.
_ALONE: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "LOKY_MAX_CPU_COUNT"), "1"
)
# The processes at rest, at most one crew, and all that are alive.
_resting: list["Crew"] = []
_alive: list["Crew"] = []
_door: Final = threading.Lock()


class Crew:
    """Processes for one piece of work at a time."""

    def __init__(self, number: int) -> None:
        from joblib.externals.loky import ProcessPoolExecutor

        self.number = number
        self._unfinished: set[Future[Any]] = set()
        start_trackers()
        self._executor = ProcessPoolExecutor(
            number, timeout=_IDLE, initializer=_begin, initargs=(os.getpid(),), env=_ALONE
        )
        _alive.append(self)

    @property
    def busy(self) -> bool:
        """Whether they work."""
        return bool(self._unfinished)

    def submit(self, work: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        with _deaf():
            found: Future[Any] = self._executor.submit(work, *arguments)
        self._unfinished.add(found)
        found.add_done_callback(self._unfinished.discard)
        return found

    def end(self) -> None:
        """End the processes, whatever they do."""
        _alive.remove(self)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._executor.shutdown(wait=True, kill_workers=True)


@contextmanager
def crew(number: int) -> Iterator[Crew]:
    """Lend processes: those at rest if they are as many. They rest again unless they still work."""
    with _door:
        found = next((each for each in _resting if each.number == number), None)
        if found is not None:
            _resting.remove(found)
    if not _alive:
        atexit.register(end_all)
    lent = found or Crew(number)
    sound = False
    try:
        yield lent
        sound = True
    except GeneratorExit:
        sound = True
        raise
    finally:
        with _door:
            if sound and not lent.busy:
                _resting.append(lent)
            more = _resting[:-1] if sound and not lent.busy else [lent]
            _resting[:] = _resting[-1:]
        for each in more:
            each.end()


def end_all() -> None:
    """End all processes; those at rest would end by themselves."""
    for each in _alive:
        each.end()
    _resting.clear()


def start_trackers() -> None:
    """Start the processes that remove what this one leaves behind if it is killed.

    They say nothing: what they remove is no news for the terminal.
    """
    from multiprocessing import resource_tracker as standard

    from joblib.externals.loky.backend import resource_tracker

    # They take the number of the file behind stderr, which has none while the screen is open.
    with (
        open(os.devnull, "w") as nowhere,
        redirect_stderr(nowhere),
        _variable("PYTHONWARNINGS", "ignore"),
    ):
        if os.name == "posix":
            standard.ensure_running()
        resource_tracker.ensure_running()


@contextmanager
def _variable(name: str, value: str) -> Iterator[None]:
    """Set an environment variable for a process that starts meanwhile."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


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


def _begin(parent: int) -> None:
    """Prepare a process: silent, deaf to ctrl+c, and gone when the program is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for each in (sys.stdin, sys.stdout, sys.stderr):
        os.dup2(nowhere, each.fileno())

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_ALIVE)
        os._exit(0)

    if os.name == "posix":
        threading.Thread(target=watch, daemon=True).start()
