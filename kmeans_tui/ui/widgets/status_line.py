"""The line with the position in the run, what is notable, and what is being done."""

from collections.abc import Sequence
from typing import Final

from kmeans_tui.ui.widgets.panels import PLAIN, Panel, View

# Every work can be stopped by it, whatever keys the user has chosen.
_STOPS: Final = " · ctrl+c stops"


class Status(Panel):
    """The line with the position in the run, and what is notable."""

    _places: tuple[str, ...] = ()

    def draw(self, view: View, run: str) -> None:
        """Show position and step, then the note if any, else the facts of the run.

        A narrow screen shows the note in its summary.
        """
        play = f"{'▶' if view.playing else '❚❚'} {view.speed:g}/s"
        # An update leads from one iteration to the next, which its assignment completes.
        start = f"{view.iteration - 1} → " if view.kind == "update" else ""
        where = f"iteration {start}{view.iteration} of {view.iterations}"
        step = {"initialise": "1 initialise", "assign": "2 assign", "update": "3 update"}[view.kind]
        if view.verdict:
            step = "4 converged?"
        self._places = (f"{play}   {where}   {step}", f"{where}  {step}", where)
        if self.size.width < 90:
            rest = [(run,), (run.removeprefix("init "),), ()]
        elif view.note:
            rest = [(view.note,)]
        else:
            # Padded, so that a longer number does not shift the rest, which would be sent again.
            padded = (f"{view.inertia:<16}", f"{view.shift:<12}", run)
            rest = [padded, (view.inertia, view.shift, run), (view.inertia, run), (run,)]
        lines = [
            gap.join(fact for fact in (play, where, prefix + step, *facts) if fact)
            for facts in rest
            for gap, prefix in (("   ", "step "), ("  ", ""))
        ]
        # Rather no speed than a note cut short.
        lines.append("  ".join(filter(None, (where, step, *rest[-1]))))
        lines.append(view.note if len(lines[-1]) >= self.size.width else lines[-1])
        fitting = (line for line in lines if len(line) + 1 <= self.size.width)
        self.say(next(fitting, lines[-1]))

    def say(self, text: str) -> None:
        """Show a sentence instead."""
        self.show([[(f" {text}", PLAIN)]])

    def doing(self, said: Sequence[str], *, placed: bool) -> None:
        """Show what is being done, in the most words that fit, and the key that stops it.

        ``said`` has the most words first. If ``placed``, the position in the run is before it.
        """
        room = self.size.width - 1 - len(_STOPS)
        places = self._places if placed else ("",)
        lines = (f"{place}   {text}".strip() for place in (*places, "") for text in said)
        fitting = (line for line in lines if len(line) <= room)
        self.say(next(fitting, f"{said[-1][: room - 1]}…") + _STOPS)
