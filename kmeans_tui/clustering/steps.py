"""One half step of a run, its events and its swap."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

StoppedBy = Literal["converged", "max_iterations", "cancelled", "lost"]


@dataclass(frozen=True)
class Event:
    """A cluster became empty.

    ``iteration`` is the update that handled it, so snapshot ``iteration`` shows the centroid at its
    new position. ``point`` is the row that took over, ``donor`` the cluster it came from; both are
    None if the cluster stayed empty. In a history that counts more points than it labels, ``point``
    is the number of a row among all, from 0 in the file.
    """

    kind: Literal["empty"]
    iteration: int
    cluster: int
    point: int | None
    donor: int | None


@dataclass(frozen=True)
class Swap:
    """A centroid was moved from where it was needed least to a cluster that deserved two.

    ``iteration`` is the update that moved ``cluster`` into the cluster ``into``: the two start from
    its halves. ``share`` is what ``cluster`` was needed for: how much the inertia would rise if its
    points went to their second nearest centroids, as a share of the inertia before.
    """

    iteration: int
    cluster: int
    into: int
    share: float


@dataclass(frozen=True, eq=False)
class Step:
    """One half step, and the resulting state. Its arrays are read-only.

    ``iteration``  index of the snapshot whose centroids these are
    ``centroids``  (k, d); ``previous`` those of the iteration before, None at iteration 0
    ``labels``     (n,) unsigned; for an update, the labels it averaged
    ``inertia``    of these labels with these centroids, in squared units of the data; by weights
    ``changed``    points that changed cluster in the latest assignment
    ``shifts``     (k,) how far each centroid moved in the update to these centroids
    ``sizes``      (k,) points of each cluster in ``labels``
    ``events``     of the update to these centroids
    ``swap``       that took the place of the update to these centroids, if one did
    """

    kind: Literal["assign", "update"]
    iteration: int
    centroids: np.ndarray
    previous: np.ndarray | None
    _labels: Callable[[], np.ndarray] = field(repr=False)
    _weights: Callable[[], np.ndarray | None] = field(repr=False)
    inertia: float
    changed: int
    shifts: np.ndarray
    sizes: np.ndarray
    events: tuple[Event, ...]
    swap: Swap | None

    @property
    def labels(self) -> np.ndarray:
        """(n,) unsigned, read-only; reconstructed on demand."""
        return self._labels()

    @property
    def weights(self) -> np.ndarray | None:
        """(k,) the total weight of each cluster; None in a run without weights."""
        return self._weights()


class Update(NamedTuple):
    """An update as stored in the history; ``inertia`` is that of the labels it averaged.

    A ``swap`` takes the place of an update and averages nothing.
    """

    centroids: np.ndarray
    shifts: np.ndarray
    inertia: float
    events: tuple[Event, ...]
    swap: Swap | None = None


class Assignment(NamedTuple):
    """An assignment as stored in the history."""

    rows: np.ndarray  # (changed,) smallest unsigned type: the points that changed cluster
    flips: np.ndarray  # (changed,) old label XOR new label
    sizes: np.ndarray
    inertia: float
    # Among all points, if the history keeps the labels of some of them only.
    of_all: int | None = None
    # (k,) the weight of each cluster, if the weights of all points are not at hand.
    weight: np.ndarray | None = None

    @property
    def changed(self) -> int:
        """The points that changed cluster."""
        return len(self.rows) if self.of_all is None else self.of_all


def frozen(array: np.ndarray) -> np.ndarray:
    """Make the array read-only and return it."""
    array.setflags(write=False)
    return array
