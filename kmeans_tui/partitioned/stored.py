"""Open the user's files to be read in parts: as they are, or converted once into the cache.

Arrays (``.npy``) and, with pyarrow, Parquet are read as they are; everything else that the program
reads is converted, with the same rules for cells, marks and notation. DuckDB can read ranges of a
Parquet file too, but takes as long as an iteration (24 ns per row of two columns; pyarrow 7): from
the second iteration on, the cache has paid.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from kmeans_tui.data.columns import DataError, NoRowsError, find_features
from kmeans_tui.data.preparation import Preparation
from kmeans_tui.data.reading import batches, files, regular
from kmeans_tui.data.reading.dialect import Dialect, Listener
from kmeans_tui.data.reading.heads import ROWS_OF_HEAD, head
from kmeans_tui.data.selection import Selection
from kmeans_tui.data.source import Source
from kmeans_tui.partitioned import block_cache, part_listing
from kmeans_tui.partitioned.plan import USUAL, ColumnChoice, StoredTable
from kmeans_tui.partitioned.table_files import table_files
from kmeans_tui.words import few, plural

# Told how many bytes a file will take in the cache, and where; returning False stops it.
About: TypeAlias = Callable[[str, int, Path], bool | None]


def npy(*paths: Path, name: str = "") -> StoredTable:
    """Return the table in ``.npy`` files; raises ``DataError``, one sentence.

    Two dimensions are rows and columns, one dimension is one column, records are their fields.
    """
    found = [_listed(part_listing.array, str(path.resolve())) for path in paths]
    return joined(name or paths[0].name, found)


def parquet(path: Path) -> StoredTable:
    """Return the table of the columns of numbers in a Parquet file; raises ``DataError``.

    Raises ``ImportError`` without pyarrow.
    """
    return joined(path.name, [_listed(part_listing.parquet, str(path.resolve()))])


def joined(name: str, tables: Sequence[StoredTable], files: int | None = None) -> StoredTable:
    """Return tables of the same columns as one, in this order; raises ``DataError``.

    Files without rows, which programs write where a part had none, are left out, and said to be.
    ``files`` is how many files there are, if more than tables.
    """
    # A file without rows says nothing about the types of its columns.
    filled = [each for each in tables if each.rows]
    if not filled:
        raise DataError(f"{name} has no rows: there is nothing to cluster")
    first, *others = filled
    for other in others:
        unlike = set(first.columns) ^ set(other.columns)
        # Columns of Parquet are found by their names.
        moved = other.columns != first.columns and other.pieces[0][0] != "parquet"
        if unlike or moved:
            unlike = unlike or set(other.columns)
            raise DataError(
                f"{first.name} and {other.name} in {name} have other columns: "
                f"{few(sorted(unlike), 3)}; name files with the same columns"
            )
    if not first.columns:
        raise DataError(f"{name} has no column of numbers: there is nothing to cluster")
    pieces = (piece for each in filled for piece in each.pieces)
    empty = (len(tables) if files is None else files) - len(filled)
    left_out = (f"{plural(empty, 'file')} without rows left out.",) if empty else ()
    return StoredTable(
        name=name,
        columns=first.columns,
        rows=sum(each.rows for each in tables),
        pieces=tuple(
            (*piece[:3], first.columns, piece[-1]) if piece[0] == "parquet" else piece
            for piece in pieces
        ),
        bytes=sum(each.bytes for each in tables),
        stamps=tuple(stamp for each in tables for stamp in each.stamps),
        remarks=(*first.remarks, *left_out),
        torn=sum(each.torn for each in tables),
    )


def opened(
    data: str,
    choice: ColumnChoice = USUAL,
    dialect: Dialect | None = None,
    *,
    folder: Path | None = None,
    about: About | None = None,
    listener: Listener | None = None,
) -> tuple[StoredTable, ColumnChoice]:
    """Return the table in a file, a folder or a pattern, and the choice with names of columns.

    ``folder`` is that of the cache. ``about`` is told before something is written to it, and
    ``listener`` bytes or rows done and in all; False from either stops. Raises ``DataError``.
    """
    dialect = dialect or Dialect()
    if data == files.STDIN:
        raise DataError(
            "standard input cannot be read in parts: save it to a file, and name that file"
        )
    paths = table_files(data)
    name = Path(data).name or data
    for path in paths:
        files.check_file(path)
    if all(part_listing.is_array(path) for path in paths):
        table = npy(*map(Path, paths), name=name)
        return table, named(table, choice)
    source = first_rows(paths, dialect, choice.features or (), listener)
    choice = _chosen(source, choice)
    wanted = [*(choice.features or ()), *([choice.weights] if choice.weights else [])]
    wanted = list(dict.fromkeys(wanted))
    remarks = source.notes
    if source.n >= ROWS_OF_HEAD:
        remarks += (f"Columns judged by the first {ROWS_OF_HEAD:,} rows.",)
    if all(part_listing.is_parquet(path) for path in paths) and not dialect.missing_numbers:
        try:
            tables = [_listed(part_listing.parquet, str(Path(path).resolve())) for path in paths]
            table = joined(name, tables)
        except ImportError:
            pass
        else:
            if set(wanted) <= set(table.columns):
                return table._replace(
                    remarks=(*table.remarks, *remarks), reading=source.reading
                ), choice
    folder = folder or block_cache.place()
    tables = []
    for path in paths:
        whole = Path(path).resolve()
        try:
            tables.append(_converted(whole, wanted, dialect, folder, about, listener))
        except NoRowsError:
            if len(paths) == 1:
                raise
            continue
    table = joined(name, tables, len(paths))
    if table.torn and choice.missing == "median":
        raise DataError(
            f"{plural(table.torn, 'row')} of {name} with a wrong number of cells cannot be told "
            "from rows with gaps in parts: drop these too with --missing drop"
        )
    return table._replace(remarks=(*table.remarks, *remarks), reading=source.reading), choice


def _converted(
    path: Path,
    wanted: Sequence[str],
    dialect: Dialect,
    folder: Path,
    about: About | None,
    listener: Listener | None,
) -> StoredTable:
    """Return these columns of a file from the cache, into which they are written if need be."""
    target = block_cache.target(folder, path, dialect.stated(), wanted)
    if not block_cache.is_whole(target, wanted):
        table = batches.open_table(str(path), wanted, dialect, listener)
        needed = table.n * len(wanted) * 8
        if about is not None and about(path.name, needed, folder) is False:
            raise DataError(f"reading {path.name} was stopped")
        block_cache.check_room(folder, needed, path.name)

        def parts() -> Iterator[np.ndarray]:
            done = 0
            for part in table.numbers_alone():
                yield part
                done += len(part)
                if listener is not None and listener(done, table.n) is False:
                    raise DataError(f"reading {path.name} was stopped")

        block_cache.write(target, path, table.n, wanted, parts(), table.ragged)
        if block_cache.target(folder, path, dialect.stated(), wanted) != target:
            block_cache.forget(target)
            raise DataError(f"{path.name} changed while it was read: open it again")
    found = npy(target)
    now = path.stat()
    # Another run may write the same array again meanwhile: only its source must not change.
    stamp = (str(path), now.st_size, now.st_mtime_ns)
    return found._replace(
        name=path.name, columns=tuple(wanted), stamps=(stamp,), torn=block_cache.ragged(target)
    )


def first_rows(
    paths: Sequence[str], dialect: Dialect, asked: Sequence[str], listener: Listener | None
) -> Source:
    """Return the first rows of the first file that has some; raises ``DataError``."""
    for path in paths[:-1]:
        with contextlib.suppress(NoRowsError):
            return head(path, dialect, asked, listener)
    return head(paths[-1], dialect, asked, listener)


def _listed(read: Callable[[str], tuple], path: str) -> StoredTable:
    """Return what a file holds, found by one of the functions of ``part_listing``."""
    name = os.path.basename(path)
    try:
        regular.check(Path(path), os.stat(path))
        _, columns, rows, pieces, size, changed = read(path)
        seen = os.stat(path)
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or 'it is damaged'}") from None
    except ValueError as error:
        raise DataError(str(error)) from None
    stamp = (path, seen.st_size, changed)
    return StoredTable(name, tuple(columns), rows, pieces, size, (stamp,))


def named(table: StoredTable, choice: ColumnChoice) -> ColumnChoice:
    """Return the choice with the names of the columns of an array; raises ``DataError``."""

    def names(given: tuple[str, ...]) -> tuple[str, ...]:
        return find_features(given, table.columns, table.name) if given else ()

    weights = names((choice.weights,))[0] if choice.weights else None
    own = names((choice.id_column,))[0] if choice.id_column else None
    usual = tuple(each for each in table.columns if each not in (weights, own))
    features = names(choice.features or usual)
    if choice.drop:
        features = _preparation(choice).left(usual, table.columns, table.name)
    chosen = choice._replace(features=features, drop=None, weights=weights, log=names(choice.log))
    return _checked(chosen._replace(id_column=own))


def _preparation(choice: ColumnChoice) -> Preparation:
    return Preparation(features=choice.features, drop=choice.drop, id_column=choice.id_column)


def _chosen(source: Source, choice: ColumnChoice) -> ColumnChoice:
    """Return the choice with the names of the columns of a file; raises ``DataError``."""
    weights = None if choice.weights is None else source.column(choice.weights).name
    features = Selection(source, _preparation(choice)).features
    if choice.features is None:
        features = tuple(each for each in features if each != weights)
    log = tuple(source.column(each).name for each in choice.log)
    own = None if choice.id_column is None else source.column(choice.id_column).name
    chosen = choice._replace(features=features, drop=None, weights=weights, log=log)
    return _checked(chosen._replace(id_column=own))


def _checked(choice: ColumnChoice) -> ColumnChoice:
    for each in choice.log:
        if each not in (choice.features or ()):
            raise DataError(f"{each} is not used in the clustering: leave it out of --log")
    if choice.weights in (choice.features or ()):
        raise DataError(f"{choice.weights} is the weight of the rows: leave it out of --features")
    return choice
