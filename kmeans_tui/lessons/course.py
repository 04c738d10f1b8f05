"""The table of lessons, in the order of the course, and where a class begins."""

from dataclasses import replace
from typing import Final

from kmeans_tui.command import Options, agree, of_group
from kmeans_tui.lessons.failing import FAILING
from kmeans_tui.lessons.judging import JUDGING
from kmeans_tui.lessons.lesson import Lesson, LessonStep
from kmeans_tui.lessons.running import RUNNING
from kmeans_tui.options.scale_options import OF_ONE_TABLE

COURSE: Final[tuple[Lesson, ...]] = (*RUNNING, *FAILING, *JUDGING)

# What the view of a step sets: everything but the look.
SHOWN: Final = (
    *of_group("data", "file", "sample", "rows", "points", "columns", "run"),
    *of_group("elbow", "seeds", "compare", "seen", "drawn"),
    *OF_ONE_TABLE,
    "curve",
    "screen",
)  # fmt: skip


def find(name: str) -> int:
    """Return the place in the course of a lesson, by its number or name; raises ``ValueError``."""
    word = name.strip().casefold()
    numbered = word.isascii() and word.isdigit() and len(word) < 4
    for place, lesson in enumerate(COURSE):
        if (numbered and int(word) == place + 1) or word == lesson.name:
            return place
    raise ValueError(
        f"there is no lesson {name!r}: choose 1 to {len(COURSE)}, or a name such as "
        f"{COURSE[0].name} (kmeans-tui lessons lists them)"
    )


def begun(place: str) -> tuple[int, int]:
    """Return lesson and step, counted from 0, of a place such as ``4:2``; raises ``ValueError``."""
    name, _, step = place.partition(":")
    lesson = find(name)
    number = int(step or 1)
    count = len(COURSE[lesson].steps)
    if not 1 <= number <= count:
        raise ValueError(f"lesson {lesson + 1} has the steps 1 to {count}, not {number}")
    return lesson, number - 1


def at_place(lesson: int, step: int) -> str:
    """Return the place as ``--lesson`` takes it."""
    return f"{lesson + 1}:{step + 1}"


def shown(step: LessonStep, options: Options) -> Options:
    """Return the view of a step in the look of these options."""
    return replace(options, **{name: getattr(step.view, name) for name in SHOWN})


def opened(options: Options) -> Options:
    """Return the options to open with: the view of their lesson, unless they ask for another.

    Raises ``ValueError``, one sentence, if there is no such lesson or step.
    """
    if options.lesson is None:
        return options
    lesson, step = begun(options.lesson)
    if not agree(options, Options(), SHOWN):
        return options
    return shown(COURSE[lesson].steps[step], options)
