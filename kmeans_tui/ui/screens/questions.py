"""The keys of Explore that question a point: the cursor, the search, the list of changes."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.ui.models.half_step import plural
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.models.questioning import Questioned, told
from kmeans_tui.ui.screens.page import Page

if TYPE_CHECKING:
    from kmeans_tui.analysis.neighbours import Direction
    from kmeans_tui.analysis.point import Point
    from kmeans_tui.ui.models.session import Moment, Run
    from kmeans_tui.ui.widgets.raster import Raster

# The silhouette of a point takes all others: 0.1 s for a million, which a key would feel.
AT_ONCE: Final = 200_000
# A cell of the screen is twice as high as it is wide.
_CELL: Final = (2.0, 1.0)


class Questions(Page):
    """A cursor on one point, which the panel questions at every half step."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._known: tuple[tuple[object, ...], Point, str] | None = None
        self._asking: tuple[tuple[object, ...], Job] | None = None
        self._looked_for = ""

    @property
    def row(self) -> int | None:
        """The row under the cursor, counted from 0; None without a cursor."""
        run, wanted = self.session.run, self.session.options.row
        if run is None or wanted is None:
            return None
        import numpy as np

        numbers = run.dataset.row_numbers
        if numbers is None:
            return wanted - 1 if wanted <= run.dataset.n else None
        at = int(np.searchsorted(numbers, wanted))
        return at if at < len(numbers) and numbers[at] == wanted else None

    def put_cursor(self, row: int | None) -> None:
        """Question this row, or none."""
        number = None
        run = self.session.run
        if row is not None and run is not None:
            from kmeans_tui.data import rows

            number = rows.number(run.dataset, row)
        self.session.options = replace(self.session.options, row=number)
        self.paint()

    def keep_cursor(self, *, other_data: bool) -> None:
        """Leave the cursor on its row, unless these are other data, or do not have it."""
        run, wanted = self.session.run, self.session.options.row
        if run is None or wanted is None or not (other_data or self.row is None):
            return
        if not other_data:
            count = plural(run.dataset.n, "row")
            self.notify(
                f"Row {wanted:,} is not among the {count} that take part.", severity="warning"
            )
        self.session.options = replace(self.session.options, row=None)

    def questioned(self) -> Questioned | None:
        """What is to be said of the row under the cursor at the half step on show."""
        run, row, moment = self.session.run, self.row, self.session.moment
        if run is None or row is None:
            return None
        key = (run.history, run.dataset, row, moment)
        if self._known is None or self._known[0] != key:
            self._known = key, *self._ask(run, row, moment)
        _, point, silhouette = self._known
        raster = self.raster()
        here = 1 if raster is None else int((raster.cell == raster.cell[row]).sum())
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
                return point.silhouette(run.dataset.points, labels, row, run.history.k)

            # One at a time: the answer to an old question brings the newest one up.
            self._asking = key, Job(self, work).start()
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
        self.paint()
        return True

    def raster(self) -> "Raster | None":
        """Where the points lie on the screen; None before the first picture."""
        raise NotImplementedError

    # --- keys ----------------------------------------------------------------------------------

    def action_question(self) -> None:
        """A cursor on the point nearest to the middle; then the next one in the same place."""
        raster, row = self.raster(), self.row
        if raster is None:
            return
        import numpy as np

        from kmeans_tui.analysis.neighbours import nearest

        if row is None:
            spots = raster.spots
            middle = (spots.positions.max(axis=0) + spots.positions.min(axis=0)) / 2
            at = nearest(spots.positions, (float(middle[0]), float(middle[1])), _CELL)
            self.put_cursor(int(spots.rows[at]))
            return
        here = np.flatnonzero(raster.cell == raster.cell[row])
        self.put_cursor(int(here[(int(np.searchsorted(here, row)) + 1) % len(here)]))

    def move_cursor(self, direction: "Direction") -> bool:
        """To the next point in a direction; False without a cursor."""
        raster, row = self.raster(), self.row
        if raster is None or row is None:
            return False
        from kmeans_tui.analysis.neighbours import neighbour

        spots = raster.spots
        at = int((spots.cells == raster.cell[row]).argmax())
        found = neighbour(spots.positions, at, direction, _CELL)
        if found is not None:
            self.put_cursor(int(spots.rows[found]))
        return True

    def action_arrow(self, direction: "Direction") -> None:
        """Move the cursor."""
        self.move_cursor(direction)

    async def action_find(self) -> None:
        """Question a row by its number or a label."""
        from kmeans_tui.ui.screens.dialogs.points import FindDialog

        run = self.session.run
        if run is None:
            return
        dataset = run.dataset

        def found(text: str | None) -> None:
            if not text or not self._on(run):
                return
            from kmeans_tui.data import rows

            self._looked_for = text
            matching = rows.find(dataset, text)
            if not len(matching):
                self.notify(
                    f"No row is called {text!r} among the {plural(dataset.n, 'row')} that take "
                    "part.",
                    severity="warning",
                )
                return
            later = matching[matching > (-1 if self.row is None else self.row)]
            self.put_cursor(int(later[0] if len(later) else matching[0]))
            if len(matching) > 1:
                self.notify(f"{plural(len(matching), 'row')} match; / and enter finds the next.")

        await self.app.push_screen(FindDialog(self._looked_for), found)

    async def action_changes(self) -> None:
        """List the points that changed cluster in this iteration."""
        from kmeans_tui.ui.screens.dialogs.points import ChangesDialog

        run, iteration = self.session.run, self.session.moment.iteration
        if run is None:
            return
        dataset = run.dataset
        if not run.history[iteration].changed:
            self.notify(f"No point changed cluster in iteration {iteration}.")
            return

        def chosen(row: int | None) -> None:
            if row is not None and self._on(run):
                self.put_cursor(row)

        dialog = ChangesDialog(dataset, run.history, iteration, at_once=dataset.n <= AT_ONCE)
        await self.app.push_screen(dialog, chosen)

    def _on(self, run: "Run") -> bool:
        """Whether the rows of a run are those on show: another fit may have ended meanwhile."""
        shown = self.session.run
        return (
            shown is not None
            and shown.options.data == run.options.data
            and shown.dataset.n == run.dataset.n
        )

    async def action_profile(self) -> None:
        """What each cluster is like, and what sets it apart."""
        from kmeans_tui.ui.screens.dialogs.points import ProfileDialog

        run, step = self.session.run, self.session.step()
        if run is None or step is None:
            self.notify("No point is assigned yet.")
            return
        await self.app.push_screen(ProfileDialog(run.dataset, step.labels, step.centroids))


def _written(silhouette: float | None) -> str:
    return "" if silhouette is None else f"{silhouette:.2f}"
