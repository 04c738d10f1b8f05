"""What work that takes its time says on the way."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

RowT = TypeVar("RowT")


@dataclass(frozen=True, eq=False)
class Progress(Generic[RowT]):
    """``done`` of ``total`` pieces are finished, ``doing`` is what runs now.

    ``row`` is a row just found or completed, None when this only says that the work goes on: that
    is said at least before every update, so that a screen can stop it at once.
    """

    done: int
    total: int
    doing: str
    row: RowT | None = None


# Hears of progress; returning False stops the work, and what is found until then stays.
ProgressListener: TypeAlias = Callable[[Progress[RowT]], bool | None]
