"""Single keys from stdin, by Textual's names: without echo on a terminal, else as characters."""

import codecs
import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Final, Self

from kmeans_tui.user_keys import textual

# How long the rest of an escape sequence may take.
_REST: Final = 0.05
_FINALS: Final = {
    "A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end",
    "P": "f1", "Q": "f2", "R": "f3", "S": "f4", "Z": "shift+tab",
}  # fmt: skip
_NUMBERED: Final = {
    1: "home", 2: "insert", 3: "delete", 4: "end", 5: "pageup", 6: "pagedown", 7: "home", 8: "end",
    **{number: f"f{i}" for i, number in enumerate((11, 12, 13, 14, 15, 17, 18, 19, 20, 21), 1)},
}  # fmt: skip
_CONTROLS: Final = {
    "\r": "enter", "\n": "enter", " ": "space", "\t": "tab", "\x7f": "backspace", "\b": "backspace",
}  # fmt: skip
# The whole of a sequence after its escape: CSI or SS3; the Linux console has a second bracket.
_SEQUENCE: Final = re.compile(r"\[\[[A-E]|\[[0-?]*[ -/]*[@-~]|O[A-Za-z]")
_BEGUN: Final = re.compile(r"\[\[?[0-?]*[ -/]*\Z|O\Z")


class NoSingleKeys(Exception):  # noqa: N818 - an answer to the user, not an error in the program
    """A terminal that cannot be asked for single keys: one sentence."""


class SingleKeys:
    """The keys of stdin, one by one; use it in a ``with`` block, which puts the terminal back.

    On a terminal keys come at once and without echo; ctrl+c, ctrl+z and signals act as ever, and
    the terminal is as before while the program is suspended and after it has ended. Otherwise
    ``live`` is False, and the keys are the characters of the stream.
    """

    def __init__(self) -> None:
        stream = sys.stdin
        self.live = stream is not None and not stream.closed and stream.isatty()
        self._fd = -1 if stream is None or stream.closed else stream.fileno()
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._waiting = ""
        self._ended = self._fd < 0
        self._fresh: list[Any] | None = None
        self._handlers: dict[int, Any] = {}
        self._in_line = False

    def __enter__(self) -> Self:
        if not self.live:
            return self
        try:
            import termios
        except ImportError:
            raise NoSingleKeys(
                "this terminal cannot be asked for single keys: give them as text, as in "
                "echo ...q | kmeans-tui watch iris"
            ) from None
        self._fresh = termios.tcgetattr(self._fd)
        if threading.current_thread() is threading.main_thread():
            self._handle(signal.SIGTSTP, self._suspend)
            self._handle(signal.SIGCONT, self._resume)
        self._take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, before in self._handlers.items():
            signal.signal(number, before)
        if self._fresh is not None:
            self._give_back(forget=True)

    def next(self, seconds: float | None = None) -> str | None:
        """Return the name of the next key, as Textual calls it; None at the end of the input.

        On a terminal, "" if none was pressed within ``seconds``.
        """
        if not self._waiting and not self._more(seconds):
            return None if self._ended else ""
        first, self._waiting = self._waiting[0], self._waiting[1:]
        if first == "\x1b":
            return self._sequence()
        if first == "\r" and not self.live and self._waiting.startswith("\n"):
            self._waiting = self._waiting[1:]
        if first == "\x04":
            # Without lines the terminal does not make an end of ctrl+d.
            self._ended = True
            return None
        if first in _CONTROLS:
            return _CONTROLS[first]
        if first < " ":
            return f"ctrl+{chr(ord(first) + 96)}"
        return textual(first) or first

    def line(self) -> str | None:
        """Return a typed line without its end; None if the input ends before any of it.

        A terminal shows and edits it, as it does for any program.
        """
        self._edit_lines(on=True)
        try:
            while "\n" not in self._waiting.replace("\r", "\n") and self._more():
                pass
        finally:
            self._edit_lines(on=False)
        if not self._waiting:
            return None
        found = re.match(r"([^\r\n]*)(\r\n|\r|\n|\Z)", self._waiting)
        assert found is not None
        self._waiting = self._waiting[found.end() :]
        return found[1]

    # --- the bytes -----------------------------------------------------------------------------

    def _more(self, seconds: float | None = None) -> bool:
        """Read on, and return whether anything came; waits for ``seconds`` only on a terminal."""
        while not self._ended:
            if self.live and seconds is not None:
                import select

                if not select.select([self._fd], [], [], seconds)[0]:
                    return False
            try:
                data = os.read(self._fd, 4096)
            except OSError:
                # The terminal is gone, or stdin cannot be read.
                data = b""
            self._ended = not data
            self._waiting += self._decode(data, final=not data)
            if self._waiting:
                return True
        return False

    def _sequence(self) -> str:
        """Return the key whose escape sequence has begun, or escape."""
        while _BEGUN.match(self._waiting) or not self._waiting:
            if not self._more(_REST):
                break
        found = _SEQUENCE.match(self._waiting)
        if found is None:
            return "escape"
        self._waiting = self._waiting[found.end() :]
        body = found[0][1:]
        if body.endswith("~"):
            number = re.match(r"\d+", body)
            return _NUMBERED.get(int(number[0]), "unknown") if number else "unknown"
        if body.startswith("["):
            return f"f{'ABCDE'.index(body[1]) + 1}"
        return _FINALS.get(body[-1], "unknown")

    # --- the terminal --------------------------------------------------------------------------

    def _handle(self, number: int, handler: Callable[[int, FrameType | None], None]) -> None:
        if signal.getsignal(number) is not signal.SIG_IGN:
            self._handlers[number] = signal.signal(number, handler)

    def _take(self) -> None:
        """Ask for single keys without echo; the keys for signals stay."""
        import termios

        assert self._fresh is not None
        wanted = list(self._fresh)
        wanted[3] &= ~(termios.ECHO | termios.ICANON)
        wanted[6] = [*wanted[6]]
        wanted[6][termios.VMIN], wanted[6][termios.VTIME] = 1, 0
        self._set(wanted)

    def _give_back(self, *, forget: bool) -> None:
        """Put the terminal back as it was; to ``forget`` is to drop keys that nobody asked for."""
        import termios

        assert self._fresh is not None
        self._set(self._fresh)
        if forget:
            try:
                termios.tcflush(self._fd, termios.TCIFLUSH)
            except termios.error:
                return

    def _set(self, attributes: list[Any]) -> None:
        import termios

        try:
            # At once: output that is held back by ctrl+s must not hold this back.
            termios.tcsetattr(self._fd, termios.TCSANOW, attributes)
        except termios.error:
            # The terminal is gone: there is nothing to put back.
            self._ended = True

    def _edit_lines(self, *, on: bool) -> None:
        if self._fresh is None:
            return
        self._in_line = on
        if on:
            self._give_back(forget=False)
        else:
            self._take()

    def _suspend(self, number: int, _: FrameType | None) -> None:
        self._give_back(forget=False)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        # Here the program goes on.
        signal.signal(number, self._suspend)

    def _resume(self, _: int, __: FrameType | None) -> None:
        # In the background it must not touch the terminal.
        if not self._in_line and os.tcgetpgrp(self._fd) == os.getpgrp():
            self._take()
