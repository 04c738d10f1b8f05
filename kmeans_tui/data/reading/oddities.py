"""Cells that are not plain finite numbers: found in one query, classified and counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from kmeans_tui.data.reading.dialect import ANY_TEXT, Dialect
from kmeans_tui.data.reading.notation import Notation, is_infinite
from kmeans_tui.data.reading.query import Database, literal
from kmeans_tui.data.reading.relation import Relation
from kmeans_tui.data.source import Cell, Odd

# From here on, not every whole number has an exact float.
EXACT: Final = 2.0**53
_FINE: Final = "\x01fine\x01"


@dataclass
class Tally:
    """How often a text occurs in a column, and the first row that has it, from 1."""

    first: int
    count: int = 0


Tallies: TypeAlias = dict[str | None, Tally]


@dataclass
class Sorted:
    """The odd cells of a number column by kind.

    ``missing`` counts missing values, ``bad`` holds cells that are not numbers, by text.
    """

    missing: int = 0
    bad: dict[str, Tally] = field(default_factory=dict)
    infinite: Odd | None = None
    rounded: Odd | None = None

    @property
    def lost(self) -> int:
        """How many cells of the column are not a number."""
        endless = 0 if self.infinite is None else self.infinite.count
        return self.missing + endless + sum(each.count for each in self.bad.values())


def cells(database: Database, relation: Relation, numbers: Mapping[int, str]) -> dict[int, Tallies]:
    """Return the odd cells of columns, given the SQL expression that makes each column numeric.

    They include whole numbers from 2^53 on, to be examined as written; rows whose width differs
    from the table's are left out.
    """
    found: dict[int, Tallies] = {i: {} for i in numbers}
    for row, texts in stream(database, relation, numbers):
        for i, text in texts.items():
            found[i].setdefault(text, Tally(row)).count += 1
    return found


def stream(
    database: Database, relation: Relation, numbers: Mapping[int, str], below: float = EXACT
) -> Iterator[tuple[int, dict[int, str | None]]]:
    """Yield the number of each row with odd cells, and these cells by their columns.

    A number is odd if its size is not ``below`` that.
    """
    if not numbers:
        return
    fine = {i: f"coalesce(abs({each}) < {below!r}, false)" for i, each in numbers.items()}
    shown = ", ".join(
        f"CASE WHEN {each} THEN {literal(_FINE)} ELSE c{i}::VARCHAR END" for i, each in fine.items()
    )
    whole = "ragged IS NULL AND " if relation.ragged else ""
    rows = database.stream(
        f"SELECT row, {shown} FROM (SELECT row_number() OVER () AS row, * FROM ({relation.sql})) "
        f"WHERE {whole}NOT ({' AND '.join(fine.values())})",
        relation.parameters,
    )
    for row, *texts in rows:
        yield row, {i: text for i, text in zip(numbers, texts, strict=True) if text != _FINE}


def sort(odd: Tallies, notation: Notation, dialect: Dialect) -> Sorted:
    """Return the odd cells of one column by kind."""
    found = Sorted()
    endless: dict[str, Tally] = {}
    rounded: dict[str, Tally] = {}
    for cell, tally in odd.items():
        if cell is None or dialect.is_missing(cell):
            found.missing += tally.count
        elif is_infinite(cell):
            endless[cell] = tally
        elif notation.is_number(cell):
            if _is_rounded(cell):
                rounded[cell] = tally
        elif ANY_TEXT in dialect.missing_marks:
            found.missing += tally.count
        else:
            found.bad[cell] = tally
    found.infinite, found.rounded = first(endless), first(rounded)
    return found


def first(odd: Mapping[str, Tally]) -> Odd | None:
    """Return the count, the first and the texts of these cells; None if there are none."""
    if not odd:
        return None
    text, tally = min(odd.items(), key=lambda item: item[1].first)
    count = sum(each.count for each in odd.values())
    return Odd(count, Cell(tally.first, text), tuple(odd))


def _is_rounded(cell: str) -> bool:
    """Whether a whole number, as written, has no exact float."""
    try:
        whole = int(cell)
    except ValueError:
        return False
    return int(float(whole)) != whole
