"""Work outside the event loop: a thread that can be stopped and reports its result."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self

from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from kmeans_tui.analysis.progress import Progress

_NAME: Final = "kmeans-tui job"
_EVERY: Final = 0.1


class Job:
    """One piece of work in its own thread.

    The work gets the job, calls ``tell`` or ``hear`` to report progress, and checks ``stopped``
    (or what these return) to end early. The thread is a daemon, so that the program never waits
    for it to exit.
    """

    @dataclass
    class Done(Message):
        """The work ended, with a result or with an error."""

        job: "Job"
        result: Any = None
        error: Exception | None = None

    def __init__(
        self,
        owner: Widget,
        work: Callable[["Job"], Any],
        watch: Callable[[], None] | None = None,
    ) -> None:
        self.progress = ""
        self.said: Progress[Any] | None = None
        self.rows: list[Any] = []
        self._began = time.monotonic()
        self._stop = threading.Event()
        self._owner = owner
        self._work, self._watch = work, watch
        self._clock: Timer | None = None
        self._ended = False

    def start(self) -> Self:
        """Start; ``watch`` is called ten times a second, and once after the end."""
        if self._watch is not None:
            self._clock = self._owner.set_interval(_EVERY, self._look)
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, args=(loop,), name=_NAME, daemon=True).start()
        return self

    def hear(self, said: Progress[Any]) -> bool:
        """Take a report of an analysis and keep its row; False asks it to stop."""
        self.said = said
        if said.row is not None:
            self.rows.append(said.row)
        return not self.stopped

    def tell(self, progress: str) -> bool:
        """Report progress; False asks the work to stop."""
        self.progress = progress
        return not self.stopped

    def stop(self) -> None:
        """Ask the work to stop."""
        self._stop.set()

    @property
    def age(self) -> float:
        """Seconds since its creation."""
        return time.monotonic() - self._began

    @property
    def stopped(self) -> bool:
        """Whether the work was asked to stop."""
        return self._stop.is_set()

    @staticmethod
    def all_ended(patience: float) -> bool:
        """Whether the threads of all jobs end within ``patience`` seconds."""
        end = time.monotonic() + patience
        for thread in threading.enumerate():
            if thread.name == _NAME:
                thread.join(max(0.0, end - time.monotonic()))
                if thread.is_alive():
                    return False
        return True

    def _look(self) -> None:
        if self._ended and self._clock is not None:
            self._clock.stop()
        if self._watch is not None:
            self._watch()

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            done = Job.Done(self, self._work(self))
        except Exception as error:  # the screen must report any error
            done = Job.Done(self, error=error)
        self._ended = True
        # Posting from here would look up the owner's app, which it may have left by now.
        with contextlib.suppress(RuntimeError):  # the loop is closed: the program has ended
            loop.call_soon_threadsafe(self._owner.post_message, done)
