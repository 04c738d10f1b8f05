"""``kmeans-tui watch``: the half steps of a run as sentences, one a line, driven by keys."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kmeans_tui import user_keys
from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.shell import (
    DONE,
    MISUSED,
    UNUSABLE,
    Parser,
    answer,
    print_lines,
    refuse,
)
from kmeans_tui.headless.single_keys import NoSingleKeys, SingleKeys

if TYPE_CHECKING:
    from kmeans_tui.headless.narration import Narration
    from kmeans_tui.requests.session import Run
    from kmeans_tui.requests.subject import Subject

_EPILOG = """\
Keys are those of Explore, yours included; ? lists them. Nothing is drawn: no boxes, no colours, no
escape sequences. Keys can come from a pipe, for a transcript; with an empty input the whole run is
told to its end:
  printf '..Gq' | kmeans-tui watch iris -k 3
  kmeans-tui watch iris -k 3 < /dev/null
"""


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser.of("watch", "Hear one run, half step by half step, as sentences.", _EPILOG)
    options = from_arguments(parser.parse_args(words))
    try:
        user_keys.use_saved()
    except ValueError as error:
        return refuse(str(error))

    from kmeans_tui.headless.told_run import run_of
    from kmeans_tui.headless.watching import Watching

    def work(subject: "Subject", narration: "Narration") -> "Run":
        return run_of(options, subject, narration)

    found = answer(options, work, in_place=False)
    if found is None:
        return UNUSABLE
    try:
        with SingleKeys() as keys:
            watching = Watching(options, found[1], keys, _say)
            watching.follow()
    except NoSingleKeys as refusal:
        return refuse(str(refusal), MISUSED)
    return DONE


def _say(lines: Sequence[str]) -> None:
    """Print lines, and let a reader at the other end of a pipe have them now."""
    print_lines(lines)
    if sys.stdout is not None:
        sys.stdout.flush()
