"""Argument types for argparse: each parses a word, or says what it should have been."""

import argparse
from collections.abc import Sequence
from typing import Final

from kmeans_tui.vocabulary import BOOTSTRAP, PCA, RESAMPLINGS, STEPS

# Half steps per second, slowest first. Above 15 the screen shows every second or fourth one.
SPEEDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
SEPARATOR_NAMES: Final = ("comma", "semicolon", "tab", "pipe", "blank", "colon")
MOST_SEEDS: Final = 1_000_000
MOST_ROWS: Final = 100_000
MOST_RESAMPLES: Final = 10_000
# Of a part of the plane: how far out it may be, and how narrow as a share of its numbers.
_FARTHEST: Final = 1e150
_CLOSEST: Final = 1e-12
# Numbers as a recording keeps them.
MOST: Final = 2**63 - 1


def whole(text: str) -> int:
    """Parse a whole number of at least 1."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1")
    if value > MOST:
        raise argparse.ArgumentTypeError(f"{text} is above {MOST}")
    return value


def seed_number(text: str) -> int:
    """Parse a seed: numpy's legacy generator accepts 0 to 2**32 - 1."""
    value = int(text)
    if not 0 <= value < 2**32:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {2**32 - 1}")
    return value


def not_negative(text: str) -> float:
    """Parse a finite number of at least 0."""
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of at least 0")
    return value


def seed_list(text: str) -> range | tuple[int, ...]:
    """Parse seeds and ranges of seeds, separated by commas: ``0-4``, ``1,5,9-12``."""
    found: list[range] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        low = seed_number(first)
        high = seed_number(last) if dash else low
        if high < low:
            raise argparse.ArgumentTypeError(f"{part} runs backwards")
        found.append(range(low, high + 1))
    count = sum(map(len, found))
    if count > MOST_SEEDS:
        raise argparse.ArgumentTypeError(f"{text} is {count:,} seeds; the limit is {MOST_SEEDS:,}")
    return found[0] if len(found) == 1 else tuple(seed for part in found for seed in part)


def row_list(text: str) -> tuple[int, ...]:
    """Parse rows and ranges of rows, separated by commas: ``5,17``, ``5-9``; each counts once."""
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.partition("-")
        low = whole(first)
        high = whole(last) if dash else low
        if high < low:
            raise argparse.ArgumentTypeError(f"{part} runs backwards")
        if high - low + len(found) >= MOST_ROWS:
            raise argparse.ArgumentTypeError(f"{part} is more than {MOST_ROWS:,} rows")
        found.update(range(low, high + 1))
    return tuple(sorted(found))


def seed_count(text: str) -> int:
    """Parse a number of seeds, at most ``MOST_SEEDS``."""
    value = whole(text)
    if value > MOST_SEEDS:
        raise argparse.ArgumentTypeError(f"{value:,} seeds is above the limit of {MOST_SEEDS:,}")
    return value


def resample_count(text: str) -> int:
    """Parse a number of resamples, 2 to ``MOST_RESAMPLES``."""
    value = whole(text)
    if not 2 <= value <= MOST_RESAMPLES:
        raise argparse.ArgumentTypeError(f"{value:,} resamples: use 2 to {MOST_RESAMPLES:,}")
    return value


def resample(text: str) -> tuple[int, str]:
    """Parse a resample by its number from 1, and how it was drawn: ``17``, ``17:halves``."""
    number, colon, way = text.partition(":")
    found = whole(number)
    if found > MOST_RESAMPLES or (colon and way not in RESAMPLINGS):
        raise argparse.ArgumentTypeError(
            f"{text[:40]!r} is no resample: use 1 to {MOST_RESAMPLES:,}, or 17:halves"
        )
    return found, way or BOOTSTRAP


def spelled_numbers(numbers: Sequence[int]) -> str:
    """Return seeds as ``seed_list``, or rows as ``row_list`` reads them, neighbours as ranges."""
    parts: list[list[int]] = []
    for seed in numbers:
        if parts and seed == parts[-1][-1] + 1:
            parts[-1][1:] = [seed]
        else:
            parts.append([seed])
    return ",".join("-".join(map(str, part)) for part in parts)


def names(text: str) -> tuple[str, ...]:
    """Parse names separated by commas, without the blanks around them."""
    return _parts(text, "name at least one feature")


def missing_marks(text: str) -> tuple[str, ...]:
    """Parse missing-value markers separated by commas; any word may be one."""
    return _parts(text, "name at least one marker, as in --na 'N/A?,unknown'")


def _parts(text: str, wanted: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found:
        raise argparse.ArgumentTypeError(wanted)
    return found


def separator(text: str) -> str:
    """Parse a cell separator: one to four characters, or one of ``SEPARATOR_NAMES``."""
    if not text or (len(text) > 4 and text.casefold() not in SEPARATOR_NAMES):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a separator: use one to four characters, or "
            + ", ".join(SEPARATOR_NAMES)
        )
    return text


def thousands(text: str) -> str:
    """Parse a thousands separator, or ``none``."""
    if text not in (",", ".", "'", " ", "none"):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a thousands separator: use , . ' ' ' or none"
        )
    return text


def colour_numbers(text: str) -> tuple[int, ...]:
    """The number of the colour of each cluster: ``3,1,2``, every number from 1 up once."""
    found = tuple(map(whole, text.split(",")))
    if sorted(found) != list(range(1, len(found) + 1)):
        raise argparse.ArgumentTypeError(
            f"{text!r} does not name every colour once: write 3,1,2 for three clusters"
        )
    return found


def plane(text: str) -> tuple[str, ...]:
    """Parse ``pca``, or the two features to show: ``x,y``."""
    found = names(text)
    if found == (PCA,) or len(found) == 2:
        return found
    raise argparse.ArgumentTypeError("give two features, such as x,y, or pca")


def window(text: str) -> tuple[float, ...]:
    """A part of the plane: the limits of x, then those of y, as ``-1,2.5,0,4``."""
    try:
        found = tuple(map(float, text.split(",")))
    except ValueError:
        found = ()
    ordered = len(found) == 4 and found[0] < found[1] and found[2] < found[3]
    # Their squares are sizes of the picture: beyond these they leave the range of floats.
    if not ordered or not all(abs(each) <= _FARTHEST for each in found):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no part of the plane: give the limits of x and of y, as in -1,2.5,0,4"
        )
    if any(high - low <= _CLOSEST * max(abs(low), abs(high)) for low, high in _spans(found)):
        raise argparse.ArgumentTypeError(f"{text!r} is too narrow to tell points apart")
    return found


def _spans(limits: Sequence[float]) -> tuple[tuple[float, float], tuple[float, float]]:
    return (limits[0], limits[1]), (limits[2], limits[3])


def cell_ratio(text: str) -> float:
    """How many times a cell of the terminal is as high as wide: 0.5 to 5."""
    value = float(text)
    if not 0.5 <= value <= 5:
        raise argparse.ArgumentTypeError(f"{text} is no shape of a character: use 0.5 to 5")
    return value


def position(text: str) -> str:
    """Parse an iteration, ``last``, or ``ITERATION:STEP`` for one of its half steps.

    ``0:draw2`` is the second draw of the start, which is part of iteration 0 alone.
    """
    iteration, _, step = text.partition(":")
    known = not step or step in STEPS or (iteration == "0" and drawn(step) is not None)
    if (iteration != "last" and not iteration.isdecimal()) or not known:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an iteration: use 3, last, 3:update, 3:assign, 0:initialise or "
            "0:draw2"
        )
    return text


def lesson_place(text: str) -> str:
    """Parse a lesson by number or name, and perhaps its step: ``4``, ``4:2``, ``seeds:2``."""
    lesson, colon, step = text.strip().partition(":")
    numbered = step.isascii() and step.isdigit() and len(step) < 4
    if not lesson or not lesson.isprintable() or len(lesson) > 40 or (colon and not numbered):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a lesson: use 4, or 4:2 for a step")
    return f"{lesson}:{int(step or 1)}"


def drawn(step: str) -> int | None:
    """Return the number of a draw, from 1, as in ``draw2``; None for any other step."""
    number = step.removeprefix("draw")
    if number == step or not number.isdecimal() or not number.isascii() or len(number) > 18:
        return None
    return int(number) or None


def speed(text: str) -> float:
    """Parse half steps per second, one of ``SPEEDS``."""
    value = float(text)
    if value not in SPEEDS:
        known = ", ".join(f"{each:g}" for each in SPEEDS)
        raise argparse.ArgumentTypeError(f"{text} is not one of {known}")
    return value
