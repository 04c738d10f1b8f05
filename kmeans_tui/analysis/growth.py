"""How far a sweep goes that was given no largest k: on, while the criteria are best at its end."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from kmeans_tui.analysis import criteria
from kmeans_tui.analysis.case_weights import rows_of
from kmeans_tui.analysis.criteria import Row
from kmeans_tui.words import listed

# The largest k at first, and what is added while more than half of the votes are for the last one.
FIRST: Final = 10
_STEP: Final = 5
_MOST: Final = 30
# Fewer rows in each cluster on average say little about a k.
_ROWS_EACH: Final = 5


def bound(n: int, counts: np.ndarray | None = None) -> int:
    """Return the largest k to which a sweep of n rows grows by itself.

    ``counts`` (n,) are the ``copies`` they stand for.
    """
    return min(n, max(FIRST, min(_MOST, int(rows_of(n, counts)) // _ROWS_EACH)))


def at_the_end(rows: Sequence[Row]) -> list[str]:
    """Return the titles of the criteria that are best at the last k."""
    # A perfect k cannot be improved on.
    if len(rows) < 3 or rows[-1].perfect:
        return []
    last = rows[-1].k
    return [each.title for each in criteria.by_weight() if each.choice(rows) == last]


def next_end(rows: Sequence[Row], most: int) -> int:
    """Return the largest k to go on to, at most ``most``; the last of ``rows`` if they suffice."""
    last = rows[-1].k
    picks = sum(each.choice(rows) is not None for each in criteria.voters())
    if 2 * len(at_the_end(rows)) <= picks:
        return last
    return max(last, min(last + _STEP, most))


def went_on(rows: Sequence[Row]) -> str:
    """Return in words why a sweep that grew by itself has rows beyond the first; or nothing."""
    if len(rows) <= FIRST:
        return ""
    best = at_the_end(rows[:FIRST])
    say = "says" if len(best) == 1 else "say"
    who = f"{listed(best)} {say} {FIRST}" if best else "the best k may be larger"
    return f"the largest k is at first {FIRST}, and {who}: so k goes on to {rows[-1].k}"
