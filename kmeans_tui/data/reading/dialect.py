"""How the bytes of a file are to be read: what its user said of it, the rest left to be guessed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

# Bytes read and bytes in all, now and then; returning False stops the reading.
Listener: TypeAlias = Callable[[int, int], bool | None]

# In number columns only, and in any case: a text column may well hold a country "NA".
MISSING_MARKS: Final = frozenset(
    ("", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "?", "-", "--", ".", "missing")
)
# With this mark every cell of a number column that is no number counts as missing.
ANY_TEXT: Final = "*"
SEPARATORS: Final = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "\\t": "\t",
    "pipe": "|",
    "blank": " ",
    "space": " ",
    "colon": ":",
}


@dataclass(frozen=True)
class Dialect:
    """What is known of a file; None where it is guessed.

    ``separator`` of the cells, ``header`` whether the first row holds names, ``decimal`` and
    ``thousands`` marks of numbers, ``encoding`` by a name that Python knows, ``missing_marks``
    beside the usual ones, ``sheet`` of a workbook by name or number from 1. ``skip`` lines at the
    top are passed over; ``header_row`` is the line that holds the names, counted from 1, and all
    above it is passed over. Lines of a workbook are the rows of the sheet.
    """

    separator: str | None = None
    header: bool | None = None
    decimal: str | None = None
    thousands: str | None = None
    encoding: str | None = None
    missing_marks: tuple[str, ...] = ()
    sheet: str | None = None
    skip: int | None = None
    header_row: int | None = None

    def is_missing(self, cell: str) -> bool:
        """Whether a cell of a number column stands for no value."""
        return cell.strip().casefold() in self._marks

    @cached_property
    def missing_numbers(self) -> tuple[float, ...]:
        """The marks that are numbers: -999 stands for -999.0 as well."""
        found = []
        for each in self.missing_marks:
            try:
                value = float(each.strip().replace(",", ".") if self.decimal == "," else each)
            except ValueError:
                continue
            if value == value and abs(value) != float("inf") and "_" not in each:
                found.append(value)
        return tuple(found)

    @cached_property
    def _marks(self) -> frozenset[str]:
        return MISSING_MARKS | {each.strip().casefold() for each in self.missing_marks}


def separator_named(text: str) -> str:
    """The separator that a person means by ``text``: itself, or ``tab``, ``blank``, …"""
    return SEPARATORS.get(text.strip().casefold(), text) if text.strip() else text[:1] or text


def separator_name(separator: str) -> str:
    """A separator in words where it cannot be seen."""
    return {"\t": "tab", " ": "blank"}.get(separator, f"'{separator}'")
