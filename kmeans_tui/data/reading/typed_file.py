"""Read files that state their types: Parquet, JSON lines, Arrow and Feather."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import regular
from kmeans_tui.data.reading.dialect import Dialect, Listener
from kmeans_tui.data.reading.query import Database, Unreadable, literal
from kmeans_tui.data.reading.relation import Relation, of_columns, unique_names
from kmeans_tui.data.reading.rereading import Rereading
from kmeans_tui.data.reading.spool import Plain
from kmeans_tui.data.reading.taking import TableT, Taker

_JSON = "read_json(?, format = 'auto', columns = ?, hive_partitioning = false)"


def parquet(
    plain: Plain, name: str, dialect: Dialect, take: Taker[TableT], listener: Listener | None
) -> TableT:
    """Return the table in a Parquet file; raises ``DataError``."""
    source, parameters = "read_parquet(?, hive_partitioning = false)", (str(plain.path),)

    def relation(database: Database) -> Relation:
        described = _described(database, source, parameters)
        counted = database.rows("SELECT num_rows FROM parquet_file_metadata(?)", parameters)
        written: list[str] = []
        if _differ_in_case(described):
            written = _columns(
                database.rows("SELECT name, num_children FROM parquet_schema(?)", parameters)
            )
        return of_columns(source, parameters, described, "Parquet", counted[0][0], written)

    return _taken(plain, name, dialect, take, listener, relation, "a Parquet file")


def json(
    plain: Plain, name: str, dialect: Dialect, take: Taker[TableT], listener: Listener | None
) -> TableT:
    """Return a table of JSON objects, one per line or in one list; raises ``DataError``."""

    def relation(database: Database) -> Relation:
        told = "read_json(?, format = 'auto', sample_size = -1, hive_partitioning = false)"
        described = _described(database, told, (str(plain.path),))
        if [column for column, _ in described] == ["json"]:
            raise DataError(
                f'{name} contains no objects: write one per line, as {{"x": 1, "y": 2}}'
            )
        names_of_keys = _keys(database, plain) if _differ_in_case(described) else []
        if names_of_keys:
            return _by_key(plain, names_of_keys, dialect)
        # As text, to see 1e400 and whole numbers beyond 2^53 as written.
        names, notes = unique_names(tuple(column for column, _ in described), len(described))
        asked_for = {column: "VARCHAR" for column, _ in described}
        quoted = [column.replace('"', '""') for column, _ in described]
        taken = ", ".join(f'"{column}" AS c{i}' for i, column in enumerate(quoted))
        return Relation(
            sql=f"SELECT {taken} FROM {_JSON}",
            parameters=(str(plain.path), asked_for),
            names=names,
            kinds=tuple("text" if _nested(kind) else None for _, kind in described),
            read_as="JSON",
            notes=notes,
            underscores=True,
            decimal=dialect.decimal or ".",
        )

    return _taken(plain, name, dialect, take, listener, relation, "JSON")


def _differ_in_case(described: list[tuple[str, str]]) -> bool:
    """Whether keys may differ only in case; the database numbers these: x and X_1."""
    folded = {column.casefold() for column, _ in described}
    return any(
        (found := re.fullmatch(r"(.*)_[0-9]+", column)) is not None
        and found[1].casefold() in folded
        for column, _ in described
    )


def _columns(schema: list[tuple[Any, ...]]) -> list[str]:
    """The columns of a Parquet schema: its tree, told from the root with the number of children."""
    found, inside = [], [schema[0][1]]
    for name, children in schema[1:]:
        while not inside[-1]:
            inside.pop()
        inside[-1] -= 1
        if len(inside) == 1:
            found.append(name)
        if children:
            inside.append(children)
    return found


def _keys(database: Database, plain: Plain) -> list[str]:
    """Return the keys of all objects as written, in order of appearance.

    Empty if no two differ only in case.
    """
    rows = database.rows(
        "SELECT key, min(place) AS first FROM (SELECT unnest(json_keys(json)) AS key, "
        "generate_subscripts(json_keys(json), 1) AS place "
        "FROM read_json_objects(?, format = 'auto')) GROUP BY key ORDER BY first, key",
        (str(plain.path),),
    )
    keys = [key for key, _ in rows]
    return keys if len({key.casefold() for key in keys}) < len(keys) else []


def _by_key(plain: Plain, keys: list[str], dialect: Dialect) -> Relation:
    """Return objects whose keys differ only in case, each value looked up by its own key."""
    paths = ['$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"' for key in keys]
    taken = ", ".join(
        f"json_extract_string(json, {literal(p)}) AS c{i}" for i, p in enumerate(paths)
    )
    names, notes = unique_names(tuple(keys), len(keys))
    return Relation(
        sql=f"SELECT {taken} FROM read_json_objects(?, format = 'auto')",
        parameters=(str(plain.path),),
        names=names,
        kinds=(None,) * len(keys),
        read_as="JSON",
        notes=notes,
        underscores=True,
        decimal=dialect.decimal or ".",
    )


def arrow(
    path: Path, name: str, dialect: Dialect, take: Taker[TableT], listener: Listener | None
) -> TableT:
    """Return the table in an Arrow or Feather file; raises ``DataError``."""
    relate = partial(_relate_arrow, path, name)
    return _taken(
        Plain(path, path.stat().st_size), name, dialect, take, listener, relate, "Arrow", relate
    )


def _relate_arrow(path: Path, name: str, database: Database) -> Relation:
    """Register the table of an Arrow file with the database; raises ``DataError``."""
    try:
        import pyarrow
        from pyarrow import feather, ipc
    except ImportError:
        raise DataError(
            f"{name} is an Arrow file, which needs pyarrow: pip install 'kmeans-tui[arrow]'"
        ) from None
    try:
        with regular.opened(path) as file:
            # Exactly the file that was checked, whatever its path leads to by now.
            held = Path(f"/proc/self/fd/{file.fileno()}")
            name_of_it = str(held if held.exists() else path)
            try:
                table = feather.read_table(name_of_it, memory_map=True)
            except pyarrow.ArrowInvalid:
                with pyarrow.memory_map(name_of_it) as mapped, ipc.open_stream(mapped) as stream:
                    table = stream.read_all()
    except (pyarrow.ArrowException, OSError, ValueError):
        raise DataError(f"{name} is damaged or not an Arrow file: save it again") from None
    database.register("arrow_table", table)
    described = _described(database, "arrow_table", ())
    return of_columns("arrow_table", (), described, "Arrow", table.num_rows, table.column_names)


def _taken(
    plain: Plain,
    name: str,
    dialect: Dialect,
    take: Taker[TableT],
    listener: Listener | None,
    relate: Callable[[Database], Relation],
    kind: str,
    prepare: Callable[[Database], object] | None = None,
) -> TableT:
    """Return the table; ``prepare`` registers, at each reading, what the database cannot read."""
    database = Database(plain.path, name, listener)
    try:
        relation = relate(database)
        taken = take(database, relation, dialect, name)
    except Unreadable as problem:
        found = re.search(r"in line (\d+)", str(problem))
        where = f", line {found[1]}," if found else ""
        raise DataError(f"{name}{where} is damaged or not {kind}: save it again") from None
    finally:
        database.close()
    again = Rereading.of(plain, name, relation, prepare)
    return taken.source(name, relation.read_as, again)


def _described(
    database: Database, source: str, parameters: tuple[Any, ...]
) -> list[tuple[str, str]]:
    return [
        (row[0], row[1]) for row in database.rows(f"DESCRIBE SELECT * FROM {source}", parameters)
    ]


def _nested(kind: str) -> bool:
    return kind.endswith("]") or kind.startswith(("STRUCT", "MAP"))
