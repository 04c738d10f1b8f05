"""The runs that a picture shows: one, or the two of a pair in matching colours."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.figures.look import Look
from kmeans_tui.export.view import RunView
from kmeans_tui.words import printable

if TYPE_CHECKING:
    from kmeans_tui.analysis.pair import Pair


@dataclass(frozen=True)
class RunsView:
    """One or two runs as figures need them, with the settings and the look of all.

    ``names`` are those of the runs of a pair, ``numbers`` (k,) those of the clusters of each,
    counted from 0: matched clusters have one number, and its colour.
    """

    views: tuple[RunView, ...]
    names: tuple[str, ...]
    numbers: tuple[tuple[int, ...], ...]
    pair: "Pair | None" = None

    @property
    def alone(self) -> bool:
        """Whether it is one run."""
        return self.pair is None

    @property
    def settings(self) -> Appearance:
        """The settings of all."""
        return self.views[0].settings

    @property
    def look(self) -> Look:
        """The look of all."""
        return self.views[0].look

    @property
    def iterations(self) -> int:
        """The updates of the longest run."""
        return max(view.history.iterations for view in self.views)

    @property
    def styles(self) -> dict[int, tuple[str, str]]:
        """Colour and marker of every cluster, by its number, in order."""
        found: dict[int, tuple[str, str]] = {}
        for numbers, view in zip(self.numbers, self.views, strict=True):
            found.update(zip(numbers, view.styles, strict=True))
        return dict(sorted(found.items()))

    @property
    def exact(self) -> list[str]:
        """The colours that a palette must contain."""
        look, colours = self.look, [colour for colour, _ in self.styles.values()]
        return [look.background, look.ink, look.faint, look.line, *colours]


def one_run(view: RunView) -> RunsView:
    """Return the one run."""
    return RunsView((view,), ("",), (tuple(range(view.history.k)),))


def two_runs(view: RunView, pair: "Pair") -> RunsView:
    """Return the runs of a pair; ``view`` has their settings, the colours those of the first."""
    k = pair.first.history.k
    numbers = tuple(pair.numbers.tolist())
    own = view.settings.wears if len(view.settings.wears or ()) == k else None
    first = own or tuple(range(k))
    second = tuple(first[each] if each < k else each for each in numbers)
    sides = (pair.first, first), (pair.second, second)
    views = tuple(
        type(view)(side.dataset, side.history, replace(view.settings, wears=worn))
        for side, worn in sides
    )
    names = printable(pair.first.name), printable(pair.second.name)
    return RunsView(views, names, (tuple(range(k)), numbers), pair)
