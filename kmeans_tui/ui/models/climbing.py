"""The ladder of a sweep while its rows arrive: found in a job, one rung after the other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget

from kmeans_tui.ui.models.job import Job
from kmeans_tui.words import plural, tally

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.analysis.criteria import Row
    from kmeans_tui.analysis.rungs import Rung


class Climbing:
    """The rungs found so far, and the side of one that is chosen: 0 for k, 1 for k + 1.

    The jobs report to ``owner``, which passes their messages to ``answer_of``.
    """

    def __init__(self, owner: Widget) -> None:
        self.rungs: list[Rung] = []
        self.side = 0
        self._owner = owner
        self._job: Job | None = None

    def want(self, rows: "Sequence[Row]", weights: "np.ndarray | None" = None) -> None:
        """Find the rungs of these rows, those of k = 1, 2, …, that are missing.

        ``weights`` (n,) are those of the rows of the data.
        """
        if self._job is not None or len(self.rungs) >= len(rows):
            return
        known = tuple(self.rungs)

        def work(job: Job) -> "list[Rung]":
            from kmeans_tui.analysis.rungs import climbed

            found = []
            for rung in climbed(rows, known, weights):
                found.append(rung)
                if job.stopped:
                    break
            return found

        self._job = Job(self._owner, work).start()

    def answer_of(self, message: Job.Done) -> bool:
        """Take the rungs of a job; False if it is not the one that looks for them."""
        if message.job is not self._job:
            return False
        self._job = None
        if message.error is not None:
            raise message.error
        self.rungs += message.result
        return True

    def forget(self) -> None:
        """Drop the rungs: there will be other rows."""
        if self._job is not None:
            self._job.stop()
        self._job = None
        self.rungs.clear()

    def keep(self, most: int) -> None:
        """Drop the rungs above this k."""
        if len(self.rungs) > most:
            del self.rungs[most:]

    def between(self, k: int) -> "tuple[Rung | None, Rung | None]":
        """Return the rungs of k and of k + 1, each None if it is not found."""
        first, second = (self.rungs[at] if at < len(self.rungs) else None for at in (k - 1, k))
        return first, second

    def chosen(self, k: int) -> "Rung | None":
        """Return the rung on the chosen side; that of k if there is none of k + 1."""
        first, second = self.between(k)
        return second if self.side and second is not None else first

    def told(self, k: int) -> list[str]:
        """Return what happens from k to k + 1, in sentences."""
        before, after = self.between(k)
        if before is None or after is None:
            return []
        rows = int(after.sizes.sum())
        kept = f"{after.stayed:,} of {plural(rows, 'row')}"
        if after.weights is not None:
            kept += f", weight {tally(after.stayed_weight)} of {tally(after.weights.sum())},"
        return [f"k = {k} to {k + 1}: {after.sentence()}", f"{kept} keep their cluster."]
