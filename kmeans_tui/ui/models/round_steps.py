"""The values that a key steps through: round numbers, and cyclic choices."""

from collections.abc import Sequence
from typing import TypeVar

ChoiceT = TypeVar("ChoiceT")


def beside(steps: Sequence[int], present: int, by: int) -> int:
    """Return the next of ascending ``steps`` above or below ``present``, or ``present`` if none."""
    if by > 0:
        return next((step for step in steps if step > present), present)
    return next((step for step in reversed(steps) if step < present), present)


def following(choices: Sequence[ChoiceT], present: object) -> ChoiceT:
    """Return the choice after ``present``; the first after the last, or if it is not a choice."""
    at = choices.index(present) + 1 if present in choices else 0
    return choices[at % len(choices)]
