"""The keys that move two runs together: half steps, iterations, play."""

from kmeans_tui import user_keys
from kmeans_tui.ui.models.lockstep import Lockstep
from kmeans_tui.ui.screens.playing_page import PlayingPage


class LockstepPage(PlayingPage):
    """A screen with two runs and one clock; ``lockstep`` is None while there are none."""

    lockstep: Lockstep | None = None

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

    def has_steps(self) -> bool:
        """Whether there are two runs."""
        return self.lockstep is not None

    def ended(self) -> bool:
        """Whether both have ended."""
        return self.lockstep is not None and self.lockstep.at_end

    def rewind(self) -> None:
        """Go to the start of both."""
        if self.lockstep is not None:
            self.lockstep.move(0)

    def advance(self, stride: int) -> bool:
        """Go on in both; False if both end there."""
        if self.lockstep is not None:
            self.lockstep.move(self.lockstep.position + stride)
        return not self.ended() and self.has_steps()

    def action_play(self) -> None:
        """Play or pause both; at the end, play again from the start."""
        if self.steps() is not None:
            super().action_play()

    async def action_changes(self) -> None:
        """Show all tables of what has changed between two recorded runs."""
        from kmeans_tui.analysis import change_words
        from kmeans_tui.ui.screens.dialogs.changed_runs import ChangedRunsDialog

        pair = None if self.lockstep is None else self.lockstep.pair
        if pair is None or pair.change is None:
            chooses = f"{user_keys.key('pair')} chooses one, as file:run.json"
            self.notify(f"What has changed is told of a run and a recorded one: {chooses}.")
            return
        lines = list(change_words.lines(pair, pair.change))
        await self.app.push_screen(ChangedRunsDialog(lines))

    def on_screen_suspend(self) -> None:
        """Stop playing under another screen or a dialog."""
        self.pause()

    def now(self) -> tuple[str, ...]:
        """Return what the keys do to two runs, and the states of the page."""
        paired = [] if self.lockstep is None else ["pair playing" if self.playing else "pair"]
        if self.lockstep is not None and self.lockstep.pair.change is not None:
            paired.append("recorded pair")
        return *paired, *super().now()
