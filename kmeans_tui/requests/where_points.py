"""Whether the points of a table come into memory, or stay on disk and are read in parts."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from kmeans_tui.command import Options

if TYPE_CHECKING:
    from pathlib import Path

    from kmeans_tui.data.reading.dialect import Dialect, Listener
    from kmeans_tui.data.source import Source
    from kmeans_tui.partitioned.dask_client import Cluster
    from kmeans_tui.partitioned.plan import ColumnChoice, StoredTable
    from kmeans_tui.partitioned.where import ChosenPlace

# Told what is being done in words; returning False stops it.
SaidListener: TypeAlias = Callable[[str], bool | None]

# Imports are inside functions: the checks before the screen opens must not wait for numpy.

# A file may become so many times as large in memory: text that is packed, and its copies.
_GROWS: Final = 30


def stay_on_disk(options: Options) -> bool:
    """Whether the points stay on disk: as asked for, or because they do not fit in memory.

    Raises ``DataError`` for data that cannot be read in parts where that was asked for.
    """
    found = place(options)
    return found is not None and found.place != "memory"


def clashing(options: Options) -> str | None:
    """Return why options that say where a run takes place do not go together, or None."""
    where = options.where
    for name, place in (
        ("workers", "processes"),
        *((each, "dask") for each in ("scheduler", "tls_ca", "tls_cert", "tls_key")),
    ):
        if getattr(options, name) is not None and where not in (None, place):
            flag = f"--{name.replace('_', '-')}"
            return f"{flag} is for --where {place}, not {where}: leave one of them out"
    if options.workers is not None and options.scheduler is not None:
        return "the workers are those of the --scheduler: leave --workers out"
    return None


def place(options: Options) -> "ChosenPlace | None":
    """Return where the points of a file, a folder or a pattern are; None for all other data.

    Raises ``DataError``.
    """
    from kmeans_tui.data import catalogue
    from kmeans_tui.data.columns import DataError
    from kmeans_tui.data.reading import files
    from kmeans_tui.requests.recorded import is_recording

    data = options.data.strip()
    asked = options.where not in (None, "memory") or options.workers or options.scheduler
    picture = data.startswith(files.IMAGE)
    own = catalogue.is_file(options.data) and data != files.STDIN and not picture
    if not own or is_recording(options.data):
        if asked:
            raise DataError(
                f"points stay on disk only if they are a table in a file, and {data} is none: "
                "leave out --where, --workers and --scheduler"
            )
        return None
    if options.where in (None, "dask") and (address := _scheduler(options)):
        from kmeans_tui.partitioned.where import on_cluster

        # The file may be where only the workers see it.
        return on_cluster(address)
    # A sample is drawn into memory, whatever the size of its table.
    drawn = options.sample is not None
    small = (
        drawn or options.where == "memory" or (not several(data) and _is_small(files.located(data)))
    )
    if small and not asked:
        return None
    from kmeans_tui.partitioned import where

    wanted = options.where or ("stream" if several(data) and not asked else None)
    told = where.as_asked(wanted, options.workers)
    if told is not None:
        return told
    name = os.path.basename(data.rstrip(os.sep)) or data
    # Of a folder, this opens every file: only if it decides.
    return where.by_size(where.extent(options.data), name)


def usual_init(options: Options) -> str:
    """Return how a run starts unless told otherwise: of points on disk, by k-means++.

    Among many rows a draw of random ones is seldom a good start, and each iteration costs.
    """
    try:
        return "k-means++" if stay_on_disk(options) else Options.init
    except ValueError:
        return Options.init


def stored_table(
    options: Options, found: "ChosenPlace", dialect: "Dialect", tell: SaidListener
) -> "tuple[StoredTable, ColumnChoice]":
    """Return the table whose points are in the place ``found``, and which columns are clustered.

    It may be converted first; ``tell`` is told how large that becomes, and where, and stops it.
    Raises ``DataError`` for a table that cannot be read in parts.
    """
    from kmeans_tui.data.reading.memory import amount
    from kmeans_tui.partitioned import block_cache, stored
    from kmeans_tui.partitioned.plan import ColumnChoice

    doing, size_and_place = "reading", ""

    def about(name: str, size: int, folder: "Path") -> bool | None:
        nonlocal doing, size_and_place
        doing, size_and_place = f"converting {name} once", f", {amount(size)} in {folder}"
        return listener(0, size)

    def listener(done: int, size: int) -> bool | None:
        return tell(f"{doing}, {done / max(1, size):.0%}{size_and_place}")

    choice = ColumnChoice(
        features=options.features,
        drop=options.drop,
        weights=options.weights,
        scale=options.scale or "none",
        log=options.log or (),
        missing=options.missing,
        id_column=options.id_column,
    )
    if found.place == "dask" and (listed := _listed_there(options, choice)) is not None:
        table, choice = listed
        return table._replace(remarks=(*table.remarks, f"{found.why}.")), choice
    table, choice = stored.opened(
        options.data,
        choice,
        dialect,
        folder=block_cache.place(options.cache),
        about=about,
        listener=listener,
    )
    return table._replace(remarks=(*table.remarks, f"{found.why}.")), choice


def cluster(options: Options) -> "Cluster":
    """Return the Dask cluster of the options, connected; raises ``DataError``."""
    from kmeans_tui.partitioned.dask_client import TlsFiles, connected

    return connected(
        _scheduler(options) or "", TlsFiles(options.tls_ca, options.tls_cert, options.tls_key)
    )


def _scheduler(options: Options) -> str | None:
    """Return the address of the scheduler; with ``--where dask`` alone, that of Dask's settings."""
    if options.scheduler or options.where != "dask":
        return options.scheduler
    from kmeans_tui.partitioned.dask_client import configured

    return configured()


def _listed_there(
    options: Options, choice: "ColumnChoice"
) -> "tuple[StoredTable, ColumnChoice] | None":
    """Return the table as the workers of a cluster see it; None for a text, converted here."""
    from kmeans_tui.data.reading import files
    from kmeans_tui.partitioned import part_listing
    from kmeans_tui.partitioned.on_dask import opened_there

    path = os.path.abspath(files.located(options.data.strip()))
    if os.path.isfile(path) and not (part_listing.is_array(path) or part_listing.is_parquet(path)):
        return None
    found = cluster(options)
    try:
        return opened_there(found, path, choice)
    finally:
        found.client.close()


def first_rows(options: Options, dialect: "Dialect", listener: "Listener") -> "Source":
    """Return the first rows of a table that stays on disk; raises ``DataError``."""
    from dataclasses import replace
    from pathlib import Path

    import numpy as np

    from kmeans_tui.data.reading import arrays, files
    from kmeans_tui.data.reading.heads import ROWS_OF_HEAD
    from kmeans_tui.partitioned import part_listing, part_reading, stored, where
    from kmeans_tui.partitioned.plan import parts_of
    from kmeans_tui.partitioned.table_files import table_files

    paths = table_files(options.data)
    for path in paths:
        files.check_file(path)
    if all(part_listing.is_array(path) for path in paths):
        table = stored.npy(*map(Path, paths))
        every = range(len(table.columns))
        recipe = {"take": every, "weight": None, "fill": None, "gaps": True, "log": (),
                  "centre": None}  # fmt: skip
        first = parts_of(table.pieces, ROWS_OF_HEAD)[0]
        rows = np.concatenate([x.copy() for x, _, _ in part_reading.blocks(first, recipe)])
        columns = list(zip(table.columns, rows.T, strict=True))
        found = arrays.of_columns(columns, len(rows), table.name, only_numbers=True)
    else:
        found = stored.first_rows(paths, dialect, options.features or (), listener)
    extent = where.extent(options.data)
    if found.n == extent.rows or (found.n < ROWS_OF_HEAD and not extent.exact):
        return replace(found, notes=(*found.notes, "The points stay on disk."))
    known = extent.exact or files.kind_of(Path(paths[0])) == "text"
    # An estimate is good for two digits.
    all_rows = f"{extent.rows:,}" if extent.exact else f"about {float(f'{extent.rows:.1e}'):,.0f}"
    of_rows = f"{all_rows} rows" if known else "more rows"
    only = f"of {of_rows} only the first {found.n:,} are shown on this screen"
    return replace(
        found, notes=(*found.notes, f"The points stay on disk: {only}."), head_of=of_rows
    )


def several(data: str) -> bool:
    """Whether the data are a folder or a pattern, which are read in parts whatever their size."""
    from kmeans_tui.data.reading import files

    path = files.located(data.strip())
    return os.path.isdir(path) or (not os.path.exists(path) and any(c in data for c in "*?["))


def _is_small(path: "Path") -> bool:
    """Whether a file surely fits in memory, judging by its size."""
    from kmeans_tui.data.reading import memory

    try:
        size = os.stat(path).st_size
    except (OSError, ValueError):
        return True
    return size * _GROWS < memory.available()
