"""The command ``kmeans-tui``: runs a headless command, or opens the screen in a terminal."""

import contextlib
import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Final, NoReturn

from kmeans_tui import __version__, screen_table, settings, user_keys
from kmeans_tui.command import Options
from kmeans_tui.flags import of_screen
from kmeans_tui.garbage import uncollected
from kmeans_tui.headless.shell import INTERRUPTED, MISUSED, PIPE_CLOSED, Parser, refuse
from kmeans_tui.headless.stream import printable_streams
from kmeans_tui.shell_command import to_command

# THE table of commands, each the ``main`` of the module of its name in ``headless``: what follows
# the name, and what the command is for.
COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "run": ("DATA", "the same run as text"),
    "watch": ("DATA", "the same half steps as sentences, driven by the same keys"),
    "elbow": ("DATA", "how many clusters: inertia and criteria for each k"),
    "ladder": ("DATA", "which rows part or join from each k to the next"),
    "seeds": ("DATA", "does the start matter: the results of many seeds"),
    "stability": ("DATA", "would another sample give the same groups, and how many"),
    "compare": ("DATA", "the same clustering with scikit-learn, or two runs (--pair)"),
    "rules": ("DATA", "the clusters as rules on single columns, also as SQL or Python"),
    "farthest": ("DATA", "the rows farthest from their centroids, and the run without them"),
    "report": ("DATA", "a full report, as Markdown or a web page (--out FILE)"),
    "assign": ("RUN NEW", "the clusters of a recorded run for the rows of another table"),
    "article": ("", "the article's claims, each tested"),
    "export": ("DATA", "figures, the animation, data and code, as files"),
    "data": ("", "the built-in sets and their parameters"),
    "cache": ("", "tables kept to be read in parts, and unfinished runs"),
    "keys": ("", "the keys of the screen, and how to choose others"),
    "serve": ("DATA", "the screen in browsers, for visitors (the extra web)"),
    "dask": ("", "the commands that start a Dask cluster on this machine"),
    "lessons": ("", "the lessons; one of them with its answers (lessons 4)"),
}

_EPILOG: Final = """\
DATA is a built-in set, optionally with parameters: iris, wine, blobs:n=3000,k=5;
your own table: CSV, TSV, Parquet, JSON lines, Excel, Arrow, .npy or .npz, gzipped or not;
- for standard input (commands only); or a picture: image:photo.png

commands without a screen:
{commands}
--json prints JSON for every command except report, serve and watch

theme, marker, ASCII, speed and your keys are in ~/.config/kmeans-tui/settings.json

examples:
  kmeans-tui                                     the blobs, three clusters
  kmeans-tui iris -k 3 --init k-means++ --seed 7
  kmeans-tui iris --features 1,2,3,4 --axes pca
  kmeans-tui run blobs --seed 1 --json
  kmeans-tui compare customers.csv --scale standard --truth segment
  kmeans-tui elbow iris --k-max 8
  kmeans-tui seeds blobs -k 3 --census 1000
"""


# The end of the sentence that names a command for Explore.
_TOLD: Final = " (watch in place of run goes through it by keys, in words)"


def _epilog() -> str:
    heads = {name: f"{name} {after}".rstrip() for name, (after, _) in COMMANDS.items()}
    width = max(map(len, heads.values()))
    lines = (
        f"  kmeans-tui {heads[name]:<{width}}  {about}" for name, (_, about) in COMMANDS.items()
    )
    return _EPILOG.format(commands="\n".join(lines))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0, 1, 2, 130 or 141."""
    with printable_streams():
        return _main(arguments)


def _main(arguments: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # A character missing from the locale's encoding must not cause a traceback.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        with _Ended():
            known = bool(words) and words[0] in COMMANDS
            code = _command(words[0])(words[1:]) if known else _screen(words)
            if sys.stdout is not None:
                sys.stdout.flush()
            return code
    except KeyboardInterrupt:
        _leave_at_once(INTERRUPTED)
        return INTERRUPTED
    except _Signalled as signalled:
        _leave_at_once(signalled.code)
        return signalled.code
    except BrokenPipeError:
        # The reader has closed the pipe: head, a pager.
        _drop_output()
        return PIPE_CLOSED
    except (MemoryError, ImportError, RuntimeError) as error:
        from kmeans_tui.data.reading import memory

        if not memory.is_short(error):
            raise
        return refuse(memory.needs_more("this"))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        _drop_output()
        return refuse(f"the output cannot be written: {error.strerror}")


class _Signalled(BaseException):
    """A signal ended the command; ``code`` is the exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class _Ended:
    """While active, SIGTERM and SIGHUP act as ctrl+c does: unfinished files are removed.

    A signal that the parent process has set to be ignored stays ignored (``nohup``).
    """

    def __enter__(self) -> None:
        self._before = {}
        if threading.current_thread() is not threading.main_thread():
            return
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                self._before[number] = signal.signal(number, self._end)

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    @staticmethod
    def _end(number: int, _: object) -> NoReturn:
        raise _Signalled(128 + number)


def _leave_at_once(code: int) -> None:
    """End the process here if a query is running: Python's normal shutdown would abort in it."""
    query = sys.modules.get("kmeans_tui.data.reading.query")
    if query is not None and query.is_busy():
        from kmeans_tui.data.reading import rooms

        rooms.remove_all()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()
        os._exit(code)


def _drop_output() -> None:
    """Discard the rest of stdout, so that the flush at exit does not fail again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _screen(words: Sequence[str]) -> int:
    parser = Parser(
        "kmeans-tui", "Watch K-Means at work, in the terminal, step by step.", _epilog()
    )
    parser.add_argument("--version", action="version", version=f"kmeans-tui {__version__}")
    parser.add_data()
    parser.add_options()
    kept, remarks = settings.kept()
    parser.set_defaults(**kept)
    given, left = parser.parse_known_args(words)
    if given.data in COMMANDS:
        parser.error(f"{given.data} comes first: kmeans-tui {given.data} ...")
    if left:
        if not left[0].startswith("-"):
            known = ", ".join(COMMANDS)
            parser.error(f"there is no command {given.data!r}; the commands are {known}")
        parser.error(f"unrecognized arguments: {' '.join(left)}")
    options = of_screen(given)
    for remark in remarks:
        refuse(f"warning: {remark}")

    try:
        # Before the screens are imported, which ask for their keys.
        user_keys.use_saved()
    except ValueError as error:
        return refuse(str(error))
    with uncollected():
        return _opened(options)


def _opened(options: Options) -> int:
    from kmeans_tui.requests import subject

    taught = options.lesson is not None or options.screen == "lessons"
    if taught:
        from kmeans_tui.lessons import course

        try:
            options = course.opened(options)
        except ValueError as error:
            return refuse(str(error), MISUSED)
    # Both before any slow import: a script that forgot the command gets its message at once.
    try:
        subject.check(options)
    except ValueError as error:
        return refuse(str(error))
    problem = _no_screen()
    if problem is not None:
        instead = to_command(options, screen_table.screen(options.screen).command)
        if taught:
            number = (options.lesson or "").partition(":")[0]
            instead = f"kmeans-tui lessons {number}".rstrip()
        told = "" if taught or options.screen != "explore" else _TOLD
        return refuse(f"{problem}; to run without a screen: {instead}{told}", MISUSED)
    if options.ascii is None and not _unicode():
        options = replace(options, ascii=True)

    from kmeans_tui.ui.app import run_app

    return run_app(options)


def _command(name: str) -> Callable[[Sequence[str]], int]:
    """Return the ``main`` of a command's module; importing all would delay first paint by 60 ms."""
    found: Callable[[Sequence[str]], int] = import_module(f"kmeans_tui.headless.{name}").main
    return found


def _no_screen() -> str | None:
    """Why a screen cannot be drawn here, or ``None``."""
    # Textual draws the screen on stderr.
    for name, stream in (("stdin", sys.stdin), ("stdout", sys.stdout), ("stderr", sys.stderr)):
        if stream is None or stream.closed or not stream.isatty():
            return f"{name} is not a terminal"
    term = os.environ.get("TERM", "")
    if os.name != "nt" and term in ("", "dumb", "unknown"):
        return f"the terminal cannot place the cursor (TERM is {term or 'not set'})"
    return None


def _unicode() -> bool:
    encodings = [(stream.encoding or "").lower() for stream in (sys.stdout, sys.stderr)]
    return all(each.startswith("utf") for each in encodings)
