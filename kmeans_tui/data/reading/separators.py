"""Which separator tells the cells of a text table apart.

Every candidate cuts the first lines; what it leaves is judged by how many lines become equally
wide, and by what the cells look like. Comma, semicolon, tab and bar are looked at before blanks and
colons, which stand inside times, addresses and words. Where two come out nearly equal, clevercsv
(van den Burg, Nazábal, Sutton 2019, "Wrangling messy CSV files by detecting row and type
patterns") judges between them. Cells that are different numbers in two readings are nobody's
guess: that is a ``Question``.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kmeans_tui.data.columns import Question, Reading, quoted
from kmeans_tui.data.reading.cells import look
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.lines import STRONG

_WEIGHTS: Final = {
    "number": 1.0, "time": 1.0, "code": 1.0, "ratio": 0.9, "missing": 0.9, "word": 0.5,
    "torn": 0.2,
}  # fmt: skip
# Blanks and colons have to be better by this much than what else there is.
_CLEARLY: Final = 0.12
# Closer than this, and another judge is asked.
_NEARLY: Final = 0.08
# What clevercsv is given: its time grows with the square of the text, and it cannot be stopped.
_JUDGED_LINES: Final = 60
_JUDGED_LINE: Final = 1_000
_JUDGED_CHARACTERS: Final = 6_000
# Characters that are cut by every candidate; two lines at least.
_MOST_CHARACTERS: Final = 1 << 20
_FEWEST: Final = 3
_SURE: Final = 0.8
_WHOLE: Final = frozenset(("number", "time", "code"))


@dataclass(frozen=True)
class Cut:
    """What one separator makes of the lines: how good it is, and whether the first line fits."""

    separator: str
    score: float
    fits: bool
    width: int


def split(lines: Sequence[str], separator: str, runs: bool = False) -> list[list[str]]:
    """The cells of each line, stripped; a blank line has none."""
    if runs:
        return [re.findall(r"[^ \t]+", line) for line in lines]
    return [_cells(line, separator) for line in lines]


def _cells(line: str, separator: str) -> list[str]:
    if not line.strip():
        return []
    if '"' not in line or len(separator) > 1:
        return [cell.strip() for cell in line.split(separator)]
    try:
        # A line that holds line ends holds them inside quotes.
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
    """How wide most rows are; the wider of two widths that are as frequent."""
    widths = Counter(len(row) for row in rows if row)
    return max(widths, key=lambda width: (widths[width], width))


def found(lines: Sequence[str], dialect: Dialect) -> str:
    """The separator of these lines, one of them at least not blank; one that is not there if none.

    Raises ``Question`` where two readings give different numbers.
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
    """What a separator makes of the lines; None where they stay whole."""
    rows = split(lines, separator, separator == " " and not any('"' in line for line in lines))
    width = usual_width(rows)
    if width < 2:
        return None
    same = [row for row in rows if len(row) == width]
    looks = [[look(cell) for cell in row] for row in same]
    score = sum(_WEIGHTS[each] for row in looks for each in row) / (len(same) * width)
    if separator in " :":
        # They stand in words as well. The first row may hold the names.
        below = [each for row in looks[1:] or looks for each in row]
        known = sum(each in ("number", "time", "code", "ratio") for each in below)
        if "number" not in below or known <= len(below) / 2:
            return None
    return Cut(separator, score * len(same) / len(rows), len(rows[0]) == width, width)


def _rank(cut: Cut) -> tuple[float, bool, int]:
    return round(cut.score, 2), cut.fits, -(STRONG + " :").index(cut.separator)


def _judged(lines: Sequence[str], cuts: Sequence[Cut]) -> Cut | None:
    """The best of these; of two that are nearly as good the one that clevercsv takes."""
    ranked = sorted(cuts, key=_rank, reverse=True)
    near = [cut for cut in ranked if cut.score > ranked[0].score - _NEARLY]
    if len(near) > 1:
        said = _second_opinion(lines, [cut.separator for cut in near])
        return next((cut for cut in near if cut.separator == said), ranked[0])
    return ranked[0] if ranked else None


def _second_opinion(lines: Sequence[str], candidates: Sequence[str]) -> str | None:
    """Which of the candidates clevercsv takes; None where it takes none of them."""
    from clevercsv.detect import Detector

    text = ""
    for line in lines[:_JUDGED_LINES]:
        if len(line) > _JUDGED_LINE or len(text) + len(line) > _JUDGED_CHARACTERS:
            break
        text += line + "\n"
    try:
        said = Detector().detect(text, delimiters=candidates) if text else None
    except Exception:  # an opinion, which nothing depends on
        return None
    return None if said is None else said.delimiter


def _is_one_column(lines: Sequence[str], cut: Cut, dialect: Dialect) -> bool:
    """Whether the lines are a cell each: numbers, times or addresses with a separator in them.

    Raises ``Question`` where they may be that, or two cells each.
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
        # Cut, they are of many widths: 1,234,567 above 12.
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
    """A separator that stands in none of the lines; a comma where all do."""
    return next((each for each in STRONG if not any(each in line for line in lines)), ",")
