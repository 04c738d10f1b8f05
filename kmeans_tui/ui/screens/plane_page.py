"""Keys and wheel that look at a plot of points another way: its aspect, nearer, aside."""

from dataclasses import replace
from typing import Any

from kmeans_tui.ui.models import zooming
from kmeans_tui.ui.screens.page import Page
from kmeans_tui.ui.widgets.picture import Picture


class PlanePage(Page):
    """A screen with plots of points, which are all looked at the same way."""

    _cluster: int | None = None

    def plot(self) -> Any:
        """The ``Chart`` whose window the keys change, None before there is one."""
        raise NotImplementedError

    def questioned_place(self) -> tuple[float, float] | None:
        """Where the point in question is, which stays in its place; None without one."""
        return None

    def follow_point(self) -> None:
        """Have the point in question on show, from the next drawing on."""
        place, chart, options = self.questioned_place(), self.plot(), self.session.options
        if place is not None and options.zoom is not None and chart is not None and chart.window:
            zoom = zooming.following(chart.window, chart.whole, place)
            self.session.options = replace(options, zoom=zoom)

    def action_aspect(self) -> None:
        """Equal aspect or all of the plot, by turns."""
        chart = self.plot()
        if chart is None or chart.window is None:
            return
        if chart.stretch is None:
            self.notify("One axis is no distance here: there is nothing to draw to scale.")
        elif chart.stretch == 1:
            self.see(aspect="fill")
        else:
            self.see(aspect=None if chart.roomy else "equal")

    def action_trails(self) -> None:
        """The ways of the centroids, on and off; scikit-learn does not tell its own."""
        self.see(trails=not self.session.options.trails)

    async def action_choose_marker(self) -> None:
        """Choose the marker from a list that shows all of them."""
        from kmeans_tui.ui.screens.dialogs.marker import choose_marker

        chart = self.plot()
        if chart is not None:
            await choose_marker(self, chart, self.see)

    def action_coming(self) -> None:
        """Where the centroids will go, on and off."""
        self.see(coming=not self.session.options.coming)

    def action_distances(self) -> None:
        """Lines from the point in question to the centroids, on and off."""
        self.see(distances=not self.session.options.distances)

    def action_zoom(self, by: int) -> None:
        """Nearer or farther: about the point in question, else about the middle."""
        chart = self.plot()
        if chart is not None and (seen := chart.window) is not None:
            middle = (sum(seen[0]) / 2, sum(seen[1]) / 2)
            self._zoom(zooming.NEARER**by, self.questioned_place() or middle)

    def _zoom(self, factor: float, about: tuple[float, float]) -> None:
        chart = self.plot()
        self._cluster = None
        self.see(zoom=zooming.nearer(chart.window, chart.whole, factor, about))

    def action_pan(self, across: int, up: int) -> None:
        """A quarter of the plot aside; the whole has nothing beside it."""
        chart = self.plot()
        if self.session.options.zoom is None:
            self.notify("All of it is on show; ) goes nearer.")
        elif chart is not None and (seen := chart.window) is not None:
            by = (across * zooming.ASIDE, up * zooming.ASIDE)
            self.see(zoom=zooming.beside(seen, chart.whole, *by))

    def action_next_cluster(self) -> None:
        """Around the next cluster; after the last, all of it."""
        chart = self.plot()
        if chart is None or chart.window is None:
            return
        at = 0 if self._cluster is None else self._cluster + 1
        if at >= chart.clusters:
            self.action_whole()
        else:
            self.see(zoom=zooming.as_zoom(chart.around(at), chart.whole))
            self._cluster = at

    def action_whole(self) -> None:
        """All of the plane."""
        self._cluster = None
        self.see(zoom=None)

    def on_picture_wheel(self, message: Picture.Wheel) -> None:
        """Nearer or farther about the place under the mouse; sideways, aside."""
        chart: Any = message.picture
        place = chart.place_at(message.x, message.y)
        if place is None:
            return
        message.stop()
        if message.across and self.session.options.zoom is not None:
            self.action_pan(message.across, 0)
        elif message.nearer:
            self._zoom(zooming.NEARER**message.nearer, place)
