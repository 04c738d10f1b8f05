"""The interface of a place where passes over the parts run: four methods."""

from collections.abc import Callable
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np

from kmeans_tui.partitioned.plan import Plan

# Called now and then with rows done and rows in all; returning False stops the pass.
PassListener: TypeAlias = Callable[[int, int], bool | None]


class Stopped(Exception):  # noqa: N818 - nobody's fault
    """A pass was cancelled; everything from earlier passes stays valid."""


class PartLabels(NamedTuple):
    """The labels of all rows of one part of the file.

    ``first`` is the number of its first row, from 0 in the file; ``labels`` ``(rows,)`` int64 are
    -1 for a row that was dropped.
    """

    first: int
    labels: np.ndarray


class Assign(NamedTuple):
    """Assign all rows to ``centroids`` (k, d); ``previous`` are those of the assignment before."""

    centroids: np.ndarray
    previous: np.ndarray | None = None


class Farthest(NamedTuple):
    """Find the ``many`` rows farthest from their centroids, the farthest first."""

    centroids: np.ndarray
    many: int


class Oversample(NamedTuple):
    """Draw every row with the probability ``factor`` · weight · squared distance to a centroid."""

    centroids: np.ndarray
    seed: int
    round: int
    factor: float


class FarRow(NamedTuple):
    """A row far from its centroid; the lowest row of equally far ones. None has distance -1."""

    distance: float  # squared
    row: int
    point: np.ndarray
    label: int
    weight: float


class Totals(NamedTuple):
    """What one pass of assignment finds, of all rows that are used.

    ``sums`` (k, d) are weighted and relative to ``Plan.middle``; ``sizes`` (k,) are rows,
    ``weight`` (k,) is the sum of their weights.
    """

    sums: np.ndarray
    sizes: np.ndarray
    weight: np.ndarray
    inertia: float
    changed: int
    farthest: tuple[FarRow, ...]


class PartSample(NamedTuple):
    """Some rows, ascending: the same ones however the file is cut into parts.

    ``points`` (m, d) are prepared, ``table`` (m, d) the features in their own units, ``rows`` (m,)
    their numbers from 0 in the file, ``weights`` (m,) or None.
    """

    points: np.ndarray
    table: np.ndarray
    rows: np.ndarray
    weights: np.ndarray | None


PassTask: TypeAlias = Assign | Farthest | Oversample
PassFound: TypeAlias = Totals | tuple[FarRow, ...] | PartSample


class Executor(Protocol):
    """Where the passes run.

    The results are the same bits for any number of workers, killed or not. Every method raises
    ``Stopped`` once it is cancelled, and ``DataError`` for data that cannot be used.
    """

    def plan(self, listener: PassListener | None = None) -> Plan:
        """Read all rows once, and return the parts and what must be known of them."""

    def sample(
        self,
        size: int,
        seed: int,
        listener: PassListener | None = None,
        *,
        by_weight: bool = False,
    ) -> PartSample:
        """Return ``size`` rows chosen by the hash of their numbers, or all if they are fewer.

        ``by_weight`` prefers the heavy ones, as if each were there as often as it weighs.
        """

    def iterate(self, task: PassTask, listener: PassListener | None = None) -> PassFound:
        """Make one pass over all parts.

        An ``Assign`` gives ``Totals``, a ``Farthest`` rows, an ``Oversample`` a sample.
        """

    def cancel(self) -> None:
        """End the pass that is running, within half a second; from any thread."""
