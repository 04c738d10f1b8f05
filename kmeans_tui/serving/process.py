"""The process of one visitor, seen from inside: its task, its limits, the program."""

import os
import pickle
import struct
import sys
from dataclasses import dataclass
from typing import Final, NoReturn

from kmeans_tui import settings
from kmeans_tui.command import Options
from kmeans_tui.data.reading import memory
from kmeans_tui.words import printable

_LENGTH: Final = struct.Struct("<Q")
# Bytes of one file: no export of a run is larger, and the disk is not for visitors to fill.
_LARGEST_FILE: Final = 1 << 30
# How much a visitor's process yields to others.
_NICE: Final = 5


@dataclass(frozen=True)
class Task:
    """What the process is for: the options to open with, the cells of the page, its memory in MB.

    Without a ``size`` it only checks that the options can be opened.
    """

    options: Options
    memory: int
    size: tuple[int, int] | None = None

    def packed(self) -> bytes:
        """Return it as it is sent to the process, before any keys."""
        task = pickle.dumps(self)
        return _LENGTH.pack(len(task)) + task


def main() -> NoReturn:
    """Carry out the task; runs only in a process that the server has started."""
    (length,) = _LENGTH.unpack(_exactly(_LENGTH.size))
    task: Task = pickle.loads(_exactly(length))
    _limit(task.memory)
    memory.limited_by("every visitor is allowed {} (serve --memory)")
    settings.keep_in_memory()
    _keep_stdout_clean()
    try:
        code = _check(task.options) if task.size is None else _run(task, task.size)
    except (MemoryError, ImportError, RuntimeError) as error:
        if not memory.is_short(error):
            raise
        code = _refuse(memory.needs_more("this"))
    sys.exit(code)


def _run(task: Task, size: tuple[int, int]) -> int:
    from kmeans_tui.ui.app import run_app
    from kmeans_tui.ui.visitor import Visitor

    return run_app(task.options, Visitor(task.options.data), size)


def _check(options: Options) -> int:
    """Refuse what the screen would refuse, in the same words and with the same codes."""
    from kmeans_tui.ui import themes
    from kmeans_tui.ui.models import fitting

    if options.theme is not None and (said := themes.refusal(options.theme)):
        return _refuse(said, 2)
    begun: list[object] = []
    try:
        # Of points that stay on disk one iteration will do: all of them may take hours.
        fitting.fit(options, None, lambda _: not begun, begun=begun.append)
    except MemoryError:
        return _refuse(memory.needs_more("this run"))
    except ValueError as error:
        return _refuse(str(error))
    return 0


def _refuse(message: str, code: int = 1) -> int:
    print(f"kmeans-tui: {printable(message)}", file=sys.stderr)
    return code


def _limit(megabytes: int) -> None:
    import resource

    for kind, most in (
        (resource.RLIMIT_AS, megabytes * 1_000_000),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))
    os.nice(_NICE)


def _keep_stdout_clean() -> None:
    """Let only the driver write to the server: anything else that is printed goes to stderr."""
    server = os.dup(1)
    os.dup2(2, 1)
    sys.__stdout__ = os.fdopen(server, "w", encoding="utf-8")  # type: ignore[misc]


def _exactly(length: int) -> bytes:
    found = b""
    while len(found) < length:
        part = os.read(0, length - len(found))
        if not part:
            sys.exit(0)  # the server has ended meanwhile
        found += part
    return found
