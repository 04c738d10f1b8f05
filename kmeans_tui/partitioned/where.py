"""Where a run takes place: in memory, streamed here, or on this machine's cores."""

import gzip
import os
from pathlib import Path
from typing import Final, NamedTuple

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import files, memory
from kmeans_tui.data.reading.core_count import core_count
from kmeans_tui.partitioned import part_listing
from kmeans_tui.partitioned.table_files import table_files
from kmeans_tui.vocabulary import PLACES, RunPlace

_LOOKED_AT: Final = 1 << 18
# What gzip makes of tables of numbers.
_PACKED: Final = 4


class ChosenPlace(NamedTuple):
    """A place, and why: one sentence with the numbers that decided."""

    place: RunPlace
    why: str


class TableExtent(NamedTuple):
    """About how large a table is: exact for arrays and Parquet, estimated for text."""

    rows: int
    columns: int
    exact: bool


def extent(data: str) -> TableExtent:
    """Return about how large the table in a file, a folder or a pattern is.

    Reads headers and the first part of a text. Raises ``DataError`` if there is none.
    """
    found = [_extent(path) for path in table_files(data)]
    return TableExtent(
        sum(each.rows for each in found), found[0].columns, all(each.exact for each in found)
    )


def as_asked(asked: str | None, workers: int | None = None) -> ChosenPlace | None:
    """Return the place that is ``asked`` for, by its name or a number of workers; else None.

    It is said without the memory that is free: this is told in files, too, and the same command
    writes the same bytes. Raises ``DataError`` for a place that cannot be.
    """
    if asked is not None and asked not in PLACES:
        raise DataError(f"{asked!r} is not a place to run: use {', '.join(PLACES)}")
    if asked == "dask":
        raise DataError(
            "--where dask needs the address of a scheduler: give --scheduler, or set "
            "$DASK_SCHEDULER_ADDRESS"
        )
    if asked == "memory":
        return ChosenPlace("memory", "In memory, as asked")
    if asked == "processes" or (asked is None and (workers or 1) > 1):
        count = workers or core_count()
        read = "1 process reads" if count == 1 else f"{count} processes read"
        return ChosenPlace("processes", f"The points stay on disk: {read} them")
    if asked == "stream":
        return ChosenPlace("stream", "The points stay on disk, and are read in every iteration")
    return None


def by_size(size: TableExtent, name: str, free: int | None = None) -> ChosenPlace:
    """Return the place that follows from the size of a table, and the numbers that decided.

    ``free`` bytes of memory are asked from the system if not given.
    """
    free = memory.available() if free is None else free
    needed = memory.needed(size.rows, size.columns, size.columns)
    about = "" if size.exact else "about "
    said = (
        f"{name} has {about}{size.rows:,} rows and needs {about}{memory.amount(needed)} of "
        f"memory; {memory.amount(free)} are free"
    )
    if needed <= free:
        return ChosenPlace("memory", f"{said}: in memory")
    return ChosenPlace("stream", f"{said}: in parts, one after the other")


def on_cluster(address: str) -> ChosenPlace:
    """Return a Dask cluster as the place."""
    return ChosenPlace("dask", f"The points stay on the cluster at {address}")


def _extent(path: str) -> TableExtent:
    files.check_file(path)
    try:
        if part_listing.is_array(path):
            _, names, rows, *_ = part_listing.array(path)
            return TableExtent(rows, len(names), True)
        if part_listing.is_parquet(path):
            return _of_parquet(path)
        return _of_text(Path(path))
    except OSError as error:
        reason = error.strerror or error
        raise DataError(f"{os.path.basename(path)} cannot be read: {reason}") from None
    except ValueError as error:
        raise DataError(str(error)) from None


def _of_parquet(path: str) -> TableExtent:
    from kmeans_tui.data.reading.heads import parquet_extent

    rows, columns = parquet_extent(Path(path))
    return TableExtent(rows, columns, True)


def _of_text(path: Path) -> TableExtent:
    size = path.stat().st_size
    with open(path, "rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    if packed:
        size *= _PACKED
        try:
            with gzip.open(path) as unpacked:
                start = unpacked.read(_LOOKED_AT)
        except EOFError:
            start = b""
    else:
        with open(path, "rb") as file:
            start = file.read(_LOOKED_AT)
    lines = start.splitlines()
    lines = lines[:-1] if len(lines) > 1 and len(start) == _LOOKED_AT else lines
    length = sum(map(len, lines)) + len(lines)
    columns = max(
        (1 + max(map(line.count, (b",", b";", b"\t", b"|"))) for line in lines), default=1
    )
    return TableExtent(max(1, size * len(lines) // max(1, length)), columns, False)
