"""The end of the program: whatever asks for it, it comes soon and leaves nothing behind."""

import asyncio
import atexit
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Final

# What a shell reports for a program that these signals ended.
SIGNALS: Final = {
    signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGQUIT: 131, signal.SIGTERM: 143,
}  # fmt: skip
# An orderly end is given so many seconds.
PATIENCE: Final = 1.2


class Ending:
    """Hears of signals at any moment, and sees to it that an end that has begun is reached.

    ``leave`` asks the program to end with a code, on its loop; ``hurry`` is called from any thread
    once the end has begun, and ``restore`` where it is not reached in time.
    """

    def __init__(
        self, leave: Callable[[int], None], hurry: Callable[[], None], restore: Callable[[], None]
    ) -> None:
        self._leave, self._hurry, self._restore = leave, hurry, restore
        self._loop: asyncio.AbstractEventLoop | None = None
        self._code: int | None = None
        self._reached = threading.Event()

    def listen(self) -> None:
        """Hear of the signals that end programs; asyncio would hear of them in its loop only."""
        for number in SIGNALS:
            signal.signal(number, self._heard)

    def ready(self) -> None:
        """The loop runs; a signal that came before it is obeyed now."""
        self._loop = asyncio.get_running_loop()
        # A signal that another thread was handed wakes this one, which would sleep on without it.
        ring, bell = socket.socketpair()
        for end in (ring, bell):
            end.setblocking(False)
        self._loop.add_reader(ring, ring.recv, 4096)
        signal.set_wakeup_fd(bell.detach(), warn_on_full_buffer=False)
        if self._code is not None:
            self._leave(self._code)

    def begin(self, code: int) -> None:
        """The end has begun: it is reached in time, or forced."""
        if self._code is None:
            self._code = code
            threading.Thread(target=self._wait, name="kmeans-tui ending", daemon=True).start()

    def reached(self) -> None:
        """It is reached."""
        self._reached.set()

    def force(self, code: int) -> None:
        """End now: what Python does at its exit is done, threads that still work are left."""
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            if not self._reached.is_set() or stream is None:
                break
            try:
                stream.flush()
            except (OSError, ValueError):
                continue
        os._exit(code)

    def _heard(self, number: int, _: FrameType | None) -> None:
        code = SIGNALS[signal.Signals(number)]
        self.begin(code)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(partial(self._leave, code))

    def _wait(self) -> None:
        # Half of the time for a terminal that is slow, and half for all that follows.
        if self._reached.wait(PATIENCE / 2):
            return
        self._hurry()
        if not self._reached.wait(PATIENCE / 2):
            self._restore()
            self.force(self._code or 0)
