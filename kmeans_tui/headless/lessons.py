"""``kmeans-tui lessons``: the lessons, or one with its answers computed."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from kmeans_tui import __version__
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import DONE, MISUSED, Parser, print_json, print_lines, refuse
from kmeans_tui.lessons.course import COURSE, at_place, find
from kmeans_tui.lessons.lesson import Lesson, LessonStep, Measured
from kmeans_tui.shell_command import to_command

_WIDTH: Final = 100


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser(
        "kmeans-tui lessons", "List the lessons, or print one with its answers, computed now."
    )
    parser.add_argument("lesson", nargs="?", metavar="N", help="the number or name of a lesson")
    parser.add_json()
    given = parser.parse_args(words)
    if given.lesson is None:
        if given.json:
            listed = [{**_named(place), "steps": len(each.steps), "about": each.about}
                      for place, each in enumerate(COURSE)]  # fmt: skip
            print_json({"lessons": listed, "version": __version__})
        else:
            print_lines(_listed())
        return DONE
    try:
        place = find(given.lesson)
    except ValueError as error:
        return refuse(str(error), MISUSED)
    lesson = COURSE[place]
    found = []
    with Narration() as narration:
        for number, step in enumerate(lesson.steps, 1):
            narration.say(f"step {number} of {len(lesson.steps)}")
            found.append(step.measure())
    if given.json:
        print_json(document(place, found))
    else:
        print_lines(lines(place, found))
    return DONE


def document(place: int, found: Sequence[Measured]) -> dict[str, Any]:
    """Return a lesson with what its steps compute, ready for ``json.dumps``."""
    steps = [
        {
            "text": step.text.format_map(facts),
            "command": _command(place, at, step),
            "task": step.task.format_map(facts),
            "question": step.asks.format_map(facts),
            "choices": list(step.choices),
            "answer": facts["answer"],
            "hint": step.hint.format_map(facts),
            "why": step.why.format_map(facts),
            "adjusted_rand_index": dict(facts.get("sides", ())),
        }
        for at, (step, facts) in enumerate(zip(COURSE[place].steps, found, strict=True))
    ]
    about = {"about": COURSE[place].about}
    return {"lessons": [{**_named(place), **about, "steps": steps}], "version": __version__}


def lines(place: int, found: Sequence[Measured]) -> Iterator[str]:
    """Yield a lesson as text."""
    lesson = COURSE[place]
    yield f"lesson {place + 1} of {len(COURSE)}: {lesson.title}"
    yield lesson.about
    for at, (step, facts) in enumerate(zip(lesson.steps, found, strict=True)):
        yield ""
        told = (
            ("read", step.text.format_map(facts)),
            ("do", step.task.format_map(facts)),
            ("ask", step.question(facts)),
            ("hint", step.hint.format_map(facts)),
            ("answer", step.answer(facts)),
            ("why", step.because(facts)),
            ("view", _command(place, at, step)),
        )
        for number, (word, text) in enumerate(told):
            head = f"{at + 1 if number == 0 else '':<3}{word:<8}"
            yield from textwrap.wrap(
                text, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head)
            )


def _listed() -> Iterator[str]:
    names = max(len(lesson.name) for lesson in COURSE)
    titles = max(len(lesson.title) for lesson in COURSE)
    for place, lesson in enumerate(COURSE, 1):
        steps = f"{len(lesson.steps)} steps"
        yield f"{place:>2}  {lesson.name:<{names}}  {lesson.title:<{titles}}  {steps}"
    yield ""
    yield "kmeans-tui --lesson 4:2 begins lesson 4 at step 2; kmeans-tui lessons 4 prints it"


def _named(place: int) -> dict[str, Any]:
    lesson: Lesson = COURSE[place]
    return {"number": place + 1, "name": lesson.name, "title": lesson.title}


def _command(place: int, at: int, step: LessonStep) -> str:
    return to_command(replace(step.view, lesson=at_place(place, at)))
