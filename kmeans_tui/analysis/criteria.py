"""The table of criteria for k: what each measures, which k it picks, and its names.

To add a criterion, add a row and its function in ``partition``. Nothing here needs numpy until
something is measured, so that the names can be checked before anything is loaded.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmeans_tui.words import listed, tally

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.analysis.partition import Partition
    from kmeans_tui.analysis.shape import Shape
    from kmeans_tui.analysis.starts import Best

# A cluster with at most this share of the rows is more likely a few outliers than a group.
_TINY: Final = 0.02
# A quarter of evenly spread rows lie near a border.
APART: Final = 0.22


@dataclass(frozen=True, eq=False)
class Row:
    """The runs for one k.

    ``best`` and ``worst`` are the inertia of the best and the worst of ``runs`` runs; ``run`` is
    the best one: its start, end, updates and seed. ``sizes`` (k,) are the rows of its clusters,
    ``weights`` (k,) their weight if rows have weights. ``scores`` are the criteria by their keys:
    None where undefined, infinite where the partition is ``perfect``, and empty until ``judged``,
    as is ``shape``, what its clusters tell of the shape of the groups.
    """

    k: int
    runs: int
    run: "Best"
    sizes: "np.ndarray"
    scores: Mapping[str, float | None] = field(default_factory=dict)
    shape: "Shape | None" = None
    weights: "np.ndarray | None" = None

    @property
    def held(self) -> str:
        """The sizes of its clusters, or their weights, the largest first: ``sizes 62 50 38``."""
        sizes = [str(each) for each in sorted(self.sizes.tolist(), reverse=True)]
        if self.weights is None:
            return f"sizes {' '.join(sizes)}"
        weights = sorted(self.weights.tolist(), reverse=True)
        return f"weights {' '.join(map(tally, weights))}"

    @property
    def judged(self) -> bool:
        """Whether the criteria have been computed."""
        return bool(self.scores)

    @property
    def best(self) -> float:
        """Inertia of the best run."""
        return self.run.inertia

    @property
    def worst(self) -> float:
        """Inertia of the worst run."""
        return self.run.worst

    @property
    def perfect(self) -> bool:
        """Whether the rows of each cluster are all equal, and several on average."""
        return math.inf in self.scores.values()


class Criterion(NamedTuple):
    """A row of the table: a voter for k, unless ``votes`` is False.

    ``key``       its name in documents; with dashes, that of its curve
    ``title``     its name in a sentence, ``heading`` and ``short`` above a column, ``called`` when
                  used alone
    ``measure``   its value for a partition; None for the elbow, which uses only the inertia
    ``error``     the standard error of the value
    ``most``      the value of the worst cluster
    ``best``      which values are best
    ``choose``    the k it picks, or None; by default the first with the best value
    ``leans``     the k it is for where clusters are apart, if it would otherwise abstain
    ``rule``      the same in words, if it is not the best value
    ``abstains``  whether it picks none if there are no clusters
    ``doubt``     a reason to doubt the row it picks
    ``digits``    decimals in a table; fewer than 3 if values can be of any size
    ``width``     width of its column on the screen, in cells
    ``rank``      of two columns that do not both fit, the one with the lower rank stays
    """

    key: str
    title: str
    measure: "Callable[[Partition], float | None] | None" = None
    error: "Callable[[Partition], float | None] | None" = None
    most: "Callable[[Partition], float | None] | None" = None
    best: Literal["highest", "lowest"] = "highest"
    choose: Callable[[Sequence[Row]], int | None] | None = None
    leans: Callable[[Sequence[Row]], int | None] | None = None
    rule: str = ""
    abstains: bool = False
    doubt: Callable[[Row], str] = lambda row: ""
    called: str = ""
    heading: str = ""
    short: str = ""
    digits: int = 4
    width: int = 7
    rank: int = 0
    votes: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its value and of its error, if any."""
        return (self.key,) if self.error is None else (self.key, f"{self.key}_error")

    @property
    def curve(self) -> str:
        """The name of its curve, as ``--curve`` takes it."""
        return self.key.replace("_", "-")

    def scores(self, partition: "Partition") -> dict[str, float | None]:
        """Return its value, and the error and the most if any, by their keys."""
        named = {"": self.measure, "_error": self.error, "_most": self.most}
        return {f"{self.key}{end}": each(partition) for end, each in named.items() if each}

    def text(self, value: float | None, most: int = 4) -> str:
        """Return its value for a table, with at most ``most`` decimals."""
        return "-" if value is None else f"{value:.{min(self.digits, most)}f}"

    def choice(self, rows: Sequence[Row]) -> int | None:
        """Return the k it picks among rows of ascending k; None if it picks none."""
        if self.choose is not None:
            return self.choose(rows)
        sign = 1 if self.best == "highest" else -1
        values = ((row.k, row.scores.get(self.key)) for row in rows)
        defined = [(sign * value, -k) for k, value in values if value is not None]
        return -max(defined)[1] if defined else None

    def leaning(self, rows: Sequence[Row]) -> int | None:
        """Return the k it is for among rows whose clusters are apart."""
        return self.choice(rows) if self.leans is None else self.leans(rows)


def _clear_knee(rows: Sequence[Row]) -> int | None:
    from kmeans_tui.analysis.knee import log_knee

    knee = log_knee([row.k for row in rows], [row.best for row in rows])
    return knee.k if knee is not None and knee.clear else None


def _largest_bend(rows: Sequence[Row]) -> int | None:
    from kmeans_tui.analysis.knee import log_knee

    knee = log_knee([row.k for row in rows], [row.best for row in rows])
    return None if knee is None else knee.k


def _highest_gap(rows: Sequence[Row]) -> int | None:
    defined = [(gap, -row.k) for row in rows if (gap := row.scores.get("gap")) is not None]
    return -max(defined)[1] if defined else None


def _all_apart(rows: Sequence[Row]) -> int | None:
    return _largest([row for row in rows if all_apart(row, APART)], rows)


def _largest(found: Sequence[Row], rows: Sequence[Row]) -> int | None:
    # Where nothing is left to part, more clusters coincide.
    perfect = [row.k for row in rows if row.perfect]
    return min(perfect) if perfect else max((row.k for row in found), default=None)


def all_apart(row: Row, limit: float) -> bool:
    """Whether no cluster has more than this share of its rows near a border."""
    most = row.scores.get("overlap_most")
    return most is not None and most <= limit


def _within_one_error(rows: Sequence[Row]) -> int | None:
    from kmeans_tui.analysis.gap import one_standard_error

    gaps, errors = ([row.scores.get(key) for row in rows] for key in ("gap", "gap_error"))
    return one_standard_error([row.k for row in rows], gaps, errors)


def _largest_strong(rows: Sequence[Row]) -> int | None:
    from kmeans_tui.analysis.stable_clusters import STRONG

    strong = [row for row in rows if (row.scores.get("prediction_strength") or 0) >= STRONG]
    return _largest(strong, rows)


def _few_rows(row: Row) -> str:
    sizes = row.sizes if row.weights is None else row.weights
    whole, least = sizes.sum(), sizes.min()
    if least > max(1, _TINY * whole):
        return ""
    of_all = f"{least} of {whole} rows"
    if row.weights is not None:
        of_all = f"weight {tally(least)} of {tally(whole)}"
    return (
        f"the silhouette of k = {row.k} rests on a cluster of {of_all}: "
        "check whether these are outliers before trusting it"
    )


TABLE: Final[tuple[Criterion, ...]] = (
    Criterion("elbow", "elbow", choose=_clear_knee, leans=_largest_bend, abstains=True),
    Criterion(
        "silhouette", "silhouette", lambda of: of.silhouette, doubt=_few_rows,
        heading="silhouette", short="silh.", rank=1,
    ),
    Criterion(
        "calinski_harabasz", "Calinski-Harabasz", lambda of: of.calinski_harabasz,
        heading="Cal.-Harab.", short="C-H", digits=1, width=9, rank=4,
    ),
    Criterion(
        "davies_bouldin", "Davies-Bouldin", lambda of: of.davies_bouldin, best="lowest",
        heading="Dav.-Bould.", short="D-B", rank=3,
    ),
    Criterion(
        "gap", "gap", lambda of: of.gap[0], lambda of: of.gap[1],
        choose=_within_one_error, leans=_highest_gap,
        rule="the first k within one standard error of the next",
        abstains=True, called="gap statistic",
        heading="gap", short="gap", digits=3, width=8, rank=2,
    ),
    Criterion(
        "overlap", "overlap", lambda of: of.overlap[0], most=lambda of: of.overlap[1],
        best="lowest", choose=_all_apart,
        rule=f"the largest k with at most {APART:.0%} of the rows of any cluster near a border",
        heading="overlap", short="over.", digits=3, rank=5,
    ),
    # No voter: a cut through one long cloud is found again in every half.
    Criterion(
        "prediction_strength", "prediction strength", lambda of: of.prediction_strength,
        choose=_largest_strong, rule="the largest k with at least 0.8", abstains=True,
        heading="strength", short="str.", digits=3, rank=6, votes=False,
    ),
)  # fmt: skip


def measured() -> list[Criterion]:
    """Return the criteria that have a value."""
    return [each for each in TABLE if each.measure is not None]


def voters() -> list[Criterion]:
    """Return the criteria that vote."""
    return [each for each in TABLE if each.votes]


def by_weight() -> list[Criterion]:
    """Return the voters, first those that abstain if there are no clusters."""
    return sorted(voters(), key=lambda each: (not each.abstains, each.rank))


def curves() -> dict[str, str]:
    """Return the curves that Elbow can draw: their names for ``--curve``, and their titles."""
    return {
        "inertia": "inertia, best run (∙ worst)",
        "log-inertia": "log(inertia) and its chord",
        **{each.curve: each.called or f"{each.title}, {each.best} is best" for each in measured()},
        "ladder": "ladder: rows from k to k + 1",
    }


def rules() -> str:
    """Return in words how the criteria with a value pick their k, for use within a sentence."""
    counted = [each for each in voters() if each.measure is not None]
    groups = groupby(counted, lambda each: each.rule or f"{each.best} is best")
    return listed([f"{', '.join(map(_standing_alone, group))} ({rule})" for rule, group in groups])


def _standing_alone(criterion: Criterion) -> str:
    return f"the {criterion.called}" if criterion.called else criterion.title
