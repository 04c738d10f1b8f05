"""Read numpy arrays from ``.npy`` and ``.npz`` files, never pickled objects."""

import os
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tokenize import TokenError
from typing import Any, Literal

import numpy as np

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import memory, regular
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.meaning import is_identifier
from kmeans_tui.data.reading.packed_arrays import PackedArray, longest
from kmeans_tui.data.reading.relation import ColumnKind, unique_names
from kmeans_tui.data.sampling import Sampled, sampled_rows
from kmeans_tui.data.source import Cell, Column, Odd, Source

_EXACT = 2**53
# Each is examined by itself, which takes some 20 µs: two seconds for 100,000.
_MOST_COLUMNS = 100_000


def opened(path: Path, name: str, dialect: Dialect | None = None) -> Source:
    """Return the table in an array file; raises ``DataError`` if it is not one.

    A two-dimensional array gives its columns, a record array its fields, a one-dimensional array
    one column. An archive may hold one table and columns ``(n,)`` besides. Of the dialect only a
    sample concerns an array; it may be drawn from more than fits into memory.
    """
    dialect = dialect or Dialect()
    try:
        with regular.opened(path) as file:
            packed = file.read(2) == b"PK"
            file.seek(0)
            if not packed:
                cells = _cells(file, os.fstat(file.fileno()).st_size, name)
                file.seek(0)
                if dialect.sample is not None:
                    return _table({"": _mapped(file)}, name, dialect)
                shape, *_ = _header(file)
                file.seek(0)
                _check_memory(name, cells, shape[0] if shape else 1)
                return _table({"": np.load(file, allow_pickle=False)}, name, dialect)
            with np.load(file, allow_pickle=False) as archive:
                if len(archive.files) > _MOST_COLUMNS:
                    raise DataError(_too_many(name, len(archive.files)))
                cells, members = 0, {}
                for info in archive.zip.infolist():
                    with archive.zip.open(info) as member:
                        cells += _cells(member, info.file_size, name)
                    with archive.zip.open(info) as member:
                        header = _header(member)
                        key = info.filename.removesuffix(".npy")
                        members[key] = PackedArray(archive.zip, info, header, member.tell())
                n = longest(members)
                if dialect.sample is not None and dialect.sample < n:
                    _check_memory(name, -(-cells * dialect.sample // n), dialect.sample)
                    return _table(members, name, dialect)
                _check_memory(name, cells, n)
                return _table({each: archive[each] for each in archive.files}, name, dialect)
    except DataError:
        raise
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or 'it is damaged'}") from None
    except (ValueError, TypeError, KeyError, EOFError, SyntaxError, OverflowError, RuntimeError,
            zipfile.BadZipFile, zlib.error, TokenError) as error:  # fmt: skip
        if "allow_pickle" in str(error) or "pickle" in str(error).lower():
            raise DataError(
                f"{name} holds Python objects, which could run any code when read: "
                "save only the numbers, with numpy.save(path, table.astype(float))"
            ) from None
        raise DataError(f"{name} is damaged or not a numpy array: save it again") from None


def _check_memory(name: str, cells: int, rows: int) -> None:
    columns = -(-cells // max(1, rows))
    memory.check(name, max(1, rows), columns, columns)


def _header(file: Any) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Return the shape, the order and the type that an array file states."""
    version = np.lib.format.read_magic(file)
    read = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    return read(file)


def _mapped(file: Any) -> np.ndarray:
    """Return an array that stays in its file, of which only what is used is read."""
    shape, by_column, kind = _header(file)
    order: Literal["F", "C"] = "F" if by_column else "C"
    return np.memmap(file, kind, "r", file.tell(), shape, order)


def _cells(file: Any, size: int, name: str) -> int:
    """Return how many values a header promises, before allocating; none may be missing."""
    shape, _, kind = _header(file)
    if kind.hasobject:
        raise ValueError("pickle")
    if 0 in shape:
        raise DataError(f"{name} is empty: its shape is {shape}")
    columns = max((*shape[1:], len(kind.names or ())))
    if columns > _MOST_COLUMNS:
        raise DataError(_too_many(name, columns))
    cells = int(np.prod(shape, dtype=object)) * max(1, len(kind.names or ()))
    promised = int(np.prod(shape, dtype=object)) * kind.itemsize
    if promised > size:
        raise DataError(
            f"{name} is cut short: it should have {promised:,} bytes and has {size:,}; "
            "download or copy it again"
        )
    # Text and dates are wider than a number; numbers of one byte become eight.
    return max(1, cells, promised // 8)


def _too_many(name: str, columns: int) -> str:
    return f"{name} has {columns:,} columns; the limit is {_MOST_COLUMNS:,}: keep fewer"


def _table(arrays: Mapping[str, Any], name: str, dialect: Dialect) -> Source:
    tables = {key: each for key, each in arrays.items() if each.ndim == 2}
    lines = {key: each for key, each in arrays.items() if each.ndim == 1}
    shapes = ", ".join(f"{key or 'array'} {each.shape}" for key, each in list(arrays.items())[:6])
    if len(tables) > 1 or len(tables) + len(lines) != len(arrays) or not arrays:
        raise DataError(
            f"{name} holds {shapes or 'nothing'}: save one table of rows and columns, optionally "
            "with columns of the same length"
        )
    lengths = {len(each) for each in arrays.values()}
    if len(lengths) > 1:
        raise DataError(f"{name} holds arrays of different lengths: {shapes}; keep one table")
    n, part = max(lengths), None
    if dialect.sample is not None and dialect.sample < n:
        part = sampled_rows(dialect.sample, n, dialect.sample_seed)
        arrays = {key: each[part - 1] for key, each in arrays.items()}
        tables, lines = ({key: arrays[key] for key in each} for each in (tables, lines))
    parts: list[tuple[str, np.ndarray]] = []
    for key, each in (*tables.items(), *lines.items()):
        if each.dtype.names:
            parts += [(field, each[field]) for field in each.dtype.names]
        elif each.ndim == 2:
            parts += [(f"column {i + 1}", each[:, i]) for i in range(each.shape[1])]
        else:
            parts.append((key or "column 1", each))
    if not n or not parts:
        raise DataError(f"{name} is empty: its shape is {next(iter(arrays.values())).shape}")
    found = of_columns(parts, n if part is None else len(part), name, only_numbers=bool(tables))
    if part is None:
        return found
    return replace(
        found,
        columns=tuple(each.renumbered(part) for each in found.columns),
        sampled=Sampled(len(part), n, dialect.sample_seed),
        row_numbers=part,
    )


def of_columns(
    parts: list[tuple[str, np.ndarray]], n: int, name: str, *, only_numbers: bool
) -> Source:
    """Return arrays (n,) by their names as a table; raises ``DataError``.

    With ``only_numbers``, none of them identifies the rows.
    """
    names, notes = unique_names(tuple(each for each, _ in parts), len(parts))
    columns: list[Column] = []
    floats: list[np.ndarray] = []
    texts: dict[str, np.ndarray] = {}
    for label, (_, values) in zip(names, parts, strict=True):
        if values.ndim != 1:
            raise DataError(
                f"{name}: field {label} has {values.ndim} dimensions; keep one value each"
            )
        if values.dtype.kind in "fiub":
            found, column = _numbers(label, values, len(floats))
            floats.append(found)
            # The columns of a plain matrix are coordinates, whatever their values.
            if not only_numbers and is_identifier(label, found):
                column = replace(column, kind="identifier")
            columns.append(column)
        elif values.dtype.kind in "USM":
            texts[label] = np.array([_text(each) for each in values.tolist()], dtype=object)
            kind: ColumnKind = "date" if values.dtype.kind == "M" else "text"
            columns.append(Column(label, kind))
        else:
            what = (
                "complex numbers" if values.dtype.kind == "c" else f"values of type {values.dtype}"
            )
            raise DataError(f"{name} holds {what} in {label}: only real numbers can be clustered")
    numbers = np.column_stack(floats) if floats else np.empty((n, 0))
    return Source(name, tuple(columns), numbers, texts, "an array of numpy", notes)


def _numbers(label: str, values: np.ndarray, position: int) -> tuple[np.ndarray, Column]:
    """Return a column as floats, NaN where not finite, and its description."""
    found = values.astype(np.float64)
    infinite = rounded = None
    missing = int(np.isnan(found).sum())
    where = np.flatnonzero(np.isinf(found))
    if len(where):
        text = str(found[where[0]])
        infinite = Odd(len(where), Cell(int(where[0]) + 1, text), (text,))
        found[where] = np.nan
    if values.dtype.kind in "iu" and values.dtype.itemsize == 8:
        beyond = np.flatnonzero(np.abs(found) >= _EXACT)
        changed = [int(i) for i in beyond if int(found[i]) != int(values[i])]
        if changed:
            text = str(int(values[changed[0]]))
            rounded = Odd(len(changed), Cell(changed[0] + 1, text), (text,))
    known = found[np.isfinite(found)]
    largest = float(np.abs(known).max(initial=0.0))
    return found, Column(
        label, "number", position, missing, infinite, rounded=rounded, largest=largest
    )


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
