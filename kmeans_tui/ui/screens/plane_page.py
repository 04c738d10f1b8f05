"""Keys and wheel that change the view of a plot of points: aspect, zoom and pan."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kmeans_tui.options.view_options import MARKERS
from kmeans_tui.ui.models import zooming
from kmeans_tui.ui.models.round_steps import following
from kmeans_tui.ui.screens.page import Page

if TYPE_CHECKING:
    # Importing numpy would delay the first paint.
    from textual.widget import Widget

    from kmeans_tui.ui.widgets.picture import Picture


class PlanePage(Page):
    """A screen with plots of points, which all share one view."""

    _cluster: int | None = None

    def plot(self) -> Any:
        """Return the ``Chart`` whose window the keys change; None before there is one."""
        raise NotImplementedError

    def questioned_place(self) -> tuple[float, float] | None:
        """Return the position of the inspected point, which zooming keeps; None without one."""
        return None

    def focus_next(self, selector: Any = "*") -> "Widget | None":
        """Focus the next panel; after the last none, so that the plot has all keys again."""
        return None if self._unfocused_at(-1) else super().focus_next(selector)

    def focus_previous(self, selector: Any = "*") -> "Widget | None":
        """Focus the panel before; before the first none."""
        return None if self._unfocused_at(0) else super().focus_previous(selector)

    def _unfocused_at(self, end: int) -> bool:
        """Take the focus away if the panel at this end of all has it."""
        leaves = self.focused is not None and self.focused is self.focus_chain[end]
        if leaves:
            self.set_focus(None)
        return leaves

    def follow_point(self) -> None:
        """Keep the inspected point in view, from the next drawing on."""
        place, chart, options = self.questioned_place(), self.plot(), self.session.options
        if place is not None and options.zoom is not None and chart is not None and chart.window:
            zoom = zooming.following(chart.window, chart.whole, place)
            self.session.options = replace(options, zoom=zoom)

    def action_aspect(self) -> None:
        """Switch between equal aspect and filling the plot."""
        chart = self.plot()
        if chart is None or chart.window is None:
            return
        if chart.stretch is None:
            self.notify("One axis does not measure distance here: nothing can be drawn to scale.")
        elif chart.stretch == 1:
            self.see(aspect="fill")
        else:
            self.see(aspect=None if chart.roomy else "equal")

    def action_trails(self) -> None:
        """Turn the trails of the centroids on or off; scikit-learn does not report its own."""
        self.see(trails=not self.session.options.trails)

    def action_marker(self) -> None:
        """Use the next marker: glyph, braille, dot; octants only if chosen, since few have them."""
        chart = self._plot_with_markers()
        if chart is not None:
            usual = [each for each in MARKERS if each != "octant"]
            self.see(marker=following(usual, chart.shown_marker))

    async def action_choose_marker(self) -> None:
        """Choose the marker from a list that shows all of them."""
        from kmeans_tui.ui.screens.dialogs.marker import MarkerDialog

        def chosen(marker: str | None) -> None:
            if marker is not None:
                self.see(marker=marker)

        chart = self._plot_with_markers()
        if chart is not None:
            await self.app.push_screen(MarkerDialog(chart.shown_marker), chosen)

    def _plot_with_markers(self) -> Any:
        """Return the plot; None, and say why, if only shapes distinguish clusters."""
        chart = self.plot()
        if chart is not None and not chart.free_marker:
            self.notify("Without colours, or in ASCII, only shapes distinguish clusters.")
            return None
        return chart

    def action_coming(self) -> None:
        """Turn on or off where the centroids will move."""
        self.see(coming=not self.session.options.coming)

    def action_distances(self) -> None:
        """Turn the lines from the inspected point to the centroids on or off."""
        self.see(distances=not self.session.options.distances)

    def action_zoom(self, by: int) -> None:
        """Zoom in or out, around the inspected point or else the middle."""
        chart = self.plot()
        if chart is not None and (seen := chart.window) is not None:
            middle = (sum(seen[0]) / 2, sum(seen[1]) / 2)
            self._zoom(zooming.NEARER**by, self.questioned_place() or middle)

    def _zoom(self, factor: float, about: tuple[float, float]) -> None:
        chart = self.plot()
        self._cluster = None
        self.see(zoom=zooming.nearer(chart.window, chart.whole, factor, about))

    def action_pan(self, across: int, up: int) -> None:
        """Pan by a quarter of the plot; there is nothing beside the whole."""
        chart = self.plot()
        if self.session.options.zoom is None:
            self.notify("The whole plane is visible; ) zooms in.")
        elif chart is not None and (seen := chart.window) is not None:
            by = (across * zooming.ASIDE, up * zooming.ASIDE)
            self.see(zoom=zooming.beside(seen, chart.whole, *by))

    def action_next_cluster(self) -> None:
        """Zoom to the next cluster; after the last, show the whole plane."""
        chart = self.plot()
        if chart is None or chart.window is None:
            return
        at = 0 if self._cluster is None else self._cluster + 1
        if at >= chart.clusters:
            self.action_whole()
        else:
            self.zoom_to(at)

    def zoom_to(self, cluster: int) -> None:
        """Show the part of the plane with the points of a cluster."""
        chart = self.plot()
        if chart is not None and chart.window is not None and cluster < chart.clusters:
            self.see(zoom=zooming.as_zoom(chart.around(cluster), chart.whole))
            self._cluster = cluster

    def action_whole(self) -> None:
        """Show the whole plane."""
        self._cluster = None
        self.see(zoom=None)

    def on_picture_wheel(self, message: "Picture.Wheel") -> None:
        """Zoom in or out around the mouse; pan if turned sideways."""
        # A curve is no part of the plane.
        locate = getattr(message.picture, "place_at", None)
        if locate is None or (place := locate(message.x, message.y)) is None:
            return
        message.stop()
        if message.across and self.session.options.zoom is not None:
            self.action_pan(message.across, 0)
        elif message.nearer:
            self._zoom(zooming.NEARER**message.nearer, place)
