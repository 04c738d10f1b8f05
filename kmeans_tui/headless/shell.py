"""What all commands say to the shell in the same way: usage, refusals, tables, documents."""

import argparse
import json
import re
import sys
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar

from kmeans_tui.command import Options
from kmeans_tui.headless.narration import Narration

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

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

    def add_data(self) -> None:
        """Take the data as the only word without a dash."""
        self.add_argument(
            "data",
            nargs="?",
            default="blobs",
            metavar="DATA",
            help="a built-in set, a file, or - for standard input; blobs if left out",
        )

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
        self.exit(MISUSED, f"kmeans-tui: {message} ('{self.prog} --help' lists the options)\n")


def answer(
    options: Options, work: Callable[["Dataset", Narration], FoundT]
) -> "tuple[Dataset, FoundT] | None":
    """Load the data of the options and do the work on them; what it warns of goes to stderr.

    None when the data cannot be used: why is said on stderr, in one line.
    """
    from kmeans_tui.requests import run

    try:
        run.check(options)
        with Narration() as reading:
            dataset = run.load(
                options,
                lambda done, size: reading.say(
                    f"reading, {done / 1e6:,.0f} of {size / 1e6:,.0f} MB"
                ),
            )
        with warnings.catch_warnings(record=True) as warned, Narration() as narration:
            warnings.simplefilter("always", UserWarning)
            found = work(dataset, narration)
    except ValueError as error:
        refuse(str(error))
        return None
    except MemoryError:
        refuse(f"{options.data} does not fit into memory; choose fewer rows")
        return None
    # Many runs warn of the same thing.
    for message in dict.fromkeys(str(each.message) for each in warned):
        refuse(f"warning: {message.replace('X has', f'{dataset.name} has', 1)}")
    return dataset, found


def print_lines(lines: Iterable[str]) -> None:
    """Write lines to stdout."""
    for line in lines:
        print(line)


def print_json(document: object) -> None:
    """Write a document of plain numbers to stdout, in one line."""
    print(json.dumps(document, allow_nan=False))


def refuse(message: str, code: int = UNUSABLE) -> int:
    """Say on stderr, in one line, what cannot be done; returns the exit code."""
    print(f"kmeans-tui: {message}", file=sys.stderr)
    return code
