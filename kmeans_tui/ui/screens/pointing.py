"""What clicks do in Explore, each the same as a key: points, the curve, the steps, the clusters."""

from typing import TYPE_CHECKING

from kmeans_tui.ui.models import hand
from kmeans_tui.ui.models.cursor import Cursor
from kmeans_tui.ui.screens.step_page import StepPage
from kmeans_tui.ui.widgets.panels import Algorithm, Clusters

if TYPE_CHECKING:
    from kmeans_tui.ui.widgets.picture import Picture

# Cells within which a click means a point, a row counting as two columns.
_NEAR = 2.0


class PointingPage(StepPage):
    """A screen with the plot of a run, whose parts answer clicks."""

    cursor: Cursor

    def go(self, position: int) -> None:
        """Go to a half step."""
        raise NotImplementedError

    def question(self, row: int | None) -> None:
        """Put the cursor on a row, or remove it."""
        raise NotImplementedError

    def on_picture_pressed(self, message: "Picture.Pressed") -> None:
        """Inspect the point that was clicked, or go to the half step clicked in the curve."""
        picture = message.picture
        if (value_at := getattr(picture, "value_at", None)) is not None:
            # Iteration 0 is complete at half step 1.
            if (iteration := value_at(message.x)) is not None:
                self.go(round(2 * iteration) + 1)
            return
        place = picture.place_at(message.x, message.y)  # type: ignore[attr-defined]
        if place is None:
            return
        if self.hand is not None:
            self.reach(place)
        else:
            self._inspect(place)

    def _inspect(self, place: tuple[float, float]) -> None:
        """Inspect the point nearest to a place; if one there is inspected already, the next."""
        run, chart = self.session.run, self.plot()
        raster = None if chart is None else chart.raster
        if run is None or raster is None:
            return
        row, away = hand.nearest(place, run.dataset.shown(), chart.reach)
        if away > _NEAR:
            return
        present = self.cursor.row
        if present is not None and raster.cell[present] == raster.cell[row]:
            self.cursor.question(raster)
            row = self.cursor.row or 0
        self.question(row)

    def on_algorithm_picked(self, message: Algorithm.Picked) -> None:
        """Go to a step of the iteration on show; the first is the start, the last the end."""
        run, iteration = self.session.run, self.session.moment.iteration
        if run is not None:
            self.go((0, 2 * iteration + 1, max(2, 2 * iteration), run.last)[message.step])

    def on_clusters_picked(self, message: Clusters.Picked) -> None:
        """Zoom to a cluster."""
        self.zoom_to(message.cluster)
