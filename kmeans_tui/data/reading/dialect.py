"""How the bytes of a file are read: as the user specifies, the rest detected."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Final, TypeAlias

from kmeans_tui.data.columns import Reading

# Called now and then with bytes read and bytes in total; returning False stops the reading.
Listener: TypeAlias = Callable[[int, int], bool | None]

# In number columns only, in upper or lower case: a text column may hold a country "NA".
MISSING_MARKS: Final = frozenset(
    ("", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "?", "-", "--", ".", "missing")
)
# With this marker, every cell of a number column that is not a number counts as missing.
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
    """What is known about how a file is written; None is detected.

    ``separator`` between cells, ``header`` whether the first row holds names, ``decimal`` and
    ``thousands`` marks in numbers, ``encoding`` by its Python name, ``missing_marks`` besides the
    usual ones, ``sheet`` of a workbook by name or number from 1. The first ``skip`` lines are
    skipped; ``header_row`` is the line with the names, counted from 1, and everything above it is
    skipped. The lines of a workbook are the rows of the sheet. Of its rows, ``sample`` are drawn at
    random with ``sample_seed``.
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
    sample: int | None = None
    sample_seed: int = 0

    def stated(self) -> Reading:
        """Return the fields that are not left to be detected, and are the same for other rows."""
        names = (each.name for each in fields(self) if not each.name.startswith("sample"))
        found = {name: getattr(self, name) for name in names}
        return {name: value for name, value in found.items() if value not in (None, ())}

    def is_missing(self, cell: str) -> bool:
        """Whether a cell of a number column means a missing value."""
        return cell.strip().casefold() in self.marks

    @cached_property
    def missing_numbers(self) -> tuple[float, ...]:
        """Return the markers that are numbers: -999 also stands for -999.0."""
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
    def marks(self) -> frozenset[str]:
        """All markers of a missing value, in lower case."""
        return MISSING_MARKS | {each.strip().casefold() for each in self.missing_marks}


def separator_named(text: str) -> str:
    """Return the separator that ``text`` names: itself, or ``tab``, ``blank``, …"""
    return SEPARATORS.get(text.strip().casefold(), text) if text.strip() else text[:1] or text


def separator_name(separator: str) -> str:
    """Return the name of a separator, in words if it is invisible."""
    return {"\t": "tab", " ": "blank"}.get(separator, f"'{separator}'")
