"""Read a file in one pass: numbers as floats, the rest as text, every odd cell reported.

The database reads every cell as text and casts it where possible. The others are examined again
individually, so a clean file is parsed once and no cell is changed silently.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from kmeans_tui.data.columns import NoRowsError, Question, find_column
from kmeans_tui.data.reading import labelling, memory, oddities
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.meaning import (
    is_number_column,
    is_numeric,
    is_padded,
    looks_numeric,
    notation_of,
)
from kmeans_tui.data.reading.notation import Ambiguous, Notation, in_parentheses, is_infinite, marks
from kmeans_tui.data.reading.query import Database
from kmeans_tui.data.reading.relation import ColumnKind, Relation, is_index
from kmeans_tui.data.reading.rereading import Rereading
from kmeans_tui.data.sampling import Sampled
from kmeans_tui.data.source import Column, Odd, Source

_SAMPLE_ROWS: Final = 500
_SAMPLE_CELLS: Final = 200_000
# Rows transposed at a time from columns to rows: whole columns at once take six times as long.
_ROWS_AT_ONCE: Final = 8192


@dataclass
class _Plan:
    """How one column is read: as numbers in a notation, or as text if that is None."""

    notation: Notation | None
    stated: ColumnKind | None
    settled: bool = False
    texts: np.ndarray | None = None
    given: dict[str, int] | None = None
    missing: int = 0
    infinite: Odd | None = None
    bad: Odd | None = None
    rounded: Odd | None = None
    largest: float = 0.0
    padded: bool = False


@dataclass(frozen=True, eq=False)
class Intake:
    """All rows of a file: its columns, their numbers ``(n, p)`` and texts, and ragged rows.

    ``codes`` are the texts of numeric columns that are also labels.
    """

    relation: Relation
    columns: tuple[Column, ...]
    numbers: np.ndarray
    texts: dict[str, np.ndarray]
    codes: dict[str, np.ndarray]
    ragged: np.ndarray | None
    decimal: str = "."
    thousands: str = ""
    sampled: Sampled | None = None
    row_numbers: np.ndarray | None = None

    def source(self, name: str, read_as: str, reread: Rereading) -> Source:
        """Return the source of these rows, which ``reread`` yields again."""
        if self.row_numbers is not None:
            reread = replace(reread, rows=tuple(self.row_numbers.tolist()))
        return Source(
            name=name,
            columns=self.columns,
            numbers=self.numbers,
            texts=self.texts,
            codes=self.codes,
            read_as=read_as,
            notes=self.relation.notes,
            ragged=self.ragged,
            reread=reread,
            sampled=self.sampled,
            row_numbers=self.row_numbers,
            reading={"decimal": self.decimal, "thousands": self.thousands},
        )


def take_in(
    database: Database, relation: Relation, dialect: Dialect, name: str, asked: Sequence[str] = ()
) -> Intake:
    """Read all rows of a relation; columns ``asked`` for are numeric if any cell is a number.

    Raises ``DataError`` with one sentence, ``Unreadable`` if the parser gives up.
    """
    known = frozenset(relation.names)
    asked = [each if each in known else find_column(each, relation.names, name) for each in asked]
    sample = sample_of(database, relation)
    if not sample:
        raise NoRowsError(f"{name} has a header and no rows: there is nothing to cluster")
    plans, decimal, thousands = _plans(sample, relation, dialect, asked)
    memory.check(
        name,
        relation.rows or memory.rows_of(database.size, sample),
        len(plans),
        sum(plan.notation is not None for plan in plans),
    )
    while True:
        columns = database.arrays(_pass(relation, plans), relation.parameters)
        ragged = _filled(columns.pop(), 0).astype(np.int32) if relation.ragged else None
        again = _judge(
            database, relation, plans, columns, ragged, dialect, asked, (decimal, thousands)
        )
        if not again:
            break
    texts: dict[str, np.ndarray] = {}
    floats: list[np.ndarray] = []
    found: list[Column] = []
    for i, (column, plan, label) in enumerate(zip(columns, plans, relation.names, strict=True)):
        if plan.notation is None:
            texts[label] = _shared(column) if plan.texts is None else plan.texts
            given = plan.given
            if given is None:
                given = counted(Counter(texts[label].tolist()), dialect)
            found.append(labelling.of_texts(label, texts[label], given, plan.stated))
            continue
        values = _without(_filled(column, np.nan), plan, dialect.missing_numbers)
        if plan.missing == len(values) and not (plan.bad or plan.infinite):
            texts[label] = np.full(len(values), None, object)
            found.append(Column(label, "empty", missing=len(values)))
            continue
        kind: ColumnKind = "number"
        if plan.bad is None:
            unnamed = (i == 0 and relation.row_names) or is_index(label)
            kind = labelling.kind_of(
                label,
                values,
                missing=plan.missing > 0 or plan.infinite is not None,
                padded=plan.padded,
                unnamed=unnamed,
            )
        found.append(
            Column(
                label, kind, len(floats), plan.missing, plan.infinite, plan.bad, plan.rounded,
                plan.notation.sign, plan.largest, negative=plan.notation.parentheses,
                repeated=labelling.repeated(values) if kind == "identifier" else None,
                lone=labelling.lone(values) if kind == "number" else None,
            )
        )  # fmt: skip
        floats.append(values)
    kept = [i for i, each in enumerate(found) if each.kind in ("identifier", "date")]
    codes = _as_they_came(database, relation, [i for i in kept if found[i].position is not None])
    if not any(each.kind == "number" for each in found):
        # Nothing else is left to cluster.
        found = [replace(e, kind="number") if e.kind == "constant" else e for e in found]
    numbers = _as_rows(floats, len(columns[0]))
    return Intake(relation, tuple(found), numbers, texts, codes, ragged, decimal, thousands)


def _without(values: np.ndarray, plan: _Plan, marks: Sequence[float]) -> np.ndarray:
    """Return values (n,) with NaN for those the user declared as missing-value markers."""
    for mark in marks:
        hits = values == mark
        if hits.any():
            values = np.where(hits, np.nan, values)
            plan.missing += int(hits.sum())
            known = values[np.isfinite(values)]
            plan.largest = float(np.abs(known).max(initial=0.0))
    return values


def _as_they_came(
    database: Database, relation: Relation, columns: Sequence[int]
) -> dict[str, np.ndarray]:
    """Return the original cells of columns that are both numbers and labels."""
    if not columns:
        return {}
    taken = ", ".join(f"c{i}::VARCHAR AS v{i}" for i in columns)
    cells = database.arrays(f"SELECT {taken} FROM ({relation.sql})", relation.parameters)
    return {relation.names[i]: _shared(each) for i, each in zip(columns, cells, strict=True)}


def sample_of(database: Database, relation: Relation) -> list[tuple[str | None, ...]]:
    """Return the first rows, as text; at most some hundred."""
    rows = max(20, min(_SAMPLE_ROWS, _SAMPLE_CELLS // max(1, relation.width)))
    texts = ", ".join(f"c{i}::VARCHAR" for i in range(relation.width))
    whole = " WHERE ragged IS NULL" if relation.ragged else ""
    return database.rows(
        f"SELECT {texts} FROM ({relation.sql}){whole} LIMIT {rows}", relation.parameters
    )


def _plans(
    sample: list[tuple[str | None, ...]], relation: Relation, dialect: Dialect, asked: Sequence[str]
) -> tuple[list[_Plan], str, str]:
    """Return how each column is read, and the marks in the file's numbers."""
    given = [counted(Counter(column), dialect) for column in zip(*sample, strict=True)]
    judged = [
        i
        for i, kind in enumerate(relation.kinds)
        if kind is None and (looks_numeric(given[i]) or relation.names[i] in asked)
    ]
    decimal, thousands = marks_of(
        {relation.names[i]: given[i] for i in judged},
        relation.decimal or dialect.decimal,
        dialect.thousands,
    )
    plans = []
    for i, kind in enumerate(relation.kinds):
        notation = None
        if kind == "number":
            notation = Notation()
        elif i in judged:
            notation = notation_of(given[i], decimal, thousands)
            if not _wanted(given[i], notation, relation.names[i] in asked):
                notation = None
        plans.append(
            _Plan(
                notation,
                kind,
                settled=kind is not None and kind != "number",
                padded=kind is None and notation is not None and is_padded(given[i]),
            )
        )
    return plans, decimal, thousands


def marks_of(
    columns: Mapping[str, Mapping[str, int]], decimal: str | None, thousands: str | None
) -> tuple[str, str]:
    """Return the decimal and the thousands mark of columns, their cells counted by text.

    Given marks are kept. Raises ``Question`` for a cell that may be read in two ways.
    """
    try:
        return marks(list(columns.values()), decimal, thousands)
    except Ambiguous as cell:
        column = next(name for name, given in columns.items() if str(cell) in map(str.strip, given))
        mark = "," if "," in str(cell) else "."
        raise Question(
            f"column {column}: '{cell}' may have a decimal or a thousands mark",
            ({"decimal": mark}, {"thousands": mark}),
        ) from None


def _wanted(cells: Mapping[str, int], notation: Notation, asked: bool) -> bool:
    """Whether cells, counted by text, are read as numbers; if asked for, one number is enough."""
    if asked:
        return any(notation.is_number(cell) or is_infinite(cell) for cell in cells)
    return is_numeric(cells, notation)


def _pass(relation: Relation, plans: Sequence[_Plan]) -> str:
    taken = [
        f"c{i}::VARCHAR" if plan.notation is None else _number(i, plan, relation)
        for i, plan in enumerate(plans)
    ]
    named = ", ".join(f"{each} AS v{i}" for i, each in enumerate(taken))
    return f"SELECT {named}{', ragged' if relation.ragged else ''} FROM ({relation.sql})"


def _number(i: int, plan: _Plan, relation: Relation) -> str:
    if plan.stated == "number":
        return f"c{i}::DOUBLE"
    assert plan.notation is not None
    return plan.notation.sql(f"c{i}", underscores=relation.underscores)


def _judge(
    database: Database,
    relation: Relation,
    plans: list[_Plan],
    columns: list[Any],
    ragged: np.ndarray | None,
    dialect: Dialect,
    asked: Sequence[str],
    file_marks: tuple[str, str],
) -> bool:
    """Examine every cell that is not a plain number; True if a column must be read again.

    Infinite values are NaN in ``columns`` afterwards.
    """
    full = Notation(*file_marks)
    again = False
    odd: list[int] = []
    for i, (plan, column) in enumerate(zip(plans, columns, strict=True)):
        if plan.notation is not None:
            # Masked where NULL; the value underneath is arbitrary.
            raw = np.ma.getdata(column)
            whole = len(raw) > 0 and not np.ma.is_masked(column)
            plan.largest = max(float(raw.max()), -float(raw.min())) if whole else np.nan
            if not plan.largest < oddities.EXACT:
                odd.append(i)
        elif not plan.settled:
            plan.texts = _shared(column)
            plan.given = given = counted(Counter(plan.texts.tolist()), dialect)
            if looks_numeric(given) or relation.names[i] in asked:
                usual = notation_of(given, *file_marks)
                if _wanted(given, usual, relation.names[i] in asked):
                    plan.notation, again = usual, True
            plan.settled = True
    if again:
        return True
    told = oddities.cells(database, relation, {i: _number(i, plans[i], relation) for i in odd})
    rows = len(columns[0]) - (0 if ragged is None else int((ragged > 0).sum()))
    for i, cells in told.items():
        plan, notation = plans[i], plans[i].notation
        assert notation is not None
        found = oddities.sort(cells, notation, dialect)
        if found.bad and not notation.parentheses:
            wider = notation if notation.sign else full
            wider = replace(wider, parentheses=in_parentheses(found.bad))
            if wider != notation and all(map(wider.is_number, found.bad)):
                # Thousands marks and parentheses that first occur below the sampled rows.
                plan.notation, again = wider, True
                continue
        if found.bad and relation.names[i] not in asked:
            others = {cell: tally.count for cell, tally in found.bad.items()}
            if not is_number_column(rows - found.lost, others):
                plan.notation, plan.settled, again = None, True, True
                continue
        plan.missing, plan.bad = found.missing, oddities.first(found.bad)
        plan.infinite, plan.rounded = found.infinite, found.rounded
        values = _filled(columns[i], np.nan)
        known = np.isfinite(values)
        values[~known] = np.nan
        plan.largest = float(np.abs(values[known]).max(initial=0.0))
        columns[i] = values
    return again


def _filled(column: Any, value: float) -> np.ndarray:
    return np.ma.filled(column, value) if isinstance(column, np.ma.MaskedArray) else column


def _shared(column: Any) -> np.ndarray:
    """Return a text column (n,) of objects, equal cells sharing one string; None if missing."""
    masked = np.ma.getmaskarray(column) if isinstance(column, np.ma.MaskedArray) else None
    known: dict[str, str] = {}
    cells = np.ma.getdata(column)
    found = np.empty(len(cells), dtype=object)
    found[:] = [known.setdefault(str(each), str(each)) for each in cells]
    if masked is not None:
        found[masked] = None
    return found


def counted(cells: Mapping[str | None, int], dialect: Dialect) -> dict[str, int]:
    """Return cells counted by text, without missing ones."""
    return {
        cell: count
        for cell, count in cells.items()
        if cell is not None and not dialect.is_missing(cell)
    }


def _as_rows(columns: Sequence[np.ndarray], n: int) -> np.ndarray:
    """Return columns (n,) as rows (n, p), NaN where a value is missing."""
    found = np.empty((n, len(columns)))
    plain = [np.ma.getdata(each) for each in columns]
    for start in range(0, n, _ROWS_AT_ONCE):
        stop = start + _ROWS_AT_ONCE
        for i, column in enumerate(plain):
            found[start:stop, i] = column[start:stop]
    for i, column in enumerate(columns):
        if np.ma.is_masked(column):
            found[np.ma.getmaskarray(column), i] = np.nan
    return found
