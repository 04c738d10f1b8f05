"""Dialogs of Explore that list the points that changed cluster, and describe clusters."""

from kmeans_tui.requests import step_words
from kmeans_tui.ui.screens.finding_page import FindingPage
from kmeans_tui.words import sentence


class PointDialogs(FindingPage):
    """A screen with a run, of whose points and clusters there is more to say."""

    def question(self, row: int | None) -> None:
        """Put the cursor on a row, or remove it."""
        raise NotImplementedError

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
