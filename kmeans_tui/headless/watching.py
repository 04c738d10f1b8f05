"""What the keys of ``kmeans-tui watch`` do: each answers in sentences."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from kmeans_tui import screen_table
from kmeans_tui.argument_types import SPEEDS
from kmeans_tui.command import Options
from kmeans_tui.headless.closer_look import CloserLook
from kmeans_tui.headless.spoken_keys import action_of, spoken, told_keys
from kmeans_tui.shell_command import to_command
from kmeans_tui.user_keys import key
from kmeans_tui.words import plural


class Act(NamedTuple):
    """What an action of the key table does here, and in words where the table has others.

    It returns a key that was pressed meanwhile, if any.
    """

    does: Callable[["Watching"], str | None]
    called: str = ""


class Watching(CloserLook):
    """A run that is told as keys ask.

    Without a terminal nothing waits: to play is to tell all up to the end.
    """

    _over = False

    def follow(self) -> None:
        """Tell the run as the keys ask, until they say quit or end."""
        pressed = "" if self.keys.live else self.keys.next()
        self._begin(whole=pressed is None)
        if self.session.options.play and pressed is not None:
            pressed = self.play() or pressed
        while pressed is not None:
            pressed = self.press(pressed)
            if self._over:
                break
            pressed = pressed or self.keys.next()

    def _begin(self, *, whole: bool) -> None:
        run = self.run
        self.tell_heading()
        if run.parts is not None:
            self.tell("its points stay on disk: the run is done, and is told from what was kept")
        notes = len(run.dataset.notes())
        if notes:
            self.tell(f"there {'is' if notes == 1 else 'are'} {plural(notes, 'remark')} on the "
                      f"data; {key('remarks')} tells them")  # fmt: skip
        if self.keys.live:
            self.tell(f"{key('help')} lists the keys, {key('leave')} quits")
        if whole and self.session.options.goto == Options.goto and run.options.init != "random":
            self.session.move(-run.draws)
        self.tell_moment()
        if self.session.options.row is not None:
            self.tell_point()
        while whole and not self.session.at_end:
            self.step(1)

    def press(self, pressed: str) -> str | None:
        """Do what a key means; returns a key that was pressed meanwhile, which is the next."""
        if not pressed:
            return None
        action = action_of(pressed)
        if action in ACTS:
            return ACTS[action].does(self)
        if action in _SCREENS:
            self._name_command(_SCREENS[action])
        elif action == "export":
            command = to_command(self.session.view_options(), "export")
            self.tell(f"files are written by the command {command} --what NAMES")
        else:
            self.tell(f"the key {spoken(pressed)} does nothing here; {key('help')} lists the keys")
        return None

    def leave(self) -> None:
        """Quit."""
        self._over = True

    # --- moving --------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Go on or back by a half step."""
        if by < 0 and self.session.position == 0 and (why := self.run.undrawn()):
            self.tell(why)
        else:
            self.go(self.session.position + by)

    def iteration(self, by: int) -> None:
        """Complete the next iteration, or go back to the one before."""
        target = self.session.complete(by)
        if by < 0 and target == self.session.position:
            self.tell("there is no iteration before this")
        else:
            self.go(target, whole=True)

    def go(self, position: int, *, whole: bool = False) -> None:
        """Go to a half step and tell it."""
        before = self.session.position
        if self.session.move(position) or position == before != self.run.last:
            self.tell_moment(whole=whole)
        else:
            end = "end" if self.session.at_end else "beginning"
            self.tell(f"this is the {end} of the run")

    def play(self) -> str | None:
        """Tell one half step after the other at the present speed, until a key is pressed.

        Returns the key, unless it is the one that plays.
        """
        if self.session.at_end:
            self.session.move(0)
            self.tell_moment()
        while not self.session.at_end:
            if self.keys.live:
                pressed = self.keys.next(1 / self.session.options.speed)
                if pressed is None:
                    self.leave()
                    return None
                if pressed:
                    return None if action_of(pressed) == "play" else pressed
            on = self.session.play_on(1)
            self.tell_moment()
            if not on and self.keys.live:
                break
        return None

    def replay(self) -> str | None:
        """Play from iteration 0."""
        self.session.move(1)
        self.tell_moment()
        return self.play()

    def speed(self, by: int) -> None:
        """Play slower or faster."""
        at = SPEEDS.index(self.session.options.speed) + by
        now = SPEEDS[max(0, min(at, len(SPEEDS) - 1))]
        self.session.options = replace(self.session.options, speed=now)
        steps = "1 half step" if now == 1 else f"{now:g} half steps"
        self.tell(f"{steps} a second")

    def command(self) -> None:
        """Tell the command that begins here."""
        self.say([self._line("watch")])

    def _name_command(self, row: screen_table.Screen) -> None:
        if row.command == "run":
            self.tell(f"{row.about} is a screen; without it: {self._line(row.command)}")
        else:
            self.tell(f"{row.about} has a command of its own: {self._line(row.command)}")

    def _line(self, verb: str) -> str:
        if verb == "lessons":
            return "kmeans-tui lessons"
        return to_command(self.session.view_options(), verb)

    def help(self) -> None:
        """List the keys."""
        self.say([*told_keys({this: act.called for this, act in ACTS.items()})])
        verbs = dict.fromkeys((*(each.command for each in screen_table.TABLE), "export"))
        commands = ", ".join(f"kmeans-tui {verb}" for verb in verbs)
        self.tell(f"what other screens answer has commands of its own: {commands}")


# What the actions of the key table do here, by their names there.
ACTS: Final[Mapping[str, Act]] = {
    "play": Act(Watching.play, "tell one half step after the other; any key stops"),
    "iteration-back": Act(lambda w: w.iteration(-1), "one iteration back"),
    "iteration-forward": Act(lambda w: w.iteration(1), "one iteration forward"),
    "half-step-back": Act(lambda w: w.step(-1)),
    "half-step-forward": Act(lambda w: w.step(1)),
    "first": Act(lambda w: w.go(1, whole=True)),
    "last": Act(lambda w: w.go(w.run.last, whole=True)),
    "replay": Act(Watching.replay),
    "slower": Act(lambda w: w.speed(-1)),
    "faster": Act(lambda w: w.speed(1)),
    "more-clusters": Act(lambda w: w.clusters(1)),
    "fewer-clusters": Act(lambda w: w.clusters(-1)),
    "next-seed": Act(lambda w: w.seed(1)),
    "previous-seed": Act(lambda w: w.seed(-1)),
    "init": Act(Watching.init),
    "improve": Act(Watching.improve),
    "scale": Act(Watching.scale),
    "undo": Act(Watching.undo),
    "changes": Act(Watching.changes),
    "find": Act(Watching.find, "find a row: type its number or label, then enter"),
    "question": Act(
        Watching.question, "tell of the row found last, at this half step; without one, find a row"
    ),
    "profile": Act(Watching.profile),
    "code": Act(Watching.code),
    "working": Act(Watching.working),
    "remarks": Act(Watching.remarks),
    "copy-command": Act(Watching.command, "the command that begins here"),
    "help": Act(Watching.help, "these keys"),
    "leave": Act(Watching.leave, "quit"),
}
_SCREENS: Final = {each.name: each for each in screen_table.TABLE}
