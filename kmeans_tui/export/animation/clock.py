"""The clock of a glide: which half step a frame shows, and how far it has come."""

from dataclasses import dataclass
from typing import Final, Literal

from kmeans_tui.export.figures.small_multiples import shown_iterations

DELAY: Final = 6  # of each frame, in hundredths of a second
# Frames from one state to the next, the state itself included: 8 lie between two.
_LEAST: Final = 9
_MOST: Final = 14
# A short run takes its time; beyond this many frames only the states are more.
_ENOUGH: Final = 360
# States of a run that are shown; 60 make 1,072 frames, which play for 64 seconds.
MOST_ITERATIONS: Final = 60


@dataclass(frozen=True)
class Instant:
    """A frame: ``share``, 0 to 1, of a half step between the iterations ``before`` and ``after``.

    They are neighbours unless the run is too long to show all. At the "start" no point is assigned;
    the first "assign" has iteration 0 on both sides.
    """

    kind: Literal["start", "assign", "update"]
    before: int
    after: int
    share: float

    @property
    def eased(self) -> float:
        """The share, slow at both ends."""
        return self.share**2 * (3 - 2 * self.share)

    @property
    def time(self) -> float:
        """Where on the axis of iterations: an update ends half way before its iteration."""
        middle = max(0.0, self.after - 0.5)
        if self.kind == "update":
            return self.before + self.share * (middle - self.before)
        return middle + self.share * (self.after - middle) if self.after else 0.0


class Clock:
    """The frames of a run of so many ``iterations``; ``shown`` are those that are stopped at."""

    def __init__(self, iterations: int) -> None:
        self.shown = shown_iterations(iterations + 1, MOST_ITERATIONS)
        self._steps: list[tuple[Literal["assign", "update"], int, int]] = [("assign", 0, 0)]
        for before, after in zip(self.shown[:-1], self.shown[1:], strict=True):
            self._steps += [("update", before, after), ("assign", before, after)]
        self.each = min(max(_ENOUGH // len(self._steps), _LEAST), _MOST)
        self.count = 1 + self.each * len(self._steps)

    def moment(self, number: int) -> Instant:
        """Return what frame ``number`` shows."""
        if number == 0:
            return Instant("start", 0, 0, 0.0)
        step, part = divmod(number - 1, self.each)
        kind, before, after = self._steps[step]
        return Instant(kind, before, after, (part + 1) / self.each)

    @property
    def samples(self) -> list[int]:
        """Frames with all kinds of colours: the first half steps half way, the middle, the end."""
        half = (self.each + 1) // 2
        ways = [half + self.each * i for i in range(4)]
        middle = self.count // 2 // self.each * self.each
        found = [0, *ways, middle, middle + half, self.count - 1]
        return sorted({min(each, self.count - 1) for each in found})
