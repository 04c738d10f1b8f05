"""Single rows of a data set: their cells, and how to find one."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.dataset import Dataset

# The column of a set whose rows have names.
NAMES: Final = "point"
# The mark of a row that is in no file.
_ADDED: Final = ("added", "by hand")


def number(dataset: Dataset, row: int) -> int:
    """Return the number in the file, counted from 1, of row ``row``, counted from 0."""
    return row + 1 if dataset.row_numbers is None else int(dataset.row_numbers[row])


def of_event(dataset: Dataset, point: int) -> int:
    """Return the number in the file, counted from 1, of the ``point`` of an event."""
    return point + 1 if dataset.counted > dataset.n else number(dataset, point)


def at(dataset: Dataset, wanted: int | None) -> int | None:
    """Return the row, counted from 0, that has this number in the file; None if there is none."""
    numbers = dataset.row_numbers
    if wanted is None:
        return None
    if numbers is None:
        return wanted - 1 if 1 <= wanted <= dataset.n else None
    place = int(np.searchsorted(numbers, wanted))
    return place if place < len(numbers) and numbers[place] == wanted else None


def name(dataset: Dataset, row: int) -> str:
    """Return the name of row ``row``, counted from 0: its cell in the id column, or its number.

    The points of a set may have names as well.
    """
    names = dataset.labels.get(NAMES) if dataset.source is None else None
    if dataset.id_column is not None:
        names = dataset.labels[dataset.id_column]
    text = None if names is None else names[row]
    return str(number(dataset, row)) if not text else str(text)


def called(dataset: Dataset, row: int) -> str:
    """Return a row, counted from 0, as in a sentence: ``row 17``, ``row 17 (customer K-204)``."""
    said, text = f"row {number(dataset, row):,}", identity(dataset, row)
    return f"{said} ({dataset.id_column} {text})" if text else said


def identity(dataset: Dataset, row: int) -> str:
    """Return the cell of row ``row``, counted from 0, in the id column; empty without one."""
    names = None if dataset.id_column is None else dataset.labels[dataset.id_column]
    return "" if names is None else str(names[row] or "")


def listed(dataset: Dataset, chosen: Iterable[int]) -> str:
    """Return rows, counted from 0, by their names in the id column, else by their numbers."""
    if dataset.id_column is None:
        return ", ".join(f"{number(dataset, int(row)):,}" for row in chosen)
    return ", ".join(name(dataset, int(row)) for row in chosen)


def cells(dataset: Dataset, row: int) -> tuple[tuple[str, str], ...]:
    """Return the names and cells of all columns of a row (counted from 0), as in the file.

    For a set without a file: its columns in full, its labels, and the known group.
    """
    if dataset.source is not None:
        if row >= dataset.n - dataset.added:
            known = dict(zip(dataset.columns, dataset.table[row].tolist(), strict=True))
            texts = {name: "" if x != x else f"{x:.10g}" for name, x in known.items()}
            return (*((name, texts.get(name, "")) for name in dataset.source.names), _ADDED)
        at = dataset.source.place(number(dataset, row))
        assert at is not None  # every row but those added is one of the file
        return tuple((each.name, dataset.source.cell(at, each)) for each in dataset.source.columns)
    known = dict(zip(dataset.columns, dataset.table[row].tolist(), strict=True))
    found = [(name, "" if x != x else f"{x:.10g}") for name, x in known.items()]
    if row >= dataset.n - dataset.added:
        return (*found, _ADDED)
    others = (name for name in dataset.labels if name not in known)
    found += [(name, str(dataset.labels[name][row] or "")) for name in others]
    if dataset.truth is not None:
        found.append(("known group", dataset.truth_names[dataset.truth[row]]))
    return tuple(found)


def named(dataset: Dataset, text: str) -> NDArray[np.intp]:
    """Return the rows, counted from 0, whose cell in the id column is this text, in any case."""
    if dataset.id_column is None or not (wanted := text.strip().casefold()):
        return np.empty(0, dtype=np.intp)
    cells = dataset.labels[dataset.id_column].tolist()
    return np.flatnonzero([str(each or "").strip().casefold() == wanted for each in cells])


def find(dataset: Dataset, text: str) -> NDArray[np.intp]:
    """Return the rows, counted from 0, that match a number or a label; empty if none.

    A cell of the id column that equals the text comes first, then a whole number is a row of the
    file, as is ``row 17``. Otherwise rows match if a label cell, or the known group of a set
    without a file, equals the text, in any case, or, if there are none, contains it.
    """
    wanted = text.strip().casefold()
    none = np.empty(0, dtype=np.intp)
    if len(found := named(dataset, wanted)):
        return found
    if wanted.startswith("row ") and wanted[4:].strip().isdecimal():
        wanted = wanted[4:].strip()
    if wanted.isdecimal():
        numbers = dataset.row_numbers
        numbers = np.arange(1, dataset.n + 1) if numbers is None else numbers
        # The number of a dropped row must not match a label that contains it.
        last = int(numbers[-1])
        last = last if dataset.source is None else max(last, dataset.source.last)
        if 1 <= int(wanted) <= last:
            return np.flatnonzero(numbers == int(wanted))
    if not wanted:
        return none
    columns = [column.tolist() for column in dataset.labels.values()]
    if dataset.source is None and dataset.truth is not None:
        columns.append([dataset.truth_names[group] for group in dataset.truth])
    for matches in (str.__eq__, str.__contains__):
        for texts in columns:
            fits = {each for each in set(texts) if each and matches(each.casefold(), wanted)}
            if fits:
                return np.flatnonzero([each in fits for each in texts])
    return none
