"""Read the rows of a file in batches, so that it may be larger than memory.

The file is read twice: first to see whether every cell of the wanted columns can be used, and then
for its rows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np

from kmeans_tui.data.columns import DataError, NoRowsError, nearest, quoted
from kmeans_tui.data.reading import files, oddities
from kmeans_tui.data.reading.dialect import ANY_TEXT, Dialect, Listener
from kmeans_tui.data.reading.intake import counted, marks_of, sample_of
from kmeans_tui.data.reading.meaning import looks_numeric, notation_of
from kmeans_tui.data.reading.notation import Notation, in_parentheses, is_infinite
from kmeans_tui.data.reading.query import Database
from kmeans_tui.data.reading.relation import Relation
from kmeans_tui.data.reading.rereading import Rereading
from kmeans_tui.data.source import Cell, Odd, Source
from kmeans_tui.words import few, plural

# Rows at a time: of ten columns some 10 MB.
ROWS: Final = 8192
# Above this, the squared distance of two points is not finite.
LARGEST: Final = 1e150
# After so many different cells that are not numbers, the column is not examined further.
_MOST_BAD: Final = 1000
_LISTED: Final = 8


class Batch(NamedTuple):
    """Some rows of a file: their cells as they came, None if missing, and the wanted columns.

    ``values`` (m, d) are NaN where there is no number, ``whole`` (m,) is False for rows of another
    width than the header.
    """

    rows: list[tuple[str | None, ...]]
    values: np.ndarray
    whole: np.ndarray


@dataclass(frozen=True, eq=False)
class Batched:
    """A file whose rows are read in batches: its columns, and how the wanted ones are numbers.

    ``n`` are all its rows, ``ragged`` those of another width than the header; ``marks`` are numbers
    that stand for a missing value. A source that is in memory anyway has its ``values``. With
    ``more``, one more column than the wanted ones is read, behind them.
    """

    name: str
    names: tuple[str, ...]
    n: int
    ragged: int = 0
    read_as: str = ""
    notes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    marks: tuple[float, ...] = ()
    reread: Rereading | None = None
    source: Source | None = None
    values: np.ndarray | None = field(default=None, repr=False)
    more: bool = False

    def batches(self) -> Iterator[Batch]:
        """Yield all rows in order; raises ``DataError`` if the file has changed meanwhile."""
        if self.source is not None and self.values is not None:
            rows: Iterator[tuple[Any, ...]] = self.source.rows()
            done = 0
            while part := list(islice(rows, ROWS)):
                values = self.values[done : done + len(part)]
                yield Batch(part, values, np.ones(len(part), bool))
                done += len(part)
            return
        assert self.reread is not None
        width, wanted = len(self.names), len(self.numbers)
        found = self.reread(*self._expressions())
        while part := list(islice(found, ROWS)):
            cells = [row[:width] for row in part]
            values = self._numbers([row[width : width + wanted] for row in part])
            whole = np.ones(len(part), bool)
            if self.reread.relation.ragged:
                whole = np.array([not row[-1] for row in part])
            yield Batch(cells, values, whole)

    def numbers_alone(self) -> Iterator[np.ndarray]:
        """Yield the wanted columns of all rows in order, (m, d), NaN in rows of another width.

        Without the cells as text, a row takes a third of the time.
        """
        if self.values is not None:
            yield from (self.values[i : i + ROWS] for i in range(0, len(self.values), ROWS))
            return
        assert self.reread is not None
        wanted = len(self.numbers)
        # Alone, a TRY_CAST is given to the parser of the database, which stops at an empty cell.
        casts = (f"coalesce({each}, NULL)" for each in self._expressions())
        found = self.reread(*casts, cells=False)
        while part := list(islice(found, ROWS)):
            if self.reread.relation.ragged:
                values = self._numbers([row[:wanted] for row in part])
                values[[bool(row[-1]) for row in part]] = np.nan
            else:
                values = self._numbers(part)
            yield values

    def texts_of(self, name: str) -> Iterator[list[str | None]]:
        """Yield the cells of one column of all rows in order, as they came, None if missing."""
        at = self.names.index(name)
        if self.source is not None:
            rows: Iterator[tuple[Any, ...]] = ((row[at],) for row in self.source.rows())
        else:
            assert self.reread is not None
            rows = self.reread(f"c{at}::VARCHAR", cells=False)
        while part := list(islice(rows, ROWS)):
            yield [row[0] or None for row in part]

    def _expressions(self) -> tuple[str, ...]:
        assert self.reread is not None
        return (*self.numbers, "ragged") if self.reread.relation.ragged else self.numbers

    def _numbers(self, rows: list[tuple[Any, ...]]) -> np.ndarray:
        """Return numbers as the database gave them, (m, d), NaN where there is none."""
        values = np.array(rows, np.float64).reshape(len(rows), len(self.numbers))
        for mark in self.marks:
            values[values == mark] = np.nan
        values[np.isinf(values)] = np.nan
        return values


def open_table(
    data: str,
    wanted: Sequence[str],
    dialect: Dialect,
    listener: Listener | None = None,
    also: str = "",
) -> Batched:
    """Return a file with these columns of numbers, by name, whatever their order and number.

    ``also`` is the name of one more, read behind them if the file has it (``Batched.more``).
    Raises ``DataError``, one sentence, for a file that lacks one of them or has something else in
    it than numbers.
    """

    def take(database: Database, relation: Relation, dialect: Dialect, name: str) -> _Checked:
        return _checked(
            database, relation, dialect, name, _with(wanted, also, relation.names), len(wanted)
        )

    found = files.open_with(take, data, dialect, listener)
    return of_source(found, wanted, also) if isinstance(found, Source) else found


def _with(wanted: Sequence[str], also: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the wanted columns, and one more if there is exactly one of that name."""
    there = also in names or [each.casefold() for each in names].count(also.casefold()) == 1
    return (*wanted, also) if also and there else tuple(wanted)


def of_source(source: Source, wanted: Sequence[str], also: str = "") -> Batched:
    """Return a source that is in memory with these columns; raises ``DataError``."""
    found = []
    for at in places(_with(wanted, also, source.names), source.names, source.name):
        column = source.columns[at]
        if column.position is None:
            raise DataError(_other_kind(column.name, source.name, column.kind))
        if column.bad is not None:
            raise DataError(column.bad.no_numbers(column.name))
        found.append(column.position)
    values = source.numbers[:, found]
    return Batched(
        source.name, source.names, source.n, 0, source.read_as, source.notes,
        source=source, values=np.where(np.isfinite(values), values, np.nan),
        more=len(found) > len(wanted),
    )  # fmt: skip


@dataclass(frozen=True)
class _Checked:
    """What is known of a file whose cells have been looked at."""

    relation: Relation
    n: int
    ragged: int
    numbers: tuple[str, ...]
    marks: tuple[float, ...]
    decimal: str
    thousands: str
    more: bool

    def source(self, name: str, read_as: str, reread: Rereading) -> Batched:
        """Return the table, whose rows ``reread`` yields."""
        return Batched(
            name, self.relation.names, self.n, self.ragged, read_as, self.relation.notes,
            self.numbers, self.marks, reread, more=self.more,
        )  # fmt: skip


def places(wanted: Sequence[str], names: Sequence[str], name: str) -> list[int]:
    """Return where the wanted columns are; raises ``DataError`` if one is not there."""
    exact = {each: i for i, each in enumerate(names)}
    folded = Counter(each.casefold() for each in names)
    loose = {each.casefold(): i for i, each in enumerate(names) if folded[each.casefold()] == 1}
    found = [exact.get(each, loose.get(each.casefold(), -1)) for each in wanted]
    lacking = [each for each, at in zip(wanted, found, strict=True) if at < 0]
    if not lacking:
        return found
    if len(lacking) == 1:
        hint = nearest(lacking[0], names, "columns")
        raise DataError(f"{name} has no column {lacking[0]}, which the run clusters by: {hint}")
    which = f"lacks {len(lacking)} of the {len(wanted)} columns"
    if len(lacking) == len(wanted):
        which = "has none of the columns"
    raise DataError(
        f"{name} {which} that the run clusters by, {few(lacking, _LISTED)}: its columns are "
        f"{few(list(names), _LISTED)}"
    )


def _checked(
    database: Database,
    relation: Relation,
    dialect: Dialect,
    name: str,
    wanted: tuple[str, ...],
    features: int,
) -> _Checked:
    wanted_at = places(wanted, relation.names, name)
    sample = sample_of(database, relation)
    if not sample:
        raise NoRowsError(f"{name} has a header and no rows: there is nothing in it")
    given = {
        at: counted(Counter(row[at] for row in sample), dialect)
        for at in wanted_at
        if relation.kinds[at] != "number"
    }
    judged = {relation.names[at]: cells for at, cells in given.items() if looks_numeric(cells)}
    decimal, thousands = marks_of(judged, relation.decimal or dialect.decimal, dialect.thousands)
    notations = {at: notation_of(cells, decimal, thousands) for at, cells in given.items()}

    def numbers() -> dict[int, str]:
        return {
            at: f"c{at}::DOUBLE"
            if at not in notations
            else notations[at].sql(f"c{at}", underscores=relation.underscores)
            for at in wanted_at
        }

    # Every cell of every column, so that the parser gives up now and not among the results.
    seen = ", ".join(f"max(strlen(c{i}::VARCHAR))" for i in range(relation.width))
    torn = "count(ragged)" if relation.ragged else "0"
    ((n, ragged, *_),) = database.rows(
        f"SELECT count(*), {torn}, {seen} FROM ({relation.sql})", relation.parameters
    )
    if ragged > n / 2:
        raise DataError(
            f"{ragged:,} of {plural(n, 'row')} of {name} have the wrong number of cells; name the "
            "separator with --separator"
        )
    while bad := _bad(database, relation, numbers(), notations, dialect):
        for at, cells in bad.items():
            wider = _wider(notations[at], cells, Notation(decimal, thousands))
            if wider is None:
                raise DataError(_refusal(relation.names[at], cells, notations[at], name, n))
            notations[at] = wider
    return _Checked(
        relation,
        n,
        ragged,
        tuple(numbers()[at] for at in wanted_at),
        dialect.missing_numbers,
        decimal,
        thousands,
        len(wanted) > features,
    )


def _bad(
    database: Database,
    relation: Relation,
    numbers: Mapping[int, str],
    notations: Mapping[int, Notation],
    dialect: Dialect,
) -> dict[int, dict[str, oddities.Tally]]:
    """Return the cells that are neither numbers nor missing, by column; of at most some of them."""
    found: dict[int, dict[str, oddities.Tally]] = {}
    for row, texts in oddities.stream(database, relation, numbers, LARGEST):
        for at, text in texts.items():
            if text is None or at not in notations or dialect.is_missing(text):
                continue
            if is_infinite(text) or ANY_TEXT in dialect.missing_marks:
                continue
            if notations[at].is_number(text):
                continue
            cells = found.setdefault(at, {})
            cells.setdefault(text, oddities.Tally(row)).count += 1
            if len(cells) >= _MOST_BAD:
                return found
    return found


def _wider(
    notation: Notation, bad: Mapping[str, oddities.Tally], full: Notation
) -> Notation | None:
    """Return a notation of the same file in which all these cells are numbers, or None."""
    wider = replace(notation if notation.sign else full, parentheses=in_parentheses(bad))
    return wider if wider != notation and all(map(wider.is_number, bad)) else None


def _refusal(
    column: str, bad: Mapping[str, oddities.Tally], notation: Notation, name: str, n: int
) -> str:
    odd = oddities.first(bad)
    assert odd is not None
    others = (
        ("decimal", Notation(",", "", notation.sign)),
        ("decimal", Notation(".", "", notation.sign)),
        ("thousands", Notation(notation.decimal, ",", notation.sign)),
        ("thousands", Notation(notation.decimal, ".", notation.sign)),
    )
    flags = [
        f"--{flag} {getattr(other, flag)}"
        for flag, other in others
        if (other.decimal != other.thousands) and all(map(other.is_number, bad))
    ]
    if flags:
        return (
            f"row {odd.first.row}, column {column} of {name}: {quoted(odd.first.text)} is not a "
            f"number with the decimal mark '{notation.decimal}'; add {' or '.join(flags)}"
        )
    if len(bad) >= _MOST_BAD or odd.count * 2 > n:
        return _other_kind(column, name, "text", odd)
    return f"{name}, {odd.no_numbers(column)}"


def _other_kind(column: str, name: str, kind: str, odd: Odd | None = None) -> str:
    seen = "" if odd is None else _as_in(odd.first)
    return (
        f"column {column} of {name} is {kind}{seen}; the run needs its numbers: give a "
        "table with the same columns"
    )


def _as_in(cell: Cell) -> str:
    return f", as in row {cell.row}: {quoted(cell.text)}"
