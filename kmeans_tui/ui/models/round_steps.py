"""Round numbers to step through with one key."""

from collections.abc import Sequence


def beside(steps: Sequence[int], present: int, by: int) -> int:
    """The next of rising ``steps`` above or below ``present``; ``present`` where there is none."""
    if by > 0:
        return next((step for step in steps if step > present), present)
    return next((step for step in reversed(steps) if step < present), present)
