"""Lessons: the list of them, and what the chosen one is about."""

from dataclasses import replace
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from kmeans_tui import settings
from kmeans_tui.command import Options
from kmeans_tui.lessons.course import COURSE
from kmeans_tui.requests.session import Session
from kmeans_tui.ui.bindings import bindings
from kmeans_tui.ui.screens.page import Page
from kmeans_tui.ui.widgets.listing import Listing
from kmeans_tui.ui.widgets.panels import BOLD, PLAIN
from kmeans_tui.ui.widgets.passage import Passage
from kmeans_tui.ui.widgets.status_line import Status
from kmeans_tui.user_keys import with_keys
from kmeans_tui.words import plural


class Lessons(Page):
    """The lessons at the left, ticked where done; the text of the chosen one at the right."""

    PLACE = "Lessons"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("Lessons")]

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._done = settings.load().lessons
        undone = (i for i, lesson in enumerate(COURSE) if lesson.name not in self._done)
        self._at = next(undone, 0)

    def body(self) -> ComposeResult:
        """Yield the list, the text, and a hint."""
        with Vertical(id="stage"):
            with Horizontal(id="pair"):
                yield Listing(id="course", title="lessons")
                yield Passage(id="about", title="about")
            yield Status(id="status")

    def on_mount(self) -> None:
        """Use the look of the terminal."""
        self.query_one("#course").focus()
        self.look(self.app.colours())  # type: ignore[attr-defined]

    def follow(self) -> None:
        """Read which lessons are done."""
        self._done = settings.load().lessons

    def stop(self) -> bool:
        """Return False: nothing runs here."""
        return False

    @property
    def asked(self) -> Options:
        """The options of the run on show."""
        return self.app.explore.asked  # type: ignore[attr-defined]

    def change(self, **fields: Any) -> None:
        """Change the run on show."""
        self.app.explore.change(**fields)  # type: ignore[attr-defined]

    def undo(self) -> None:
        """Say where that works."""
        self.notify("Nothing was changed here; on Explore, backspace undoes the run.")

    def view_options(self) -> Options:
        """Return the options of the run on show, and this screen."""
        return replace(self.session.view_options(), screen="lessons")

    # --- keys ----------------------------------------------------------------------------------

    def _choose(self, at: int) -> None:
        self._at = max(0, min(at, len(COURSE) - 1))
        self.paint()

    def action_move(self, by: int) -> None:
        """Choose another lesson."""
        self._choose(self._at + by)

    def action_first(self) -> None:
        """Choose the first lesson."""
        self._choose(0)

    def action_last(self) -> None:
        """Choose the last lesson."""
        self._choose(len(COURSE) - 1)

    def on_listing_picked(self, message: Listing.Picked) -> None:
        """Choose the lesson that was clicked."""
        message.listing.focus()
        self.call_after_refresh(self._choose, message.row)

    def on_listing_resized(self) -> None:
        """Fit the rows to the new width."""
        self.paint()

    async def action_choose(self) -> None:
        """Begin the chosen lesson."""
        await self.app.begin_lesson(self._at)  # type: ignore[attr-defined]

    # --- drawing -------------------------------------------------------------------------------

    def paint(self) -> None:
        """Draw the list and the text."""
        if not self.is_mounted or not self.query("#course"):
            return
        done = sum(lesson.name in self._done for lesson in COURSE)
        self.paint_bars(f"{done} of {len(COURSE)} done")
        rows = [
            [(f"{'✓' if lesson.name in self._done else ' '} {number:>2} ", BOLD),
             (lesson.title, PLAIN)]
            for number, lesson in enumerate(COURSE, 1)
        ]  # fmt: skip
        self.query_one("#course", Listing).draw("     lesson", rows, self._at)
        lesson = COURSE[self._at]
        tasks = [
            f"{number}. {task.partition(':')[0].rstrip('.')}. {step.asks}"
            for number, step in enumerate(lesson.steps, 1)
            if "{" not in (task := with_keys(step.task)) + step.asks
        ]
        self.query_one("#about", Passage).draw(
            [lesson.title, "", lesson.about, "", *tasks], wrapped=True
        )
        steps = plural(len(lesson.steps), "step")
        self.query_one(Status).say(f"enter begins lesson {self._at + 1}: {steps}")
