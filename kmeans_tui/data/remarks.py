"""Notes for the user on how the data were read and changed, the most serious first."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Self


class Weight(IntEnum):
    """How much a note matters: changes to rows or numbers come before advice."""

    LOST = 0  # rows that are not used
    DOUBTED = 1  # values that may mean something else
    READ = 2  # how the file was read
    USUAL = 3  # a property of the numbers
    ASIDE = 4  # columns that are rightly not used
    ADVICE = 5


class Note(str):
    """A sentence with its weight."""

    weight: Weight

    def __new__(cls, text: str, weight: Weight = Weight.USUAL) -> Self:
        found = super().__new__(cls, text)
        found.weight = weight
        return found

    def __reduce__(self) -> tuple[type[Self], tuple[str, Weight]]:
        return type(self), (str(self), self.weight)


def ranked(remarks: Iterable[str]) -> list[str]:
    """Return notes with the most serious first, otherwise in order; plain strings are ``USUAL``."""
    return sorted(remarks, key=lambda each: getattr(each, "weight", Weight.USUAL))
