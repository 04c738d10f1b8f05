"""What the Elbow screen says of the rows of all k: the columns that fit, and the verdict."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from kmeans_tui.analysis import criteria
from kmeans_tui.user_keys import key
from kmeans_tui.words import amount, plural

if TYPE_CHECKING:
    from kmeans_tui.analysis.criteria import Criterion, Row
    from kmeans_tui.analysis.verdict import Verdict

# The width of each column of inertia, in cells.
_INERTIA: Final = 10
# Heading, width, the voter whose k is marked, and the text of a cell.
KColumn: TypeAlias = "tuple[str, int, str, Callable[[Row], str]]"


def fitting(width: int) -> list[KColumn]:
    """Return the columns that fit; the last is dropped first, inertia never."""
    found: list[KColumn] = [
        ("best", _INERTIA, "elbow", lambda row: _cell(row.best, _INERTIA)),
        ("worst", _INERTIA, "", lambda row: _cell(row.worst, _INERTIA)),
    ]
    by_rank = sorted(criteria.measured(), key=lambda each: each.rank)
    found += [
        (each.short, each.width, each.key if each.votes else "", partial(_score, each))
        for each in by_rank
    ]
    while len(found) > 2 and 5 + sum(column[1] for column in found) > width:
        found.pop()
    return found


def _score(criterion: "Criterion", row: "Row") -> str:
    value = row.scores.get(criterion.key)
    if value is None or criterion.digits < 3:
        return _cell(value, criterion.width)
    return "∞" if math.isinf(value) else f"{value:.3f}"


def _cell(value: float | None, width: int) -> str:
    if value is None:
        return ""
    text = "∞" if math.isinf(value) else amount(value)
    return text if len(text) <= width - 2 else f"{value:.2e}"


def said(rows: "Sequence[Row]", verdict: "Verdict", n: int, busy: bool) -> Iterator[str]:
    """Yield the verdict, how clear the knee is, and reasons for doubt."""
    if len(rows) < 3:
        more = (
            f"{key('larger-k-max')} adds one"
            if n > 2
            else f"there {'is' if n == 1 else 'are'} only {plural(n, 'row')}"
        )
        yield f"The verdict needs three values of k; {more}." if not busy else "…"
        return
    if any(not row.judged for row in rows):
        yield f"so far {verdict.sentence}" if busy else verdict.sentence
    else:
        yield verdict.sentence
    # That K-Means is the wrong tool is worth more than a k.
    first = int(verdict.shape is not None and bool(verdict.shape.sentence))
    yield from (f"! {note}" for note in verdict.notes[:first])
    knee, chord = verdict.knee, verdict.chord
    if knee is not None:
        clear = "clear" if knee.clear else "not clear; clear is"
        told = (
            f"elbow: k = {knee.k} is farthest below the chord of log(inertia), strength "
            f"{knee.strength:.2f} ({clear} from {knee.limit:.2f} up)."
        )
        if chord is not None:
            told += f" The plain chord of inertia says {chord.k}."
        yield told
    yield from (f"! {note}" for note in verdict.notes[first:])
