"""Dialogs of Explore that find points, list those that changed cluster, and describe clusters."""

from typing import TYPE_CHECKING

from kmeans_tui.requests import step_words
from kmeans_tui.ui.screens.page import Page
from kmeans_tui.words import sentence

if TYPE_CHECKING:
    from kmeans_tui.ui.models.cursor import Cursor


class PointDialogs(Page):
    """A screen whose cursor inspects one point."""

    cursor: "Cursor"

    def question(self, row: int | None) -> None:
        """Put the cursor on a row, or remove it."""
        raise NotImplementedError

    def follow_point(self) -> None:
        """Keep the inspected point in view, from the next drawing on."""
        raise NotImplementedError

    async def action_find(self) -> None:
        """Inspect a row by its number or a label."""
        from kmeans_tui.ui.screens.dialogs.find import FindDialog

        run = self.session.run
        if run is None:
            return

        def found(text: str | None) -> None:
            if not text or not self.session.shows_data_of(run):
                return
            count = self.cursor.find(text)
            if not count:
                said = step_words.no_such_row(run.dataset, text)
                self.notify(said, severity="warning")
            elif count > 1:
                self.notify(step_words.matching(count))
            self.follow_point()
            self.paint()

        await self.app.push_screen(FindDialog(self.cursor.looked_for), found)

    async def action_changes(self) -> None:
        """List the points that changed cluster in this iteration."""
        from kmeans_tui.ui.screens.dialogs.changes import ChangesDialog

        run, iteration = self.session.run, self.session.moment.iteration
        if run is None:
            return
        if not run.history[iteration].changed:
            self.notify(sentence(step_words.changed_in(0, iteration)))
            return

        def chosen(row: int | None) -> None:
            if row is not None and self.session.shows_data_of(run):
                self.question(row)

        await self.app.push_screen(ChangesDialog(run.dataset, run.history, iteration), chosen)

    async def action_profile(self) -> None:
        """Describe each cluster, and what sets it apart."""
        from kmeans_tui.ui.screens.dialogs.clusters import ClustersDialog

        run, step = self.session.run, self.session.step()
        if run is None or step is None:
            self.notify(step_words.UNASSIGNED)
            return
        await self.app.push_screen(ClustersDialog(run.dataset, step.labels, step.centroids))
