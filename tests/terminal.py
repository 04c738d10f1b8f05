"""A terminal for tests: a command in a real pty, every byte timed, a screen to read and compare.

``Terminal`` starts a command with a controlling terminal of its own, so that job control, hang-ups
and window sizes behave as in a terminal window. A thread reads what the command writes; the screen
(``Screen``, on pyte) catches up only when it is looked at, so that measuring costs no emulation.
"""

import codecs
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from pathlib import Path
from typing import Any, NamedTuple, Self

import pyte

# A lone escape and the next key would be alt and that key for a command that was not scheduled in
# between, so escape is sent as the keyboard protocol has it that the program asks for.
KEYS = {
    "escape": "\x1b[27u",
    "space": " ", "enter": "\r", "tab": "\t", "shift+tab": "\x1b[Z",
    "backspace": "\x7f", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "f1": "\x1bOP",
} | {f"ctrl+{chr(code + 96)}": chr(code) for code in range(1, 27)}  # fmt: skip
# Of the surrounding terminal and of the tests' own settings nothing may reach the command.
FOREIGN = {"NO_COLOR", "COLUMNS", "LINES", "LANG", "PYTHONIOENCODING", "TERM_PROGRAM"}
# Private modes that a program may leave behind, and what they are to the user of the shell.
ON = {
    1049: "alternate screen", 1000: "mouse clicks", 1002: "mouse drags", 1003: "mouse moves",
    1006: "mouse as SGR", 1015: "mouse as urxvt", 1016: "mouse in pixels", 1004: "focus reports",
    2004: "bracketed paste", 2026: "held output", 2048: "size reports",
}  # fmt: skip
OFF = {25: "hidden cursor", 7: "no line wrap"}
# What a program may ask; any other mode is answered with 0, which means: never heard of it.
QUERY = re.compile(rb"\x1b\[(?:\?(\d+)\$p|0?c|[56]n)")
ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[c": b"\x1b[?62;22c", b"\x1b[0c": b"\x1b[?62;22c",
    b"\x1b[5n": b"\x1b[0n", b"\x1b[6n": b"\x1b[1;1R",
}  # fmt: skip
COMPLETE = re.compile(rb"(?<=\x1b\[\?2026l)")
SEQUENCE = re.compile(
    r"\x1b\[([<-?]?)([\d;:]*)([ -/]*)([@-~])|\x1b([\]PX^_])(.*?)(?:\x07|\x1b\\)", re.DOTALL
)
UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)?\Z")


class Cell(NamedTuple):
    """One character place as it looks; a colour is pyte's name or six hexadecimal digits."""

    char: str
    fg: str
    bg: str
    bold: bool
    reverse: bool
    underline: bool


class Moment(NamedTuple):
    """When some bytes came, and the processor time the command had used by then; in seconds."""

    at: float
    cpu: float


class Screen(pyte.Screen):
    """pyte's screen, with the modes, the second screen and the sequences that pyte garbles."""

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self.on: set[int] = set(OFF)
        self.keyboards = 0  # kitty keyboard protocols pushed and not popped
        self.commands: list[str] = []  # bodies of OSC sequences: titles, the clipboard
        self._behind: tuple[Any, Any] = (self.buffer, copy(self.cursor))
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._rest = ""
        self._stream = pyte.Stream(self)

    def feed(self, data: bytes) -> None:
        """Show some bytes; a sequence cut short waits for the next ones."""
        text = self._rest + self._decode(data)
        cut = UNFINISHED.search(text)
        text, self._rest = (text[: cut.start()], cut.group()) if cut else (text, "")
        done = 0
        for found in SEQUENCE.finditer(text):
            self._stream.feed(text[done : found.start()])
            self._obey(found.group(), *found.groups(""))
            done = found.end()
        self._stream.feed(text[done:])

    def _obey(
        self, whole: str, mark: str, numbers: str, between: str, final: str, kind: str, body: str
    ) -> None:
        if kind:
            self.commands += [body] if kind == "]" else []
        elif mark == "?" and final in "hl" and not between:
            for mode in map(int, filter(None, numbers.split(";"))):
                self._turn(mode, final == "h")
        elif mark and final == "u":
            self.keyboards = max(0, self.keyboards + (mark == ">") - (mark == "<"))
        elif final == "b" and not mark:
            before = self.buffer[self.cursor.y][max(0, self.cursor.x - 1)].data
            self._stream.feed(before * int(numbers or 1))
        elif not mark and not between and final not in "cn":
            # 38:2::r:g:b is 38;2;r;g;b with an empty colour space; 4:3 is a kind of underline.
            plain = re.sub(r"\b4:\d", "4", whole) if final == "m" else whole
            self._stream.feed(plain.replace("::", ":").replace(":", ";"))

    def _turn(self, mode: int, on: bool) -> None:
        if mode == 1049 and on and mode not in self.on:
            self._behind = (self.buffer, copy(self.cursor))
            self.buffer = defaultdict(self.buffer.default_factory)
        elif mode == 1049 and mode in self.on and not on:
            self.buffer, self.cursor = self._behind
        (self.on.add if on else self.on.discard)(mode)
        if mode in (6, 7, 25):
            (self.set_mode if on else self.reset_mode)(mode, private=True)

    def left_behind(self) -> list[str]:
        """What a shell would inherit: every mode that is not as a fresh terminal has it."""
        found = [name for mode, name in ON.items() if mode in self.on]
        found += [name for mode, name in OFF.items() if mode not in self.on]
        return found + ["kitty keyboard"] * (self.keyboards > 0)

    def text(self) -> list[str]:
        """The lines, with the blanks at their ends."""
        columns = range(self.columns)
        return ["".join(self.buffer[y][x].data for x in columns) for y in range(self.lines)]

    def cells(self) -> list[list[Cell]]:
        """The grid as it looks: of a blank nothing but its background and underline is seen."""
        return [[self._cell(y, x) for x in range(self.columns)] for y in range(self.lines)]

    def _cell(self, y: int, x: int) -> Cell:
        char = self.buffer[y][x]
        if char.data == " " and not char.underscore and not char.reverse:
            return Cell(" ", "default", char.bg, False, False, False)
        return Cell(char.data, char.fg, char.bg, char.bold, char.reverse, char.underscore)


class Terminal:
    """A command running in a pty of its own; use it in a ``with`` block."""

    def __init__(
        self, command: Sequence[str], *, columns: int = 100, lines: int = 30,
        env: Mapping[str, str | None] | None = None, rate: float | None = None,
    ) -> None:  # fmt: skip
        """Start the command; ``None`` in env takes a variable away; ``rate``: bytes per second."""
        wanted = {name: os.environ[name] for name in os.environ.keys() - FOREIGN}
        wanted |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        wanted |= dict(env or {})
        self.screen = Screen(columns, lines)
        self._rate = rate
        self._events: list[tuple[Moment, bytes | tuple[int, int]]] = []
        self._shown = 0  # events that the screen has seen
        self._news = threading.Condition()
        self._closing = False
        self._cpu = 0.0
        self._master, slave = os.openpty()
        self._set_size(columns, lines)
        self._fresh = termios.tcgetattr(self._master)
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env={name: value for name, value in wanted.items() if value is not None},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        share = 65536 if self._rate is None else max(1, int(self._rate / 100))
        free, asked = time.monotonic(), b""
        while not self._closing and (data := self._arriving(share)):
            with self._news:
                now = self.now()
                # Cut where a held frame is let go, so that each can be looked at when complete.
                self._events += [(now, part) for part in COMPLETE.split(data) if part]
                self._news.notify_all()
            # Answered here, because the screen catches up only when it is looked at.
            asked += data
            for query in QUERY.finditer(asked):
                mode = query[1] or b""
                os.write(self._master, ANSWERS.get(query[0], b"\x1b[?" + mode + b";0$y"))
            asked = QUERY.sub(b"", asked)[-16:]
            if self._rate:
                free = max(free, time.monotonic()) + len(data) / self._rate
                time.sleep(max(0.0, free - time.monotonic()))

    def _arriving(self, most: int) -> bytes:
        """The next bytes, or none when the command is over or nobody holds the other side."""
        while not select.select([self._master], [], [], 0.1)[0]:
            if self._closing or self.process.poll() is not None:
                return b""
        try:
            return os.read(self._master, most)
        except OSError:  # EIO is how a pty says that its other side is closed
            return b""

    def _next(self, limit: float) -> Moment | None:
        """Show the next event, waiting for it; its moment, or ``None`` if there was none."""
        with self._news:
            while self._shown == len(self._events):
                if time.monotonic() >= limit or not self._reader.is_alive():
                    return None
                self._news.wait(max(0.0, min(0.1, limit - time.monotonic())))
            moment, event = self._events[self._shown]
            self._shown += 1
        if isinstance(event, bytes):
            self.screen.feed(event)
        else:
            self.screen.resize(lines=event[1], columns=event[0])
        return moment

    def wait_for(self, what: str | Callable[[Screen], bool], timeout: float = 30) -> Moment:
        """Wait until a text is on the screen, or something true of it; when it arrived."""
        seen = what if callable(what) else lambda screen: what in "\n".join(screen.text())
        limit, moment = time.monotonic() + timeout, Moment(self.started, 0.0)
        while 2026 in self.screen.on or not seen(self.screen):
            arrived = self._next(limit)
            if arrived is None:
                shown = "\n".join(line.rstrip() for line in self.screen.text()).rstrip()
                with suppress(subprocess.TimeoutExpired):
                    # The pty closes a moment before the command is gone.
                    self.process.wait(0 if self._reader.is_alive() else 1)
                code = self.process.returncode
                raise TimeoutError(f"never came: {what!r}; exit code {code}; the screen:\n{shown}")
            moment = arrived
        return moment

    def wait_quiet(self, seconds: float = 0.3, timeout: float = 30) -> None:
        """Wait until nothing has arrived for some time."""
        limit = time.monotonic() + timeout
        while time.monotonic() < limit and self._next(time.monotonic() + seconds):
            pass

    def text(self) -> list[str]:
        """The lines of the screen as of now."""
        self._catch_up()
        return self.screen.text()

    def cells(self) -> list[list[Cell]]:
        """The grid of the screen as of now."""
        self._catch_up()
        return self.screen.cells()

    def _catch_up(self) -> None:
        while self._next(0):
            pass

    def send(self, *keys: str | bytes) -> Moment:
        """Press keys: names of ``KEYS``, single characters, or bytes as they are; when it began."""
        began = self.now()
        for key in keys:
            code = key if isinstance(key, bytes) else KEYS.get(key, key).encode()
            if isinstance(key, str) and key not in KEYS and len(key) != 1:
                raise ValueError(f"{key!r} is no key; type a text as bytes")
            os.write(self._master, code)
        return began

    def resize(self, columns: int, lines: int) -> None:
        """Change the size of the window; the kernel sends SIGWINCH to who is in front."""
        with self._news:
            self._events.append((self.now(), (columns, lines)))
        self._set_size(columns, lines)

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def output(self, since: int = 0) -> bytes:
        """Every byte that came, from a mark on."""
        with self._news:
            return b"".join(data for _, data in self._events if isinstance(data, bytes))[since:]

    def mark(self) -> int:
        """How many bytes have come."""
        return len(self.output())

    def now(self) -> Moment:
        """The time, and the processor time over all threads that the command has and had."""
        # clock_getcpuclockid(3) makes the clock of a process from its number in this way; once
        # the process has ended there is none, and what was read last stays.
        with suppress(OSError):
            self._cpu = time.clock_gettime_ns(~self.process.pid << 3 | 2) / 1e9
        return Moment(time.monotonic(), self._cpu)

    def is_stopped(self) -> bool:
        """Whether the command was suspended, as by ctrl+z."""
        status = Path(f"/proc/{self.process.pid}/stat").read_text()
        return status.rpartition(")")[2].split()[0] == "T"

    def signal(self, number: int) -> None:
        """Send the command a signal."""
        self.process.send_signal(number)

    def wait_exit(self, timeout: float = 30) -> int:
        """The exit code, after all that the command wrote has been read; negative: a signal."""
        code = self.process.wait(timeout)
        self._reader.join(timeout)
        self._catch_up()
        return code

    def left_behind(self) -> list[str]:
        """What the command changed about the terminal and has not put back."""
        self._catch_up()
        raw = termios.tcgetattr(self._master)[:4] != self._fresh[:4]
        return self.screen.left_behind() + ["raw keyboard"] * raw

    def hang_up(self) -> None:
        """Close the window: the kernel tells the command, which nobody hears or sees any more."""
        self._closing = True
        self._reader.join()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1

    def close(self) -> None:
        """End the command and what it started, and close the window."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.hang_up()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
