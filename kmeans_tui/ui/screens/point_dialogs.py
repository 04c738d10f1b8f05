"""Dialogs of Explore on points and clusters: what changed, what they are, what new rows get."""

from pathlib import Path
from typing import Any

from kmeans_tui.argument_types import spelled_numbers
from kmeans_tui.requests import step_words
from kmeans_tui.ui.screens.finding_page import FindingPage


class PointDialogs(FindingPage):
    """A screen with a run, of whose points and clusters there is more to say."""

    def question(self, row: int | None) -> None:
        """Put the cursor on a row, or remove it."""
        raise NotImplementedError

    def edit(self, changed: dict[str, Any]) -> None:
        """Change the rows of the data, from the same start."""
        raise NotImplementedError

    def refused(self, **fields: Any) -> bool:
        """Say why the rows cannot be changed so; False if they can."""
        raise NotImplementedError

    async def action_changes(self) -> None:
        """List the points that changed cluster in this iteration."""
        from kmeans_tui.ui.screens.dialogs.changes import ChangesDialog

        run, iteration = self.session.run, self.session.moment.iteration
        if run is None:
            return
        if said := step_words.none_changed(run, iteration):
            self.notify(said)
            return

        def chosen(row: int | None) -> None:
            if row is not None and self.session.shows_data_of(run):
                self.question(row)

        await self.app.push_screen(ChangesDialog(run.dataset, run.history, iteration), chosen)

    async def action_farthest(self) -> None:
        """List the rows farthest from their centroids; look at one, or leave some out."""
        from kmeans_tui.data import rows
        from kmeans_tui.ui.screens.dialogs.farthest import FarRows, FarthestDialog

        run, step = self.session.run, self.session.step()
        if run is None or step is None:
            self.notify(step_words.UNASSIGNED)
            return

        async def chosen(found: FarRows | None) -> None:
            if found is None or not self.session.shows_data_of(run):
                return
            if found.what == "inspect":
                self.question(found.rows[0])
                return
            if len(found.rows) > run.dataset.n - run.history.k:
                self.notify("Too few rows would be left for the clusters.", severity="warning")
                return
            numbers = sorted(rows.number(run.dataset, each) for each in found.rows)
            if self.refused(without=tuple(numbers)):
                return
            if found.what == "compare":
                await self.app.action_show("Compare")  # type: ignore[attr-defined]
                pair = f"without:{spelled_numbers(numbers)}"
                self.app.page.compare(pair)  # type: ignore[attr-defined]
            else:
                gone = {*(self.asked.without or ()), *numbers}
                self.edit({"without": tuple(sorted(gone))})

        await self.app.push_screen(FarthestDialog(run.dataset, step), chosen)

    async def action_profile(self) -> None:
        """Describe each cluster, and what sets it apart."""
        from kmeans_tui.ui.screens.dialogs.clusters import ClustersDialog

        run, step = self.session.run, self.session.step()
        if run is None or step is None:
            self.notify(step_words.UNASSIGNED)
            return
        await self.app.push_screen(ClustersDialog(run.dataset, step.labels, step.centroids))

    async def action_label(self) -> None:
        """Label the rows of another table with the clusters of the run."""
        from kmeans_tui.export.bundle import folder_name
        from kmeans_tui.ui.models.labelling_rows import Labelling
        from kmeans_tui.ui.screens.dialogs.labelling_dialog import LabellingDialog

        app, run = self.app, self.session.run
        if run is None or app.refuses("label"):  # type: ignore[attr-defined]
            return
        view = self.view_options()
        folder = Path(folder_name(view.data, run.history.k, view.seed))
        await app.push_screen(LabellingDialog(Labelling(run, view, folder)))
