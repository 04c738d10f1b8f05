"""Where the rows of the user's file are: what can be read in parts as it is."""

from pathlib import Path

import numpy as np

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import regular
from kmeans_tui.partitioned.plan import StoredTable


def npy(path: Path, name: str | None = None) -> StoredTable:
    """Return the table in a ``.npy`` file; raises ``DataError``, one sentence.

    Two dimensions are rows and columns, one dimension is one column, records are their fields.
    """
    path = path.resolve()
    name = name or path.name
    try:
        with regular.opened(path) as file:
            version = np.lib.format.read_magic(file)
            header = (
                np.lib.format.read_array_header_1_0
                if version == (1, 0)
                else np.lib.format.read_array_header_2_0
            )
            shape, fortran, dtype = header(file)
            offset = file.tell()
        now = path.stat()
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or 'it is damaged'}") from None
    except ValueError:
        raise DataError(f"{name} is damaged or not a numpy array: save it again") from None
    kinds = [dtype[each] for each in dtype.names] if dtype.names else [dtype]
    if not 1 <= len(shape) <= 2 or (dtype.names and len(shape) > 1):
        raise DataError(f"{name} has the shape {shape}: save one table of rows and columns")
    if any(kind.kind not in "fiub" or kind.shape for kind in kinds):
        raise DataError(f"{name} holds {dtype}: only real numbers can be clustered in parts")
    rows = shape[0]
    columns = len(dtype.names) if dtype.names else (shape[1] if len(shape) == 2 else 1)
    if not rows or not columns:
        raise DataError(f"{name} is empty: its shape is {shape}")
    size = rows * dtype.itemsize * (1 if dtype.names else columns)
    if offset + size > now.st_size:
        raise DataError(
            f"{name} is cut short: it should have {offset + size:,} bytes and has "
            f"{now.st_size:,}; download or copy it again"
        )
    names = dtype.names or tuple(f"column {i + 1}" for i in range(columns))
    piece = ("npy", str(path), offset, dtype, rows, columns, bool(fortran), 0, rows)
    stamp = (str(path), now.st_size, now.st_mtime_ns)
    return StoredTable(name, tuple(names), rows, (piece,), size, (stamp,))
