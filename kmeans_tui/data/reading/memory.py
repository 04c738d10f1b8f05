"""Check whether a table fits in memory before reading it."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from kmeans_tui.data.columns import DataError
from kmeans_tui.words import plural

# The parser's result, its columns as arrays, and the rows made from them.
_COPIES: Final = 3
# A text cell: a pointer to a string that is often shared.
_TEXT: Final = 40
# Address space for the screen, numpy, scipy and scikit-learn with their threads: at 600 MB some
# library fails to load, and OpenBLAS then ends the process without restoring the terminal.
_SCREEN: Final = 800_000_000
# What to do with a table that is larger than memory.
FEWER: Final = "draw some of its rows at random with --sample 100000, or save it with fewer columns"
_limited: Final = ["this shell allows {} (ulimit -v)"]
_SHORT: Final = ("failed to map", "Cannot allocate memory", "can't start new thread")


def rows_of(size: int, sample: Sequence[Sequence[str | None]]) -> int:
    """Return how many rows a text of ``size`` bytes holds, estimated from a sample."""
    characters = sum(len(cell or "") + 1 for row in sample for cell in row)
    return max(1, int(size * len(sample) / max(1, characters)))


def check(name: str, rows: int, columns: int, numbers: int) -> None:
    """Raise ``DataError`` with the sizes if a table would not fit in memory.

    ``numbers`` of the ``columns`` are read as numbers, the others as text.
    """
    size, free = needed(rows, columns, numbers), available()
    if size > free:
        raise DataError(
            f"{name} has about {rows:,} rows of {plural(columns, 'column')} and needs about "
            f"{amount(size)} of memory; {amount(free)} are free: leave its points on disk with "
            f"--where stream, draw some rows at random with --sample {_fitting(rows, size, free)}, "
            "or take fewer columns"
        )


def needed(rows: int, columns: int, numbers: int) -> int:
    """Return the bytes that a table needs while it is read."""
    return rows * (numbers * 8 * _COPIES + (columns - numbers) * _TEXT)


def _fitting(rows: int, needed: int, free: int) -> int:
    """Return a round number of rows that takes up at most a quarter of the free memory."""
    most = rows * free // (4 * needed)
    return max(1000, 10 ** (len(str(max(1, most))) - 1))


def available() -> int:
    """Return the bytes of memory still available to this process, as far as the system tells."""
    limits = [_meminfo(), _control_group(), address_space()]
    known = [each for each in limits if each is not None]
    return min(known) if known else 1 << 62


def _meminfo() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        return None
    return None


def _control_group() -> int | None:
    """Return what is left of a container's memory limit."""
    room = Path("/sys/fs/cgroup")
    try:
        limit = int(room.joinpath("memory.max").read_text(encoding="ascii"))
        used = int(room.joinpath("memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):  # no such limit: "max"
        return None
    return max(0, limit - used)


def address_space() -> int | None:
    """Return the bytes left of the address space limit (``ulimit -v``); None without one."""
    limit = _limit()
    if limit is None:
        return None
    import resource

    try:
        used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return limit
    return max(0, limit - used * resource.getpagesize())


def _limit() -> int | None:
    if os.name == "nt":
        return None
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit


def limited_by(said: str) -> None:
    """Say who limits the memory of this process, and by what: ``{}`` stands for the amount."""
    _limited.append(said)


def needs_more(what: str) -> str:
    """Return the message that there is not enough memory for something, and what to do."""
    limit = _limit()
    remedy = "choose fewer rows"
    if limit is not None and limit < (_meminfo() or limit + 1):
        remedy = f"{_limited[-1].format(amount(limit))}: raise that, or {remedy}"
    return f"there is not enough memory for {what}; {remedy}"


def is_short(error: BaseException) -> bool:
    """Whether an error means that memory ran out, in any library's wording."""
    said = str(error)
    return isinstance(error, MemoryError) or any(each in said for each in _SHORT)


def too_few_addresses() -> bool:
    """Whether the address space limit is below what the screen and its libraries need."""
    limit = _limit()
    return limit is not None and limit < _SCREEN


def amount(count: int) -> str:
    """Return a number of bytes in readable form."""
    return (
        f"{count / 1e9:,.1f} GB"
        if count >= 1e9
        else f"{count / 1e6:,.{1 if count < 1e7 else 0}f} MB"
    )
