"""What visitors may use of the computer that serves them."""

from dataclasses import dataclass
from typing import Final

from kmeans_tui.words import plural

# What a page may ask for. A screen of 3840 × 2160 with letters of 10 pixels has 640 × 180 cells.
MOST_COLUMNS, MOST_LINES = 640, 240
# Bytes of one message of the page: keys, or a text that is pasted.
MOST_TYPED: Final = 1 << 18


@dataclass(frozen=True)
class Allowance:
    """``visitors`` at a time; for each of them ``memory`` in megabytes for every process, and
    ``idle`` minutes without a key after which the visit ends.
    """

    visitors: int = 8
    memory: int = 2_000
    idle: float = 15.0

    @property
    def full(self) -> str:
        """The sentence for one visitor too many."""
        places = "the only place is" if self.visitors == 1 else f"all {self.visitors} places are"
        return f"Sorry, {places} taken: try again later."

    def sentences(self) -> tuple[str, ...]:
        """Say what the limits are."""
        crowd = f"at most {plural(self.visitors, 'visitor')} at a time (--visitors)"
        return (
            f"{crowd}, each with {self.memory:,} MB of memory (--memory)",
            f"a visit ends after {minutes(self.idle)} without a key (--idle)",
        )


def minutes(count: float) -> str:
    """Return a time in words: ``15 minutes``, or seconds if it is shorter than a minute."""
    if count < 1:
        return plural(max(1, round(count * 60)), "second")
    return "1 minute" if count == 1 else f"{count:g} minutes"


def bounded(value: object, most: int, usual: int) -> int:
    """Return a number of columns or lines from a page: from 1 to ``most``, ``usual`` if none."""
    try:
        number = int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return usual
    return max(1, min(number, most))
