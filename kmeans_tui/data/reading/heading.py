"""Find the line of column names, if any, and the width of the table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading.cell_kinds import is_number
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.separators import usual_width

# At most this many lines of notes, as wide as the table, are expected above it.
_MOST_NOTES: Final = 40
# A few short rows are damaged ones; above this share, short rows are the rule.
_CUSTOM: Final = 1 / 3
_USUAL: Final = Dialect()


@dataclass(frozen=True)
class Heading:
    """``at`` is the line of the names, or of the first row if there are none (``names`` is None).

    ``row_names``: the first column has no name; ``counted``: names count up and may be numbers;
    ``padded``: many rows are shorter than ``width``.
    """

    at: int
    names: tuple[str, ...] | None
    width: int
    row_names: bool = False
    counted: bool = False
    padded: bool = False


def find_heading(rows: Sequence[Sequence[str]], dialect: Dialect) -> Heading:
    """Return the heading of these rows, at least one of which has cells.

    Raises ``DataError`` if a line of names does not fit the rows below it.
    """
    if dialect.header_row is not None:
        if not any(rows[0]):
            raise DataError(
                f"line {dialect.header_row}, given by --header-row, holds no names: all its cells "
                "are empty; give another line"
            )
        return _over(0, rows[0], rows[1:])
    width = usual_width(rows)
    first = next(i for i, row in enumerate(rows) if len(row) == width)
    cells = [row for row in rows[first:] if len(row) == width]
    if dialect.header is not False:
        top = next(i for i, row in enumerate(rows) if row)
        if _names_longer_rows(rows, top, width):
            return _over(top, rows[top], rows[top + 1 :])
        at = next((i for i in reversed(range(first)) if rows[i]), None)
        if at is not None and len(rows[at]) == width - 1 and are_names(rows[at]):
            # A header one name short: rows end with a separator, or begin with row names.
            trailing = width > 1 and all(row[-1] == "" for row in cells)
            if trailing or len({row[0] for row in cells}) == len(cells):
                return _over(at, rows[at], rows[at + 1 :])
        if dialect.header is None and first:
            _refuse_short(rows, first, width, cells)
        below = _below_notes(rows, first, width)
        if below is not None:
            return Heading(below, tuple(rows[below]), width)
    named = _has_names(cells) if dialect.header is None else dialect.header
    counted = named and dialect.header is None and _counts_up(cells[0])
    padded = named and _often_short(rows, width)
    return Heading(first, tuple(cells[0]) if named else None, width, counted=counted, padded=padded)


def are_names(row: Sequence[str]) -> bool:
    """Whether every cell of a row is filled and not a number."""
    return all(cell and not is_number(cell) for cell in row)


def _over(at: int, names: Sequence[str], rows: Sequence[Sequence[str]]) -> Heading:
    """Return the names on a line, fitted to the rows below it."""
    width = usual_width(rows) if any(rows) else len(names)
    while len(names) > width and not names[-1]:
        names = names[:-1]
    if len(names) > width:
        return Heading(at, tuple(names), len(names), padded=True)
    if len(names) == width:
        return Heading(at, tuple(names), width)
    same = [row for row in rows if len(row) == width]
    if len(names) < width - 1 or all(row[-1] == "" for row in same):
        return Heading(at, (*names, *[""] * (width - len(names))), width)
    return Heading(at, ("", *names), width, row_names=True)


def _names_longer_rows(rows: Sequence[Sequence[str]], top: int, width: int) -> bool:
    """Whether the first line names more columns than most rows have: last cells are missing."""
    names = list(rows[top])
    while names and not names[-1]:
        names.pop()
    below = [row for row in rows[top + 1 :] if row]
    return (
        len(names) > width > 1
        and are_names(names)
        and all(len(row) <= len(rows[top]) for row in below)
        # If names follow below it, it is a note.
        and any(map(is_number, below[0]))
    )


def _refuse_short(
    rows: Sequence[Sequence[str]], first: int, width: int, cells: Sequence[Sequence[str]]
) -> None:
    """Raise ``DataError`` for names right above rows of another width without row names."""
    names = rows[first - 1]
    if 1 < len(names) < width and are_names(names) and not _has_names(cells):
        raise DataError(
            f"the line above the first row has {len(names)} names, the rows have {width} cells; "
            f"name the --separator, or skip the line if it is not a header (--skip {first})"
        )


def _below_notes(rows: Sequence[Sequence[str]], first: int, width: int) -> int | None:
    """Return the first line full of names, below lines with empty cells and above numbers."""
    top = rows[first]
    if width < 2 or all(top) or (not top[0] and all(top[1:])):
        return None
    for at in range(first + 1, min(first + _MOST_NOTES, len(rows))):
        row = rows[at]
        if len(row) == width and all(row):
            below = [each for each in rows[at + 1 :] if len(each) == width]
            fits = are_names(row) and not any(map(_USUAL.is_missing, row)) and below
            numeric = [is_numeric([each[i] for each in below]) for i in range(width)]
            return at if fits and any(numeric) else None
    return None


def _often_short(rows: Sequence[Sequence[str]], width: int) -> bool:
    given = [len(row) for row in rows if row]
    return max(given) == width and sum(each < width for each in given) > len(given) * _CUSTOM


def _has_names(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds names: a text above a column of numbers."""
    first, rest = rows[0], rows[1:]
    above = [bool(rest) and is_numeric([row[i] for row in rest]) for i in range(len(first))]
    for cell, numeric in zip(first, above, strict=True):
        if numeric and not is_number(cell) and not _USUAL.is_missing(cell):
            return True
    if any(map(is_number, first)):
        return _counts_up(first) and not _like_below(first, rest)
    return not any(above)


def _counts_up(row: Sequence[str]) -> bool:
    """Whether the numbers of a row are 0, 1, 2, … or years: names, if another cell is text."""
    numbers = [int(cell) for cell in row if re.fullmatch("[0-9]{1,4}", cell)]
    others = [cell for cell in row if not re.fullmatch("[0-9]{1,4}", cell)]
    return (
        len(numbers) > 1
        and bool(others)
        and not any(map(is_number, others))
        and all(b - a == 1 for a, b in pairwise(numbers))
        # Years, or column numbers next to an empty cell or a word.
        and (numbers[0] >= 1000 or all(re.fullmatch(r"[^\W\d]*[ _]?[^\W\d]*", c) for c in others))
    )


def _like_below(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether a text of the first row looks like most texts below it, as A1 above B7."""
    for i, cell in enumerate(first):
        if cell and not is_number(cell):
            same = sum(_shape(row[i]) == _shape(cell) for row in rest)
            if rest and same * 2 > len(rest):
                return True
    return False


def _shape(cell: str) -> str:
    cell = re.sub(r"[0-9]+", "9", cell[:200])
    return re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", cell))


def is_numeric(cells: Sequence[str]) -> bool:
    """Whether most non-empty cells hold a number."""
    given = [cell for cell in cells if not _USUAL.is_missing(cell)]
    return bool(given) and sum(map(is_number, given)) > len(given) / 2
