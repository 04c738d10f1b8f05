"""The clusters of all rows as a Parquet file."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from kmeans_tui.data.columns import DataError, free_names
from kmeans_tui.data.reading.query import identifier

# Rows at a time.
_ROWS: Final = 65_536


def write(
    parts: Iterator[np.ndarray],
    file: BinaryIO,
    id_column: str = "",
    names: Iterable[Sequence[str | None]] = (),
) -> None:
    """Write two columns: ``row``, from 1 in the file, and ``cluster``, from 1, null for none.

    Between them are the ``names`` of the rows, given some at a time, if there is an ``id_column``.
    ``parts`` are labels from 0 in the order of the rows, -1 for none. They are kept packed, three
    bytes a row at most and the names, until all are there. Raises ``DataError`` if the disk is
    full.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="kmeans-tui-") as folder:
        path = Path(folder, "labels.parquet")
        connection = duckdb.connect(":memory:", config={"temp_directory": folder})
        try:
            connection.execute("CREATE TABLE found (name VARCHAR, cluster INTEGER)")
            called = chain.from_iterable(names) if id_column else repeat(None)
            for labels in parts:
                for start in range(0, len(labels), _ROWS):
                    some = np.asarray(labels[start : start + _ROWS], np.int32) + 1
                    cells = np.empty(len(some), object)
                    cells[:] = list(islice(called, len(some)))
                    connection.register("part", {"name": cells, "cluster": some})
                    connection.execute(
                        "INSERT INTO found SELECT name::VARCHAR, nullif(cluster, 0) FROM part"
                    )
                    connection.unregister("part")
            place = str(path).replace("'", "''")
            number, cluster = free_names(["row", "cluster"], [id_column.casefold()])
            own = f"name AS {identifier(id_column)}, " if id_column else ""
            connection.execute(
                f"COPY (SELECT rowid + 1 AS {number}, {own}cluster AS {cluster} FROM found "
                f"ORDER BY rowid) TO '{place}' (FORMAT parquet, COMPRESSION zstd)"
            )
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            said = str(error).splitlines()[0]
            raise DataError(f"the labels cannot be written: {said}") from None
        finally:
            connection.close()
        with path.open("rb") as written:
            shutil.copyfileobj(written, file)
