"""The layout of a text table, from its first lines: separator, what stands above it, the names.

The parser's own sniffer skipped four of five lines of a small ragged table without a word, took a
comment for the header, and found one column in blank-separated numbers (duckdb 2.0.0). So what the
file means is settled here, on the first lines, and the parser is told.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.notation import Notation

# In the order in which they are preferred when nothing else tells them apart.
_CANDIDATES: Final = (",", ";", "\t", "|", " ", ":")
_LINES: Final = 200
_PLAIN: Final = Notation()


@dataclass(frozen=True)
class Layout:
    """Where the table is in a text, and how its cells are told apart.

    ``skipped`` lines stand above the first row or the header, ``above`` is the first of them that
    is not blank. ``names`` are those of the header, None without one; ``header_lines`` says how
    many lines (0 or 1) they take. ``runs`` of blanks separate the cells, not each single one.
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


def layout(text: str, dialect: Dialect) -> Layout | None:
    """The layout of a table that begins with ``text``, whole lines; None where there is no line."""
    lines = _lines(text)
    comments = _comments(lines)
    body = lines[comments:]
    if not any(line.strip() for line in body):
        return None
    separator = dialect.separator or _separator(body)
    runs = separator == " " and _in_runs(body)
    rows = _split(body, separator, runs)
    width = _usual_width(rows)
    first = next(i for i, row in enumerate(rows) if len(row) == width)
    cells = [row for row in rows[first:] if len(row) == width]
    trailing = width > 1 and all(row[-1] == "" for row in cells)
    row_names = trailing_header = False
    header_row: list[str] | None = None
    before = _last_line(rows, first)
    if (
        before is not None
        and len(before) == width - 1
        and dialect.header is not False
        and _words(before)
    ):
        # A header short by one: the rows end in a separator, or begin with names of their own (R).
        if trailing:
            header_row, trailing_header = [*before, ""], True
        elif len({row[0] for row in cells}) == len(cells):
            header_row, row_names = ["", *before], True
    if header_row is not None:
        skipped, header = first, True
    else:
        skipped = first
        header = _has_header(cells) if dialect.header is None else dialect.header
        header_row = cells[0] if header else None
    counted = header_row is not None and dialect.header is None and _counts_up(header_row)
    in_table = row_names or trailing_header
    above = [line for line in lines[: comments + skipped] if line.strip()]
    if in_table:
        above = above[:-1]
    return Layout(
        separator=separator,
        width=width,
        skipped=sum(1 + line.count("\n") for line in lines[: comments + skipped]),
        above=above[0].strip() if above else "",
        # Where the header is of another width than the rows it is skipped like a line above.
        header=header and not in_table,
        names=None if header_row is None else tuple(header_row),
        runs=runs,
        row_names=row_names,
        counted_names=counted,
    )


def _lines(text: str) -> list[str]:
    """Records of the text as the parser sees them: a line break inside quotes ends none."""
    found, kept, quotes = [], "", 0
    for line in text.splitlines():
        kept = f"{kept}\n{line}" if kept else line
        quotes += line.count('"')
        if quotes % 2 == 0:
            found.append(kept)
            kept, quotes = "", 0
        if len(found) >= _LINES:
            return found
    # An unbalanced quote: line by line, and the parser will say where it is.
    return found + kept.splitlines() if kept else found


def _comments(lines: Sequence[str]) -> int:
    """How many lines at the top are comments (or blank before one)."""
    last = 0
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith(("#", "%")) and not re.match(r"#?%?\s*[0-9.]", line.lstrip()):
            last = number
        elif line.strip():
            break
    return last


def _split(lines: Sequence[str], separator: str, runs: bool) -> list[list[str]]:
    """The cells of each line, stripped; a blank line has none."""
    if runs:
        return [line.split() for line in lines]
    found: list[list[str]] = []
    for line in lines:
        if not line.strip():
            found.append([])
            continue
        try:
            row = next(csv.reader(line.split("\n"), delimiter=separator), [])
        except csv.Error:
            row = line.split(separator)
        except TypeError:  # more than one character: no quotes inside then
            row = line.split(separator)
        found.append([cell.strip() for cell in row])
    return found


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(row) for row in rows if row)
    return max(widths, key=lambda width: (widths[width], width))


def _separator(lines: Sequence[str]) -> str:
    """The candidate that gives most lines the same width, and most cells a number.

    Between two that do, the one that leaves fewer words with a quote or another separator in them:
    ``0,5;"a"`` is two numbers with a comma, and one with a decimal comma with a semicolon.
    """
    best, choice = (0.0, 0.0, -1.0), ","
    for each in _CANDIDATES:
        rows = [row for row in _split(lines, each, each == " ") if row]
        width = _usual_width(rows)
        if width < 2:
            continue
        same = [row for row in rows if len(row) == width]
        cells = [cell for row in same for cell in row]
        numbers = _share_of_numbers(cells)
        # A tenth: one line above the table, or one ragged one, does not decide it.
        score = (round(len(same) / len(rows), 1), round(numbers, 2), -_torn(cells, each))
        # Blanks and colons stand in words and times as well. The first row may hold the names.
        if each in " :" and _share_of_numbers([c for row in same[1:] or same for c in row]) <= 0.5:
            continue
        if score > best:
            best, choice = score, each
    return choice


def _share_of_numbers(cells: Sequence[str]) -> float:
    return sum(map(_like_a_number, cells)) / len(cells)


def _torn(cells: Sequence[str], separator: str) -> float:
    """The share of cells that are no numbers and hold a quote or another separator."""
    marks = set(',;\t|"') - {separator}
    return sum(bool(marks & set(c)) and not _like_a_number(c) for c in cells) / len(cells)


def _in_runs(lines: Sequence[str]) -> bool:
    """Whether some line has two blanks or a tab between cells, or begins or ends with a blank."""
    return not any('"' in line for line in lines) and any(
        re.search(r"\s\s|\t|^\s|\s$", line) for line in lines if line.strip()
    )


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds names: something else than a number above a number column."""
    first, rest = rows[0], rows[1:]
    above = [bool(rest) and _is_numeric([row[i] for row in rest]) for i in range(len(first))]
    for cell, numeric in zip(first, above, strict=True):
        if numeric and not _like_a_number(cell) and not Dialect().is_missing(cell):
            return True
    if any(map(_like_a_number, first)):
        return _counts_up(first)
    return not any(above)


def _counts_up(row: Sequence[str]) -> bool:
    """Whether the numbers of a row are 0, 1, 2, … or years: names, where a cell is none."""
    numbers = [int(cell) for cell in row if re.fullmatch("[0-9]{1,4}", cell)]
    others = [cell for cell in row if not re.fullmatch("[0-9]{1,4}", cell)]
    return (
        len(numbers) > 1
        and bool(others)
        and not any(map(_like_a_number, others))
        and all(b - a == 1 for a, b in pairwise(numbers))
    )


def _words(row: Sequence[str]) -> bool:
    return all(cell and not _like_a_number(cell) for cell in row)


def _is_numeric(cells: Sequence[str]) -> bool:
    usual = Dialect()
    given = [cell for cell in cells if not usual.is_missing(cell)]
    return bool(given) and sum(map(_like_a_number, given)) > len(given) / 2


def _like_a_number(cell: str) -> bool:
    """A number in any notation, or one of the words for infinity and NaN."""
    bare = re.sub(r"[ \u00a0\u202f\u2009'%$€£¥₹]", "", cell)
    return (
        _PLAIN.is_number(bare.replace(",", "."))
        or (re.fullmatch(r"[+-]?[0-9]{1,3}([.,][0-9]{3})*([.,][0-9]+)?", bare) is not None)
        or bare.casefold() in ("inf", "-inf", "+inf", "infinity", "-infinity")
    )


def _last_line(rows: Sequence[Sequence[str]], first: int) -> Sequence[str] | None:
    return next((row for row in reversed(rows[:first]) if row), None)
