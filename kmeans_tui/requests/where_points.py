"""Whether the points of a table come into memory, or stay on disk and are read in parts."""

from typing import TYPE_CHECKING

from kmeans_tui.command import Options

if TYPE_CHECKING:
    from pathlib import Path

    from kmeans_tui.partitioned.plan import StoredTable
    from kmeans_tui.requests.in_parts import Tell

# Imports are inside functions: the checks before the screen opens must not wait for numpy.


def stay_on_disk(options: Options) -> bool:
    """Whether the points stay on disk: as asked for, or because they do not fit in memory."""
    return _reason(options) is not None


def stored_table(options: Options, tell: "Tell") -> "StoredTable | None":
    """Return the table whose points stay on disk, with the reason; None if they come into memory.

    Raises ``DataError`` for a table that cannot be read in parts.
    """
    reason = _reason(options)
    if reason is None:
        return None
    from kmeans_tui.partitioned import stored

    found = stored.npy(_path(options))
    return found._replace(remarks=(*found.remarks, *([reason] if reason else [])))


def _path(options: Options) -> "Path":
    from kmeans_tui.data.reading import files

    return files.located(options.data.strip())


def _reason(options: Options) -> str | None:
    """Return why the points stay on disk, "" if that was asked for; None if they do not."""
    from kmeans_tui.data import catalogue
    from kmeans_tui.data.columns import DataError
    from kmeans_tui.data.reading import files
    from kmeans_tui.requests.recorded import is_recording

    data, wanted = options.data.strip(), options.where
    if wanted == "memory":
        return None
    picture = data.startswith(files.IMAGE)
    own = catalogue.is_file(options.data) and data != files.STDIN and not picture
    if not own or is_recording(options.data):
        if wanted is not None:
            raise DataError(
                f"--where {wanted} applies only to a table in a file, and {data} is none: "
                "leave it out"
            )
        return None
    if wanted is not None or options.scheduler or options.workers:
        return ""
    return _too_large(_path(options))


def _too_large(path: "Path") -> str | None:
    """Return why a table does not fit in memory, with the numbers; None if it fits."""
    from kmeans_tui.data.columns import DataError
    from kmeans_tui.data.reading import memory

    if path.suffix.lower() != ".npy" or not path.is_file():
        return None
    free = memory.available()
    # Not read before it is clear that it may be large.
    if path.stat().st_size * 3 < free:
        return None
    from kmeans_tui.partitioned import stored

    try:
        table = stored.npy(path)
    except DataError:
        return None
    needed = memory.needed(table.rows, len(table.columns), len(table.columns))
    if needed <= free:
        return None
    return (
        f"In memory it would need about {memory.amount(needed)}, and {memory.amount(free)} are "
        "free: its points stay on disk, and every iteration reads them."
    )
