"""The lines of a lesson above the keys, the same on every screen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.events import Click, Key

from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.widgets.cells import Words
from kmeans_tui.ui.widgets.panels import BOLD, MUTED, PLAIN, Panel

if TYPE_CHECKING:
    from kmeans_tui.ui.models.lecture import Lecture


class Band(Panel):
    """Where the lesson is, with its keys, and below that what it says, a page at a time."""

    def __init__(self) -> None:
        super().__init__(id="lesson")
        self._lecture: Lecture | None = None
        self._said: tuple[str, str] = ("", "")
        self._page = 0
        # Where its keys stand in the first line: from, to, key.
        self._places: list[tuple[int, int, str]] = []

    def draw(self, lecture: "Lecture | None") -> None:
        """Show what a lesson says now; nothing without one."""
        self._lecture = lecture
        said = ("", "") if lecture is None else lecture.words()
        if said != self._said:
            self._said, self._page = said, 0
        self._draw()

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self.forget()
        self._page = 0
        self._draw()

    def on_job_done(self, message: Job.Done) -> None:
        """Pass on what a step of the lesson computes."""
        message.stop()
        self.app.measured(message)  # type: ignore[attr-defined]

    def on_click(self, event: Click) -> None:
        """Press the key under the pointer, as the keyboard does; elsewhere, turn the page."""
        found = [key for a, b, key in self._places if event.y == 0 and a <= event.x < b]
        if found:
            self.app.post_message(Key(found[0], found[0]))
        else:
            self.turn()

    def turn(self) -> bool:
        """Show the next page of what it says; False if this is the last."""
        pages = self._pages()
        if self._page + 1 >= len(pages):
            return False
        self._page += 1
        self._draw()
        return True

    def _pages(self) -> list[list[list[Words]]]:
        width, height = self.size
        told, asked = self._said
        lines = _wrapped(((told, PLAIN), (asked, BOLD)), max(10, width - 4))
        room = max(1, height - 1)
        return [lines[i : i + room] for i in range(0, len(lines), room)] or [[]]

    def _draw(self) -> None:
        lecture, width = self._lecture, self.size.width
        if lecture is None or width < 10:
            return
        pages = self._pages()
        more = self._page + 1 < len(pages)
        keys = [(key, "More" if more and word == "Next" else word) for key, word in lecture.ways()]
        # Keys of one's own may be longer than a narrow screen.
        room = max(1, width - sum(len(key) + len(word) + 3 for key, word in keys) - 2)
        headings = lecture.headings()
        heading = next((each for each in headings if len(each) <= room), headings[-1])
        first: list[Words] = [(f" {heading:<{room}} ", BOLD)]
        self._places = []
        for key, word in keys:
            used = sum(len(text) for text, _ in first)
            first += [(f" {key}", BOLD), (f" {word} ", MUTED)]
            self._places.append((used, used + len(key) + len(word) + 3, key))
        page = pages[min(self._page, len(pages) - 1)]
        last = [[*line, (" …", MUTED)] if more and line is page[-1] else line for line in page]
        self.show([first, *([(" ", PLAIN), *line] for line in last)])


def _wrapped(parts: Sequence[Words], width: int) -> list[list[Words]]:
    """Return words of several styles in lines of at most this width."""
    lines: list[list[Words]] = [[]]
    used = 0
    for text, style in parts:
        for word in text.split():
            if used and used + 1 + len(word) > width:
                lines.append([])
                used = 0
            lines[-1].append((f" {word}" if used else word, style))
            used += len(word) + (1 if used else 0)
    return lines if lines[0] else []
