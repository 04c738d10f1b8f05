"""The end of the program: prompt and clean, whatever requests it."""

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

# The exit code a shell reports for a program ended by each signal.
SIGNALS: Final = {
    signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGQUIT: 131, signal.SIGTERM: 143,
}  # fmt: skip
# Seconds allowed for an orderly end.
PATIENCE: Final = 1.2


class Ending:
    """Handles signals at any moment, and makes sure that the program ends once it has begun to.

    ``leave`` asks the program, on its loop, to end with a code; ``hurry`` is called from another
    thread if ending is slow, and ``restore`` if it takes too long.
    """

    def __init__(
        self, leave: Callable[[int], None], hurry: Callable[[], None], restore: Callable[[], None]
    ) -> None:
        self._leave, self._hurry, self._restore = leave, hurry, restore
        self._loop: asyncio.AbstractEventLoop | None = None
        self._code: int | None = None
        self._reached = threading.Event()

    def listen(self) -> None:
        """Handle the signals that end programs; asyncio would handle them only in its loop."""
        for number in SIGNALS:
            signal.signal(number, self._heard)

    def ready(self) -> None:
        """Tell it that the loop runs; a signal that came earlier takes effect now."""
        self._loop = asyncio.get_running_loop()
        # A signal delivered to another thread must wake this one, which would otherwise sleep on.
        ring, bell = socket.socketpair()
        for end in (ring, bell):
            end.setblocking(False)
        self._loop.add_reader(ring, ring.recv, 4096)
        signal.set_wakeup_fd(bell.detach(), warn_on_full_buffer=False)
        if self._code is not None:
            self._leave(self._code)

    def begin(self, code: int) -> None:
        """Begin the end: it is reached in time, or forced."""
        if self._code is None:
            self._code = code
            threading.Thread(target=self._wait, name="kmeans-tui ending", daemon=True).start()

    def reached(self) -> None:
        """Tell it that the end is reached."""
        self._reached.set()

    def force(self, code: int) -> None:
        """End now: run Python's exit functions, but do not wait for working threads."""
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
        # Half of the time for a slow terminal, half for everything after it.
        if self._reached.wait(PATIENCE / 2):
            return
        self._hurry()
        if not self._reached.wait(PATIENCE / 2):
            self._restore()
            self.force(self._code or 0)
