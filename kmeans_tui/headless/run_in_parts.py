"""A run on points that stay on disk at the shell: a line for each iteration as it is done."""

import sys
from typing import TYPE_CHECKING, Final

from kmeans_tui.command import Options
from kmeans_tui.headless import text
from kmeans_tui.headless.shell import print_lines, refuse

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.headless.narration import Narration
    from kmeans_tui.partitioned.passes import PartStep
    from kmeans_tui.requests.subject import Subject

_HEADS: Final = ("iteration", "inertia", "changed cluster", "largest shift")
_WIDTHS: Final = (9, 14, 15, 13)


class Running:
    """One run, told while it runs; ``interrupted`` says that ctrl+c ended it.

    Every line is final when it is printed, so its columns have a fixed width.
    """

    def __init__(self, options: Options, subject: "Subject", *, lines: bool) -> None:
        self._options, self._subject, self._lines = options, subject, lines
        self.interrupted = False
        self._history: History | None = None
        self._told = 0

    def history(self, narration: "Narration") -> "History":
        """Make the run; after ctrl+c, return its whole iterations, if there are any."""
        from kmeans_tui.requests import in_parts

        assert self._subject.parts is not None
        self._narration = narration
        try:
            found = in_parts.run(
                self._options, self._subject.parts, narration.say, self._begin, self._hear
            )
        except KeyboardInterrupt:
            if self._history is None:
                raise
            found, self.interrupted = self._history, True
            found.finish("cancelled")
        finally:
            self._subject.parts.close()
        return found

    def _begin(self, history: "History") -> None:
        self._history = history
        last = history.iterations
        if last:
            refuse(
                f"this run was not finished: it continues from iteration {last} "
                "(--no-resume starts anew)"
            )
        if not self._lines:
            return
        print_lines([text.heading(self._options, self._subject.dataset, history), ""])
        print_lines([_line(_HEADS)])
        self._tell()

    def _hear(self, step: "PartStep") -> None:
        if step.kind == "assign" and self._lines:
            self._tell()

    def _tell(self) -> None:
        history = self._history
        if history is None:
            return
        self._narration.clear()
        while self._told < len(history):
            each = history[self._told]
            later = each.iteration > 0
            cells = (
                str(each.iteration),
                f"{each.inertia:.8g}",
                str(each.changed) if later else "-",
                f"{float(each.shifts.max()):.7g}" if later else "-",
            )
            self._told += 1
            told = text.told(self._subject.dataset, history, each.iteration)
            print_lines([f"{_line(cells)}  {told}".rstrip()])
        if sys.stdout is not None:
            # It may be read by another program while the next pass takes minutes.
            sys.stdout.flush()


def _line(cells: tuple[str, ...]) -> str:
    return "  ".join(cell.rjust(width) for cell, width in zip(cells, _WIDTHS, strict=True))
