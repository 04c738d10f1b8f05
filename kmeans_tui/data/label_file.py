"""The clusters of all rows as a Parquet file."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from kmeans_tui.data.columns import DataError, free_names
from kmeans_tui.data.reading.query import identifier, literal

# Rows at a time.
_ROWS: Final = 65_536


def blocks(
    parts: Iterable[np.ndarray], names: Iterable[Sequence[str | None]] | None
) -> Iterator[tuple[np.ndarray, list[str | None] | None]]:
    """Yield labels and the names of the same rows, if there are any, some rows at a time.

    Raises ``DataError`` if there are fewer names than labels.
    """
    called = None if names is None else chain.from_iterable(names)
    for labels in parts:
        for start in range(0, len(labels), _ROWS):
            some = labels[start : start + _ROWS]
            own = None if called is None else list(islice(called, len(some)))
            if own is not None and len(own) < len(some):
                raise DataError("the rows have changed since they were opened: open them again")
            yield some, own


def write(
    parts: Iterable[np.ndarray],
    file: BinaryIO,
    id_column: str = "",
    names: Iterable[Sequence[str | None]] | None = None,
) -> None:
    """Write two columns: ``row``, from 1 in the file, and ``cluster``, from 1, null for none.

    Between them is ``id_column`` with the ``names`` of the rows, if they have some.
    ``parts`` are labels from 0 in the order of the rows, -1 for none. They are kept packed, three
    bytes a row at most and the names, until all are there. Raises ``DataError`` if the disk is
    full.
    """
    import duckdb

    number, cluster = free_names(["row", "cluster"], [id_column.casefold()])
    own = "" if names is None else "name, "
    with tempfile.TemporaryDirectory(prefix="kmeans-tui-") as folder:
        path = Path(folder, "labels.parquet")
        connection = duckdb.connect(":memory:", config={"temp_directory": folder})
        try:
            connection.execute(f"CREATE TABLE found ({own and 'name VARCHAR, '}cluster INTEGER)")
            for labels, called in blocks(parts, names):
                columns = {"cluster": np.asarray(labels, np.int32) + 1}
                if called is not None:
                    columns["name"] = np.array([*called, None], object)[:-1]
                connection.register("part", columns)
                connection.execute(f"INSERT INTO found SELECT {own}nullif(cluster, 0) FROM part")
                connection.unregister("part")
            own = own and f"name AS {identifier(id_column)}, "
            connection.execute(
                f"COPY (SELECT rowid + 1 AS {number}, {own}cluster AS {cluster} FROM found "
                f"ORDER BY rowid) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"
            )
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            said = str(error).splitlines()[0][:200]
            if "No space left" in str(error):
                said = f"there is no space left in {path.parent.parent}; free some, or set TMPDIR"
            raise DataError(f"the labels cannot be written: {said}") from None
        finally:
            connection.close()
        with path.open("rb") as written:
            shutil.copyfileobj(written, file)
