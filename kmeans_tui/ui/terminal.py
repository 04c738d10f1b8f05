"""The terminal: any input is tolerated, and the program can end even if the terminal is gone."""

import os
import select
import selectors
import termios
import threading
from codecs import getincrementaldecoder
from collections.abc import Callable
from queue import Full
from typing import IO, Any, Final

from textual import constants
from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread

from kmeans_tui.ui.typed_input import fed

# Undoes every mode that Textual sets in a terminal.
GIVEN_BACK: Final = (
    "\x1b[?2004l\x1b[?7h\x1b[?2048l"
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
_EVERY: Final = 0.05
_LAST_WORDS: Final = 0.5


class Writer(WriterThread):
    """Textual's output thread, no longer waited for once the terminal accepts nothing more."""

    def __init__(self, file: IO[str]) -> None:
        super().__init__(file)
        self.lost: Callable[[], None] = lambda: None
        self._over = threading.Event()

    def write(self, text: str | None) -> None:
        """Queue a text; drop it if the terminal is gone, or stuck while the program ends."""
        while not self._over.is_set():
            try:
                self._queue.put(text, timeout=_EVERY)
            except Full:
                continue
            return

    def run(self) -> None:
        """Write what is queued until the end, or until the terminal is gone."""
        try:
            super().run()
        except (OSError, ValueError):
            self._over.set()
            self.lost()

    def give_up(self) -> None:
        """Stop waiting for the terminal."""
        self._over.set()

    def stop(self) -> None:
        """End the thread, or abandon it if it is stuck; later output is dropped."""
        self.write(None)
        self._over.set()
        self.join(_LAST_WORDS)


class SteadyDriver(linux_driver.LinuxDriver):
    """Textual's driver, for terminals that may send anything and close at any moment."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        assert self._file is not None  # the command line has checked for a terminal
        self._out = self._file.fileno()
        self._ring, self._bell = os.pipe()

    def start_application_mode(self) -> None:
        """Take the terminal."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if isinstance(self._writer_thread, Writer):
            self._writer_thread.lost = self._lost

    def _lost(self) -> None:
        """End as for a hangup, because the terminal is gone."""
        self._app.call_later(self._app.exit, return_code=129)

    def give_up(self) -> None:
        """Make every thread stop waiting for the terminal."""
        if isinstance(self._writer_thread, Writer):
            self._writer_thread.give_up()

    @property
    def stuck(self) -> bool:
        """Whether something could not be written."""
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def give_back(self) -> None:
        """Restore the terminal directly, without the writer, as far as it accepts output."""
        if self.attrs_before is None:
            return
        try:
            termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            if select.select([], [self._out], [], _EVERY)[1]:
                os.write(self._out, GIVEN_BACK.encode())
        except (OSError, ValueError, termios.error):
            return  # The terminal is gone.

    def _sigtstp_application(self, *_: object) -> None:
        # Not in the handler: it may interrupt a write, whose lock it would need.
        self._soon(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        self._soon(self._go_on)

    def _soon(self, what: Callable[[], None]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what)

    def _go_on(self) -> None:
        if self._auto_restart and not self._must_signal_resume:
            # Stopped from outside without notice: what the terminal shows now is unknown.
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application()

    def _get_terminal_size(self) -> tuple[int, int]:
        for descriptor in (self.fileno, self._out):
            try:
                width, height = os.get_terminal_size(descriptor)
            except (OSError, ValueError):
                continue
            if width and height:
                return width, height
        return 80, 25

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        self.write("\x1b[?1016l")

    def disable_input(self) -> None:
        """Stop reading keys."""
        if self._key_thread is not None and self._key_thread.is_alive():
            os.write(self._bell, b"!")
        super().disable_input()
        # A reply from the terminal may have enabled pixel mode again in between.
        self._disable_mouse_support()

    def run_input_thread(self) -> None:
        """Read keys and sleep in between; ignore anything that is not a key."""
        decode = getincrementaldecoder("utf-8")("ignore").decode
        parser = XTermParser(self._debug)
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._ring, selectors.EVENT_READ)
            # A lone escape counts as the key only if nothing follows for a while.
            patience: float | None = None
            while True:
                ready = [key.fileobj for key, _ in selector.select(patience)]
                # Only the bell ends a thread, rung once for each: if the event did too, the next
                # thread would hear the bell of this one.
                if self._ring in ready:
                    os.read(self._ring, 1)
                    return
                patience = constants.ESCAPE_DELAY + 0.01 if ready else None
                if not ready:
                    parser = fed(parser, "", self.process_message, debug=self._debug)
                    continue
                try:
                    data = os.read(self.fileno, 4096)
                except OSError:
                    data = b""
                if not data:
                    self._lost()
                    return
                typed = decode(data)
                if typed:
                    parser = fed(parser, typed, self.process_message, debug=self._debug)


# The driver creates its writer by this name.
linux_driver.WriterThread = Writer  # type: ignore[attr-defined]
