"""``kmeans-tui assign``: the clusters of a recorded run for the rows of another table."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.command import Options
from kmeans_tui.flags import add_file_flags, from_arguments
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import (
    DONE,
    UNUSABLE,
    Parser,
    answer,
    print_json,
    print_lines,
    refuse,
)
from kmeans_tui.vocabulary import MISSING
from kmeans_tui.whole_file import whole_file
from kmeans_tui.words import printable

if TYPE_CHECKING:
    from kmeans_tui.requests.assigned import Assigning
    from kmeans_tui.requests.subject import Subject

_EPILOG: Final = """\
RUN is a recording: run.json of 'kmeans-tui export DATA --what run'. NEW is a table with the columns
that the run clusters by, in any order; it is read, filled and scaled as the run's table.
It is written with the columns cluster (as in the run, from 1), distance, margin and far; far marks
rows farther out than 99.9 % of the run's rows in their cluster, below 1,000 rows than all of them.
Shares and means are by weight where the run has weights and NEW has their column.

examples:
  kmeans-tui assign january/run.json february.csv --out february-clusters.csv
  kmeans-tui assign january/run.json february.csv --json
"""


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser("kmeans-tui assign", "Assign new rows to the clusters of a run.", _EPILOG)
    parser.add_argument("run", metavar="RUN", help="a recorded run: run.json")
    parser.add_argument("new", metavar="NEW", help="a table, or - for standard input")
    parser.add_argument("--out", metavar="FILE", help="the CSV file to write (standard output)")
    parser.add_argument("--force", action="store_true", help="replace an existing file")
    parser.add_argument(
        "--missing", choices=MISSING, help="rows with a missing value (as in the run)"
    )
    add_file_flags(parser)
    parser.add_json("the summary; the rows are written only with --out")
    given = parser.parse_args(words)
    options = Options(given.run)
    target = None if given.out is None else Path(given.out).expanduser()
    problem = _unusable(given.run, given.new, target, force=given.force)
    if problem is not None:
        return refuse(problem)

    from kmeans_tui.requests import assigned, assigned_words
    from kmeans_tui.requests.assigned_file import write

    def work(subject: "Subject", narration: Narration) -> "Assigning":
        def heard(doing: str) -> bool:
            narration.say(doing)
            return True

        done = assigned.assigning(
            from_arguments(given),
            subject,
            given.new,
            given.missing,
            lambda read, size: narration.say(f"reading, {read / 1e6:,.0f} of {size / 1e6:,.0f} MB"),
        )
        if target is not None:
            with whole_file(target) as file:
                write(done, file, heard)
                done.told()
        elif given.json:
            write(done, None, heard)
        else:
            sys.stdout.flush()
            write(done, _standard_output(), heard)
        done.told()
        return done

    found = answer(options, work)
    if found is None:
        return UNUSABLE
    _, done = found
    if given.json:
        print_json(assigned.document(options, done, None if target is None else str(target)))
        return DONE
    if target is not None:
        print_lines([str(target)])
    print_lines(assigned_words.lines(done), sys.stderr)
    return DONE


def _unusable(run: str, new: str, target: Path | None, *, force: bool) -> str | None:
    """Return why nothing can be done with these files, or None."""
    from kmeans_tui.requests import recorded, subject
    from kmeans_tui.requests.assigned_file import unusable

    try:
        subject.check(Options(run))
    except ValueError as error:
        return str(error)
    if not recorded.is_recording(run):
        return (
            f"{run} is not a recorded run: write one with 'kmeans-tui export DATA --what run', or "
            "x on the screen"
        )
    return unusable(run, new, target, force=force)


class _Terminal(io.RawIOBase):
    """Shows what is written on the terminal, with controls in it made harmless."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        for line in bytes(data).decode("utf-8", "replace").splitlines(keepends=True):
            bare = line.rstrip("\n")
            sys.stdout.write(printable(bare) + line[len(bare) :])
        return len(data)


def _standard_output() -> Any:
    return _Terminal() if sys.stdout.isatty() else sys.stdout.buffer
