"""The clusters of all rows as a Parquet file."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from kmeans_tui.data.columns import DataError


def write(parts: Iterator[np.ndarray], file: BinaryIO) -> None:
    """Write two columns: ``row``, from 1 in the file, and ``cluster``, from 1, null for none.

    ``parts`` are labels from 0 in the order of the rows, -1 for none. They are kept packed, three
    bytes a row at most, until all are there. Raises ``DataError`` if the disk is full.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="kmeans-tui-") as folder:
        path = Path(folder, "labels.parquet")
        connection = duckdb.connect(":memory:", config={"temp_directory": folder})
        try:
            connection.execute("CREATE TABLE found (cluster INTEGER)")
            for labels in parts:
                connection.register("part", {"cluster": np.asarray(labels, np.int32) + 1})
                connection.execute("INSERT INTO found SELECT nullif(cluster, 0) FROM part")
                connection.unregister("part")
            place = str(path).replace("'", "''")
            connection.execute(
                "COPY (SELECT rowid + 1 AS row, cluster FROM found ORDER BY rowid) "
                f"TO '{place}' (FORMAT parquet, COMPRESSION zstd)"
            )
        except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
            said = str(error).splitlines()[0]
            raise DataError(f"the labels cannot be written: {said}") from None
        finally:
            connection.close()
        with path.open("rb") as written:
            shutil.copyfileobj(written, file)
