"""Read a table or view of an SQLite file: Python's own module writes it as text.

The file is only read: no log, journal or index is created beside it, nothing in its schema may
write, attach or load, and a view that goes on without end is stopped.
"""

import csv
import io
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kmeans_tui.data.columns import DataError, quoted
from kmeans_tui.data.reading import database_tables, memory, spool
from kmeans_tui.data.reading.dialect import Dialect, Listener
from kmeans_tui.data.reading.query import Database, Unreadable, identifier
from kmeans_tui.data.reading.relation import ColumnKind, Relation, is_unnamed, unique_names
from kmeans_tui.data.reading.rereading import Rereading
from kmeans_tui.data.reading.rooms import room
from kmeans_tui.data.reading.spool import Plain
from kmeans_tui.data.reading.taking import TableT, Taker

_ROWS_AT_ONCE: Final = 2_000
# Steps of SQLite's machine between two looks at the clock: some milliseconds.
_STEPS: Final = 100_000
# A sort of ten million rows takes some 20 s before the first of them comes.
_PATIENCE: Final = 60.0
# Zeros take no byte each in the file, and two as text; a join may repeat long texts.
_MOST_TIMES_STORED: Final = 600
_HARMLESS: Final = 64 << 20
_LONGEST_CELL: Final = 64 << 20
_READING: Final = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE))
# Functions that do more than compute.
_FORBIDDEN: Final = frozenset(("load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"))


def opened(
    plain: Plain,
    path: Path,
    data: str,
    name: str,
    wanted: str | None,
    dialect: Dialect,
    take: Taker[TableT],
    listener: Listener | None,
) -> TableT:
    """Return a table of the file; raises ``DataError``. ``path`` is the file's own, ``data`` as
    the user wrote it."""
    with _Reader(plain, path, name, listener) as reader:
        try:
            tables = reader.tables()
            table, notes = database_tables.chosen(data, name, wanted, tables)
            written, names, kinds, told = reader.written(table)
        except _NotUtf8:  # a name, even when read with marks for what is not
            raise DataError(f"{name} is damaged: save the table again, or as CSV") from None
    columns, renamed = unique_names(names, len(names))
    fields = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names)))
    relation = Relation(
        sql="SELECT * FROM read_csv(?, auto_detect = false, delim = ',', quote = '\"', "
        "escape = '\"', header = false, new_line = '\\n', nullstr = '', parallel = false, "
        f"hive_partitioning = false, max_line_size = {spool.LONGEST_LINE}, columns = {{{fields}}})",
        parameters=(str(written.path),),
        names=columns,
        kinds=kinds,
        read_as=f"SQLite, table {quoted(table)[1:-1]}",
        notes=(*notes, *told, *renamed),
        underscores=True,
        row_names=len(names) > 1 and is_unnamed(names[0]),
    )
    database = Database(written.path, name, listener)
    try:
        taken = take(database, relation, dialect, name)
    except Unreadable:
        raise DataError(f"table {quoted(table)} of {name} cannot be read: save it as CSV") from None
    finally:
        database.close()
    return taken.source(name, relation.read_as, Rereading.of(written, name, relation))


@dataclass
class _Cells:
    """How many of a column's values are of each storage class."""

    texts: int = 0
    blobs: int = 0
    numbers: int = 0

    @property
    def kind(self) -> ColumnKind | None:
        """The kind it is by its storage; None is judged from its texts."""
        return "number" if self.numbers and not self.texts else None


class _Reader:
    """A connection that can read, and no more; raises ``DataError`` in one sentence."""

    def __init__(self, plain: Plain, path: Path, name: str, listener: Listener | None) -> None:
        self._plain, self._name, self._listener = plain, name, listener
        self._error: BaseException | None = None
        self._since = time.monotonic()
        place, how, self._room = _place(plain, path, name)
        try:
            self._connection = sqlite3.connect(f"{place.as_uri()}?{how}", uri=True, timeout=2)
        except sqlite3.Error as problem:
            raise DataError(self._why(problem)) from None

    def __enter__(self) -> "_Reader":
        self._connection.set_progress_handler(self._goes_on, _STEPS)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_CELL)
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        for each in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON",
                     "temp_store = MEMORY", "mmap_size = 0"):  # fmt: skip
            self._do(self._connection.execute, f"PRAGMA {each}")
        self._connection.set_authorizer(_allowed)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        if self._room is not None:
            self._room.cleanup()

    def tables(self) -> list[str]:
        """Return the names of tables and views, in the order of the file."""
        self._connection.text_factory = _lossy
        rows = self._do(
            lambda: self._connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'view')"
            ).fetchall()
        )
        virtual = [
            name for name, sql in rows if str(sql).casefold().startswith("create virtual table")
        ]
        return [
            str(name)
            for name, sql in rows
            if not str(name).startswith("sqlite_")
            and name not in virtual
            # The tables that a full-text or spatial index keeps its own data in.
            and not any(str(name).startswith(f"{each}_") for each in virtual)
        ]

    def written(
        self, table: str
    ) -> tuple[Plain, tuple[str, ...], tuple[ColumnKind | None, ...], tuple[str, ...]]:
        """Return the rows as text, the names and kinds of the columns, and what was changed."""
        self._connection.text_factory = str
        try:
            return self._written(table, ())
        except _NotUtf8:
            self._connection.text_factory = _lossy
            said = f"Texts of {quoted(table)} that are not UTF-8 are read as far as they are."
            return self._written(table, (said,))

    def _written(
        self, table: str, notes: tuple[str, ...]
    ) -> tuple[Plain, tuple[str, ...], tuple[ColumnKind | None, ...], tuple[str, ...]]:
        cursor = self._do(lambda: self._connection.execute(f"SELECT * FROM {identifier(table)}"))
        names = tuple(each[0] for each in cursor.description)
        columns = [_Cells() for _ in names]
        blocks = self._blocks(cursor, columns, table)
        plain = spool.rewritten(self._plain, blocks, self._name, self._listener)
        unknown = [
            f"{quoted(name)[1:-1]} {column.blobs:,}"
            for name, column in zip(names, columns, strict=True)
            if column.blobs
        ]
        if unknown:
            notes += (f"Binary values are not used and count as missing: {', '.join(unknown)}.",)
        return plain, names, tuple(each.kind for each in columns), notes

    def _blocks(self, cursor: sqlite3.Cursor, columns: list[_Cells], table: str) -> Iterator[bytes]:
        """Yield rows as lines of comma-separated cells, and count what is in the columns."""
        done = rows = 0
        while part := self._do(lambda: cursor.fetchmany(_ROWS_AT_ONCE)):
            for i, column in enumerate(columns):
                if _count(column, [row[i] for row in part]):
                    part = [
                        tuple(None if isinstance(each, bytes) else each for each in row)
                        for row in part
                    ]
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator="\n").writerows(part)
            block = text.getvalue().replace("\0", "\ufffd").encode("utf-8", "replace")
            if len(block) > spool.LONGEST_LINE and max(map(_length, part)) > spool.LONGEST_LINE:
                raise DataError(
                    f"table {quoted(table)} of {self._name} has a row longer than "
                    f"{spool.LONGEST_LINE:,} bytes: leave its long texts out, with a view"
                )
            done, rows = done + len(block), rows + len(part)
            if done > max(_HARMLESS, _MOST_TIMES_STORED * self._plain.size):
                raise DataError(
                    f"{quoted(table)} of {self._name} yields more than {memory.amount(done)} from "
                    f"{memory.amount(self._plain.size)}: save what it shows as a table"
                )
            self._since = time.monotonic()
            yield block
        if not rows:
            raise DataError(f"table {quoted(table)} of {self._name} has no rows: nothing to read")

    def _do(self, work: Callable[..., Any], *words: Any) -> Any:
        self._since = time.monotonic()
        try:
            return work(*words)
        except sqlite3.Error as problem:
            if self._error is not None:
                raise self._error from None
            if "decode to UTF-8" in str(problem):
                raise _NotUtf8 from None
            raise DataError(self._why(problem)) from None
        except UnicodeError:
            raise _NotUtf8 from None

    def _goes_on(self) -> int:
        """Whether to stop: SQLite asks now and then, also while it sorts."""
        try:
            if time.monotonic() - self._since > _PATIENCE:
                raise DataError(
                    f"{self._name} takes more than {_PATIENCE:.0f} seconds to give a row: save "
                    "what the view shows as a table"
                )
            size = self._plain.size
            if self._listener is not None and self._listener(0, size) is False:
                raise DataError(f"reading {self._name} was stopped")
        except BaseException as error:  # raised where the query was asked for
            self._error = error
            return 1
        return 0

    def _why(self, problem: sqlite3.Error) -> str:
        said, name = str(problem), self._name
        if "locked" in said or "busy" in said:
            return f"{name} is in use by a program that writes to it: close that, or open a copy"
        if "not a database" in said or "encrypted" in said:
            return f"{name} is encrypted, or not an SQLite database: save the table as CSV"
        if "too big" in said:
            return (
                f"{name} has a value of more than {memory.amount(_LONGEST_CELL)}: leave its column "
                "out, with a view"
            )
        if "not authorized" in said or "prohibited" in said or "unsafe use" in said:
            return f"{name} has a view that does more than read: save what it shows as a table"
        if "unsupported file format" in said:
            return f"{name} is of a newer SQLite than this one: save the table as CSV"
        if "no such" in said:
            return (
                f"{name} has a view of something that is not there, or not in this SQLite: save "
                "what it shows as a table"
            )
        if "unable to open" in said or "readonly" in said:
            return f"{name} has changes in a log that cannot be read: open a copy of all its files"
        return f"{name} is damaged: save the table again, or as CSV"


class _NotUtf8(Exception):  # noqa: N818 - the caller reads again
    """A text of the table is not UTF-8."""


def _place(plain: Plain, path: Path, name: str) -> tuple[Path, str, Any]:
    """Return what to open, how, and the temporary folder of a copy, if it is one.

    A file without a log is complete: nothing needs to be locked or created. A log with its index
    has a reader or writer, with whom the file is shared; a log alone would get an index beside it,
    so both are copied.
    """
    log, index = (path.with_name(f"{path.name}{end}") for end in ("-wal", "-shm"))
    journal = path.with_name(f"{path.name}-journal")
    if plain.room is not None and plain.path != path and not plain.path.is_symlink():
        return plain.path.resolve(), "mode=ro&immutable=1", None  # unpacked, or standard input
    try:
        if journal.exists() and journal.stat().st_size and any(_start(journal)):
            raise DataError(
                f"{name} is being written, or was left half-written: wait, or open and close it "
                "with SQLite"
            )
        if not log.exists() or not log.stat().st_size:
            return path.resolve(), "mode=ro&immutable=1", None
        if index.exists():
            return path.resolve(), "mode=ro", None
        here = room()
        copy = Path(here.name, "copy")
        shutil.copyfile(path, copy)
        shutil.copyfile(log, copy.with_name(f"{copy.name}-wal"))
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    return copy, "mode=rw", here


def _start(path: Path) -> bytes:
    """Return the first bytes of a journal, which are 0 once it is no longer needed."""
    with path.open("rb") as file:
        return file.read(8)


def _lossy(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _allowed(action: int, first: Any, second: Any, *_: Any) -> int:
    """Whether a statement may do this: read, and call functions that only compute."""
    if action == sqlite3.SQLITE_FUNCTION:
        allowed = str(second).casefold() not in _FORBIDDEN
    else:
        allowed = action in _READING
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _count(column: _Cells, cells: list[Any]) -> bool:
    """Count cells by their storage class; whether some are binary."""
    kinds = list(map(type, cells))
    blobs = kinds.count(bytes)
    column.texts += kinds.count(str)
    column.numbers += kinds.count(int) + kinds.count(float)
    column.blobs += blobs
    return blobs > 0


def _length(row: tuple[Any, ...]) -> int:
    return sum(
        len(each.encode("utf-8", "replace")) if isinstance(each, str) else 25 for each in row
    )
