"""What flags take, as types for argparse: each reads a word, or says what it should have been."""

import argparse
from collections.abc import Sequence
from typing import Final

STEPS: Final = ("initialise", "update", "assign")
# Half steps per second, slowest first. Above 15 a second the screen shows every second or fourth.
SPEEDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
PCA: Final = "pca"
SEPARATOR_NAMES: Final = ("comma", "semicolon", "tab", "pipe", "blank", "colon")
MOST_SEEDS: Final = 1_000_000


def whole(text: str) -> int:
    """A whole number of at least 1, for argparse."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1")
    return value


def seed_number(text: str) -> int:
    """A seed: numpy's legacy generator takes 0 to 2**32 - 1."""
    value = int(text)
    if not 0 <= value < 2**32:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {2**32 - 1}")
    return value


def not_negative(text: str) -> float:
    """A finite number of at least 0, for argparse."""
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of at least 0")
    return value


def seed_list(text: str) -> range | tuple[int, ...]:
    """Seeds and ranges of seeds, separated by commas: ``0-4``, ``1,5,9-12``."""
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
        raise argparse.ArgumentTypeError(f"{text} are {count:,} seeds, more than {MOST_SEEDS:,}")
    return found[0] if len(found) == 1 else tuple(seed for part in found for seed in part)


def seed_count(text: str) -> int:
    """How many seeds are counted, at most ``MOST_SEEDS``."""
    value = whole(text)
    if value > MOST_SEEDS:
        raise argparse.ArgumentTypeError(f"{value:,} seeds are more than {MOST_SEEDS:,}")
    return value


def spelled_seeds(seeds: Sequence[int]) -> str:
    """Seeds as ``seed_list`` reads them, runs of neighbours as ranges."""
    parts: list[list[int]] = []
    for seed in seeds:
        if parts and seed == parts[-1][-1] + 1:
            parts[-1][1:] = [seed]
        else:
            parts.append([seed])
    return ",".join("-".join(map(str, part)) for part in parts)


def names(text: str) -> tuple[str, ...]:
    """Names separated by commas, blanks around them dropped."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found:
        raise argparse.ArgumentTypeError("names at least one feature")
    return found


def missing_marks(text: str) -> tuple[str, ...]:
    """Marks separated by commas; a file's own word for a missing value may be anything."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found:
        raise argparse.ArgumentTypeError("names at least one mark, as in --na 'N/A?,unknown'")
    return found


def separator(text: str) -> str:
    """What stands between the cells: one to four characters, or a word for what cannot be seen."""
    if not text or (len(text) > 4 and text.casefold() not in SEPARATOR_NAMES):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no separator: use one to four characters, or {', '.join(SEPARATOR_NAMES)}"
        )
    return text


def thousands(text: str) -> str:
    """The mark between groups of three digits, or ``none``."""
    if text not in (",", ".", "'", " ", "none"):
        raise argparse.ArgumentTypeError(f"{text!r} is no such mark: use , . ' ' ' or none")
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
    """``pca``, or the two features to show: ``x,y``."""
    found = names(text)
    if found == (PCA,) or len(found) == 2:
        return found
    raise argparse.ArgumentTypeError("takes two features, x,y, or pca")


def position(text: str) -> str:
    """An iteration, ``last``, or ``ITERATION:STEP`` for one of its half steps."""
    iteration, _, step = text.partition(":")
    if (iteration != "last" and not iteration.isdecimal()) or (step and step not in STEPS):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no iteration: use 3, last, 3:update, 3:assign or 0:initialise"
        )
    return text


def speed(text: str) -> float:
    """Half steps per second, one of ``SPEEDS``."""
    value = float(text)
    if value not in SPEEDS:
        known = ", ".join(f"{each:g}" for each in SPEEDS)
        raise argparse.ArgumentTypeError(f"{text} is not one of {known}")
    return value
