"""Numbers as people write them: signs, decimal and thousands marks, and what is not a number.

A column has one ``Notation``. Its pattern decides which cells are numbers, in Python for the few
examined individually and in SQL for all of them, so that both agree.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kmeans_tui.data.reading.cell_kinds import BLANK
from kmeans_tui.data.reading.query import literal

CURRENCIES: Final = "$€£¥₹"
SIGNS: Final = "%" + CURRENCIES
# What the database's cast strips from both ends; Python strips the same here.
_BLANKS: Final = " \t\n\v\f\r"
_EXPONENT: Final = r"([eE][+-]?[0-9]+)?"
# An invisible thousands mark is one of several blanks.
_TICK: Final = "['’]"
_PLAIN: Final = re.compile(rf"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+){_EXPONENT}")
_PARENTHESES: Final = re.compile(rf"[{CURRENCIES}]?[(][{CURRENCIES}]? ?[0-9.,][^()A-Za-z]*[)]%?")
_UNBOUNDED: Final = frozenset(
    f"{sign}{word}" for sign in ("", "+", "-") for word in ("inf", "infinity")
)


@dataclass(frozen=True)
class Notation:
    """How the numbers of one column are written.

    ``decimal`` is "." or ","; ``thousands`` the mark between groups of three, or empty; ``sign``
    the percent or currency sign on every number of the column, or empty. With ``parentheses``, a
    number in parentheses is negative, as in accounting.
    """

    decimal: str = "."
    thousands: str = ""
    sign: str = ""
    parentheses: bool = False

    @cached_property
    def plain(self) -> bool:
        """Whether the numbers are written as computers write them."""
        return self == Notation()

    @cached_property
    def pattern(self) -> str:
        """A regular expression for a whole stripped cell, valid in both Python and RE2."""
        number = self._unsigned
        if not self.sign:
            found = f"[+-]?{number}"
            return rf"({found}|[(] ?{number} ?[)])" if self.parentheses else found
        sign = re.escape(self.sign)
        behind = f"{number} ?{sign}"
        ways = [f"[+-]?{behind}"]
        if self.parentheses:
            ways += [f"[(] ?{behind} ?[)]", f"[(] ?{number} ?[)] ?{sign}"]
        if self.sign != "%":
            before = f"{sign} ?[+-]?{number}"
            ways.insert(0, f"[+-]?{before}")
            if self.parentheses:
                ways += [f"[(] ?{before} ?[)]", f"{sign} ?[(] ?{number} ?[)]"]
        return f"({'|'.join(ways)})"

    @property
    def _unsigned(self) -> str:
        whole = "[0-9]+"
        if self.thousands:
            marks = {" ": BLANK, "'": _TICK}
            mark = marks.get(self.thousands, re.escape(self.thousands))
            whole = f"([0-9]{{1,3}}({mark}[0-9]{{3}})+|[0-9]+)"
        point = "[,]" if self.decimal == "," else "[.]"
        return f"({whole}({point}[0-9]*)?|{point}[0-9]+){_EXPONENT}"

    def is_number(self, cell: str) -> bool:
        """Whether the cell is a number in this notation; infinity is not."""
        stripped = cell.strip(_BLANKS)
        if self.plain:
            return _PLAIN.fullmatch(stripped) is not None
        return re.fullmatch(self.pattern, stripped) is not None

    def sql(self, column: str, *, underscores: bool = False) -> str:
        """Return a DOUBLE expression for the column, NULL where the cell is not a number.

        A plain cell may become infinite or NaN, as the cast reads it. The cast also reads ``1_000``
        as a thousand: set ``underscores`` only if the file contains that character, since checking
        every cell costs a third of the reading time.
        """
        if self.plain:
            cast = f"TRY_CAST({column} AS DOUBLE)"
            return f"CASE WHEN NOT contains({column}, '_') THEN {cast} END" if underscores else cast
        trimmed = f"trim({column}, E' \\t\\n\\x0b\\f\\r')"
        dropped = re.escape(SIGNS) + " \u00a0\u202f\u2009’"
        if self.thousands:
            dropped += re.escape(self.thousands)
        bare = f"regexp_replace({trimmed}, {literal(f'[{dropped}]')}, '', 'g')"
        if self.parentheses:
            bare = f"regexp_replace({bare}, '[(]([^)]*)[)]', '-\\1')"
        if self.decimal == ",":
            bare = f"replace({bare}, ',', '.')"
        return (
            f"CASE WHEN regexp_full_match({trimmed}, {literal(self.pattern)}) "
            f"THEN TRY_CAST({bare} AS DOUBLE) END"
        )

    def __str__(self) -> str:
        parts = [f"decimal '{self.decimal}'"]
        if self.thousands:
            parts.append(f"thousands {_spelled(self.thousands)}")
        if self.sign:
            parts.append(f"the sign {self.sign} removed")
        if self.parentheses:
            parts.append("parentheses mean negative")
        return ", ".join(parts)


def all_plain(cells: Collection[str]) -> bool:
    """Whether all cells are numbers as computers write them."""
    match = _PLAIN.fullmatch
    return all(match(cell.strip(_BLANKS)) for cell in cells)


def is_infinite(cell: str) -> bool:
    """Whether the cell is infinity, or a number too large for a float, such as 1e400."""
    stripped = cell.strip(_BLANKS).casefold()
    if stripped in _UNBOUNDED:
        return True
    return _PLAIN.fullmatch(stripped) is not None and abs(float(stripped)) == float("inf")


class Ambiguous(Exception):  # noqa: N818 - a question, not a fault
    """A cell such as 1,234 that means different numbers in different countries."""


def marks(
    columns: Sequence[Collection[str]], decimal: str | None, thousands: str | None
) -> tuple[str, str]:
    """Return the decimal and thousands marks of a file, from sample cells of its columns.

    Given marks are used as they are; the rest is guessed from unambiguous cells. Raises
    ``Ambiguous`` with the cell if there is only a cell like ``1,234``.
    """
    evidence = _Evidence()
    for column in columns:
        evidence.column(column)
    comma = evidence.decimal_comma and not evidence.decimal_point
    if decimal is None:
        if thousands in (".", ","):
            decimal = "," if thousands == "." else "."
        else:
            decimal = "," if comma else "."
            points = evidence.points_of_thousands
            if points and thousands is None and not (comma or evidence.decimal_point):
                raise Ambiguous(points)
    if thousands is None:
        other = "." if decimal == "," else ","
        unclear = evidence.unclear[other]
        if unclear and other == "," and not (evidence.grouped[","] or evidence.decimal_point):
            raise Ambiguous(unclear)
        found = [mark for mark in (other, "'", " ") if evidence.grouped[mark]]
        thousands = found[0] if found else other if unclear else ""
    return decimal, thousands


class _Evidence:
    """Evidence from cells about the marks in them."""

    def __init__(self) -> None:
        self.decimal_comma = self.decimal_point = False
        self.grouped = {",": False, ".": False, "'": False, " ": False}
        self.unclear = {",": "", ".": ""}
        # Only cells such as 23.162 and 983: decimals would not always have three digits.
        self.points_of_thousands = ""

    def column(self, cells: Collection[str]) -> None:
        """Take in the cells of one column."""
        before, self.unclear["."] = self.unclear["."], ""
        point = self.decimal_point
        for cell in cells:
            self.hear(cell)
        unclear = self.unclear["."]
        if unclear and point == self.decimal_point and any(map(_is_short, cells)):
            self.points_of_thousands = self.points_of_thousands or unclear
        self.unclear["."] = before or unclear

    def hear(self, cell: str) -> None:
        bare = (
            cell.strip(_BLANKS + SIGNS)
            .strip(_BLANKS)
            .lstrip("+-")
            .strip(CURRENCIES + _BLANKS + "()")
        )
        found = re.fullmatch(
            r"([0-9]{1,3})([., '’\u00a0\u202f\u2009])([0-9]{3}(?:\2[0-9]{3})*)(?:([.,])[0-9]*)?",
            bare,
        )
        if found is None:
            simple = re.fullmatch(rf"[0-9]*([.,])[0-9]*{_EXPONENT}", bare)
            if simple is not None and len(bare) > 1:
                self.decimal_comma |= simple[1] == ","
                self.decimal_point |= simple[1] == "."
            return
        lead, mark, groups, point = found.groups()
        mark = mark if mark in ".,'" else "'" if mark == "’" else " "
        if point is not None:
            if point == mark:
                return
            self.grouped[mark] = True
            self.decimal_comma |= point == ","
            self.decimal_point |= point == "."
        elif len(groups) > 3 or mark in "' ":
            self.grouped[mark] = True
            # 1.234.567 only occurs with a decimal comma, and vice versa.
            self.decimal_comma |= mark == "." and len(groups) > 3
            self.decimal_point |= mark == "," and len(groups) > 3
        elif lead.startswith("0"):
            self.decimal_comma |= mark == ","
            self.decimal_point |= mark == "."
        else:
            self.unclear[mark] = self.unclear[mark] or cell.strip()


def _is_short(cell: str) -> bool:
    """Whether a whole number is too short for a thousands mark."""
    return re.fullmatch("[+-]?[0-9]{1,3}", cell.strip(_BLANKS)) is not None


def in_parentheses(cells: Collection[str]) -> bool:
    """Whether a cell is a number in parentheses."""
    return any(
        cell.rstrip(_BLANKS + "%").endswith(")") and _PARENTHESES.fullmatch(cell.strip(_BLANKS))
        for cell in cells
    )


def sign_of(cells: Collection[str]) -> str:
    """Return the first percent or currency sign in the cells, or an empty string."""
    for cell in cells:
        found = re.fullmatch(
            rf"[+-]?([{re.escape(CURRENCIES)}]) ?[+-]?[0-9.,].*|.*[0-9.,] ?([{re.escape(SIGNS)}])",
            cell.strip(_BLANKS).replace("(", "").replace(")", ""),
        )
        if found is not None:
            return found[1] or found[2]
    return ""


def _spelled(mark: str) -> str:
    return "blank" if mark == " " else f"'{mark}'" if mark != "'" else '"\'"'
