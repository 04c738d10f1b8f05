"""Read a table or view of a DuckDB file, attached read-only to a database that can do no more.

The database may open this file and the log beside it; a view that reads or writes any other file,
loads an extension or reaches the network is refused by the database itself.
"""

import re
import shutil
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from kmeans_tui.data.columns import DataError, quoted
from kmeans_tui.data.reading import database_tables
from kmeans_tui.data.reading.dialect import Dialect, Listener
from kmeans_tui.data.reading.query import Database, Unreadable, identifier, literal
from kmeans_tui.data.reading.relation import of_columns
from kmeans_tui.data.reading.rereading import Rereading
from kmeans_tui.data.reading.rooms import room
from kmeans_tui.data.reading.spool import Plain
from kmeans_tui.data.reading.taking import TableT, Taker

_ATTACHED: Final = "file"


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
    plain = _own(plain, path)
    log = plain.path.with_name(f"{plain.path.name}.wal")
    prepare = partial(_attach, plain.path)
    database = Database(plain.path, name, listener, also=log)
    try:
        try:
            prepare(database)
        except Unreadable as problem:
            raise DataError(_why(str(problem), name)) from None
        tables = _tables(database)
        table, notes = database_tables.chosen(data, name, wanted, list(tables))
        source = tables[table]
        try:
            described = [
                (row[0], row[1]) for row in database.rows(f"DESCRIBE SELECT * FROM {source}")
            ]
            relation = of_columns(source, (), described, f"DuckDB, table {quoted(table)[1:-1]}")
            # A text may hold numbers, as in a text file; other types say what they are.
            kinds = tuple(
                None if kind == "VARCHAR" else said
                for said, (_, kind) in zip(relation.kinds, described, strict=True)
            )
            binary = [
                column
                for column, (_, kind) in zip(relation.names, described, strict=True)
                if kind == "BLOB"
            ]
            if binary:
                notes += (f"{', '.join(binary)}: binary values, which are not used.",)
            relation = replace(relation, kinds=kinds, notes=(*notes, *relation.notes))
            taken = take(database, relation, dialect, name)
        except Unreadable as problem:
            raise DataError(_why_not(str(problem), name, table)) from None
    finally:
        database.close()
    again = Rereading.of(plain, name, relation, prepare, also=log)
    return taken.source(name, relation.read_as, again)


def _own(plain: Plain, path: Path) -> Plain:
    """Return the file by its own name: attached, it is no pattern, and a link is not allowed.

    A name that is not UTF-8 cannot be passed on, and parameters would begin at a question mark:
    such a file and its log are copied.
    """
    if not plain.path.is_symlink():
        return plain
    if "?" not in str(path) and str(path).isprintable():
        return Plain(path, plain.size)
    here = room()
    copy = Path(here.name, "copy")
    shutil.copyfile(path, copy)
    with suppress(FileNotFoundError):
        shutil.copyfile(path.with_name(f"{path.name}.wal"), copy.with_name("copy.wal"))
    return Plain(copy, plain.size, room=here)


def _attach(path: Path, database: Database) -> None:
    database.rows(f"ATTACH {literal(str(path))} AS {_ATTACHED} (READ_ONLY, TYPE duckdb)")


def _tables(database: Database) -> dict[str, str]:
    """Return tables and views with their SQL names; outside the main schema, with the schema."""
    rows = database.rows(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = ? AND NOT "
        "internal UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE "
        "database_name = ? AND NOT internal",
        (_ATTACHED, _ATTACHED),
    )
    return {
        (table if schema == "main" else f"{schema}.{table}"): ".".join(
            map(identifier, (_ATTACHED, schema, table))
        )
        for schema, table in rows
    }


def _why(said: str, name: str) -> str:
    """Return why a file cannot be attached, from what the database says."""
    if "lock on file" in said or "Conflicting lock" in said:
        return f"{name} is in use by a program that writes to it: close that, or open a copy"
    if "encrypt" in said.lower() or "crypto" in said:
        return f"{name} is encrypted: save the table as Parquet or CSV"
    if re.search(r"version number|newer version|storage version|serialization version", said):
        return (
            f"{name} was written by another version of DuckDB, which this one cannot read: save "
            "the table as Parquet"
        )
    return f"{name} is damaged or not a DuckDB database: save the table again, as Parquet or CSV"


def _why_not(said: str, name: str, table: str) -> str:
    if "Permission" in said or "disabled" in said or "extension" in said.lower():
        return (
            f"{quoted(table)} of {name} is a view that needs other files or an extension, which "
            "is not allowed: save what it shows as a table"
        )
    return f"table {quoted(table)} of {name} cannot be read: save it again, as Parquet or CSV"
