"""The state all screens share: the run on show, its half step, and the previous runs.

Half steps are counted from 0: 0 is the start (centroids placed, nothing assigned), 1 the first
assignment, 2 the first update, 3 the second assignment, and so on; iteration i is complete at
2·i + 1. Below 0 are the draws of the start, the last of them at -1. Nothing here imports Textual or
does the work: it only holds values.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from kmeans_tui import settings
from kmeans_tui.argument_types import drawn
from kmeans_tui.command import GIVEN, RUN, Options, taken
from kmeans_tui.vocabulary import INITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmeans_tui.clustering.history import History, Step
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.in_parts import OpenParts

MomentKind = Literal["initialise", "assign", "update"]


@dataclass(frozen=True)
class Run:
    """A finished or stopped fit, or one that still runs: its options, data, history and warnings.

    For a recorded run the options only name the file; ``parameters`` are those the file says it
    was started with. Of points that stay on disk, ``parts`` are all of them; while
    it runs, ``history`` is the whole part of ``live_of``.
    """

    options: Options
    dataset: "Dataset"
    history: "History"
    warnings: tuple[str, ...] = ()
    parameters: "Mapping[str, Any] | None" = None
    parts: "OpenParts | None" = None
    live_of: "History | None" = None

    @property
    def recorded(self) -> bool:
        """Whether it was fitted elsewhere."""
        return self.parameters is not None

    @property
    def running(self) -> bool:
        """Whether more iterations are being computed."""
        return self.history.stopped_by is None

    @property
    def last(self) -> int:
        """The last half step."""
        return 2 * self.history.iterations + 1

    @property
    def draws(self) -> int:
        """The number of draws its start is made of; a partition draws all rows at once."""
        if self.recorded or self.parts is not None or self.options.init not in INITS:
            return 0
        return 1 if self.options.init == "partition" else self.history.k

    def undrawn(self) -> str:
        """Return why the start has no draws to watch; empty if it has."""
        if self.draws:
            return ""
        if self.recorded:
            return "A recording keeps no draws of its start."
        if self.parts is not None and self.options.init in INITS:
            return "The start of a run on points that stay on disk has no draws to watch."
        if self.options.init == GIVEN:
            return "The start is given: there are no draws to watch."
        return (
            f"The start {self.options.init} continues a run with fewer clusters: there are no "
            "draws to watch."
        )


class Moment(NamedTuple):
    """A half step of a run by name: which iteration, which step of the algorithm."""

    iteration: int
    kind: MomentKind

    @classmethod
    def at(cls, position: int) -> "Moment":
        """Return the moment of a half step counted from 0; draws are part of the start."""
        if position <= 0:
            return cls(0, "initialise")
        return cls(position // 2, "assign" if position % 2 else "update")

    @property
    def position(self) -> int:
        """The half step counted from 0."""
        return {"initialise": 0, "assign": 2 * self.iteration + 1, "update": 2 * self.iteration}[
            self.kind
        ]

    def __str__(self) -> str:
        """Return it as for ``--goto``: ``3`` for an iteration, ``3:update`` for its first half."""
        return f"{self.iteration}" if self.kind == "assign" else f"{self.iteration}:{self.kind}"


def parse_goto(text: str, last: int, draws: int = 0) -> int:
    """Return the half step that ``--goto`` names, at most ``last``.

    ``draws`` is the number of draws of the start; one beyond them is the start itself.
    """
    iteration, _, kind = text.partition(":")
    if (number_of_draw := drawn(kind)) is not None:
        return min(number_of_draw - 1 - draws, 0)
    number = last // 2 if iteration == "last" else int(iteration)
    if kind == "initialise":
        return 0
    position = Moment(number, "update" if kind == "update" and number else "assign").position
    return min(position, last)


class Session:
    """The run on show and its current half step."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.run: Run | None = None
        self.position = 1
        self._past: list[Options] = []

    def adopt(self, run: Run, *, undo: bool = False) -> None:
        """Show a new run at the iteration its options name.

        The run on show is remembered for undo, unless this is an undo.
        """
        if self.run is not None and not undo:
            self._past.append(self.view_options())
        # The look may have changed during the fit.
        self.run, self.options = run, replace(self.options, **taken(run.options, RUN))
        self.position = parse_goto(run.options.goto, run.last, run.draws)

    def grow(self, run: Run) -> None:
        """Show more of the run on show; at its end, go to the new end."""
        ended = self.run is not None and self.position >= self.run.last
        self.run = run
        if ended:
            self.move(run.last)

    def prefer(self, **fields: Any) -> None:
        """Change the look; what the settings keep of it is used at the next start."""
        self.options = replace(self.options, **fields)
        settings.keep(**fields)

    def previous(self) -> Options | None:
        """Undo: return the options of the previous run in the current look, or None."""
        if not self._past:
            return None
        past = self._past.pop()
        return replace(self.options, **taken(past, RUN))

    def put_back(self, options: Options) -> None:
        """Remember a run again whose undo failed."""
        self._past.append(options)

    def move(self, position: int) -> bool:
        """Go to a half step, kept inside the run and its start; False if nothing changes."""
        first, last = (-self.run.draws, self.run.last) if self.run else (0, 0)
        position = max(first, min(position, last))
        moved = position != self.position
        self.position = position
        return moved

    def shows_data_of(self, run: Run) -> bool:
        """Whether a run has the rows and columns on show; another may have ended since."""
        shown = self.run
        return (
            shown is not None
            and shown.options.data == run.options.data
            and shown.dataset.n == run.dataset.n
        )

    def complete(self, by: int) -> int:
        """Return the half step that completes the next iteration, or the previous one."""
        if self.position < 0:
            return 1 if by > 0 else self.position
        target = self.position + by * (2 if self.position % 2 else 1)
        return max(target, min(self.position, 1))

    def play_on(self, stride: int) -> bool:
        """Advance by ``stride`` half steps; False if playing ends, at the last one or an event."""
        for _ in range(stride):
            self.move(self.position + 1)
            if self._ran_empty() or self._swaps() or self.at_end:
                return False
        return True

    def _swaps(self) -> bool:
        """Whether this half step is a swap."""
        step = self.step()
        return step is not None and step.kind == "update" and step.swap is not None

    def _ran_empty(self) -> bool:
        """Whether this assignment empties a cluster that had points before."""
        step = self.step()
        if step is None or step.kind != "assign" or step.sizes.all() or self.run is None:
            return False
        i = step.iteration
        return not i or bool(self.run.history[i - 1].sizes[step.sizes == 0].any())

    @property
    def moment(self) -> Moment:
        """The half step on show, by name."""
        return Moment.at(self.position)

    @property
    def draw(self) -> int | None:
        """The draw of the start on show, from 0; None later."""
        if self.run is None or self.position >= 0:
            return None
        return self.position + self.run.draws

    @property
    def goto(self) -> str:
        """What is on show, as for ``--goto``."""
        return str(self.moment) if self.draw is None else f"0:draw{self.draw + 1}"

    @property
    def at_end(self) -> bool:
        """Whether the last half step is on show."""
        return self.run is not None and self.position >= self.run.last

    def step(self) -> "Step | None":
        """Return the recorded half step on show; None before the first assignment."""
        if self.run is None or self.position <= 0:
            return None
        return self.run.history.step(self.position - 1)

    def algorithm_step(self) -> str:
        """Return the step of the algorithm on show; the last half step decides on the end."""
        moment, step = self.moment, self.step()
        if moment.kind == "update" and step is not None and step.swap is not None:
            return "swap"
        run = self.run
        ended = self.at_end and moment.iteration > 0 and run is not None and not run.running
        return "converged" if ended else moment.kind

    def view_options(self, *, playing: bool = False) -> Options:
        """Return the options that give exactly the view on show."""
        options = replace(self.options, goto=self.goto, play=playing, screen="explore")
        run = self.run
        if run is None or run.recorded:
            return options
        stopped = run.history.cut_short and run.history.iterations
        if stopped and not run.history.swaps:
            # A command cannot press ctrl+c, but it can limit the updates to the same number. It
            # cannot stop between swaps, so there it gives all of them.
            limit = run.history.iterations
            options = replace(options, max_iterations=limit, improve=None)
        return replace(options, k=run.history.k)
