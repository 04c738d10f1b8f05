"""The user's own files: their format, whether they can be opened, and their source."""

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import database_tables, regular
from kmeans_tui.data.reading.dialect import Dialect, Listener
from kmeans_tui.words import cut, printable

if TYPE_CHECKING:
    from kmeans_tui.data.reading.spool import Plain
    from kmeans_tui.data.reading.taking import TableT, Taker
    from kmeans_tui.data.source import Source

# Only ``open_file`` needs numpy or the database; it imports them itself.

STDIN: Final = "-"
IMAGE: Final = "image:"
_WORKBOOKS: Final = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
_ARROWS: Final = (".arrow", ".feather", ".ipc", ".arrows")
_ARRAYS: Final = (".npy", ".npz")
_JSONS: Final = (".json", ".jsonl", ".ndjson")
_CELLS: Final = (".csv", ".tsv", ".tab")
# The start of JSON: an object with a key, alone or in a list.
_OBJECTS: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})')
# Addresses that people give in the place of a file, and the programs that fetch them.
_FETCHERS: Final = {
    "http": "curl -L",
    "https": "curl -L",
    "ftp": "curl",
    "s3": "aws s3 cp",
    "gs": "gsutil cat",
}
_LOOKED_AT: Final = 4096
_PARQUETS: Final = (".parquet", ".parq", ".pq")
_DATABASES: Final = (".db", ".sqlite", ".sqlite3", ".db3", ".duckdb", ".ddb")
SUFFIXES: Final = (
    *(".csv", ".tsv", ".tab", ".txt", ".dat", ".data"),
    *_PARQUETS, *_JSONS, *_ARRAYS, *_WORKBOOKS, *_ARROWS, *_DATABASES,
)  # fmt: skip


def located(data: str) -> Path:
    """Return the path the user means: ``~`` is the home folder unless a file has that name.

    The table of a database that is named behind it is left out.
    """
    data, _ = database_tables.split(data)
    path = Path(data)
    return path if not data.startswith("~") or os.path.exists(data) else path.expanduser()


def shown_name(data: str) -> str:
    """Return a file's name without its folder, with the table that is named behind it."""
    path, table = database_tables.split(data)
    return os.path.basename(path) + ("" if table is None else f"{database_tables.MARK}{table}")


def check_file(data: str) -> None:
    """Raise ``DataError`` for a file that cannot be opened, without reading it."""
    if data == STDIN:
        return
    path = located(data.removeprefix(IMAGE))
    try:
        regular.check(path, path.stat())
    except FileNotFoundError:
        if path.is_symlink():
            raise DataError(
                f"{path} is a link to {os.readlink(path)}, which does not exist"
            ) from None
        scheme, is_address, _ = data.partition("://")
        if is_address and (fetcher := _FETCHERS.get(scheme.casefold())) is not None:
            end = " -" if scheme == "s3" else ""
            raise DataError(
                f"{_short(data)} is an address, and nothing is fetched here: "
                f"{fetcher} {shlex.quote(data)}{end} | kmeans-tui run -"
            ) from None
        folder = path.parent
        hint = "check the spelling" if folder.is_dir() else f"there is no folder {folder}"
        raise DataError(
            f"there is no file {path}: {hint}; 'kmeans-tui data' lists the built-in sets"
        ) from None
    except DataError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is not a valid file name"
        raise DataError(f"{_short(data)} cannot be opened: {reason}") from None
    try:
        regular.opened(path).close()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None


def open_file(
    data: str,
    dialect: Dialect | None = None,
    *,
    asked: Sequence[str] = (),
    listener: Listener | None = None,
) -> "Source":
    """Read a file, or standard input if ``-``; ``asked`` are columns that must be numbers.

    ``listener`` is called with bytes read and total bytes, and stops the reading with False.
    Raises ``DataError``: one sentence that says what is wrong, where, and what to do.
    """
    dialect = dialect or Dialect()
    check_file(data)
    from kmeans_tui.data.reading.intake import take_in
    from kmeans_tui.data.reading.sampled_intake import take_sample

    take = partial(take_in if dialect.sample is None else take_sample, asked=tuple(asked))
    found = open_with(take, data, dialect, listener)
    return replace(found, reading={**found.reading, **dialect.stated()})


def open_with(
    take: "Taker[TableT]", data: str, dialect: Dialect, listener: Listener | None = None
) -> "TableT | Source":
    """Return what is taken from a file, as ``open_file`` does; an array file has a source at once.

    Raises ``DataError``.
    """
    check_file(data)
    from kmeans_tui.data.reading import spool

    # Of a sample, only its rows are ever in memory.
    whole = dialect.sample is None
    if data == STDIN:
        spooled = spool.spooled_input(listener, whole=whole)
        plain = spool.unpacked_input(spooled, listener, whole=whole)
        if not plain.size:
            raise DataError("standard input is empty: there is nothing to cluster")
        return _of_kind(
            kind_of(plain.path), plain, plain.path, data, "stdin", dialect, take, listener
        )
    path = located(data).resolve()
    before = path.stat()
    regular.check(path, before)
    name = located(data).name
    try:
        plain = spool.unpacked(path, name, listener, whole=whole)
        suffix = Path(name.removesuffix(".gz")).suffix.casefold()
        kind = kind_of(plain.path, suffix)
        found = _of_kind(kind, plain, path, data, name, dialect, take, listener)
        after = path.stat()
    except FileNotFoundError:
        raise DataError(f"{path} was removed while being read: open it again") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DataError(f"{path} changed while being read: copy it, and open the copy")
    return found


def kind_of(path: Path, suffix: str = "") -> str:
    """Return the format of a file from its first bytes, or its suffix if they do not tell."""
    with regular.opened(path) as file:
        start = file.read(_LOOKED_AT)
    if start.startswith(b"\x93NUMPY"):
        return "array"
    if start.startswith(b"SQLite format 3\0"):
        return "sqlite"
    if start[8:12] == b"DUCK" and b"\0" in start[:64]:
        return "duckdb"
    if start.startswith(b"PAR1") or suffix in _PARQUETS:
        return "parquet"
    if start.startswith(b"ARROW1") or suffix in _ARROWS:
        return "arrow"
    if start.startswith(b"PK"):
        return "array" if suffix == ".npz" else "workbook"
    if suffix in _WORKBOOKS:
        return "workbook"
    if suffix in _ARRAYS:
        return "array"
    # A table of cells may begin with a brace.
    objects = suffix not in _CELLS and _OBJECTS.match(start) is not None
    return "json" if suffix in _JSONS or objects else "text"


def _of_kind(
    kind: str,
    plain: "Plain",
    path: Path,
    data: str,
    name: str,
    dialect: Dialect,
    take: "Taker[TableT]",
    listener: Listener | None,
) -> "TableT | Source":
    _, table = database_tables.split(data)
    if kind in ("sqlite", "duckdb"):
        from kmeans_tui.data.reading import duckdb_file, sqlite_file

        reader = sqlite_file if kind == "sqlite" else duckdb_file
        if table is not None:
            name = f"{name}{database_tables.MARK}{printable(table)}"
        return reader.opened(plain, path, data, name, table, dialect, take, listener)
    if table is not None:
        raise database_tables.refuse(name, table)
    from kmeans_tui.data.reading import arrays, spool, text_file, typed_file, workbook
    from kmeans_tui.data.source import Source

    if kind == "array":
        return arrays.opened(plain.path, name, dialect)
    if kind == "parquet":
        return typed_file.parquet(plain, name, dialect, take, listener)
    if kind == "json":
        spool.check_whole(plain, name, whole=dialect.sample is None)
        return typed_file.json(plain, name, dialect, take, listener)
    if kind == "arrow":
        return typed_file.arrow(path, name, dialect, take, listener)
    if kind == "workbook":
        sheet = workbook.sheet(plain.path, name, dialect, listener)
        # We wrote this text: its dialect is known and must not be guessed.
        as_text = replace(
            dialect, separator=",", decimal=".", encoding=None, skip=sheet.skip,
            header_row=sheet.header_row,
        )  # fmt: skip
        try:
            found = text_file.opened(sheet.written, name, as_text, take, listener)
        except DataError as error:
            raise DataError(f"{error}{sheet.others()}") from None
        notes = (*sheet.notes, *getattr(found, "notes", ()))
        named = {"sheets": sheet.names} if isinstance(found, Source) else {}
        return replace(found, read_as=f"workbook, sheet {sheet.name}", notes=notes, **named)
    spool.check_whole(plain, name, whole=dialect.sample is None)
    return text_file.opened(plain, name, dialect, take, listener)


def _short(data: str) -> str:
    return cut(printable(data), 80)
