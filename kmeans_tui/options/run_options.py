"""The options that say which run is done."""

from dataclasses import dataclass

from kmeans_tui.argument_types import not_negative, seed_number, whole
from kmeans_tui.given_points import GivenPoints, given_points
from kmeans_tui.options.groups import EITHER, SINGLE, flag
from kmeans_tui.vocabulary import EMPTY_RULES


@dataclass(frozen=True)
class RunOptions:
    """The data and how they are clustered; ``None`` leaves a choice to the data set."""

    data: str = flag(of="data", default="blobs")
    k: int | None = flag("-k", decides=SINGLE, type=whole, metavar="N", help="number of clusters")
    init: str = flag("--init", decides=SINGLE, default="random", help="how the centroids start")
    seed: int = flag(
        "--seed",
        decides=("run", "elbow", "compare", "stability"),
        type=seed_number,
        metavar="N",
        default=42,
        help="random seed",
    )
    centroids: GivenPoints | None = flag(  # noqa: RUF009
        "--centroids",
        decides=("run", "compare"),
        type=given_points,
        metavar="'X,Y …'",
        help="start from these centroids, in the units of the table: '1,2 3,4' or a CSV file; they "
        "set k and overrule --init and --seed",
    )
    max_iterations: int = flag(
        "--max-iterations",
        type=whole,
        metavar="N",
        default=100,
        help="maximum number of updates",
    )
    tolerance: float = flag(
        "--tolerance",
        type=not_negative,
        metavar="F",
        default=1e-4,
        help="converged when every centroid moves less than this; if the data's spread (standard "
        "deviation) is below 1, less than this fraction of it",
    )
    empty: str = flag(
        "--empty",
        choices=EMPTY_RULES,
        default="farthest",
        help="the point that takes over an empty cluster: the farthest, or a random one",
    )
    improve: bool | None = flag(
        "--improve",
        decides=("run", "elbow", "seeds", "compare"),
        action=EITHER,
        help="at the end of a run, move centroids that are hardly needed to clusters that deserve "
        "two, until that no longer helps; elbow and report do so by default, but for the start "
        "article",
    )
