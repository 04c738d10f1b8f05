"""The table of screens: name, key, class, subject, and the command that gives the same answer.

To add a screen, add a row, its module in ``ui/screens``, and its keys in ``key_table``.
"""

from typing import Final, NamedTuple


class Screen(NamedTuple):
    """A row: ``name`` as for ``--screen``, the ``key`` that shows the screen, ``about`` for the
    key table, and ``help``, the text of its help, where ``{criteria}`` and ``{votes}`` stand for
    the rules of the criteria and of their votes, ``{key[init]}`` for the key of an action.

    ``command`` gives the same answer without a screen; for an analysis of many runs it also names
    the answer and the figure. ``own`` are the options that such a screen sets for itself. The
    module in ``ui/screens`` has this name, its class the same with a capital.
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
        """Whether it analyses many runs and has its own figure."""
        return bool(self.own)


TABLE: Final[tuple[Screen, ...]] = (
    Screen(
        "explore", "1", "Explore: watch one run", "run",
        help="Each point takes the colour and the shape of its nearest centroid (assign); then "
        "every centroid moves to the mean of its points (update). A ring (◦) marks where "
        "the centroid was. Inertia is the sum of the squared distances of all points to their "
        "centroids: assigning lowers it and so does moving, until nothing changes. Only a swap "
        "({key[improve]}), which moves a centroid to a cluster that deserves two, raises it for a "
        "few iterations; it is kept if the inertia then falls below what it was. The shift is "
        "how far a centroid moved in an update. When no shift is larger than the tolerance, the "
        "limit that you set, the run has converged. Each assignment asks for the distance of every "
        "point to every centroid. Of an inspected point, the margin is how much farther the second "
        "nearest centroid is than the nearest; its silhouette is near 1 where its own cluster is "
        "much closer than the next one, 0 on the border, below 0 where another is closer.",
    ),
    Screen(
        "elbow", "2", "Elbow: how many clusters", "elbow", ("seed", "empty", "runs", "k_max"),
        help="The best of several runs for each k, then of swaps from its end (not with "
        "--no-improve, nor for the article's start). Inertia always falls as k grows: what counts "
        "is where it stops falling fast. The knee is the point of log(inertia) farthest below "
        "the line from the first k to the last; its strength is shown with it, and the knee of "
        "plain inertia for comparison. {criteria} vote too. {votes} "
        "Where best and worst differ, the start matters: more runs ({key[more-runs]}) or the "
        "start warm ({key[init]}) close the gap.",
    ),
    Screen(
        "seeds", "3", "Seeds: does the start matter", "seeds", ("seeds", "census"),
        help="The same clustering from different random starts. A run ends when no centroid "
        "moves, which need not be the best result: the census counts how often each result is "
        "reached, and how many starts find the best 99 times in 100. Colours are matched to "
        "the best run.",
    ),
    Screen(
        "compare", "4", "Compare: two runs side by side", "compare", ("pair",),
        help="Two runs that differ in one thing, with one clock: a run that has ended stays at its "
        "end. Clusters are matched: those with most points in common have the same number and "
        "colour. {key[pair]} chooses the two runs, or scikit-learn, which "
        "clusters the same points; its clusters are renumbered to match ours. "
        "Ours stops when no centroid moves by more than the tolerance; scikit-learn when "
        "the squared shifts add up to less than 0.0001 of the mean variance of the "
        "features. Given the same start, both run until nothing moves. In both, an empty "
        "cluster takes the farthest point.",
    ),
    Screen(
        "data", "5", "Data: sets, your files, columns", "run",
        help="Choose a built-in set or your own file, which is read completely and never "
        "changed. tab goes to the columns: the ticked ones are clustered, all others are kept "
        "as row labels. The remarks say what is left out, filled in or guessed. A logarithm "
        "evens out columns with a long right tail; it is suggested, never applied unasked. The "
        "known grouping is not clustered either: Compare compares the clusters with it.",
    ),
    Screen(
        "stability", "6", "Stability: would another sample give the same groups", "stability",
        ("init", "seed", "runs", "k_max", "resamples", "resampling"),
        help="Resamples of the rows are clustered like the data, and the clusters compared. "
        "Jaccard is how similar a cluster is to the most similar one of a resample, on "
        "average (Hennig 2007): above 0.85 it is highly stable, from 0.75 valid, from 0.6 "
        "doubtful, below that no cluster. A point keeps its company if the nearest centroid "
        "of the resample belongs to the cluster matched to its own. For each k, two "
        "resamples are compared by the adjusted Rand index, two halves by the prediction "
        "strength (Tibshirani and Walther 2005), and the border is how dense points are "
        "where clusters meet, as a share of that at their centroids: a cut through one cloud "
        "may come back in every sample, but it is no gap. A k is stable with a strength of "
        "at least 0.8 and borders of at most 0.6. {key[axes]} shows every k.",
    ),
    Screen(
        "lessons", "7", "Lessons: learn K-Means by doing", "lessons",
        help="Each lesson opens the right view by itself, asks you to do something and then "
        "something that you can see. Its lines stay above the keys on every screen: "
        "{key[lesson-answer]} types the answer, {key[lesson-next]} goes on, {key[lesson-leave]} "
        "leaves. A lesson is ticked when all its tasks were done and its questions answered.",
    ),
)  # fmt: skip


def screen(name: str) -> Screen:
    """Return the row of that name."""
    return next(each for each in TABLE if each.name == name)
