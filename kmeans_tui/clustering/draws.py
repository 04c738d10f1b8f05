"""The draws of a start, one by one: what was tried, and what was taken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

Rule = Literal["uniform", "weight", "squared distance", "farthest", "partition"]


@dataclass(frozen=True, eq=False)
class Draw:
    """One draw of a start. Its arrays are read-only.

    ``rule``    how the rows tried were drawn: all rows not drawn before alike, or in proportion to
                their weights; in proportion to the squared distance to the nearest centroid so far
                (times the weight), or the farthest one; "partition" draws a cluster for every row
                instead
    ``tried``   (m,) the rows tried, in the order of their draws; none for a partition
    ``best``    which of them was taken, from 0
    ``sums``    (m,) the sum of all squared distances to the nearest centroid with each of them
                taken; None where nothing was weighed
    ``labels``  (n,) unsigned, the clusters of a partition, whose means are the centroids
    """

    rule: Rule
    tried: np.ndarray
    best: int = 0
    sums: np.ndarray | None = None
    labels: np.ndarray | None = None

    def __post_init__(self) -> None:
        for each in (self.tried, self.sums, self.labels):
            if each is not None:
                each.flags.writeable = False

    @property
    def row(self) -> int | None:
        """The row taken; None for a partition."""
        return int(self.tried[self.best]) if len(self.tried) else None


Watch: TypeAlias = Callable[[Draw], None]


def single(rule: Rule, row: int) -> Draw:
    """Return the draw of one row, with nothing else tried."""
    return Draw(rule, np.array([row], np.intp))
