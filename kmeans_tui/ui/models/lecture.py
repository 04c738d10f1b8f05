"""A lesson in progress: where it is, what was done, what was answered, and what it says now."""

from typing import Final, Literal

from kmeans_tui.lessons.course import COURSE, at_place
from kmeans_tui.lessons.lesson import Lesson, LessonStep, Measured, Situation
from kmeans_tui.user_keys import key

Phase = Literal["task", "question", "told", "end"]
# After so many wrong answers the right one is told.
_TRIES: Final = 2


class Lecture:
    """One lesson of the course from one of its steps on; lesson and step are counted from 0.

    ``measured`` is what the present step computes, None until it is known. A step counts once its
    task was seen in the session and its question answered or told.
    """

    def __init__(self, lesson: int, step: int) -> None:
        self.number, self.at = lesson, step
        self.phase: Phase = "task"
        self.measured: Measured | None = None
        self._done: set[int] = set()
        self._answered: set[int] = set()
        self._tries = 0
        self._result = ""
        self._insists = False

    @property
    def lesson(self) -> Lesson:
        """The lesson."""
        return COURSE[self.number]

    @property
    def step(self) -> LessonStep:
        """The present step."""
        return self.lesson.steps[self.at]

    @property
    def place(self) -> str:
        """The present step as ``--lesson`` takes it."""
        return at_place(self.number, self.at)

    @property
    def open_steps(self) -> list[int]:
        """The steps whose task or question is still open."""
        every = range(len(self.lesson.steps))
        return [i for i in every if i not in self._done or i not in self._answered]

    def read(self, situation: Situation) -> bool:
        """Take note of what the session shows; return whether that has just done the task."""
        if self.phase != "task" or not self.step.is_done(situation):
            return False
        self._done.add(self.at)
        self._ask()
        return True

    def answer(self, typed: str) -> None:
        """Mark an answer: right, wrong with a hint, or told after the second wrong one."""
        step, measured = self.step, self.measured
        if self.phase != "question" or measured is None:
            return
        right = step.is_right(typed, measured)
        if right is None:
            self._result = f"Please answer with {step.wanted()}."
            return
        self._tries += not right
        why = step.because(measured)
        if right:
            self._tell(f"Right. {why}")
        elif self._tries >= _TRIES:
            self._tell(f"No, it is {step.answer(measured)}. {why} {step.hint.format_map(measured)}")
        else:
            self._result = f"No. {step.hint.format_map(measured)} Try again:"

    def go_on(self) -> bool:
        """Go on; return whether another step begins, whose view is to be opened.

        What is open is left open, if asked a second time.
        """
        if self.phase == "end":
            return self._after_the_end()
        if self.measured is None:
            return False
        if self.phase != "told" and not self._insists:
            self._insists = True
            return False
        if self.at + 1 == len(self.lesson.steps):
            self.phase = "end"
            return False
        self._begin(self.number, self.at + 1)
        return True

    def _after_the_end(self) -> bool:
        open_steps = self.open_steps
        if open_steps:
            self._begin(self.number, open_steps[0])
            return True
        if self.number + 1 == len(COURSE):
            return False
        self._done.clear()
        self._answered.clear()
        self._begin(self.number + 1, 0)
        return True

    def _begin(self, lesson: int, step: int) -> None:
        self.number, self.at, self.measured = lesson, step, None
        self.phase = "question" if step in self._done else "task"
        self._tries, self._result, self._insists = 0, "", False

    def _ask(self) -> None:
        self.phase, self._insists = "question", False

    def _tell(self, result: str) -> None:
        self._answered.add(self.at)
        self.phase, self._result = "told", result

    # --- what it says --------------------------------------------------------------------------

    def headings(self) -> list[str]:
        """Return the first line, from the longest wording to the shortest."""
        number, count = self.number + 1, len(COURSE)
        at, steps = self.at + 1, len(self.lesson.steps)
        return [
            f"lesson {number} of {count} · {self.lesson.title} · step {at} of {steps}",
            f"lesson {number} · {self.lesson.title} · step {at} of {steps}",
            f"lesson {number} of {count} · step {at} of {steps}",
        ]

    def words(self) -> tuple[str, str]:
        """Return what is told, and what is asked for."""
        measured = self.measured
        if self.phase == "end":
            return self._ending()
        if measured is None:
            return "One moment: the answers of this step are being computed …", ""
        if self.phase == "told":
            return self._result, ""
        if self.phase == "question":
            asked = self.step.question(measured)
            return (
                (f"Not answered yet; {key('lesson-next')} again goes on without.", asked)
                if self._insists
                else (self._result or "Done.", asked)
            )
        task = self.step.task.format_map(measured)
        if self._insists:
            return f"Not done yet; {key('lesson-next')} again goes on without.", task
        return self.step.text.format_map(measured), task

    def _ending(self) -> tuple[str, str]:
        open_steps, number = self.open_steps, self.number + 1
        if open_steps:
            steps = ", ".join(str(i + 1) for i in open_steps)
            ways = f"{key('lesson-next')} goes there, {key('lesson-leave')} leaves."
            return f"Not finished: open in this lesson: step {steps}.", ways
        onward, leaving = key("lesson-next"), key("lesson-leave")
        if number == len(COURSE):
            return f"Lesson {number} is done, and with it the course.", f"{leaving} leaves it."
        following = f"{onward} begins lesson {number + 1}, {COURSE[number].title}"
        return (
            f"Lesson {number} is done: you did it all yourself.",
            f"{following}; {leaving} leaves.",
        )

    def ways(self) -> tuple[tuple[str, str], ...]:
        """Return the keys that matter now, and what they do."""
        answer = ((key("lesson-answer"), "Answer"),) if self.phase == "question" else ()
        return (*answer, (key("lesson-next"), "Next"), (key("lesson-leave"), "Leave"))
