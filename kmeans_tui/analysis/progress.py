"""Progress reports of long work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

RowT = TypeVar("RowT")


@dataclass(frozen=True, eq=False)
class Progress(Generic[RowT]):
    """``done`` of ``total`` pieces are finished; ``doing`` is the current one.

    ``row`` is a row just found or completed, or None if this only reports that work continues.
    That is reported at least before every update, so that a screen can stop the work at once.
    """

    done: int
    total: int
    doing: str
    row: RowT | None = None


# Called with progress; returning False stops the work, and what was found so far is kept.
ProgressListener: TypeAlias = Callable[[Progress[RowT]], bool | None]
