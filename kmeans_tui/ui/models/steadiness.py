"""What the Stability screen holds: the original, its resamples, and what is known of each k."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.analysis.reproducibility import Reproducible
    from kmeans_tui.analysis.stable_clusters import ClusterStability

# Up to this many points are shaded anew with every resample; more in larger steps.
_AT_ONCE = 20_000
_SAFE, _UNSAFE = 0.95, 0.6


class Steadiness:
    """Results so far: ``stability``, None before the data are clustered, and a row for each k."""

    def __init__(self) -> None:
        self.stability: ClusterStability | None = None
        self.rows: dict[int, Reproducible] = {}
        self._shaded: tuple[object, int, np.ndarray] | None = None

    def forget(self, *, rows: bool) -> None:
        """Drop the resamples, and perhaps the rows."""
        self.stability = self._shaded = None
        if rows:
            self.rows = {}

    def take(self, found: Sequence[Any], way: str) -> None:
        """Take what a job has found."""
        from kmeans_tui.analysis.reproducibility import Reproducible
        from kmeans_tui.analysis.stable_clusters import ClusterStability, Original, Resample

        for each in found:
            if isinstance(each, Original):
                self.stability = ClusterStability.of(each, way)
            elif isinstance(each, Reproducible):
                self.rows[each.k] = each
        new = [each for each in found if isinstance(each, Resample)]
        if new and self.stability is not None:
            self.stability = self.stability.joined_by(new)

    def keep(self, count: int) -> None:
        """Keep only the first resamples."""
        from kmeans_tui.analysis.stable_clusters import ClusterStability

        known = self.stability
        if known is not None and len(known.resamples) > count:
            none = ClusterStability.of(known.original, known.way)
            self.stability, self._shaded = none.joined_by(known.resamples[:count]), None

    def in_order(self) -> "list[Reproducible]":
        """Return what is known of each k, ascending."""
        return [self.rows[k] for k in sorted(self.rows) if self.rows[k].pairs]

    def levels(self, *, busy: bool) -> "np.ndarray | None":
        """Return how safe each point is, 0 to 2, (n,) uint8; None before the first resample.

        While ``busy`` with many points, that of a few resamples ago.
        """
        known = self.stability
        if known is None or not known.resamples:
            return None
        done, shaded = len(known.resamples), self._shaded
        if shaded is not None and shaded[0] is known.original:
            soon = busy and len(known.counts) > _AT_ONCE and done < 1.5 * shaded[1]
            if done == shaded[1] or soon:
                return shaded[2]
        import numpy as np

        shares = known.shares
        levels = (shares < _SAFE).astype(np.uint8) + (shares < _UNSAFE)
        self._shaded = known.original, done, levels.astype(np.uint8)
        return self._shaded[2]
