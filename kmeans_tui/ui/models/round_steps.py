"""What one key steps through: round numbers, and choices in a circle."""

from collections.abc import Sequence
from typing import TypeVar

ChoiceT = TypeVar("ChoiceT")


def beside(steps: Sequence[int], present: int, by: int) -> int:
    """The next of rising ``steps`` above or below ``present``; ``present`` where there is none."""
    if by > 0:
        return next((step for step in steps if step > present), present)
    return next((step for step in reversed(steps) if step < present), present)


def following(choices: Sequence[ChoiceT], present: object) -> ChoiceT:
    """The choice after ``present``; the first after the last, and where it is none of them."""
    at = choices.index(present) + 1 if present in choices else 0
    return choices[at % len(choices)]
