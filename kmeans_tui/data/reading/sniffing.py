"""The layout of a text table, from its first lines: separator, notes above it, column names.

The parser's own sniffer silently skipped four of five lines of a small ragged table, took a comment
for the header, and found one column in blank-separated numbers (duckdb 2.0.0). So the layout is
determined here, from the first lines, and passed to the parser.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import separators
from kmeans_tui.data.reading.dialect import Dialect, separator_named
from kmeans_tui.data.reading.heading import are_names, find_heading
from kmeans_tui.data.reading.lines import records
from kmeans_tui.data.reading.separators import split

_LINES: Final = 200
_SEPARATOR_LINE: Final = re.compile(r'"?sep=(.|\\t)"?[,;\t|]*', re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """Where the table is in a text, and how its cells are separated.

    ``skipped`` lines precede the line of names, or the first row if ``header`` is False; ``above``
    is the first of them that is not blank, ``lines_above`` how many are not part of the table.
    ``names`` may come from a comment, and are None if there are none. With ``runs``, runs of blanks
    separate the cells rather than single ones. Lines end with ``line_end``. Rows shorter than the
    header are ``padded`` if they are the rule.
    ``row_names``: the first column has no name.
    """

    separator: str
    width: int
    skipped: int
    above: str
    header: bool
    names: tuple[str, ...] | None
    runs: bool = False
    row_names: bool = False
    counted_names: bool = False
    padded: bool = False
    lines_above: int = 0
    line_end: str = "\n"


def layout(text: str, dialect: Dialect) -> Layout | None:
    """Return the layout of a table that begins with ``text``, whole lines; None if all are blank.

    Raises ``DataError`` if a requested line does not exist, ``Question`` if two readings give
    different numbers.
    """
    found = records(text, _LINES + (dialect.header_row or dialect.skip or 0))
    lines = [line for line, _ in found]
    top, separator = _top(lines, dialect), dialect.separator
    said = _SEPARATOR_LINE.fullmatch(lines[top].strip()) if top < len(lines) else None
    obeyed = said is not None and dialect.header_row is None
    if said is not None and obeyed:
        separator, top = separator or separator_named(said[1]), top + 1
    comments = 0 if dialect.header_row is not None else _comments(lines[top:])
    body = lines[top + comments :]
    if not any(line.strip() for line in body):
        return None
    separator = separator or separators.found(body, dialect)
    runs = separator == " " and _in_runs(body)
    rows = split(body, separator, runs)
    heading = find_heading(rows, dialect)
    commented = False
    if heading.names is None and comments and dialect.header is not False:
        last = next(line for line in reversed(lines[top : top + comments]) if line.strip())
        names = split([last.strip().lstrip("#%").strip()], separator, runs)[0]
        if len(names) == heading.width and are_names(names):
            heading, commented = replace(heading, names=tuple(names)), True
    start = top + comments + heading.at
    above = [line for line in lines[obeyed:start] if line.strip()]
    if commented:
        above = above[:-1]
    return Layout(
        separator=separator,
        width=heading.width,
        skipped=start,
        header=heading.names is not None and not commented,
        above=above[0].strip() if above else "",
        lines_above=start - obeyed - commented,
        names=heading.names,
        runs=runs,
        row_names=heading.row_names,
        counted_names=heading.counted,
        padded=heading.padded,
        line_end=found[0][1] or "\n",
    )


def _top(lines: Sequence[str], dialect: Dialect) -> int:
    """Return how many lines the user wants to skip."""
    row, skip = dialect.header_row, dialect.skip
    if row is not None and (row > len(lines) or not lines[row - 1].strip()):
        raise DataError(
            f"line {row}, given by --header-row, "
            + ("is blank" if row <= len(lines) else f"does not exist: the last is {len(lines)}")
            + "; give another line"
        )
    if row is None and skip is not None and not any(line.strip() for line in lines[skip:]):
        raise DataError(f"--skip {skip} leaves no line of the {len(lines)}: skip fewer")
    return row - 1 if row is not None else skip or 0


def _comments(lines: Sequence[str]) -> int:
    """Return how many lines at the top are comments (or blank before one)."""
    last = 0
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith(("#", "%")) and not re.match(r"#?%?\s*[0-9.]", line.lstrip()):
            last = number
        elif line.strip():
            break
    return last


def _in_runs(lines: Sequence[str]) -> bool:
    """Whether any line has two blanks or a tab between cells, or begins or ends with a blank."""
    return not any('"' in line for line in lines) and any(
        re.search(r"[ \t]{2}|\t|^[ \t]|[ \t]$", line) for line in lines if line.strip()
    )
