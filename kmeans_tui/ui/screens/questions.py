"""The keys of Explore that question a point: the cursor, the search, the list of changes."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.ui.job import Job
from kmeans_tui.ui.questioning import Questioned, told
from kmeans_tui.ui.reading import plural
from kmeans_tui.ui.screens.page import Page

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.analysis.neighbours import Direction
    from kmeans_tui.ui.session import Run

# The silhouette of a point takes all others: 25 ms for a million, which a key would feel.
_AT_ONCE: Final = 200_000
# A cell of the screen is twice as high as it is wide.
_CELL: Final = (2.0, 1.0)


class Questions(Page):
    """A cursor on one point, which the panel questions at every half step."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._known: tuple[object, Questioned] | None = None
        self._asking: tuple[object, Job] | None = None

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

    def questioned(self) -> Questioned | None:
        """What is to be said of the row under the cursor at the half step on show."""
        run, row = self.session.run, self.row
        if run is None or row is None:
            return None
        key = (run.history, run.dataset, row, self.session.moment.iteration, self._here(row))
        if self._known is not None and self._known[0] == key:
            return self._known[1]
        if run.dataset.n <= _AT_ONCE:
            self._known = key, _ask(run, row, key[3], key[4])
            return self._known[1]
        if self._asking is None or self._asking[0] != key:
            self._asking = key, Job(self, lambda _: _ask(run, row, key[3], key[4])).start()
        return Questioned(row, f"row {self.session.options.row:,}", ("…",), "…")

    def answer_of(self, message: Job.Done) -> bool:
        """Take the answer about a point in a large set; False if it is another job's."""
        if self._asking is None or message.job is not self._asking[1]:
            return False
        if message.error is not None:
            raise message.error
        self._known, self._asking = (self._asking[0], message.result), None
        self.paint()
        return True

    def _cells(self) -> "np.ndarray | None":
        raise NotImplementedError

    def _here(self, row: int) -> int:
        cells = self._cells()
        return 1 if cells is None else int((cells == cells[row]).all(axis=1).sum())

    # --- keys ----------------------------------------------------------------------------------

    def action_question(self) -> None:
        """A cursor on the point nearest to the middle; then the next one in the same place."""
        cells, row = self._cells(), self.row
        if cells is None:
            return
        import numpy as np

        from kmeans_tui.analysis.neighbours import nearest

        if row is None:
            middle = (cells.max(axis=0) + cells.min(axis=0)) / 2
            self.put_cursor(nearest(cells, (float(middle[0]), float(middle[1])), _CELL))
            return
        here = np.flatnonzero((cells == cells[row]).all(axis=1))
        self.put_cursor(int(here[(int(np.searchsorted(here, row)) + 1) % len(here)]))

    def move_cursor(self, direction: "Direction") -> bool:
        """To the next point in a direction; False without a cursor."""
        cells, row = self._cells(), self.row
        if cells is None or row is None:
            return False
        from kmeans_tui.analysis.neighbours import neighbour

        found = neighbour(cells, row, direction, _CELL)
        if found is not None:
            self.put_cursor(found)
        return True

    def action_arrow(self, direction: "Direction") -> None:
        """Move the cursor."""
        self.move_cursor(direction)

    async def action_find(self) -> None:
        """Question a row by its number or a label."""
        from kmeans_tui.ui.screens.rows import FindDialog

        run = self.session.run
        if run is None:
            return
        dataset = run.dataset

        def found(text: str | None) -> None:
            if not text:
                return
            from kmeans_tui.data import rows

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

        await self.app.push_screen(FindDialog(), found)

    async def action_changes(self) -> None:
        """List the points that changed cluster in this iteration."""
        from kmeans_tui.analysis.point import changed
        from kmeans_tui.ui.screens.rows import ChangesDialog

        run, iteration = self.session.run, self.session.moment.iteration
        if run is None:
            return
        found = changed(run.history, run.dataset.points, iteration)
        if not len(found.rows):
            self.notify(f"No point changed cluster in iteration {iteration}.")
            return

        def chosen(row: int | None) -> None:
            if row is not None:
                self.put_cursor(row)

        await self.app.push_screen(ChangesDialog(run.dataset, found, iteration), chosen)

    async def action_profile(self) -> None:
        """What each cluster is like, and what sets it apart."""
        from kmeans_tui.ui.screens.rows import ProfileDialog

        run, step = self.session.run, self.session.step()
        if run is None or step is None:
            self.notify("No point is assigned yet.")
            return
        await self.app.push_screen(ProfileDialog(run.dataset, step.labels, step.centroids))


def _ask(run: "Run", row: int, iteration: int, here: int) -> Questioned:
    from kmeans_tui.analysis.point import question

    return told(question(run.dataset, run.history, row, iteration), here)
