"""Two runs with one clock: the half step on show in both, and what is said of it.

Half steps are counted as in ``session``; a run that has ended stays at its end.
"""

from typing import TYPE_CHECKING

from kmeans_tui import palette
from kmeans_tui.requests.session import Moment, parse_goto
from kmeans_tui.words import amount, plural, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmeans_tui.analysis.pair import Pair, PairSide


class Lockstep:
    """The two runs of a pair at one half step of ``goto``, which is written as for the flag."""

    def __init__(self, pair: "Pair", goto: str = "0") -> None:
        self.pair = pair
        self.sides = pair.first, pair.second
        self.position = parse_goto(goto, self.last)

    @property
    def last(self) -> int:
        """The last half step of the longer run."""
        return max(map(last_of, self.sides))

    @property
    def at_end(self) -> bool:
        """Whether both runs have ended."""
        return self.position >= self.last

    @property
    def moment(self) -> Moment:
        """The half step on show, by name."""
        return Moment.at(self.position)

    def move(self, position: int) -> None:
        """Go to a half step, kept inside the longer run."""
        self.position = max(0, min(position, self.last))

    def complete(self, by: int) -> int:
        """Return the half step that completes the next iteration, or the previous one."""
        target = self.position + by * (2 if self.position % 2 else 1)
        return max(target, min(self.position, 1))

    def at(self, side: "PairSide") -> Moment:
        """Return the half step of one run that is on show."""
        return Moment.at(min(self.position, last_of(side)))

    def title(self, side: "PairSide", room: int = 80) -> str:
        """Return what one plot shows, ``seed 0 · iteration 3 of 8``; shorter in little ``room``."""
        moment, n = self.at(side), side.history.iterations
        if moment.kind == "initialise":
            return f"{side.name} · start"
        half = ", update" if moment.kind == "update" else ""
        over = " · ended" if self.position > last_of(side) else ""
        where = f"{moment.iteration} of {n}{half}{over}"
        whole = f"{side.name} · iteration {where}"
        return whole if len(whole) <= room else f"{side.name} · {where}"

    def standing(self) -> str:
        """Return how far apart the two runs are at this half step."""
        if self.position == 0:
            return "start: no point is assigned yet"
        # An update keeps the labels of the iteration before.
        i = (self.position - 1) // 2
        count, n = int(self.pair.apart[i]), len(self.pair.rows)
        part = "all points in the same clusters" if n else "no point is in both"
        if count:
            part = f"{count:,} of {plural(n, 'point')} in another cluster"
        return f"iteration {self.moment.iteration} of {self.last // 2} · {part}"

    def sentences(self) -> tuple[str, ...]:
        """Return where the runs part and why, and how they end."""
        return self.pair.sentence, sentence(self.pair.verdict)

    def worn(self, colours: "Sequence[int] | None") -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the colour of each cluster of both runs, from 0; matched ones have the same.

        ``colours`` are those chosen for the first.
        """
        k = self.pair.first.history.k
        first = palette.worn(colours, k) or tuple(range(k))
        numbers = self.pair.numbers.tolist()
        return first, tuple(first[each] if each < k else each for each in numbers)

    def numbers(self, side: "PairSide") -> tuple[int, ...] | None:
        """Return the number of each cluster of a run, from 0; None if they are its own."""
        if side is self.pair.first:
            return None
        return tuple(self.pair.numbers.tolist())

    def curves(self) -> tuple[list[float], list[float]]:
        """Return the inertia of every half step of both runs.

        As shares of the first one where the two cannot be compared.
        """
        found = []
        for side in self.sides:
            values = side.history.half_step_inertia
            if not self.pair.comparable and values[0]:
                values = values / values[0]
            found.append(values.tolist())
        return found[0], found[1]

    def caption(self, signs: tuple[str, str]) -> str:
        """Return the inertia of both runs here, each with the sign of its curve."""
        parts = []
        for sign, side in zip(signs, self.sides, strict=True):
            values = side.history.half_step_inertia
            at = min(max(self.position - 1, 0), len(values) - 1)
            parts.append(f"{sign} {side.name} {amount(float(values[at]))}")
        return "  ".join(parts)


def last_of(side: "PairSide") -> int:
    """Return the last half step of a run."""
    return 2 * side.history.iterations + 1
