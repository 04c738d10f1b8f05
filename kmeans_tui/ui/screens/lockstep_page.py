"""The keys that move two runs together: half steps, iterations, play."""

from dataclasses import replace
from typing import Final

from textual.timer import Timer

from kmeans_tui.argument_types import SPEEDS
from kmeans_tui.ui.models.lockstep import Lockstep
from kmeans_tui.ui.screens.plane_page import PlanePage

# The most frames per second while playing; faster speeds skip half steps instead.
_FRAMES: Final = 15


class LockstepPage(PlanePage):
    """A screen with two runs and one clock; ``lockstep`` is None while there are none."""

    lockstep: Lockstep | None = None
    playing = False
    _ticking: Timer | None = None

    def steps(self) -> Lockstep | None:
        """Return the two runs; None, and say why, if there are none to step through."""
        return self.lockstep

    def _go(self, position: int) -> None:
        self.pause()
        if self.lockstep is not None:
            self.lockstep.move(position)
            self.paint()

    def action_half_step(self, by: int) -> None:
        """Move both by half steps."""
        if (steps := self.steps()) is not None:
            self._go(steps.position + by)

    def action_iteration(self, by: int, direction: str | None = None) -> None:
        """Go to the next or previous complete iteration of both."""
        if (steps := self.steps()) is not None:
            self._go(steps.complete(by))

    def action_first(self) -> None:
        """Go to iteration 0."""
        if self.steps() is not None:
            self._go(1)

    def action_last(self) -> None:
        """Go to the end of the longer run."""
        if (steps := self.steps()) is not None:
            self._go(steps.last)

    def action_play(self) -> None:
        """Play or pause both; at the end, play again from the start."""
        if (steps := self.steps()) is None:
            return
        if not self.playing and steps.at_end:
            steps.move(0)
        self.playing = not self.playing
        self._set_ticking()
        self.paint()

    def action_speed(self, by: int) -> None:
        """Play slower or faster."""
        at = SPEEDS.index(self.session.options.speed) + by
        speed = SPEEDS[max(0, min(at, len(SPEEDS) - 1))]
        self.session.options = replace(self.session.options, speed=speed)
        self._set_ticking()
        self.paint()

    def pause(self) -> None:
        """Stop playing."""
        if self.playing:
            self.playing = False
            self._set_ticking()
            self.paint()

    def _set_ticking(self) -> None:
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None
        if self.playing:
            rate = min(self.session.options.speed, _FRAMES)
            self._ticking = self.set_interval(1 / rate, self._tick)

    def _tick(self) -> None:
        steps = self.lockstep
        if steps is not None:
            steps.move(steps.position + max(1, round(self.session.options.speed / _FRAMES)))
        if steps is None or steps.at_end:
            self.playing = False
            self._set_ticking()
        self.paint()

    def on_screen_suspend(self) -> None:
        """Stop playing under another screen or a dialog."""
        self.pause()

    def now(self) -> tuple[str, ...]:
        """Return what the keys do to two runs, and the states of the page."""
        paired = [] if self.lockstep is None else ["pair playing" if self.playing else "pair"]
        return *paired, *super().now()
