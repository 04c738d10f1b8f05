"""The options of the analyses that rest on many runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kmeans_tui.argument_types import resample_count, seed_count, seed_list, whole
from kmeans_tui.options.groups import flag
from kmeans_tui.pair_kinds import SCIKIT_LEARN, pair
from kmeans_tui.vocabulary import BOOTSTRAP, RESAMPLINGS

ORDERS: Final = ("inertia", "seed", "iterations")


@dataclass(frozen=True)
class AnalysisOptions:
    """What Elbow, Seeds, Stability and Compare compute besides the run on show."""

    runs: int = flag(
        "--runs",
        decides=("elbow", "stability", "compare"),
        type=whole,
        metavar="N",
        default=3,
        help="runs for each k, in elbow, in stability and with --init warm or article (3)",
    )
    k_max: int | None = flag(
        "--k-max", of="elbow", decides=("elbow", "stability"), type=whole, metavar="N",
        help="largest k (10, and on to at most 30 while most criteria are best at the end)",
    )  # fmt: skip
    curve: str = flag("--curve", of="view", default="inertia", help="what the elbow curve shows")
    seeds: Sequence[int] = flag(
        "--seeds",
        of="seeds",
        type=seed_list,
        metavar="A-B",
        default=range(5),
        help="the seeds to list: 0-4, or 1,5,9-12",
    )
    census: int | None = flag(
        "--census",
        of="seeds",
        type=seed_count,
        metavar="N",
        help="count the results of seeds 0 to N - 1; by default, of those listed",
    )
    order: str = flag(
        "--order", of="view", choices=ORDERS, default="inertia", help="how seeds are sorted"
    )
    resamples: int = flag(
        "--resamples", of="stability", type=resample_count, metavar="N", default=100,
        help="resamples of the rows (100)",
    )  # fmt: skip
    resampling: str = flag(
        "--resampling", of="stability", choices=RESAMPLINGS, default=BOOTSTRAP,
        help="bootstrap: as many rows, drawn with replacement; halves: half of them, without",
    )  # fmt: skip
    pair: str = flag(
        "--pair",
        of="compare",
        type=pair,
        metavar="PAIR",
        default=SCIKIT_LEARN,
        help="the two runs to compare, such as seeds:0,1 (scikit-learn)",
    )
