"""The state of a run after the assignment of one iteration."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from kmeans_tui.clustering.steps import Event, Swap


class Labelled(Protocol):
    """What is asked of a history when it is needed."""

    def labels(self, iteration: int) -> np.ndarray: ...
    def cluster_weights(self, iteration: int) -> np.ndarray | None: ...


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The state after the assignment of one iteration; the fields are those of ``Step``.

    It also supports the keys ``"iteration"``, ``"centroids"`` and ``"labels"``, like a dictionary.
    """

    iteration: int
    centroids: np.ndarray
    inertia: float
    changed: int
    shifts: np.ndarray
    sizes: np.ndarray
    events: tuple[Event, ...]
    swap: Swap | None
    _history: Labelled = field(repr=False)

    @property
    def labels(self) -> np.ndarray:
        """(n,) unsigned, read-only; reconstructed on demand."""
        return self._history.labels(self.iteration)

    @property
    def weights(self) -> np.ndarray | None:
        """(k,) the total weight of each cluster; None in a run without weights."""
        return self._history.cluster_weights(self.iteration)

    def keys(self) -> tuple[str, ...]:
        return ("iteration", "centroids", "labels")

    def __getitem__(self, key: str) -> Any:
        if key not in self.keys():
            raise KeyError(key)
        return getattr(self, key)
