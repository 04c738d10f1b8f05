"""Where the rows of files are, as the machine sees them that has the files.

This module imports numpy alone and nothing of the program: it is also sent to other machines as
source text, see ``part_sources``. ``listed`` gives tuples (path, names of the columns of numbers,
rows, pieces, bytes, mtime in ns); a *piece* is described in ``part_reading``.
"""

import glob
import os
from tokenize import TokenError
from typing import Any

import numpy as np

_ARRAYS = (".npy",)
_PARQUETS = (".parquet", ".parq", ".pq")


def found(data: str) -> list[str]:
    """Return the files that a path, a folder or a pattern with * means, in the order of names.

    Of a folder these are all Parquet files in it and in its folders, else all arrays.
    """
    if os.path.isdir(data):
        inside = sorted(
            os.path.join(folder, name)
            for folder, _, names in os.walk(data)
            for name in names
            if not name.startswith((".", "_"))
        )
        for suffixes in (_PARQUETS, _ARRAYS):
            if some := [each for each in inside if each.casefold().endswith(suffixes)]:
                return some
        return []
    if not os.path.exists(data) and glob.has_magic(data):
        return sorted(each for each in glob.glob(data, recursive=True) if os.path.isfile(each))
    return [data]


def is_array(path: str) -> bool:
    """Whether the file begins like a ``.npy``."""
    with open(path, "rb") as file:
        return file.read(6) == b"\x93NUMPY"


def is_parquet(path: str) -> bool:
    """Whether the file begins like Parquet."""
    with open(path, "rb") as file:
        return file.read(4) == b"PAR1"


def listed(data: str) -> list[tuple[Any, ...]]:
    """Return what each of the files holds that ``found`` names, and their sizes.

    Raises ``ValueError``, a sentence, for what is neither an array nor Parquet.
    """
    seen: list[tuple[Any, ...]] = []
    for path in found(data):
        if is_array(path):
            holds = array(path)
        elif is_parquet(path):
            holds = parquet(path)
        else:
            raise ValueError(
                f"{os.path.basename(path)} is neither Parquet nor an array: a cluster reads no "
                "other files; write one of them first"
            )
        seen.append((*holds, os.path.getsize(path)))
    return seen


def array(path: str) -> tuple[Any, ...]:
    """Return what a ``.npy`` holds; raises ``ValueError``, a sentence about the file."""
    name = os.path.basename(path)
    with open(path, "rb") as file:
        try:
            version = np.lib.format.read_magic(file)
            header = (
                np.lib.format.read_array_header_1_0
                if version == (1, 0)
                else np.lib.format.read_array_header_2_0
            )
            shape, fortran, dtype = header(file)
        except (ValueError, SyntaxError, TypeError, KeyError, OverflowError, TokenError):
            raise ValueError(f"{name} is damaged or not a numpy array: save it again") from None
        offset, seen = file.tell(), os.fstat(file.fileno())
    kinds = [dtype[each] for each in dtype.names] if dtype.names else [dtype]
    if not 1 <= len(shape) <= 2 or (dtype.names and len(shape) > 1):
        raise ValueError(f"{name} has the shape {shape}: save one table of rows and columns")
    if any(kind.kind not in "fiub" or kind.shape for kind in kinds):
        raise ValueError(f"{name} holds {dtype}: only real numbers can be clustered in parts")
    rows = shape[0]
    columns = len(dtype.names) if dtype.names else (shape[1] if len(shape) == 2 else 1)
    if not columns:
        raise ValueError(f"{name} is empty: its shape is {shape}")
    size = rows * dtype.itemsize * (1 if dtype.names else columns)
    if offset + size > seen.st_size:
        raise ValueError(
            f"{name} is cut short: it should have {offset + size:,} bytes and has "
            f"{seen.st_size:,}; download or copy it again"
        )
    names = tuple(dtype.names or (f"column {i + 1}" for i in range(columns)))
    piece = ("npy", path, offset, dtype, rows, columns, bool(fortran), 0, rows)
    return path, names, rows, (piece,) if rows else (), size, seen.st_mtime_ns


def parquet(path: str) -> tuple[Any, ...]:
    """Return what a Parquet file holds; raises ``ValueError``, and ``ImportError`` for pyarrow.

    Only columns stored as numbers; a row group is a piece.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    seen = os.stat(path)
    try:
        with pq.ParquetFile(path) as file:
            schema, metadata = file.schema_arrow, file.metadata
            names = tuple(
                field.name
                for field in schema
                if pa.types.is_integer(field.type)
                or pa.types.is_floating(field.type)
                # Without a value in the whole file, it may be numbers in another.
                or pa.types.is_null(field.type)
            )
            groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        name = os.path.basename(path)
        raise ValueError(f"{name} is damaged or not a Parquet file: save it again") from None
    if len(set(schema.names)) < len(schema.names):
        raise ValueError(f"{os.path.basename(path)} has columns of the same name")
    pieces = tuple(
        ("parquet", path, i, names, group.num_rows)
        for i, group in enumerate(groups)
        if group.num_rows
    )
    rows = sum(piece[-1] for piece in pieces)
    return path, names, rows, pieces, sum(each.total_byte_size for each in groups), seen.st_mtime_ns
