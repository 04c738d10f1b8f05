"""What a lesson is: steps with a view, something to do, and a question whose answer is computed."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kmeans_tui.command import Options
from kmeans_tui.user_keys import Spelling

if TYPE_CHECKING:
    from kmeans_tui.lessons.bench import Bench

# What a step computes: "answer", and whatever its sentences name in braces. "sides" are pairs of a
# name and its adjusted Rand index, to be shown side by side.
Measured: TypeAlias = Mapping[str, Any]

_LETTERS: Final = "abcdefgh"
_BAR: Final = 10


@dataclass(frozen=True)
class Situation:
    """What the session shows, as plain values.

    ``options`` give the view; ``moment`` is the half step as ``--goto`` names it, ``at_end``
    whether it is the last, ``k`` the number of clusters on show.
    """

    options: Options
    k: int
    moment: str
    at_end: bool

    def shows(self, name: str, value: Any) -> bool:
        """Whether an option has this value; k and the iteration are those on show."""
        if name == "k":
            return bool(self.k == value)
        if name == "goto":
            return self.at_end if value == "last" else self.moment == value
        return bool(getattr(self.options, name) == value)


@dataclass(frozen=True, eq=False)
class LessonStep:
    """One step: read ``text``, do the ``task``, answer what it ``asks``.

    ``view`` opens by itself. The task is done when the session shows the ``goal``, options and
    their values, or what ``reached`` accepts. ``keys`` do it, by their names in Textual. ``facts``
    computes the answer on a bench with the data of the view; in all sentences, braces hold its
    other values. A number is right if it is within half a unit of the last of ``digits``.
    """

    text: str
    view: Options
    task: str
    goal: Mapping[str, Any]
    keys: tuple[str, ...]
    asks: str
    facts: "Callable[[Bench], Measured]" = field(repr=False)
    hint: str
    why: str
    choices: tuple[str, ...] = ()
    digits: int = 0
    reached: Callable[[Situation], bool] | None = field(default=None, repr=False)

    def measure(self) -> Measured:
        """Return the answer and what else the sentences name: numbers, and the user's keys."""
        from kmeans_tui.lessons.bench import Bench

        return {**self.facts(Bench(self.view)), "key": Spelling()}

    def is_done(self, situation: Situation) -> bool:
        """Whether the session shows that the task is done."""
        if self.reached is not None:
            return self.reached(situation)
        return all(situation.shows(name, value) for name, value in self.goal.items())

    def question(self, facts: Measured) -> str:
        """Return the question, with its choices."""
        asked = self.asks.format_map(facts)
        if not self.choices:
            return asked
        named = (f"{letter} {text}" for letter, text in zip(_LETTERS, self.choices, strict=False))
        return f"{asked} {', '.join(named)}"

    def answer(self, facts: Measured) -> str:
        """Return the right answer as text."""
        found = facts["answer"]
        # Without the sign of -0.00.
        return str(found) if self.choices else f"{round(found, self.digits) + 0.0:.{self.digits}f}"

    def because(self, facts: Measured) -> str:
        """Return why that is the answer, and what is measured, side by side."""
        said = self.why.format_map(facts)
        sides = facts.get("sides")
        return f"{said} {side_by_side(sides)}" if sides else said

    def is_right(self, typed: str, facts: Measured) -> bool | None:
        """Whether what was typed is the answer; None if it is none of the kind asked for."""
        word = " ".join(typed.split()).casefold()
        if self.choices:
            chosen = [
                text
                for letter, text in zip(_LETTERS, self.choices, strict=False)
                if word in (letter, text.casefold())
            ]
            return chosen[0] == facts["answer"] if chosen else None
        try:
            value = float(word.replace(",", "."))
        except ValueError:
            return None
        if not math.isfinite(value):
            return None
        return abs(value - facts["answer"]) <= 0.5 * 10**-self.digits * (1 + 1e-6)

    def wanted(self) -> str:
        """Return what kind of answer is asked for."""
        if self.choices:
            return f"one of {', '.join(_LETTERS[: len(self.choices)])}"
        many = {0: "a whole number", 1: "a number with one decimal"}
        return many.get(self.digits, f"a number with {self.digits} decimals")


@dataclass(frozen=True, eq=False)
class Lesson:
    """A lesson: its ``name`` for the command and the settings, its title, what it is ``about``."""

    name: str
    title: str
    about: str
    steps: tuple[LessonStep, ...]


def side_by_side(sides: Sequence[tuple[str, float]]) -> str:
    """Return adjusted Rand indices as bars, one beside the other."""
    parts = []
    for name, ari in sides:
        bar = "█" * max(0, round(_BAR * ari))
        parts.append(f"{name} {bar}{' ' if bar else ''}{round(ari, 2) + 0.0:.2f}")
    return " | ".join(parts)
