"""The program of a process that works on parts, one after the other, until its program ends."""

import pickle
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Final

from kmeans_tui.worker_process import listening, own_pipes, send

# How often, in seconds, it says how far it is.
_EVERY: Final = 0.05
# With a process on every core a key is answered in 30 ms (median), without it in 55.
_NICE: Final = 5


class _ToldToStopError(Exception):
    """Something was said during a pass: stop."""


def serve() -> None:
    """Do what is asked: pickles of (pass, part number, part, recipe, task), or of None to stop.

    The answers are ("told", number, rows) while it works, then ("done", number, result),
    ("stopped", number, None) or ("failed", number, error).
    """
    questions, answers = own_pipes(_NICE)
    asked = listening(questions)
    from kmeans_tui.partitioned import part_kernels

    def say(kind: str, number: int, found: Any) -> None:
        send(answers, pickle.dumps((kind, number, found), protocol=5))

    labels: dict[int, dict[str, Any]] = {}
    while True:
        given = pickle.loads(asked.get())
        if given is None:  # stopped when it had just finished
            say("stopped", -1, None)
            continue
        name, number, *rest = given
        kept = labels.setdefault(number, {}) if name in part_kernels.KEEPING else None
        say(*_answer(asked, say, name, number, rest, kept))


def _answer(
    asked: "SimpleQueue[bytearray]",
    say: Callable[[str, int, Any], None],
    name: str,
    number: int,
    given: list[Any],
    kept: dict[str, Any] | None,
) -> tuple[str, int, Any]:
    from kmeans_tui.partitioned import part_kernels, part_reading

    part, recipe, task = given
    held, last = 0, time.monotonic()

    def tell(rows: int) -> None:
        nonlocal held, last
        held += rows
        if not asked.empty():
            asked.get()
            raise _ToldToStopError
        if time.monotonic() - last > _EVERY:
            say("told", number, held)
            held, last = 0, time.monotonic()

    try:
        blocks = part_reading.blocks(part, recipe)
        return "done", number, part_kernels.work(name, part, blocks, task, kept, tell)
    except _ToldToStopError:
        return "stopped", number, None
    except (OSError, MemoryError) as error:
        return "failed", number, error
