"""A process that works on parts, as it is told through a pipe."""

import os
import signal
import time
from multiprocessing.connection import Connection
from typing import Any, Final

from kmeans_tui.data.columns import DataError

# How often, in seconds, it says how far it is.
_EVERY: Final = 0.05
# With a process on every core a key is answered in 30 ms (median), without it in 55.
_NICE: Final = 5


class _ToldToStopError(Exception):
    """Something was said during a pass: stop, or nobody is there any more."""


def serve(pipe: Connection) -> None:
    """Do one part after the other until the other end of the pipe is closed.

    Each is (pass, number, part, recipe, task). The answers are ("told", number, rows) while it
    works, then ("done", number, result), ("stopped", number, None) or ("failed", number, error).
    """
    # The whole terminal is interrupted at once; the parent process decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICE)
    from kmeans_tui.partitioned import part_kernels
    from kmeans_tui.partitioned.one_thread import one_thread

    labels: dict[int, dict[str, Any]] = {}
    try:
        with one_thread():
            while True:
                asked = pipe.recv()
                if asked is None:  # stopped when it had just finished
                    pipe.send(("stopped", -1, None))
                    continue
                name, number, *given = asked
                kept = labels.setdefault(number, {}) if name in part_kernels.KEEPING else None
                pipe.send(_answer(pipe, name, number, given, kept))
    except (EOFError, OSError):
        return


def _answer(
    pipe: Connection, name: str, number: int, given: list[Any], kept: dict[str, Any] | None
) -> tuple[str, int, Any]:
    from kmeans_tui.partitioned import part_kernels, part_reading

    part, recipe, task = given
    held, last = 0, time.monotonic()

    def tell(rows: int) -> None:
        nonlocal held, last
        held += rows
        if pipe.poll():
            pipe.recv()
            raise _ToldToStopError
        if time.monotonic() - last > _EVERY:
            pipe.send(("told", number, held))
            held, last = 0, time.monotonic()

    try:
        blocks = part_reading.blocks(part, recipe)
        return "done", number, part_kernels.work(name, part, blocks, task, kept, tell)
    except _ToldToStopError:
        return "stopped", number, None
    except (OSError, MemoryError) as error:
        reason = getattr(error, "strerror", None) or str(error) or "there is not enough memory"
        return "failed", number, DataError(f"the rows cannot be read any more: {reason}")
