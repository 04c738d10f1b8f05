"""A file as the database sees it: an SQL query with the columns c0, c1, …"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from kmeans_tui.data.columns import quoted
from kmeans_tui.data.reading.dialect import separator_name
from kmeans_tui.data.reading.query import identifier, literal
from kmeans_tui.data.reading.sniffing import Layout
from kmeans_tui.data.reading.spool import Plain
from kmeans_tui.words import cut, few, printable

ColumnKind = Literal["number", "date", "text", "identifier", "constant", "empty"]

# A marker that equals no cell: in a text table an empty cell is an empty string, and only an
# absent cell is NULL.
_NO_NULL: Final = "\x01\x02\x01"
_ESCAPED: Final = {"\n": "'\\n'", "\r": "'\\r'", "\r\n": "'\\r\\n'"}
_OF_ROWS: Final = ("row.names", "rownames", "row names", "row_names", "rowname", "...1")
_INDEX: Final = re.compile(r"Unnamed: 0([._][0-9]+)*|__index_level_[0-9]+__", re.IGNORECASE)
# A longer name is really a text in the wrong place; screens shorten it as needed.
_LONGEST_NAME: Final = 300
# The longest name in a note.
_LISTED: Final = 40


@dataclass(frozen=True)
class Relation:
    """``sql`` with its ``parameters`` yields the original cells, in columns c0, c1, …

    ``kinds`` are those that the file itself states; None is judged from the cells. With ``ragged``,
    an extra column ``ragged`` counts the cells of rows of another width (NULL for all others).
    ``row_names``: the first column has no name, and names the rows. ``underscores``: whether cells
    contain any. ``rows`` if known.
    """

    sql: str
    parameters: tuple[Any, ...]
    names: tuple[str, ...]
    kinds: tuple[ColumnKind | None, ...]
    read_as: str
    notes: tuple[str, ...] = ()
    ragged: bool = False
    underscores: bool = False
    rows: int | None = None
    decimal: str | None = None
    row_names: bool = False

    @property
    def width(self) -> int:
        return len(self.names)

    def only(self, rows: Sequence[int]) -> "Relation":
        """Return it with the rows of these numbers, from 1, in their order."""
        # The number of a row is its place in the file: the database keeps the order.
        numbered = f"SELECT row_number() OVER () AS row, * FROM ({self.sql})"
        taken = ", ".join((*(f"c{i}" for i in range(self.width)), *["ragged"] * self.ragged))
        chosen = "SELECT unnest(?::BIGINT[])"
        return replace(
            self,
            sql=f"SELECT {taken} FROM ({numbered}) WHERE row IN ({chosen}) ORDER BY row",
            parameters=(*self.parameters, list(rows)),
            rows=len(rows),
        )


def of_text(plain: Plain, layout: Layout, *, ragged: bool, underscores: bool) -> Relation:
    """Return a text table in the layout found for it.

    ``ragged`` reads rows of any width; otherwise the parser rejects the file at the first one.
    """
    width = layout.width
    # Room for rows twice as wide; beyond that, a wrong separator is more likely.
    room = width + max(8, width) if ragged else width
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(room))
    options = (
        f"auto_detect = false, delim = {literal(layout.separator)}, quote = '\"', escape = '\"', "
        f"header = false, skip = {layout.skipped + layout.header}, "
        f"new_line = {_ESCAPED[layout.line_end]}, "
        f"nullstr = {literal(_NO_NULL)}, hive_partitioning = false, columns = {{{columns}}}"
    )
    taken = ", ".join(f"c{i}" for i in range(width))
    if ragged:
        options += ", null_padding = true, parallel = false"
        counted = " + ".join(f"(c{i} IS NOT NULL)::INT" for i in range(room))
        whole = f"c{width} IS NULL"
        if not layout.padded:
            whole += f" AND c{width - 1} IS NOT NULL"
        taken += f", CASE WHEN NOT ({whole}) THEN {counted} END AS ragged"
    names, notes = unique_names(layout.names, width)
    if layout.above:
        count = layout.lines_above
        lines = "1 line" if count == 1 else f"{count} lines"
        notes += (f"{lines} above the table skipped, the first is {quoted(layout.above)}.",)
    if layout.row_names:
        notes += ("The header is one name short: the first cell of each row is a row name.",)
    if layout.counted_names:
        counted = ", ".join(names[:4])
        notes += (f"The first row counts up ({counted}, …): read as names, see --no-header.",)
    if ragged and layout.padded:
        notes += ("Many rows are shorter than the header: the rest of their cells is missing.",)
    if plain.doubt:
        notes += (f"Read as {plain.encoding}: {plain.doubt}; override with --encoding.",)
    separator = "blanks" if layout.runs else separator_name(layout.separator)
    header = "names in the first row" if layout.names is not None else "no header"
    return Relation(
        sql=f"SELECT {taken} FROM read_csv(?, {options})",
        parameters=(str(plain.path),),
        names=names,
        kinds=(None,) * width,
        read_as=f"text, separator {separator}, {header}, {plain.encoding}",
        notes=notes,
        ragged=ragged,
        underscores=underscores,
        row_names=width > 1
        and layout.names is not None
        and is_unnamed(layout.names[0])
        and any(layout.names),
    )


def is_unnamed(name: str) -> bool:
    """Whether a first column of this name holds the row names of R or pandas."""
    return not name or name.casefold() in _OF_ROWS or is_index(name)


def is_index(name: str) -> bool:
    """Whether a column is an index written by pandas, once or repeatedly."""
    return _INDEX.fullmatch(name) is not None


def of_columns(
    source: str,
    parameters: tuple[Any, ...],
    described: list[tuple[str, str]],
    read_as: str,
    rows: int | None = None,
    written: Sequence[str] = (),
) -> Relation:
    """Return a typed table; ``described`` holds its names and their SQL types.

    ``written`` are the names in the file if the database reports them differently.
    """
    taken = ", ".join(
        f"{identifier(name)}{'' if _is_number(kind) else '::VARCHAR'} AS c{i}"
        for i, (name, kind) in enumerate(described)
    )
    given = tuple(written) or tuple(name for name, _ in described)
    names, notes = unique_names(given, len(described))
    kinds = tuple(_stated(kind) for _, kind in described)
    nested = [name for name, (_, kind) in zip(names, described, strict=True) if _is_nested(kind)]
    if nested:
        notes += (f"{', '.join(nested)}: nested values, kept as labels.",)
    return Relation(
        sql=f"SELECT {taken} FROM {source}",
        parameters=parameters,
        names=names,
        kinds=kinds,
        read_as=read_as,
        notes=notes,
        rows=rows,
        row_names=len(names) > 1 and is_unnamed(given[0]),
    )


def unique_names(
    given: tuple[str, ...] | None, width: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return unique names fit to be shown and typed, and a sentence on each change."""
    if given is None:
        return tuple(f"column {i + 1}" for i in range(width)), ()
    found: dict[str, None] = {}
    doubled: list[str] = []
    changed: list[str] = []
    for number, name in enumerate(given, 1):
        # One line, without control characters.
        shown = " ".join(printable(name, " ").split())
        shown = cut(shown, _LONGEST_NAME) or f"column {number}"
        free, again = shown, 2
        while free in found:
            free = f"{shown} ({again})"
            again += 1
        if name.strip() not in ("", shown):
            changed.append(cut(free, _LISTED))
        if free != shown:
            doubled.append(free)
        found[free] = None
    notes = (
        (changed, f"Names made one plain line of at most {_LONGEST_NAME} characters"),
        (doubled, "Repeated names are numbered"),
    )
    return tuple(found), tuple(f"{said}: {few(each, 3)}." for each, said in notes if each)


def _is_number(kind: str) -> bool:
    return kind.split("(")[0] in _NUMBERS and not _is_nested(kind)


_NUMBERS: Final = frozenset(
    ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
     "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "BIGNUM")
)  # fmt: skip


def _is_nested(kind: str) -> bool:
    return kind.endswith("]") or kind.split("(")[0] in ("STRUCT", "MAP", "UNION", "JSON", "LIST")


def _stated(kind: str) -> ColumnKind:
    if _is_number(kind):
        return "number"
    return "date" if kind.startswith(("DATE", "TIME")) else "text"
