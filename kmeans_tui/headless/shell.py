"""What all commands share at the shell: usage, error messages, tables, documents."""

import argparse
import json
import math
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self, TypeVar

from kmeans_tui.analysis.criteria import curves
from kmeans_tui.command import DRAWN_ANEW, ELBOW_INIT, GIVEN, Options
from kmeans_tui.data.reading import memory
from kmeans_tui.flags import add_flags, from_arguments
from kmeans_tui.given_points import UnusablePointsFile
from kmeans_tui.headless.narration import Narration
from kmeans_tui.requests import given, where_points
from kmeans_tui.words import printable

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject


DONE, UNUSABLE, MISUSED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141

FoundT = TypeVar("FoundT")

_NEGATIVE: Final = re.compile(r"-\.?[0-9]")
# What each argument type accepts, to replace argparse's "invalid whole value: 'three'".
_WANTED: Final = {
    "whole": "a whole number of at least 1",
    "seed_number": "a whole number of at least 0",
    "seed_list": "seeds, as in 0-4 or 1,5,9-12",
    "not_negative": "a number of at least 0",
    "row_list": "rows, as in 5,17 or 5-9",
    "speed": "a number",
}


class Parser(argparse.ArgumentParser):
    """An argparse parser whose error message is one line that points to the help."""

    def __init__(self, prog: str, description: str, epilog: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            # An abbreviation that works today would break when a flag is added.
            allow_abbrev=False,
        )
        # From Python 3.14 on, the help contains colours, which are escape sequences.
        self.color = False
        self.command = "screen"

    @classmethod
    def of(cls, command: str, description: str, epilog: str | None = None) -> Self:
        """The parser of a command on data, with the data and the flags that count for it."""
        parser = cls(f"kmeans-tui {command}", description, epilog)
        parser.command = command
        parser.add_data()
        parser.add_options(command)
        return parser

    def add_data(self) -> None:
        """Add the data as the only positional argument."""
        self.add_argument(
            "data",
            nargs="?",
            default="blobs",
            metavar="DATA",
            help="a built-in set, a file, or - for standard input (blobs)",
        )

    def add_options(self, command: str = "screen") -> None:
        """Add the flags of ``Options``; the help lists those that apply to the command."""
        add_flags(self, command, {"curve": curves()})
        # A start that is asked for in so many words differs from the usual one.
        self.set_defaults(init=None)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, and settle the start: given centroids, the start of the data set, or a drawn one.

        Ends the program if given centroids cannot be read or clash with ``-k``.
        """
        try:
            words = self._joined(sys.argv[1:] if args is None else args)
            found, left = super().parse_known_args(words, namespace)
        except UnusablePointsFile as error:
            self.exit(refuse(str(error), UNUSABLE))
        if hasattr(found, "centroids"):
            self._settle(found)
        return found, left

    def _joined(self, words: Sequence[str]) -> list[str]:
        """Join a flag and a value that begins with a negative number, which argparse refuses."""
        valued = {
            flag for each in self._actions if each.nargs is None for flag in each.option_strings
        }
        found: list[str] = []
        for word in words:
            if found and found[-1] in valued and _NEGATIVE.match(word):
                found[-1] = (
                    f"{found[-1]}={word}" if found[-1].startswith("--") else found[-1] + word
                )
            else:
                found.append(word)
        return found

    def _settle(self, found: argparse.Namespace) -> None:
        options = from_arguments(found)
        problem = given.clashing(options) or where_points.clashing(options)
        if problem is not None:
            self.error(problem)
        asked = None if found.init == self.get_default("init") else found.init
        on_screen = self.command == "screen" and found.screen in DRAWN_ANEW
        swept = found.screen if on_screen else self.command
        said = given.overruled(options, swept, asked)
        if said is not None:
            refuse(f"warning: {said}")
        many = swept in (*DRAWN_ANEW, "ladder", "report")
        if found.centroids is not None:
            found.k = options.k
            found.init = found.init if many else GIVEN
        if many and found.init == GIVEN:
            found.init = ELBOW_INIT
        elif found.init is None and not many and given.is_own(options):
            found.init = GIVEN
        elif found.init is None and not many:
            found.init = where_points.usual_init(options)

    def add_json(self, instead_of: str = "tables") -> None:
        """Add ``--json``."""
        self.add_argument(
            "--json", action="store_true", help=f"one JSON document instead of {instead_of}"
        )

    def error(self, message: str) -> NoReturn:
        def wanted(found: re.Match[str]) -> str:
            return f"{found[2]} is not {_WANTED.get(found[1], 'a usable value')}"

        message = re.sub(r"invalid (\w+) value: (.*)", wanted, message)
        message = " ".join(message.split())
        self.exit(refuse(f"{message} ('{self.prog} --help' lists the options)", MISUSED))

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        # One line at a time, like everything sent to the shell.
        print_lines(message.splitlines(), file)


def answer(
    options: Options,
    work: Callable[["Subject", Narration], FoundT],
    *,
    in_place: bool = True,
) -> "tuple[Subject, FoundT] | None":
    """Load the data of the options and run the work on them; warnings go to stderr.

    Returns None, with the reason in one line on stderr, if the data cannot be used. ``in_place``
    is that of ``Narration``.
    """
    from kmeans_tui.requests.subject import check, open_subject

    try:
        check(options)
        with Narration(in_place=in_place) as reading:
            subject = open_subject(
                options,
                lambda done, size: reading.say(
                    f"reading, {done / 1e6:,.0f} of {size / 1e6:,.0f} MB"
                ),
                reading.say,
            )
        with (
            warnings.catch_warnings(record=True) as warned,
            Narration(in_place=in_place) as narration,
        ):
            warnings.simplefilter("always", UserWarning)
            found = work(subject, narration)
    except ValueError as error:
        refuse(str(error))
        return None
    except MemoryError:
        refuse(memory.needs_more(options.data))
        return None
    name = subject.dataset.name
    # Many runs may give the same warning.
    for message in dict.fromkeys(str(each.message) for each in warned):
        refuse(f"warning: {message.replace('X has', f'{name} has', 1)}")
    return subject, found


def tell(
    options: Options,
    work: Callable[["Subject", Narration], FoundT | None],
    document: Callable[[Options, "Subject", FoundT], dict[str, Any]] | None,
    lines: Callable[[Options, "Dataset", FoundT], Iterable[str]],
) -> int:
    """Print what the work on the data of the options finds; returns the exit code.

    As a document, or where that is None as lines.
    """
    found = answer(options, work)
    if found is None:
        return UNUSABLE
    subject, result = found
    if result is None:
        return UNUSABLE
    if document is not None:
        print_json(document(options, subject, result))
    else:
        print_lines(lines(options, subject.dataset, result))
    return DONE


def print_lines(lines: Iterable[str], file: "SupportsWrite[str] | None" = None) -> None:
    """Write lines to stdout or a file, with line breaks and controls in them made harmless."""
    for line in lines:
        print(printable(line), file=file)


def print_json(document: object) -> None:
    """Write a document to stdout on one line; numbers that are not finite become null.

    Texts are unchanged: non-ASCII and control characters are written as JSON escapes.
    """
    try:
        text = json.dumps(document, allow_nan=False, ensure_ascii=True)
    except ValueError:
        text = json.dumps(_finite(document), allow_nan=False, ensure_ascii=True)
    print(text)


def _finite(value: object) -> object:
    """Return the value with None in place of numbers that JSON cannot express."""
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def refuse(message: str, code: int = UNUSABLE) -> int:
    """Print a one-line error message on stderr and return the exit code."""
    print(f"kmeans-tui: {printable(message)}", file=sys.stderr)
    return code
