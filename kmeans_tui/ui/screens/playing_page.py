"""The keys that play a recording, faster or slower, and the clock that they set."""

from abc import abstractmethod
from typing import Final

from textual.timer import Timer

from kmeans_tui.argument_types import SPEEDS
from kmeans_tui.ui.screens.plane_page import PlanePage

# The most frames per second while playing; faster speeds skip half steps instead.
FRAMES_PER_SECOND: Final = 15


class PlayingPage(PlanePage):
    """A screen that plays what it shows, half step by half step."""

    playing = False
    _beat: Timer | None = None

    @abstractmethod
    def has_steps(self) -> bool:
        """Whether there is something to play by now."""

    @abstractmethod
    def ended(self) -> bool:
        """Whether the last half step is on show."""

    @abstractmethod
    def rewind(self) -> None:
        """Go to the start."""

    @abstractmethod
    def advance(self, stride: int) -> bool:
        """Go on by so many half steps; False if playing ends there."""

    def action_play(self) -> None:
        """Play or pause; at the end, play again from the start."""
        if not self.playing and self.ended():
            self.rewind()
        self.play(on=not self.playing)

    def action_speed(self, by: int) -> None:
        """Play slower or faster."""
        at = SPEEDS.index(self.session.options.speed) + by
        self.see(speed=SPEEDS[max(0, min(at, len(SPEEDS) - 1))])
        self.set_beat()

    def play(self, *, on: bool) -> None:
        """Play from here, or pause."""
        self.playing = on
        self.set_beat()
        self.paint()

    def pause(self) -> None:
        """Stop playing."""
        if self.playing:
            self.play(on=False)

    def set_beat(self) -> None:
        """Set the clock to the speed; it stands while nothing plays."""
        if self._beat is not None:
            self._beat.stop()
            self._beat = None
        if self.playing and self.has_steps():
            rate = min(self.session.options.speed, FRAMES_PER_SECOND)
            self._beat = self.set_interval(1 / rate, self._tick)

    def _tick(self) -> None:
        stride = max(1, round(self.session.options.speed / FRAMES_PER_SECOND))
        if not self.advance(stride):
            self.playing = False
            self.set_beat()
        self.paint()
