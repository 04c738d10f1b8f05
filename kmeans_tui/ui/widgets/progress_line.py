"""A progress line: what runs, a bar, how much is done."""

from typing import Final

from kmeans_tui.ui.widgets.panels import MUTED, PLAIN, Panel

_FULL, _EMPTY = "█", "─"
_SHARE: Final = 0.4  # share of the line for the bar


class ProgressLine(Panel):
    """What runs at the left, then the bar, and the count at the right."""

    def draw(self, doing: str, done: int, total: int, count: str | None = None) -> None:
        """Show that ``done`` of ``total`` pieces are finished; no bar if ``total`` is 0.

        ``count`` replaces the two numbers at the right.
        """
        width = self.size.width
        if not total:
            self.show([[(f" {doing}", PLAIN)]])
            return
        bar = max(8, round(width * _SHARE))
        filled = bar * done // total
        longest = 2 * len(f"{total:,}") + 1 if count is None else len(count)
        count = f"{done:,}/{total:,}" if count is None else count
        room = max(0, width - bar - longest - 4)
        words = doing if len(doing) <= room else doing[: max(0, room - 1)] + "…"
        runs = [
            (f" {words:<{room}} ", PLAIN),
            (_FULL * filled, PLAIN),
            (_EMPTY * (bar - filled), MUTED),
            (f" {count}", PLAIN),
        ]
        self.show([runs])
