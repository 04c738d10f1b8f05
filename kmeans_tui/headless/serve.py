"""``kmeans-tui serve``: the screen in browsers, for visitors with a process each."""

import argparse
import asyncio
import importlib.util
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any, Final

from kmeans_tui.argument_types import whole
from kmeans_tui.command import Options
from kmeans_tui.data.reading.files import STDIN
from kmeans_tui.flags import of_screen
from kmeans_tui.headless.shell import INTERRUPTED, MISUSED, UNUSABLE, Parser, refuse

_EPILOG: Final = """\
Visitors see DATA and the built-in sets, and no other file. What they export is a download; their
settings are forgotten. There is no password and no encryption: --host opens the program to all who
can reach that address. ctrl+c ends it.

examples:
  kmeans-tui serve
  kmeans-tui serve customers.csv --scale standard --port 0
  kmeans-tui serve iris --host 0.0.0.0 --visitors 30 --idle 45
"""
_LEAST_MEMORY: Final = 1_000
_LONGEST_IDLE: Final = 1_440.0


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser("kmeans-tui serve", "Show the screen in browsers.", _EPILOG)
    parser.add_data()
    for flag, keywords in _FLAGS.items():
        parser.add_argument(flag, **keywords)
    parser.add_options()
    given = parser.parse_args(words)
    options = of_screen(given)
    problem = _lacking()
    if problem is not None:
        return refuse(problem)
    from kmeans_tui.lessons import course
    from kmeans_tui.requests import subject
    from kmeans_tui.serving import access

    try:
        options = course.opened(options)
        names = access.allowed(given.allow_host)
    except ValueError as error:
        return refuse(str(error), MISUSED)
    if options.data.strip() == STDIN:
        return refuse("standard input cannot be served: save it to a file first", MISUSED)
    if options.workers or options.scheduler or options.where in ("processes", "dask"):
        return refuse(
            "visitors start no processes: leave out --workers and --scheduler, and take no --where "
            "but memory or stream",
            MISUSED,
        )
    try:
        subject.check(options)
    except ValueError as error:
        return refuse(str(error))
    try:
        listening = _listening(given.host, given.port)
    except OSError as error:
        return refuse(_why(given.host, given.port, error))
    with closing(listening):
        allowed = access.Access(given.host, listening.getsockname()[1], names)
        return _serve(options, given, listening, allowed)


def _serve(
    options: Options, given: argparse.Namespace, listening: socket.socket, allowed: Any
) -> int:
    from kmeans_tui.serving import visit
    from kmeans_tui.serving.access import bracketed
    from kmeans_tui.serving.allowance import Allowance
    from kmeans_tui.serving.process import Task
    from kmeans_tui.serving.room import Room
    from kmeans_tui.serving.server import Server

    allowance = Allowance(given.visitors, given.memory, given.idle)

    def ready() -> None:
        if not allowed.local:
            refuse(
                f"warning: all who can reach {given.host} can use the program and see "
                f"{os.path.basename(options.data)}; there is no password and no encryption"
            )
        for each in allowance.sentences():
            refuse(each)
        print(f"http://{bracketed(given.host or '0.0.0.0')}:{allowed.port}/", flush=True)

    try:
        room = Room(options.data)
    except OSError as error:
        return refuse(f"{options.data} cannot be copied for visitors: {error.strerror or error}")
    with room:
        server = Server(options, room, allowed, allowance, refuse)
        folder = room.enter()
        task = Task(server.options, allowance.memory)
        code = asyncio.run(visit.check(task, folder, room.environment(folder)))
        if code:
            return UNUSABLE if code < 0 else code
        room.leave(folder)
        try:
            number = asyncio.run(server.run(listening, ready))
        except OSError as error:
            # Another program began to listen there after we had taken the address.
            return refuse(_why(given.host, allowed.port, error))
    return INTERRUPTED if number == 2 else 128 + number


def _lacking() -> str | None:
    """Why nothing can be served here, or None."""
    if sys.platform == "win32":
        return "serve needs a system that can limit the memory of visitors: Linux or macOS"
    if any(importlib.util.find_spec(each) is None for each in ("textual_serve", "aiohttp")):
        return "serve needs textual-serve: install it with 'pip install kmeans-tui[web]'"
    return None


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that has its address, so that nobody else gets it; it does not listen yet."""
    kind, form, protocol, _, address = socket.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    found = socket.socket(kind, form, protocol)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
    except OSError:
        found.close()
        raise
    return found


def _why(host: str, port: int, error: OSError) -> str:
    import errno

    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use: choose another with --port, or any free one with --port 0"
    if error.errno == errno.EACCES:
        return f"port {port} is not for you: choose one above 1023 with --port"
    return f"{host} is no address of this computer to listen on: {error.strerror or error}"


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value < 65536:
        raise argparse.ArgumentTypeError(f"{text} is no port: they are 0 to 65535")
    return value


def _megabytes(text: str) -> int:
    value = whole(text)
    if value < _LEAST_MEMORY:
        raise argparse.ArgumentTypeError(f"{text} MB are too few: the screen needs {_LEAST_MEMORY}")
    return value


def _minutes(text: str) -> float:
    value = float(text)
    if not 0 < value <= _LONGEST_IDLE:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and at most {_LONGEST_IDLE:g}")
    return value


# The flags of this command alone.
_FLAGS: Final[Mapping[str, Mapping[str, Any]]] = {
    "--host": {
        "default": "127.0.0.1",
        "metavar": "ADDRESS",
        "help": "the address to listen on (127.0.0.1: this computer only; 0.0.0.0: all)",
    },
    "--port": {
        "type": _port,
        "default": 8000,
        "metavar": "N",
        "help": "the port to listen on; 0 is any free one (8000)",
    },
    "--allow-host": {
        "action": "append",
        "default": [],
        "metavar": "NAME",
        "help": "answer to this name as well, with :PORT only there; for a server behind a name",
    },
    "--visitors": {
        "type": whole,
        "default": 8,
        "metavar": "N",
        "help": "how many may visit at a time (8)",
    },
    "--memory": {
        "type": _megabytes,
        "default": 2000,
        "metavar": "MB",
        "help": "how much memory each visitor's processes may take (2000)",
    },
    "--idle": {
        "type": _minutes,
        "default": 15.0,
        "metavar": "MINUTES",
        "help": "how long a visit goes on without a key (15)",
    },
}
