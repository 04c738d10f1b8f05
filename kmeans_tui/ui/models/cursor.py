"""The cursor in Explore: which row it is on, how it moves, and what is known of the row."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual.widget import Widget

from kmeans_tui.requests import step_words
from kmeans_tui.requests.questioning import Questioned, told
from kmeans_tui.ui.models.job import Job
from kmeans_tui.words import plural

if TYPE_CHECKING:
    from kmeans_tui.analysis.neighbours import Direction
    from kmeans_tui.analysis.point import Point
    from kmeans_tui.requests.session import Moment, Run, Session
    from kmeans_tui.ui.widgets.raster import Raster

# The silhouette of a point needs all others: 0.1 s for a million, which would delay the keys.
AT_ONCE: Final = 200_000
# A cell of the screen is twice as high as it is wide.
_CELL: Final = (2.0, 1.0)


class Cursor:
    """A cursor on one row of the run on show, whose number in the file is the option ``--row``.

    A slow silhouette is computed in a job that reports to ``owner``, which passes its message to
    ``answer_of``.
    """

    def __init__(self, owner: Widget, session: "Session") -> None:
        self.looked_for = ""
        self._owner, self._session = owner, session
        self._known: tuple[tuple[object, ...], Point, str] | None = None
        self._asking: tuple[tuple[object, ...], Job] | None = None

    @property
    def row(self) -> int | None:
        """The row under the cursor, counted from 0; None without a cursor."""
        run, wanted = self._session.run, self._session.options.row
        if run is None or wanted is None:
            return None
        from kmeans_tui.data import rows

        return rows.at(run.dataset, wanted)

    @property
    def place(self) -> tuple[float, float] | None:
        """The position of its point in the plane; None without a cursor."""
        run, row = self._session.run, self.row
        if run is None or row is None:
            return None
        x, y = run.dataset.shown()[row].tolist()
        return x, y

    # --- the position --------------------------------------------------------------------------

    def put(self, row: int | None) -> None:
        """Put the cursor on this row, or remove it."""
        number = None
        run = self._session.run
        if row is not None and run is not None:
            from kmeans_tui.data import rows

            number = rows.number(run.dataset, row)
        self._session.options = replace(self._session.options, row=number)

    def keep(self, *, other_data: bool) -> str:
        """Keep it on its row; remove it if the data differ, or lack the row; then say so."""
        run, wanted = self._session.run, self._session.options.row
        if run is None or wanted is None or not (other_data or self.row is None):
            return ""
        self._session.options = replace(self._session.options, row=None)
        if other_data:
            return ""
        if run.parts is not None and wanted > run.parts.plan.all_rows:
            return f"Row {wanted:,} is beyond the last row, {run.parts.plan.all_rows:,}."
        if run.dataset.counted > run.dataset.n:
            return (
                f"Row {wanted:,} is not among the {run.dataset.n:,} display rows; "
                f"{step_words.more_rows()}."
            )
        count = plural(run.dataset.n, "row")
        return f"Row {wanted:,} is not among the {count} clustered."

    def question(self, raster: "Raster") -> bool:
        """Go to the point nearest to the middle; then to the next one in the same place.

        False if no point is on show.
        """
        if not len(raster.used):
            return False
        import numpy as np

        from kmeans_tui.analysis.neighbours import nearest

        row = self.row
        if row is None:
            spots = raster.spots
            middle = (spots.positions.max(axis=0) + spots.positions.min(axis=0)) / 2
            at = nearest(spots.positions, (float(middle[0]), float(middle[1])), _CELL)
            self.put(int(spots.rows[at]))
            return True
        if raster.cell[row] == raster.outside:
            return True
        here = np.flatnonzero(raster.cell == raster.cell[row])
        self.put(int(here[(int(np.searchsorted(here, row)) + 1) % len(here)]))
        return True

    def move(self, direction: "Direction", raster: "Raster") -> bool:
        """Go to the next point in a direction; False without a cursor."""
        row = self.row
        if row is None:
            return False
        from kmeans_tui.analysis.neighbours import neighbour

        spots = raster.spots
        if raster.cell[row] == raster.outside:
            # The point is out of view: show it first.
            return True
        at = int((spots.cells == raster.cell[row]).argmax())
        found = neighbour(spots.positions, at, direction, _CELL)
        if found is not None:
            self.put(int(spots.rows[found]))
        return True

    def find(self, text: str) -> int:
        """Go to the next row with this number or label, and return how many there are."""
        run = self._session.run
        if run is None:
            return 0
        from kmeans_tui.data import rows

        self.looked_for = text
        matching = rows.find(run.dataset, text)
        if len(matching):
            later = matching[matching > (-1 if self.row is None else self.row)]
            self.put(int(later[0] if len(later) else matching[0]))
        return len(matching)

    # --- the row -------------------------------------------------------------------------------

    def questioned(self, raster: "Raster | None") -> Questioned | None:
        """Return the description of the row under the cursor at the half step on show."""
        run, row, moment = self._session.run, self.row, self._session.moment
        if run is None or row is None:
            return None
        key = (run.history, run.dataset, row, moment)
        if self._known is None or self._known[0] != key:
            self._known = key, *self._ask(run, row, moment)
        _, point, silhouette = self._known
        shown = raster is not None and raster.cell[row] < raster.outside
        here = int((raster.cell == raster.cell[row]).sum()) if raster is not None and shown else 1
        return told(point, moment.kind, here, silhouette)

    def _ask(self, run: "Run", row: int, moment: "Moment") -> "tuple[Point, str]":
        from kmeans_tui.analysis import point

        at_once = run.dataset.n <= AT_ONCE
        updated, judged = moment.kind == "update", moment.kind != "initialise"
        found = point.question(
            run.dataset, run.history, row, moment.iteration,
            updated=updated, judged=at_once and judged,
        )  # fmt: skip
        if at_once or run.history.k == 1 or not judged:
            return found, _written(found.silhouette)
        if self._asking is None:
            labels = run.history.labels(moment.iteration - updated)
            key = (run.history, run.dataset, row, moment)

            def work(_: Job) -> float | None:
                data = run.dataset
                return point.silhouette(data.points, labels, row, run.history.k, data.weights)

            # One at a time: when an old one is answered, the latest is started.
            self._asking = key, Job(self._owner, work).start()
        return found, "…"

    def answer_of(self, message: Job.Done) -> bool:
        """Take the silhouette of a point in a large set; False if it is another job's answer."""
        if self._asking is None or message.job is not self._asking[1]:
            return False
        key, self._asking = self._asking[0], None
        if message.error is not None:
            raise message.error
        if self._known is not None:
            asked, point, _ = self._known
            self._known = (key, point, _written(message.result)) if asked == key else None
        return True


def _written(silhouette: float | None) -> str:
    return "" if silhouette is None else f"{silhouette:.2f}"
