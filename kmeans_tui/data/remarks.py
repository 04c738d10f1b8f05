"""Sentences on what would otherwise happen in silence, the most serious first."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Self


class Weight(IntEnum):
    """How much a remark matters: what changes the rows or the numbers stands before advice."""

    LOST = 0  # rows that take no part
    DOUBTED = 1  # values that may mean something else
    READ = 2  # how the file was read
    USUAL = 3  # a property of the numbers
    ASIDE = 4  # columns that take no part, as they should
    ADVICE = 5


class Remark(str):
    """A sentence with its weight."""

    weight: Weight

    def __new__(cls, text: str, weight: Weight = Weight.USUAL) -> Self:
        found = super().__new__(cls, text)
        found.weight = weight
        return found

    def __reduce__(self) -> tuple[type[Self], tuple[str, Weight]]:
        return type(self), (str(self), self.weight)


def ranked(remarks: Iterable[str]) -> list[str]:
    """The most serious first, otherwise in their order; a plain sentence is a usual one."""
    return sorted(remarks, key=lambda each: getattr(each, "weight", Weight.USUAL))
