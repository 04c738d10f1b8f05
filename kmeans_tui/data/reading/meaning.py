"""What a column means, judged from its cells: number, date, text or identifier."""

import re
from collections.abc import Collection, Mapping
from typing import Final

import numpy as np

from kmeans_tui.data.reading.notation import Notation, all_plain, is_infinite, sign_of

# A number column is one in which at least this share of the cells are numbers …
_MOST: Final = 0.9
# … or half of them where the others are few different marks: "unknown" in a third of the rows.
_FEW_MARKS: Final = 3
# In a smaller table all whole numbers may be different by chance.
_FEWEST_FOR_AN_IDENTIFIER: Final = 20
_NAMES_OF_IDENTIFIERS: Final = re.compile(
    r"(.*[\W_])?(id|idx|index|uuid|guid|key|nr|no|number|serial|rowid|row name|row)", re.IGNORECASE
)
_DATES: Final = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9:.,+Z-]+)?"
    r"|[0-9]{1,2}[./-][0-9]{1,2}[./-]([0-9]{4}|[0-9]{2})( [0-9:.]+)?"
    r"|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}( [0-9:.]+)?"
    r"|[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
)


def is_number_column(numbers: int, others: Mapping[str, int]) -> bool:
    """Whether ``numbers`` cells that are numbers outweigh the ``others``, counted by their text.

    Tickets of which three in four are bare numbers are no number column; one with a single odd cell
    is, and so is one with a mark of its own for missing values.
    """
    odd = sum(others.values())
    if numbers == 0:
        return False
    share = numbers / (numbers + odd)
    return share >= _MOST or (share >= 0.5 and len(others) <= _FEW_MARKS)


def looks_numeric(cells: Mapping[str, int]) -> bool:
    """Whether half of the cells, counted by text, are digits, marks and signs of numbers."""
    loose = re.compile(
        r"[-+$€£¥₹ ]*[0-9][0-9., '\u00a0\u202f\u2009]*([eE][-+]?[0-9]+)?[ %$€£¥₹]*|[.,][0-9]+"
    )
    found = sum(
        count
        for cell, count in cells.items()
        if loose.fullmatch(cell.strip()) is not None or is_infinite(cell)
    )
    return bool(cells) and found >= sum(cells.values()) / 2


def is_numeric(cells: Mapping[str, int], notation: Notation) -> bool:
    """Whether these cells, counted by text and none of them missing, make a number column."""
    others = {
        cell: count
        for cell, count in cells.items()
        if not (notation.is_number(cell) or is_infinite(cell))
    }
    return is_number_column(sum(cells.values()) - sum(others.values()), others)


def notation_of(cells: Collection[str], decimal: str, thousands: str) -> Notation:
    """The notation of a column of a file with these marks; the plain one wherever it will do."""
    if decimal == "." and all_plain(cells):
        return Notation()
    return Notation(decimal, thousands, sign_of(cells))


def is_date_column(cells: Collection[str]) -> bool:
    """Whether the cells are dates or times, all of them."""
    return bool(cells) and all(_DATES.fullmatch(cell.strip()) for cell in cells)


def is_identifier(name: str, values: np.ndarray) -> bool:
    """Whether whole numbers (n,), NaN where missing, name the rows instead of measuring them.

    They are all different, in at least 20 rows, and something else tells as well: the name of the
    column, that they ascend row by row, that they fill half of their range (a counter in another
    order), or that all have the same number of digits, eight or more. All different alone would
    leave out the incomes of 200 customers.
    """
    n = len(values)
    if n < _FEWEST_FOR_AN_IDENTIFIER or not _whole(values[:1000]) or not _whole(values):
        return False
    ordered = np.sort(values)
    if (ordered[1:] == ordered[:-1]).any():
        return False
    low, high = ordered[0], ordered[-1]
    if _NAMES_OF_IDENTIFIERS.fullmatch(name.strip()):
        return True
    if (values[1:] > values[:-1]).all() or high - low < 2 * n:
        return True
    return bool(low >= 10_000_000 and len(f"{low:.0f}") == len(f"{high:.0f}"))


def _whole(values: np.ndarray) -> bool:
    return bool(np.isfinite(values).all() and (values == np.floor(values)).all())
