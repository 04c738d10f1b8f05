"""THE table of the screens: name, key, class, what each is about, and the command that stands in.

To add a screen, add a row, its module in ``ui/screens``, and its keys in ``ui/keys``.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Screen:
    """A row: ``name`` as ``--screen`` takes it, the ``key`` that shows it, what it is ``about`` in
    the words of the key table, and ``help``, what it shows in the words of its help: ``{criteria}``
    there stands for the rules of the criteria.

    ``command`` answers the same without a screen; where many runs are asked it is also the name of
    the answer and of the figure. ``own`` are the options that such a screen sets for itself. The
    module in ``ui/screens`` has the name, and its class the same with a capital.
    """

    name: str
    key: str
    about: str
    command: str
    own: tuple[str, ...] = ()
    help: str = ""

    @property
    def place(self) -> str:
        """The name of its class, of its tab, and of its rows in the key table."""
        return self.name.capitalize()

    @property
    def asks(self) -> bool:
        """Whether it asks many runs and has a figure of its own."""
        return bool(self.own)


TABLE: Final[tuple[Screen, ...]] = (
    Screen(
        "explore", "1", "Explore: watch one run", "run",
        help="Each point takes the colour and the shape of its nearest centroid (assign); then "
        "every centroid moves to the mean of its points (update). A ring (◦) marks where "
        "the centroid was. When no centroid moves by more than the tolerance, the run has "
        "converged.",
    ),
    Screen(
        "elbow", "2", "Elbow: how many clusters", "elbow", ("seed", "empty", "runs", "k_max"),
        help="For each k the best of several runs. Inertia always falls with k: what counts is "
        "where it stops falling fast. The knee is looked for on log(inertia), as the point "
        "farthest below the line from the first k to the last; how clear it is stands "
        "beside it, and the plain chord of inertia for comparison. {criteria} vote too. "
        "A k is named where more than half of the votes agree on it, those of the elbow or the "
        "gap among them: the others name some k whatever the data. "
        "Where best and worst lie apart, the start decides: more runs (>) or the start warm "
        "(i) close the gap.",
    ),
    Screen(
        "seeds", "3", "Seeds: does the start matter", "seeds", ("seeds", "census"),
        help="The same clustering from other random starts. A run ends where no centroid moves, "
        "which need not be the best place: the census counts how often each end is reached, "
        "and how many starts it takes to find the best 99 times in 100. Colours are matched "
        "to the best run.",
    ),
    Screen(
        "compare", "4", "Compare with scikit-learn", "compare", ("start",),
        help="scikit-learn clusters the same points; its clusters are renumbered to match ours. "
        "Ours stops when no centroid moves by more than the tolerance; scikit-learn when "
        "the squared shifts add up to less than 0.0001 of the mean variance of the "
        "features. Given the same start, both go on until nothing moves. An empty cluster "
        "takes the farthest point in both. i changes what both are given.",
    ),
    Screen(
        "data", "5", "Data: sets, your files, columns", "run",
        help="What is clustered: built-in sets, and tables of yours, read whole as soon as they "
        "are chosen and never changed. tab goes to the columns; those ticked take part, all "
        "others are kept as labels of the rows. What is left out, filled in or guessed "
        "stands in the remarks. A logarithm evens out columns with a long tail to the "
        "right; it is offered, never taken in silence. The known grouping takes no part "
        "either: Compare sets the clusters against it.",
    ),
)  # fmt: skip


def screen(name: str) -> Screen:
    """The row of that name."""
    return next(each for each in TABLE if each.name == name)
