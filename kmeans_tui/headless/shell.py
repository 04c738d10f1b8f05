"""What all commands say to the shell in the same way: usage, refusals, tables, documents."""

import argparse
import json
import math
import re
import sys
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from kmeans_tui.analysis.criteria import curves
from kmeans_tui.command import Options, add_flags
from kmeans_tui.data.reading import memory
from kmeans_tui.headless.narration import Narration
from kmeans_tui.words import printable

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

    from kmeans_tui.requests.subject import Subject


DONE, UNUSABLE, MISUSED, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141

FoundT = TypeVar("FoundT")

# What a flag's reader takes, for argparse's "invalid whole value: 'three'".
_WANTED: Final = {
    "whole": "a whole number of at least 1",
    "seed_number": "a whole number of at least 0",
    "seed_list": "seeds, as in 0-4 or 1,5,9-12",
    "not_negative": "a number of at least 0",
    "speed": "a number",
}


class Parser(argparse.ArgumentParser):
    """An argparse parser whose refusal is one line that names the help."""

    def __init__(self, prog: str, description: str, epilog: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            # An abbreviation that works today would break when a flag is added.
            allow_abbrev=False,
        )
        # From Python 3.14 on the help has colours, and they are escape sequences.
        self.color = False

    def add_data(self) -> None:
        """Take the data as the only word without a dash."""
        self.add_argument(
            "data",
            nargs="?",
            default="blobs",
            metavar="DATA",
            help="a built-in set, a file, or - for standard input; blobs if left out",
        )

    def add_options(self, command: str = "screen") -> None:
        """Take the flags of ``Options``, with those in the help that count for the command."""
        add_flags(self, command, {"curve": curves()})

    def add_json(self, instead_of: str = "tables") -> None:
        """Take ``--json``."""
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
        # A line at a time, as everything that goes to the shell.
        print_lines(message.splitlines(), file)


def answer(
    options: Options, work: Callable[["Subject", Narration], FoundT]
) -> "tuple[Subject, FoundT] | None":
    """Load the data of the options and do the work on them; what it warns of goes to stderr.

    None when the data cannot be used: why is said on stderr, in one line.
    """
    from kmeans_tui.requests.subject import check, open_subject

    try:
        check(options)
        with Narration() as reading:
            subject = open_subject(
                options,
                lambda done, size: reading.say(
                    f"reading, {done / 1e6:,.0f} of {size / 1e6:,.0f} MB"
                ),
            )
        with warnings.catch_warnings(record=True) as warned, Narration() as narration:
            warnings.simplefilter("always", UserWarning)
            found = work(subject, narration)
    except ValueError as error:
        refuse(str(error))
        return None
    except MemoryError:
        refuse(memory.needs_more(options.data))
        return None
    name = subject.dataset.name
    # Many runs warn of the same thing.
    for message in dict.fromkeys(str(each.message) for each in warned):
        refuse(f"warning: {message.replace('X has', f'{name} has', 1)}")
    return subject, found


def print_lines(lines: Iterable[str], file: "SupportsWrite[str] | None" = None) -> None:
    """Write lines to stdout, or to a file; none of them is more than one line, or obeyed."""
    for line in lines:
        print(printable(line), file=file)


def print_json(document: object) -> None:
    """Write a document to stdout, in one line; a number that is not finite is null.

    Texts in it are as they came: what is not ASCII, or obeyed by a terminal, is written as JSON's
    own escapes.
    """
    try:
        text = json.dumps(document, allow_nan=False, ensure_ascii=True)
    except ValueError:
        text = json.dumps(_finite(document), allow_nan=False, ensure_ascii=True)
    print(text)


def _finite(value: object) -> object:
    """The same with None for numbers that JSON does not have."""
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def refuse(message: str, code: int = UNUSABLE) -> int:
    """Say on stderr, in one line, what cannot be done; returns the exit code."""
    print(f"kmeans-tui: {printable(message)}", file=sys.stderr)
    return code
