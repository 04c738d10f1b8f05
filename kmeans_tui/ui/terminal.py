"""The terminal: whatever it sends is no fault, whatever becomes of it, the program can end."""

import os
import re
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

# Everything that Textual asks of a terminal, taken back.
GIVEN_BACK: Final = (
    "\x1b[?2004l\x1b[?7h\x1b[?2048l"
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
_EVERY: Final = 0.05
_LAST_WORDS: Final = 0.5


class Writer(WriterThread):
    """Textual's thread of output, which nobody waits for once its terminal takes nothing more."""

    def __init__(self, file: IO[str]) -> None:
        super().__init__(file)
        self.lost: Callable[[], None] = lambda: None
        self._over = threading.Event()

    def write(self, text: str | None) -> None:
        """Queue a text; dropped where the terminal is gone, or is stuck while the program ends."""
        while not self._over.is_set():
            try:
                self._queue.put(text, timeout=_EVERY)
            except Full:
                continue
            return

    def run(self) -> None:
        """Write what is queued, until the end or until there is no terminal any more."""
        try:
            super().run()
        except (OSError, ValueError):
            self._over.set()
            self.lost()

    def give_up(self) -> None:
        """Wait for the terminal no longer."""
        self._over.set()

    def stop(self) -> None:
        """End the thread, left behind where it is stuck; what is written later is dropped."""
        self.write(None)
        self._over.set()
        self.join(_LAST_WORDS)


class SteadyDriver(linux_driver.LinuxDriver):
    """Textual's driver, for terminals that send anything and close at any moment."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        assert self._file is not None  # the command line asks for a terminal before
        self._out = self._file.fileno()
        self._ring, self._bell = os.pipe()

    def start_application_mode(self) -> None:
        """Take the terminal."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if isinstance(self._writer_thread, Writer):
            self._writer_thread.lost = self._lost

    def _lost(self) -> None:
        """The terminal is gone: end as if it had said so."""
        self._app.call_later(self._app.exit, return_code=129)

    def give_up(self) -> None:
        """Wait for the terminal no longer, whoever does."""
        if isinstance(self._writer_thread, Writer):
            self._writer_thread.give_up()

    @property
    def stuck(self) -> bool:
        """Whether something could not be written."""
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def give_back(self) -> None:
        """Restore the terminal without anybody's help, as far as it takes it."""
        if self.attrs_before is None:
            return
        try:
            termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            if select.select([], [self._out], [], _EVERY)[1]:
                os.write(self._out, GIVEN_BACK.encode())
        except (OSError, ValueError, termios.error):
            return  # It is gone.

    def _sigtstp_application(self, *_: object) -> None:
        # Not in the handler: it may have come in the middle of a write, whose lock it would want.
        self._soon(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        self._soon(self._go_on)

    def _soon(self, what: Callable[[], None]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what)

    def _go_on(self) -> None:
        if self._auto_restart and not self._must_signal_resume:
            # Stopped from outside without a word, and who knows what the terminal shows by now.
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
        # An answer that came in between may have asked for pixels again.
        self._disable_mouse_support()

    def run_input_thread(self) -> None:
        """Read keys, and sleep in between; what is no key is left out."""
        decode = getincrementaldecoder("utf-8")("ignore").decode
        parser = XTermParser(self._debug)
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._ring, selectors.EVENT_READ)
            # A lone escape is one only after a while without anything behind it.
            patience: float | None = None
            while True:
                ready = [key.fileobj for key, _ in selector.select(patience)]
                # Rung for each thread once, which alone ends it: asking for the event besides would
                # leave the bell of one thread to the next.
                if self._ring in ready:
                    os.read(self._ring, 1)
                    return
                patience = constants.ESCAPE_DELAY + 0.01 if ready else None
                if not ready:
                    parser = self._feed(parser, None)
                    continue
                try:
                    data = os.read(self.fileno, 4096)
                except OSError:
                    data = b""
                if not data:
                    self._lost()
                    return
                for part in re.split("(?=\x1b)", decode(data)):
                    if part:
                        parser = self._feed(parser, part)

    def _feed(self, parser: XTermParser, part: str | None) -> XTermParser:
        """Hand on what a part comes to, or the passing of time; a new parser after nonsense."""
        try:
            for message in parser.tick() if part is None else parser.feed(part):
                self.process_message(message)
        except (ArithmeticError, LookupError, RuntimeError, StopIteration, ValueError):
            return XTermParser(self._debug)
        return parser


# The driver makes its writer itself.
linux_driver.WriterThread = Writer  # type: ignore[attr-defined]
