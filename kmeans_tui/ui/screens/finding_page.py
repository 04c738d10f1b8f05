"""Find a row by its number or a label, and inspect its point."""

from typing import TYPE_CHECKING

from kmeans_tui.requests import step_words
from kmeans_tui.ui.screens.page import Page

if TYPE_CHECKING:
    from kmeans_tui.ui.models.cursor import Cursor


class FindingPage(Page):
    """A screen whose cursor inspects one point."""

    cursor: "Cursor"

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
            elif said := step_words.matching(run.dataset, text, count):
                self.notify(said)
            self.follow_point()
            self.paint()

        await self.app.push_screen(FindDialog(self.cursor.looked_for), found)
