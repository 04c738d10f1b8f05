"""How many rows of a file a data set does without."""

from typing import NamedTuple


class LeftOut(NamedTuple):
    """How many ``rows`` are left out ``of`` all, and the ``reasons`` in words."""

    rows: int
    of: int
    reasons: tuple[str, ...] = ()
