"""Which colour each cluster of an end wears: the same from run to run and screen to screen.

Numbers are those of every run itself; the colours come from matching its centroids.
"""

from typing import TYPE_CHECKING, Protocol

from kmeans_tui import palette
from kmeans_tui.ui.models.session import Run

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.data.dataset import Dataset


class End(Protocol):
    """What has centroids (k, d), in the numbers of its run."""

    @property
    def centroids(self) -> "np.ndarray":
        """(k, d)."""


class Colouring:
    """The colours of ends that are matched to one and the same."""

    def __init__(self) -> None:
        self._like: np.ndarray | None = None
        self._known: tuple[End, tuple[int, ...]] | None = None

    def forget(self) -> None:
        """Match to nothing any more."""
        self._like = self._known = None

    def match_to(self, run: Run | None, dataset: "Dataset", best: End) -> None:
        """Match to the run on show, in its colours; to the ``best`` where that has another k.

        What is matched to once stays, until ``forget``.
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
        """The colour of each cluster, counted from 0; None before there is a run to match to."""
        if self._like is None:
            return None
        if self._known is None or self._known[0] is not end:
            from kmeans_tui.analysis.matching import colours_of

            self._known = end, colours_of(self._like, end.centroids)
        return self._known[1]

    def named(self, end: End | None) -> tuple[int, ...] | None:
        """The same as ``--colours`` takes it; None where every cluster has its own."""
        wears = None if end is None else self.worn(end)
        if wears is None or wears == tuple(range(len(wears))):
            return None
        return tuple(colour + 1 for colour in wears)
