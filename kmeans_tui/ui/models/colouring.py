"""The colours of clusters, the same from run to run and from screen to screen.

Each run keeps its own cluster numbers; the colours come from matching its centroids.
"""

from typing import TYPE_CHECKING, Protocol

from kmeans_tui import palette
from kmeans_tui.requests.session import Run

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.data.dataset import Dataset


class End(Protocol):
    """A result with centroids (k, d), numbered as in its run."""

    @property
    def centroids(self) -> "np.ndarray":
        """(k, d)."""


class Colouring:
    """The colours of results that are all matched to the same one."""

    def __init__(self) -> None:
        self._like: np.ndarray | None = None
        self._known: tuple[End, tuple[int, ...]] | None = None

    def forget(self) -> None:
        """Forget what is matched to."""
        self._like = self._known = None

    def match_to(self, run: Run | None, dataset: "Dataset", best: End) -> None:
        """Match to the run on show, in its colours, or to the ``best`` if its k differs.

        The first match stays until ``forget``.
        """
        if self._like is not None:
            return
        k = len(best.centroids)
        self._like = best.centroids
        if run is not None and run.dataset is dataset and run.history.k == k:
            wears = palette.worn(run.options.colours, k)
            centroids = run.history[-1].centroids
            order = range(k) if wears is None else sorted(range(k), key=wears.__getitem__)
            self._like = centroids[list(order)]

    def worn(self, end: End) -> tuple[int, ...] | None:
        """Return the colour of each cluster, from 0; None before there is a run to match to."""
        if self._like is None:
            return None
        if self._known is None or self._known[0] is not end:
            from kmeans_tui.analysis.matching import colours_of

            self._known = end, colours_of(self._like, end.centroids)
        return self._known[1]

    def named(self, end: End | None) -> tuple[int, ...] | None:
        """Return the same as for ``--colours``; None if every cluster has its own."""
        wears = None if end is None else self.worn(end)
        if wears is None or wears == tuple(range(len(wears))):
            return None
        return tuple(colour + 1 for colour in wears)
