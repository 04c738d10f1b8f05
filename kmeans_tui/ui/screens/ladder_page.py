"""The ladder of the Elbow screen: what parts or joins from k to k + 1, and either run of both."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kmeans_tui.analysis import criteria
from kmeans_tui.command import Options
from kmeans_tui.requests.session import Session
from kmeans_tui.ui.models.climbing import Climbing
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.screens.analysis import Analysis
from kmeans_tui.ui.widgets.flow_table import FlowTable, flow_lines
from kmeans_tui.user_keys import key

if TYPE_CHECKING:
    from kmeans_tui.analysis.criteria import Row

# Its name among the curves and the exports.
LADDER: Final = "ladder"


class LadderPage(Analysis):
    """A screen with the rows of a sweep, which shows their ladder where a curve would be."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.climbing = Climbing(self)
        self._curve = Options.curve

    @property
    def climbs(self) -> bool:
        """Whether the ladder is on show instead of a curve."""
        return self.options.curve == LADDER

    def action_ladder(self) -> None:
        """Show the ladder, or the curve from before."""
        self.draw_as(self._curve if self.climbs else LADDER)

    def draw_as(self, curve: str) -> None:
        if not self.climbs:
            self._curve = self.options.curve
        self.options = replace(self.options, curve=curve)
        self.paint()

    def action_arrow(self, direction: str) -> None:
        """Choose the run of the ladder that enter opens: that of k, or of k + 1."""
        if self.climbs:
            self.climbing.side = int(direction == "right")
            self.paint()

    def on_flow_table_picked(self, message: FlowTable.Picked) -> None:
        """Choose the side of the ladder that was clicked."""
        self.climbing.side = message.side
        self.paint()

    def on_job_done(self, message: Job.Done) -> None:
        """Take the rungs; what the sweep finds is for the base, which gets every message too."""
        if self.climbing.answer_of(message):
            self.paint()

    def on_unmount(self) -> None:
        """Stop looking for rungs."""
        self.climbing.forget()

    def now(self) -> tuple[str, ...]:
        """Return the states of the page, and what the arrows do to the ladder."""
        focus = ["scrolling"] if isinstance(self.focused, FlowTable) else []
        return *super().now(), *focus, *(["ladder"] if self.climbs else [])

    @property
    def figure(self) -> str:
        """What the export of this screen begins with."""
        return LADDER if self.climbs else super().figure

    def draw_ladder(self, rows: "Sequence[Row]", k: int) -> None:
        """Draw the rung from k to k + 1 of these rows, and find those that are missing."""
        from kmeans_tui.analysis.rungs import arrangement

        self.climbing.want(rows, self.dataset.weights)
        climbing = self.climbing
        table = self.query_one(FlowTable)
        table.entitle(criteria.curves()[LADDER])
        before, after = climbing.between(k)
        if before is None:
            table.draw((), ("", ""), 0)
            return
        order = arrangement(climbing.rungs[: k + 1])
        note = ""
        if after is None and not self.busy and k < self.dataset.n:
            note = (
                f"{key('again')} goes on"
                if self.stopped
                else f"{key('larger-k-max')} adds k = {k + 1}"
            )
        heads = f"k = {k}", "" if after is None else f"k = {k + 1}"
        side = climbing.side if after is not None else 0
        table.draw(flow_lines(before, after, order), heads, side, note)
