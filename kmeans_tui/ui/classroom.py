"""The lesson in progress, over all screens: it opens views, reads the session, takes answers."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.app import App

from kmeans_tui import screen_table, settings
from kmeans_tui.command import Options
from kmeans_tui.data.reading import memory
from kmeans_tui.ui.models.job import Job
from kmeans_tui.ui.widgets.band import Band
from kmeans_tui.user_keys import key

if TYPE_CHECKING:
    from kmeans_tui.lessons.lesson import LessonStep, Measured
    from kmeans_tui.ui.models.lecture import Lecture

# The lessons are imported inside functions: the first paint need not wait for them.


class Classroom(App[None]):
    """The part of the program that gives lessons.

    The option ``lesson`` of the session says where the lesson is; ``lecture`` follows it.
    """

    lecture: "Lecture | None" = None
    # The view of a step that is still being opened.
    _coming: Options | None = None
    _arrived = True
    _measuring: "tuple[LessonStep, Job] | None" = None

    @property
    def _program(self) -> Any:
        """The app with its screens, untyped because its module imports this one."""
        return self

    @property
    def _session(self) -> Any:
        return self._program.explore.session

    def attend(self, page: Any) -> None:
        """Let the lesson read what a screen shows, and draw its lines there."""
        place = self._session.options.lesson
        if place is None:
            self.lecture = None
        elif self.lecture is None:
            from kmeans_tui.lessons.course import begun
            from kmeans_tui.ui.models.lecture import Lecture

            # The command has opened the view already.
            self.lecture = Lecture(*begun(place))
        lecture = self.lecture
        page.set_class(lecture is not None, "-taught")
        if lecture is not None:
            self._measure(lecture)
            self._read(lecture, page)
        page.query_one(Band).draw(lecture)

    def _read(self, lecture: "Lecture", page: Any) -> None:
        session, explore = self._session, self._program.explore
        if session.run is None or explore.fitter.busy:
            return
        if self._coming is not None:
            self.call_later(self._arrive)
        elif self._arrived and page is self._program.page:
            from kmeans_tui.lessons.lesson import Situation

            lecture.read(
                Situation(
                    page.view_options(),
                    session.run.history.k if page is explore else page.asked.k or 0,
                    str(session.moment),
                    session.at_end,
                )
            )

    def _measure(self, lecture: "Lecture") -> None:
        """Compute the answers of the present step, in a thread."""
        step = lecture.step
        if lecture.measured is not None or (self._measuring and self._measuring[0] is step):
            return
        band = self._program.explore.query_one(Band)
        self._measuring = step, Job(band, lambda _: step.measure()).start()

    def measured(self, message: Job.Done) -> None:
        """Take the answers of a step."""
        if self._measuring is None or message.job is not self._measuring[1]:
            return
        step, self._measuring = self._measuring[0], None
        if isinstance(message.error, MemoryError):
            self.notify(memory.needs_more("this lesson"), severity="error")
            return
        if message.error is not None:
            raise message.error
        result: Measured = message.result
        if self.lecture is not None and self.lecture.step is step:
            self.lecture.measured = result
        self._program.page.paint()

    # --- keys ----------------------------------------------------------------------------------

    async def begin_lesson(self, lesson: int, step: int = 0) -> None:
        """Begin a lesson at one of its steps, both counted from 0."""
        from kmeans_tui.ui.models.lecture import Lecture

        self.lecture = Lecture(lesson, step)
        await self._open()

    async def action_lesson(self, what: str) -> None:
        """Go on in the lesson, answer its question, or leave it."""
        lecture = self.lecture
        if lecture is None:
            if what == "next":
                await self._program.action_show("Lessons")
            else:
                self.notify("There is no lesson now: 7 lists them.")
        elif what == "leave":
            self._set_place(None)
            self._program.page.paint()
            self.notify("You left the lesson; 7 lists them all.")
        elif what == "answer":
            await self._take_answer(lecture)
        elif not self._program.page.query_one(Band).turn():
            if lecture.go_on():
                await self._open()
            elif lecture.phase == "end":
                self._finish(lecture)
            self._program.page.paint()

    async def _take_answer(self, lecture: "Lecture") -> None:
        from kmeans_tui.ui.screens.dialogs.answer import AnswerDialog

        if len(self.screen_stack) > 1:
            return
        if lecture.phase != "question" or lecture.measured is None:
            said = {"task": "First do what the lesson asks.", "question": "One moment."}
            answered = f"This question is answered: {key('lesson-next')} goes on."
            self.notify(said.get(lecture.phase, answered))
            return

        def typed(text: str | None) -> None:
            if text is not None:
                lecture.answer(text)
                self._program.page.paint()

        question = lecture.step.question(lecture.measured)
        await self.push_screen(AnswerDialog(question, lecture.step.wanted()), typed)

    def _finish(self, lecture: "Lecture") -> None:
        if not lecture.open_steps and (why := settings.finish_lesson(lecture.lesson.name)):
            self.notify(f"That it is done could not be saved: {why}.", severity="warning")

    def _set_place(self, place: str | None) -> None:
        session = self._session
        session.options = replace(session.options, lesson=place)
        if place is None:
            self.lecture = self._coming = None
            self._arrived = True

    # --- the view of a step --------------------------------------------------------------------

    async def _open(self) -> None:
        lecture = self.lecture
        if lecture is None:
            return
        from kmeans_tui.lessons.course import shown

        explore = self._program.explore
        self._set_place(lecture.place)
        self._coming, self._arrived = shown(lecture.step, self._session.options), False
        await self._program.action_show("Explore")
        explore.pause()
        explore.hand = None
        explore.end_predicting()
        explore.question(None)
        explore.fitter.start(self._coming)
        explore.see(**{name: getattr(self._coming, name) for name in ("trails", "regions")})

    async def _arrive(self) -> None:
        """Show the screen of the view, with its own options, now that its run is there."""
        view, self._coming = self._coming, None
        if view is None:
            return
        screen = screen_table.screen(view.screen)
        await self._program.action_show(screen.place)
        page = self._program.page
        if screen.asks:
            page.follow()
            # What was changed there before is no part of the view.
            names = (*screen.own, "k", "init") if screen.name == "seeds" else screen.own
            differ = {
                name: getattr(view, name)
                for name in names
                if getattr(page.options, name) != getattr(view, name)
            }
            if view.curve != page.options.curve:
                page.options = replace(page.options, curve=view.curve)
            if differ:
                page.change(**differ)
        self._arrived = True
        page.paint()
