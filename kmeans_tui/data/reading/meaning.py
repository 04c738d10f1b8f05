"""Judge from its name and cells whether a column is a number, date, text or identifier."""

import re
from collections.abc import Collection, Mapping
from typing import Final

import numpy as np

from kmeans_tui.data.reading.cell_kinds import is_time
from kmeans_tui.data.reading.notation import (
    Notation,
    all_plain,
    in_parentheses,
    is_infinite,
    sign_of,
)

# In a number column, at least this share of the cells are numbers …
_MOST: Final = 0.9
# … or half of them if the others are a few distinct markers: "unknown" in a third of the rows.
_FEW_MARKS: Final = 3
# In a smaller table, all whole numbers may be distinct by chance.
_FEWEST_FOR_AN_IDENTIFIER: Final = 20
# What follows one of these words, or any word and a mark, is an identifier: userid, order_no.
_OWNERS: Final = (
    "user|customer|cust|client|account|acct|order|product|prod|item|article|patient|pat|student|"
    "employee|emp|staff|member|person|people|respondent|participant|subject|subj|sample|specimen|"
    "case|record|rec|row|line|entry|device|sensor|station|meter|session|visitor|visit|store|shop|"
    "branch|transaction|trans|txn|invoice|receipt|ticket|contact|company|firm|event|object|obj|"
    "node|vehicle|car|driver|player|team|match|movie|film|track|song|artist|book|house|household|"
    "hh|property|listing|host|policy|claim|loan|card|passenger|voter|school|class|course|seller|"
    "vendor|supplier|buyer|cart|campaign|post|tweet|message|msg|document|doc|file|image|img|page|"
    "site|parcel|plot|tree|plant|animal|gene|probe|run|test|trial|batch|lot|asset|part|serial|tax|"
    "national|personal|unique|uniq|data|geo|object|internal|external|global|local|my"
)
_SURE: Final = (
    "ids?|uid|uuid|guid|rowid|pk|zip|zips|zip ?codes?|post ?codes?|postal ?codes?|postal|plz|"
    "phones?|(tele)?phone ?(number|no|nr)|telephones?|tel|mobile ?(number|no|nr)|fax|ssn|"
    "iban|isbn|ean|upc|sku|gtin|barcode|imei|vin|fips|geoid|npi|mrn|orcid|doi|row names?|"
    "(area|country|product|item|branch|bank|sort|customer|client|store|fips|zip|postal) ?code"
)
_LIKELY: Final = "idx|index|key|nr|no|num|number|serial|row"
_NAMES_ROWS: Final = re.compile(rf"(.* )?({_SURE})|({_OWNERS})s?ids?", re.IGNORECASE)
_MAY_NAME_ROWS: Final = re.compile(rf"(.* )?({_LIKELY})", re.IGNORECASE)
_SAYS_DATE: Final = re.compile(r"(.* )?(date|day|datum|month|period|yyyymm(dd)?)( .*)?", re.I)
# A column that may identify rows does so if at least this share of its values are distinct.
_TOLD_APART: Final = 0.9


def is_number_column(numbers: int, others: Mapping[str, int]) -> bool:
    """Whether ``numbers`` numeric cells outweigh the ``others``, counted by text.

    Tickets, three quarters of which are bare numbers, are not a number column; a column with a
    single odd cell is one, and so is one with its own marker for missing values.
    """
    odd = sum(others.values())
    if numbers == 0:
        return False
    share = numbers / (numbers + odd)
    return share >= _MOST or (share >= 0.5 and len(others) <= _FEW_MARKS)


def looks_numeric(cells: Mapping[str, int]) -> bool:
    """Whether half of the cells, counted by text, consist of digits, marks and number signs."""
    loose = re.compile(
        r"[-+(]*[$€£¥₹ ]*[-+(]?[0-9][0-9., '’\u00a0\u202f\u2009]*([eE][-+]?[0-9]+)?[ %$€£¥₹)]*"
        r"|[.,][0-9]+"
    )
    found = sum(
        count
        for cell, count in cells.items()
        if loose.fullmatch(cell.strip()) is not None or is_infinite(cell)
    )
    return bool(cells) and found >= sum(cells.values()) / 2


def is_numeric(cells: Mapping[str, int], notation: Notation) -> bool:
    """Whether these cells, counted by text and without missing ones, make a number column."""
    others = {
        cell: count
        for cell, count in cells.items()
        if not (notation.is_number(cell) or is_infinite(cell))
    }
    return is_number_column(sum(cells.values()) - sum(others.values()), others)


def notation_of(cells: Collection[str], decimal: str, thousands: str) -> Notation:
    """Return the notation of a column in a file with these marks; the plain one if it fits."""
    if decimal == "." and all_plain(cells):
        return Notation()
    return Notation(decimal, thousands, sign_of(cells), in_parentheses(cells))


def is_date_column(cells: Collection[str]) -> bool:
    """Whether all cells are dates or times."""
    return bool(cells) and all(is_time(cell) for cell in cells)


def is_identifier(name: str, values: np.ndarray, *, unnamed: bool = False) -> bool:
    """Whether whole numbers (n,), NaN where missing, identify the rows rather than measure them.

    Two distinct numbers in many rows identify none. Otherwise the name decides, whatever the
    length and even with missing or repeated values: ids, zip codes, telephone numbers; so does
    being an ``unnamed`` first column. A name such as ``No`` or ``index`` requires nearly all values
    to be distinct. With any other name, the numbers must be complete, all distinct, in at least 20
    rows, and either ascend row by row, fill half of their range (a shuffled counter), or all have
    the same number of digits, eight or more. Distinctness alone would also exclude the incomes of
    200 customers.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return False
    if unnamed and len(known) == len(values) and (known[1:] > known[:-1]).all():
        return True
    if (known[:1000] != np.floor(known[:1000])).any() or (known != np.floor(known)).any():
        return False
    words, different = _words(name), len(np.unique(known))
    # Numbers too long for a float may look alike.
    many = different > 2 or different == len(known) or known.max() >= 2.0**53
    if unnamed or (_NAMES_ROWS.fullmatch(words) and many):
        return True
    long = len(values) >= _FEWEST_FOR_AN_IDENTIFIER
    if _MAY_NAME_ROWS.fullmatch(words) and different >= _TOLD_APART * len(values):
        return long or " " in words
    if not long or different < len(values):
        return False
    low, high = float(known.min()), float(known.max())
    if (known[1:] > known[:-1]).all() or high - low < 2 * len(known):
        return True
    return low >= 10_000_000 and len(f"{low:.0f}") == len(f"{high:.0f}")


def is_date_number(name: str, values: np.ndarray) -> bool:
    """Whether numbers (n,), NaN where missing, are days such as 20240131 or months such as 202401.

    One random number in 27 between 1900 and 2100 looks like a day, one in 8 like a month: three
    days in a row are enough, months also need a matching name.
    """
    known = values[np.isfinite(values)]
    said = _SAYS_DATE.fullmatch(_words(name)) is not None
    if not len(known) or (len(known) < 3 and not said) or (known != np.floor(known)).any():
        return False
    if known.min() >= 19_000_101 and known.max() <= 21_001_231:
        month, day = known // 100 % 100, known % 100
        return bool(((month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all())
    if said and known.min() >= 190_001 and known.max() <= 210_012:
        month = known % 100
        return bool(((month >= 1) & (month <= 12)).all())
    return False


def is_padded(cells: Collection[str]) -> bool:
    """Whether whole numbers have leading zeros, as codes do: 00501."""
    return any(cell.strip().startswith("0") and len(cell.strip()) > 1 for cell in cells) and all(
        cell.strip().isdecimal() for cell in cells
    )


def looks_like_amounts(cells: Mapping[str, int]) -> int:
    """Return how many cells, counted by text, are amounts, also with a suffix: 45K, 5 cm."""
    return sum(count for cell, count in cells.items() if _AMOUNT.fullmatch(cell.strip()))


_AMOUNT: Final = re.compile(
    r"[-+(]?[$€£¥₹]? ?[-+(]?[0-9][0-9., '’\u00a0\u202f\u2009]{0,30}([eE][-+]?[0-9]+)?"
    r"( ?([kKmMbBtT]|bn|mn|mln|mio|mrd|tsd|thousand|million|billion"
    r"|[cmk]?m|[mk]?g|lbs?|oz|ft|in|m?s|min|h|hrs?|km/h|mph|°? ?[CF]|k?W|k?Wh|[mk]?V|m?A|[kMG]?Hz"
    r"|px|pt|[kMGT]?B|m?l))?[ %$€£¥₹)+]*|[.,][0-9]+"
)


def lone_extreme(values: np.ndarray) -> tuple[float, int] | None:
    """Return the minimum or maximum of values (n,) and its count, if it is far from all others.

    It must look like a missing-value marker: a whole number of nines, eights or sevens, 0, or the
    only negative value. It occurs at least twice, unless made of nines, in at most a third of the
    rows, and is farther from all others than they are from each other: -999 among temperatures.
    """
    for sign in (1, -1):
        extreme = float(values.min() if sign > 0 else values.max())
        if extreme != np.floor(extreme):
            continue
        digits = f"{abs(extreme):.0f}"
        mark = re.fullmatch("9{2,}|8{2,}|7{2,}", digits) is not None or abs(extreme) in _FILLS
        count = int((values == extreme).sum())
        if count * 3 > len(values) or (count < 2 and not mark):
            continue
        others = values[values != extreme]
        low, high = float(others.min()), float(others.max())
        if not (mark or extreme == 0 or extreme < 0 <= low):
            continue
        apart = low - extreme if sign > 0 else extreme - high
        # With two or three values, each is far from the others.
        if 0 < high - low < apart and len(np.unique(others[:1000])) > 3:
            return extreme, count
    return None


_FILLS: Final = (2.0**15, 2.0**15 - 1, 2.0**31, 2.0**31 - 1, 2.0**16 - 1, 1e20, 1e30, 1e36)


def _words(name: str) -> str:
    """Return a name with blanks between its words, in any case style: AccountNo, user_id."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return " ".join(re.sub(r"[\W_]+", " ", apart).split())
