"""A draw of the start on show: what was likely, what was tried, what was taken, and in words."""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from textual.widget import Widget

from kmeans_tui.ui.models.job import Job

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.clustering.watched_start import WatchedStart
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.session import Run, Session

# Distances computed at once, in the event loop: more would delay the keys by over 20 ms.
AT_ONCE: Final = 300_000


class ShownDraw(NamedTuple):
    """One draw, from 0, of a start.

    ``placed`` (m, d) are the centroids after it, ``tried`` the rows tried and ``row`` the one
    taken (None for a partition), ``labels`` (n,) the clusters of a partition. ``weights`` (n,) say
    how likely each row was as a share of the likeliest; for the farthest start how far it was.
    None where all are alike. ``reach`` is the distance that decided, and ``nearest`` the cluster
    it is measured from. ``line`` and ``sentence`` tell it; ``details`` tell of every row tried.
    """

    number: int
    placed: "np.ndarray"
    tried: tuple[int, ...]
    row: int | None
    labels: "np.ndarray | None"
    weights: "np.ndarray | None"
    reach: float | None
    nearest: int | None
    line: str
    sentence: str
    details: tuple[str, ...]

    def of_row(self, row: int) -> str:
        """Return how likely a row was, for the panel; empty where all are alike."""
        if self.weights is None:
            return ""
        share = float(self.weights[row])
        return f"{share:.0%} as likely as the likeliest" if self.reach is None else ""


def drawn(start: "WatchedStart", number: int, dataset: "Dataset") -> ShownDraw:
    """Return draw ``number`` of a start, from 0."""
    import numpy as np

    from kmeans_tui.analysis import draw_words

    draw, weights, reach, near = start[number], None, None, None
    if draw.rule in ("squared distance", "weight"):
        weights = start.chances(number)
    elif draw.rule == "farthest":
        weights = np.sqrt(start.nearest(number))
        place = dataset.points[draw.row]
        away = np.linalg.norm(start.placed(number)[:number] - place, axis=1)
        near, reach = int(away.argmin()), float(away.min())
    if weights is not None and (most := weights.max()) > 0:
        weights = weights / most
    return ShownDraw(
        number=number,
        placed=start.placed(number),
        tried=tuple(dict.fromkeys(draw.tried.tolist())),
        row=draw.row,
        labels=draw.labels,
        weights=weights,
        reach=reach,
        nearest=near,
        line=draw_words.shortly(start, number, dataset),
        sentence=draw_words.told(start, number, dataset),
        details=tuple(draw_words.weighed(start, number, dataset)),
    )


class Draws:
    """The draws of the start on show, computed when they are asked for and not before.

    For many points a job does it, which reports to ``owner``, which passes its message to
    ``answer_of``.
    """

    def __init__(self, owner: Widget, session: "Session") -> None:
        self._owner, self._session = owner, session
        self._start: tuple[object, WatchedStart] | None = None
        self._known: tuple[tuple[object, int], ShownDraw] | None = None
        self._asking: tuple[tuple[object, int], Job] | None = None

    def present(self) -> ShownDraw | None:
        """Return the draw on show; None after the start, or while it is being computed."""
        run, number = self._session.run, self._session.draw
        if run is None or number is None:
            return None
        key = (run.history, number)
        if self._known is not None and self._known[0] == key:
            return self._known[1]
        if run.dataset.points.size * (number + 1) <= AT_ONCE:
            self._keep(key, *self._computed(run, number))
            return self._known[1] if self._known else None
        if self._asking is None:

            def work(_: Job) -> Any:
                return self._computed(run, number)

            # One at a time: when an old one is answered, the latest is started.
            self._asking = key, Job(self._owner, work).start()
        return None

    def _computed(self, run: "Run", number: int) -> "tuple[WatchedStart, ShownDraw]":
        from kmeans_tui.requests import fit

        known = self._start
        start = known[1] if known is not None and known[0] is run.history else None
        if start is None:
            start = fit.start_of(run.options, run.dataset)
        assert start is not None
        return start, drawn(start, number, run.dataset)

    def _keep(self, key: tuple[Any, int], start: "WatchedStart", found: ShownDraw) -> None:
        self._start, self._known = (key[0], start), (key, found)

    def answer_of(self, message: Job.Done) -> bool:
        """Take a draw that was computed in a job; False if it is another job's answer."""
        if self._asking is None or message.job is not self._asking[1]:
            return False
        key, self._asking = self._asking[0], None
        if message.error is not None:
            raise message.error
        run = self._session.run
        if run is not None and run.history is key[0]:
            self._keep(key, *message.result)
        return True
