"""Find the separator of a text table.

Every candidate splits the first lines; the result is scored by how many lines become equally wide
and by what the cells look like. Comma, semicolon, tab and bar are tried before blanks and colons,
which also occur inside times, addresses and words. If two score nearly the same, clevercsv
(van den Burg, Nazábal, Sutton 2019, "Wrangling messy CSV files by detecting row and type
patterns") decides between them. Cells that are different numbers in two readings are not guessed:
they raise a ``Question``.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kmeans_tui.data.columns import Question, Reading, quoted
from kmeans_tui.data.reading.cell_kinds import CellKind, look
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.lines import STRONG

_WEIGHTS: Final = {
    "number": 1.0, "time": 1.0, "code": 1.0, "ratio": 0.9, "missing": 0.9, "word": 0.5,
    "torn": 0.2,
}  # fmt: skip
# Blanks and colons must score better than the others by this much.
_CLEARLY: Final = 0.12
# With a smaller difference, clevercsv is asked.
_NEARLY: Final = 0.08
# The text given to clevercsv: its time grows quadratically, and it cannot be stopped.
_JUDGED_LINES: Final = 60
_JUDGED_LINE: Final = 1_000
_JUDGED_CHARACTERS: Final = 6_000
# Characters that every candidate splits; at least two lines.
_MOST_CHARACTERS: Final = 1 << 20
_FEWEST: Final = 3
_SURE: Final = 0.8
_WHOLE: Final = frozenset(("number", "time", "code"))


@dataclass(frozen=True)
class Cut:
    """The result of one separator: its score, and whether the first line fits."""

    separator: str
    score: float
    fits: bool
    width: int


def split(lines: Sequence[str], separator: str, runs: bool = False) -> list[list[str]]:
    """Return the stripped cells of each line; a blank line has none."""
    if runs:
        return [re.findall(r"[^ \t]+", line) for line in lines]
    return [_cells(line, separator) for line in lines]


def _cells(line: str, separator: str) -> list[str]:
    if not line.strip():
        return []
    if '"' not in line or len(separator) > 1:
        return [cell.strip() for cell in line.split(separator)]
    try:
        # Line ends within a line are inside quotes.
        row = next(
            csv.reader(
                re.split(r"(?<=\n)", line.replace("\r\n", "\n").replace("\r", "\n")),
                delimiter=separator,
                skipinitialspace=separator != " ",
            ),
            [],
        )
    except csv.Error:
        row = line.split(separator)
    return [cell.strip() for cell in row]


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """Return the most frequent width of the rows; the larger one in a tie."""
    widths = Counter(len(row) for row in rows if row)
    return max(widths, key=lambda width: (widths[width], width))


def found(lines: Sequence[str], dialect: Dialect) -> str:
    """Return the separator of these lines, not all blank; an unused character if there is none.

    Raises ``Question`` if two readings give different numbers.
    """
    lines = _some([line.strip(" ") for line in lines if line.strip()])
    strong = _judged(lines, [cut for each in STRONG if (cut := _cut(lines, each))])
    weak = max((cut for each in " :" if (cut := _cut(lines, each))), key=_rank, default=None)
    best = strong
    if weak is not None and (strong is None or weak.score > strong.score + _CLEARLY):
        best = weak
    if best is None or _is_one_column(lines, best, dialect):
        return _unused(lines)
    return best.separator


def _some(lines: Sequence[str]) -> Sequence[str]:
    total = 0
    for count, line in enumerate(lines):
        total += len(line)
        if total > _MOST_CHARACTERS and count > 1:
            return lines[:count]
    return lines


def _cut(lines: Sequence[str], separator: str) -> Cut | None:
    """Split the lines with a separator and score the result; None if no line is split."""
    rows = split(lines, separator, separator == " " and not any('"' in line for line in lines))
    width = usual_width(rows)
    if width < 2:
        return None
    same = [(line, row) for line, row in zip(lines, rows, strict=True) if len(row) == width]
    looks = [[_look(cell, separator, line) for cell in row] for line, row in same]
    score = sum(_WEIGHTS[each] for row in looks for each in row) / (len(same) * width)
    if separator in " :":
        # They also occur in words. The first row may hold the names.
        below = [each for row in looks[1:] or looks for each in row]
        known = sum(each in ("number", "time", "code", "ratio") for each in below)
        if "number" not in below or known <= len(below) / 2:
            return None
    return Cut(separator, score * len(same) / len(rows), len(rows[0]) == width, width)


def _look(cell: str, separator: str, line: str) -> CellKind:
    """Like ``look``, but a cell that was quoted because it holds the separator is not torn."""
    found = look(cell)
    return (
        "word" if found == "torn" and separator in cell and _is_strict(line, separator) else found
    )


def _is_strict(line: str, separator: str) -> bool:
    """Whether every quote that ends in this line is followed by the separator."""
    try:
        return bool(
            list(csv.reader([line], delimiter=separator, strict=True, skipinitialspace=True))
        )
    except csv.Error:
        return False


def _rank(cut: Cut) -> tuple[float, bool, int]:
    return round(cut.score, 2), cut.fits, -(STRONG + " :").index(cut.separator)


def _judged(lines: Sequence[str], cuts: Sequence[Cut]) -> Cut | None:
    """Return the best of these; of two nearly equal ones, the choice of clevercsv."""
    ranked = sorted(cuts, key=_rank, reverse=True)
    near = [cut for cut in ranked if cut.score > ranked[0].score - _NEARLY]
    if len(near) > 1:
        said = _second_opinion(lines, [cut.separator for cut in near])
        return next((cut for cut in near if cut.separator == said), ranked[0])
    return ranked[0] if ranked else None


def _second_opinion(lines: Sequence[str], candidates: Sequence[str]) -> str | None:
    """Return which of the candidates clevercsv chooses; None if it chooses another."""
    from clevercsv.detect import Detector

    text = ""
    for line in lines[:_JUDGED_LINES]:
        if len(line) > _JUDGED_LINE or len(text) + len(line) > _JUDGED_CHARACTERS:
            break
        text += line + "\n"
    try:
        said = Detector().detect(text, delimiters=candidates) if text else None
    except Exception:  # only an opinion: nothing depends on it
        return None
    return None if said is None else said.delimiter


def _is_one_column(lines: Sequence[str], cut: Cut, dialect: Dialect) -> bool:
    """Whether each line is one cell: a number, time or address that contains the separator.

    Raises ``Question`` if they may be that, or two cells each.
    """
    first, below = look(lines[0]), [look(line) for line in lines[1:]]
    if not below or not set(below) <= _WHOLE:
        return False
    if first not in _WHOLE:
        return not cut.fits
    mark = cut.separator
    if mark in (dialect.decimal, dialect.thousands):
        return True
    if dialect.decimal is not None or dialect.thousands is not None:
        return False
    if first != "number":
        if mark in STRONG:
            raise _question(lines[0], mark, {"separator": "tab"})
        return True
    if cut.score < _SURE:
        # When split, they have many widths: 1,234,567 above 12.
        return True
    tails = [line.rpartition(mark)[2] for line in lines]
    if all(re.fullmatch("[0-9]{3}", tail) for tail in tails):
        raise _question(lines[0], mark, {"thousands": mark})
    lengths = {len(tail) for tail in tails if tail.isdecimal()}
    fractions = mark == "," and max(lengths, default=9) <= 2 and len(lines) >= _FEWEST
    if fractions and (len(lengths) > 1 or any(tail.startswith("0") for tail in tails)):
        raise _question(lines[0], mark, {"decimal": mark})
    return False


def _question(line: str, mark: str, whole: Reading) -> Question:
    word = {" ": "blank"}.get(mark, "comma" if mark == "," else mark)
    two: Reading = {"separator": word}
    return Question(f"a line such as {quoted(line)} may be one number or two cells", (two, whole))


def _unused(lines: Sequence[str]) -> str:
    """Return a separator that occurs in none of the lines; a comma if all occur."""
    return next((each for each in STRONG if not any(each in line for line in lines)), ",")
