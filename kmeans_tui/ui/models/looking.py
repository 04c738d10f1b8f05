"""A look at data that are wished for: read and prepared beside the event loop."""

from textual.widget import Widget

from kmeans_tui.command import Options
from kmeans_tui.ui.models import opening
from kmeans_tui.ui.models.job import Job


class Looking(Job):
    """A job that comes to an ``opening.Kept``; ``done`` of ``size`` bytes are read by now."""

    def __init__(self, owner: Widget, wish: Options, opened: opening.Opened | None = None) -> None:
        super().__init__(owner, lambda _: opening.look(wish, opened, self._heard))
        self.done = self.size = 0

    def _heard(self, done: int, size: int) -> bool:
        self.done, self.size = done, size
        return not self.stopped
