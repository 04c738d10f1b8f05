"""The hand in a plot: move, add and remove centroids and points; each time the run starts again."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kmeans_tui.requests.step_words import too_many_clusters
from kmeans_tui.ui.models import hand as hands
from kmeans_tui.ui.models.half_step import heads
from kmeans_tui.ui.models.hand import Hand
from kmeans_tui.ui.screens.plane_page import PlanePage
from kmeans_tui.user_keys import key
from kmeans_tui.words import amount

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.given_points import GivenPoints


class HandPage(PlanePage):
    """A screen whose plot can be taken in hand."""

    hand: Hand | None = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys of the hand to the screen while it is away."""
        if action.startswith("hand_") and self.hand is None:
            return False
        return super().check_action(action, parameters)

    def now(self) -> tuple[str, ...]:
        """Return what the keys of the hand do while it is out."""
        if self.hand is None:
            return super().now()
        return ("hand",) if self.hand.held is None else ("holding",)

    def escape(self) -> bool:
        """Let go of what the hand holds, where it was; then put the hand away."""
        if self.hand is None:
            return super().escape()
        self.hand = None if self.hand.held is None else replace(self.hand, held=None)
        self.paint()
        return True

    def action_hand(self) -> None:
        """Take the plot in hand, at the inspected point or the middle; or put the hand away."""
        chart = self.plot()
        if self.hand is not None or chart is None or (seen := chart.window) is None:
            self.hand = None
        else:
            (left, right), (bottom, top) = seen
            place = self.questioned_place() or ((left + right) / 2, (bottom + top) / 2)
            self.hand = Hand(place).moved(0, 0, seen, *chart.canvas)
            # A draw has not all the centroids yet.
            self.session.move(max(self.session.position, 0))
        self.paint()

    def action_hand_move(self, across: int, up: int) -> None:
        """Move the hand by so many cells."""
        chart = self.plot()
        if self.hand is not None and chart is not None and chart.window is not None:
            self.hand = self.hand.moved(across, up, chart.window, *chart.canvas)
            self.paint()

    def reach(self, place: tuple[float, float]) -> None:
        """Put the hand there, and grab or drop what is there."""
        if self.hand is not None:
            self.hand = replace(self.hand, place=place)
            self.action_hand_grab()

    def action_hand_grab(self) -> None:
        """Grab the nearest centroid, or drop the one held: the run starts again from there."""
        hand, run = self.hand, self.session.run
        if hand is None or run is None:
            return
        if hand.held is None:
            places = run.dataset.project(self.centroids())
            cluster, _ = hands.nearest(hand.place, places, self.plot().reach)
            x, y = places[cluster].tolist()
            self.hand = Hand((x, y), cluster)
            self.paint()
            return
        self.hand = replace(hand, held=None)
        self._start(hands.placed(run.dataset, self.centroids(), hand.held, hand.place))

    def action_hand_more(self) -> None:
        """Add a centroid here."""
        run = self.session.run
        if self.hand is None or run is None:
            return
        if run.history.k >= run.dataset.n:
            self.notify(too_many_clusters(run.dataset), severity="warning")
            return
        self._start(hands.with_another(run.dataset, self.centroids(), self.hand.place))

    def action_hand_less(self) -> None:
        """Remove the centroid held, or the nearest."""
        hand, run = self.hand, self.session.run
        if hand is None or run is None:
            return
        places = run.dataset.project(self.centroids())
        cluster, away = hands.nearest(hand.place, places, self.plot().reach)
        if hand.held is not None:
            cluster, away = hand.held, 0.0
        if away > hands.REACH:
            self.notify("No centroid is near the hand.")
            return
        if run.history.k == 1:
            self.notify("This is the last centroid.")
            return
        self.hand = replace(hand, held=None)
        self._start(hands.without(run.dataset, self.centroids(), cluster))

    def action_hand_point(self) -> None:
        """Add a point here."""
        run = self.session.run
        if self.hand is not None and run is not None:
            self.edit(hands.with_point(run.dataset, self.asked, self.hand.place))

    def action_hand_take_out(self) -> None:
        """Take out the nearest point."""
        hand, run, chart = self.hand, self.session.run, self.plot()
        if hand is None or run is None or chart is None:
            return
        row, away = hands.nearest(hand.place, run.dataset.shown(), chart.reach)
        if away > hands.REACH:
            self.notify("No point is near the hand.")
        elif run.dataset.n <= max(2, run.history.k):
            self.notify("The points left would be fewer than the clusters.")
        else:
            self.edit(hands.without_row(run.dataset, self.asked, row))

    def centroids(self) -> "np.ndarray":
        """Return the centroids on show, prepared, (k, d)."""
        run, step = self.session.run, self.session.step()
        assert run is not None
        return run.history[0].centroids if step is None else step.centroids

    def hand_words(self) -> str:
        """Return where the hand is and what it holds, for the status line."""
        hand, run = self.hand, self.session.run
        assert hand is not None
        assert run is not None
        names = heads(run.dataset)
        at = "  ".join(
            f"{name} {amount(value)}" for name, value in zip(names, hand.place, strict=True)
        )
        holds = "nothing in it" if hand.held is None else f"holding centroid {hand.held + 1}"
        rest = "" if run.dataset.d <= 2 else ", the features not shown stay"
        return f"hand at {at}, {holds}{rest}"

    def _start(self, centroids: "GivenPoints") -> None:
        self.change(centroids=centroids, goto="0")

    def edit(self, changed: dict[str, Any]) -> None:
        """Change the rows of the data, from the same start."""
        run = self.session.run
        assert run is not None
        if self.asked.init == "given" or run.recorded:
            self.change(**changed)
            return
        # The same centroids as before; a drawn start would be another one with other rows.
        centroids = hands.start(run.dataset, run.history[0].centroids)
        self.change(centroids=centroids, **changed)

    def refused(self, **fields: Any) -> bool:
        """Say why the rows cannot be changed so; False if they can."""
        raise NotImplementedError

    async def action_without(self) -> None:
        """Compare the run with and without the inspected point."""
        row = self.session.options.row
        if self.questioned_place() is None or row is None:
            self.notify(f"Inspect a point first: enter, or {key('find')} and its row.")
            return
        if self.refused(without=(row,)):
            return
        await self.app.action_show("Compare")  # type: ignore[attr-defined]
        self.app.page.compare(f"without:{row}")  # type: ignore[attr-defined]
