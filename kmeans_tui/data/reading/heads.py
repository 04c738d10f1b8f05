"""The first rows of a file, to judge its columns before all of them are read."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import files
from kmeans_tui.data.reading.dialect import Dialect, Listener
from kmeans_tui.data.reading.intake import Intake, take_in
from kmeans_tui.data.reading.query import Database, Unreadable
from kmeans_tui.data.reading.relation import Relation
from kmeans_tui.data.source import Source

ROWS_OF_HEAD: Final = 20_000


def head(
    data: str, dialect: Dialect, asked: Sequence[str] = (), listener: Listener | None = None
) -> Source:
    """Return the first rows of a file as ``files.open_file`` would return all of them.

    Of an array file, all rows. Raises ``DataError``.
    """

    def take(database: Database, relation: Relation, dialect: Dialect, name: str) -> Intake:
        most = ROWS_OF_HEAD
        some = replace(
            relation,
            sql=f"SELECT * FROM ({relation.sql}) LIMIT {most}",
            rows=most if relation.rows is None else min(most, relation.rows),
        )
        return take_in(database, some, dialect, name, asked)

    found = files.open_with(take, data, dialect, listener)
    return replace(found, reading={**found.reading, **dialect.stated()})


def parquet_extent(path: Path) -> tuple[int, int]:
    """Return the rows and columns of a Parquet file by its footer; raises ``DataError``."""
    database = Database(path, path.name)
    try:
        ((rows,),) = database.rows("SELECT num_rows FROM parquet_file_metadata(?)", (str(path),))
        columns = database.rows(
            "DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false)", (str(path),)
        )
    except Unreadable:
        raise DataError(f"{path.name} is damaged or not a Parquet file: save it again") from None
    finally:
        database.close()
    return rows, len(columns)
