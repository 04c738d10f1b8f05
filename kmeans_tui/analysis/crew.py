"""Processes that do pieces of work, lent to one analysis after the other."""

import atexit
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from kmeans_tui.analysis import piece_process
from kmeans_tui.worker_process import WorkerProcess, receive, send

# Seconds for which processes without work are kept for the next screen; each has 35 MB.
_IDLE: Final = 20.0
# The processes at rest, and all that are alive.
_resting: "list[CrewMember]" = []
_alive: "set[CrewMember]" = set()
_door: Final = threading.Lock()


class CrewMember(WorkerProcess):
    """A process; ``busy`` while it owes an answer. Raises ``OSError`` if none can be started."""

    def __init__(self) -> None:
        self.busy = False
        self.rests_since = 0.0
        super().__init__(piece_process.serve)
        _alive.add(self)

    def ask(self, path: str, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Return the result of work on the points in a file, in a tuple; None if it failed there.

        Raises ``EOFError`` or ``OSError`` if the process ends.
        """
        message = pickle.dumps((work, arguments), protocol=5)
        send(self.questions, path.encode())
        send(self.questions, message)
        found = receive(self.answers)
        return (pickle.loads(found),) if found else None

    def rest(self) -> None:
        """Let go of the points."""
        self.rests_since = time.monotonic()
        send(self.questions, b"")

    def end(self) -> None:
        """End the process and forget it."""
        super().end()
        _alive.discard(self)


@contextmanager
def crew(number: int) -> Iterator[list[CrewMember]]:
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
                lent.append(CrewMember())
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
