"""Turns options into results of the analyses, the same way for screen and shell."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kmeans_tui.analysis.growth import FIRST
from kmeans_tui.command import ELBOW_INIT, GIVEN, Options
from kmeans_tui.requests import given
from kmeans_tui.vocabulary import INITS

if TYPE_CHECKING:
    from kmeans_tui.analysis.census import Census
    from kmeans_tui.analysis.comparison import Comparison, Outcome
    from kmeans_tui.analysis.criteria import Row
    from kmeans_tui.analysis.progress import ProgressListener
    from kmeans_tui.analysis.reproducibility import Reproducible
    from kmeans_tui.analysis.resampling import Clustering
    from kmeans_tui.analysis.seed_runs import SeedRow, SeedRuns
    from kmeans_tui.analysis.stable_clusters import ClusterStability
    from kmeans_tui.analysis.sweep import Sweep
    from kmeans_tui.data.dataset import Dataset


def sweep(
    options: Options,
    dataset: "Dataset",
    *,
    k_max: int | None = None,
    criteria: bool = True,
    improve: bool | None = None,
    known: "Sequence[Row]" = (),
    progress: "ProgressListener[Row] | None" = None,
) -> "Sweep":
    """Call ``analysis.sweep.sweep`` with the options; their ``k_max`` unless it is given.

    Without ``improve``, the options say whether to (``improves``).
    """
    from kmeans_tui.analysis import sweep

    return sweep.sweep(
        dataset.points,
        options.k_max if k_max is None else k_max,
        options.runs,
        init=ELBOW_INIT if options.init == GIVEN else options.init,
        random_state=options.seed,
        criteria=criteria,
        known=known,
        progress=progress,
        weights=dataset.weights,
        **_rules(options) | {"improve": improves(options) if improve is None else improve},
    )


def improves(options: Options) -> bool:
    """Whether an elbow or a report with these options improves the best run for each k.

    Unless they say otherwise, all do but the article's, whose figures are those of plain runs.
    """
    return options.init != "article" if options.improve is None else options.improve


def seed_runs(
    options: Options,
    dataset: "Dataset",
    *,
    known: "Sequence[SeedRow]" = (),
    progress: "ProgressListener[SeedRow] | None" = None,
) -> "SeedRuns":
    """Call ``analysis.seeds.run_seeds`` with the options."""
    from kmeans_tui.analysis import seed_runs

    return seed_runs.run_seeds(
        dataset.points,
        clusters(options, dataset),
        options.seeds,
        init=drawn_start(options.init),
        known=known,
        progress=progress,
        weights=dataset.weights,
        **_rules(options),
    )


def census(
    options: Options,
    dataset: "Dataset",
    counted: Sequence[int],
    progress: "ProgressListener[None] | None" = None,
    checking: "ProgressListener[None] | None" = None,
) -> "Census":
    """Call ``analysis.census.census`` with the options and the seeds ``counted``."""
    from kmeans_tui.analysis import census as counting

    return counting.census(
        dataset.points,
        clusters(options, dataset),
        counted,
        init=drawn_start(options.init),
        progress=progress,
        checking=checking,
        weights=dataset.weights,
        **_rules(options),
    )


def clustering(options: Options, dataset: "Dataset") -> "Clustering":
    """Return how the data and their resamples are clustered: the best of several starts."""
    from kmeans_tui.analysis.resampling import Clustering

    return Clustering(
        clusters(options, dataset),
        stability_start(options.init),
        options.runs,
        options.seed,
        options.max_iterations,
        options.tolerance,
        options.empty,
    )


def stability(
    options: Options,
    dataset: "Dataset",
    known: "ClusterStability | None" = None,
    rows: "Mapping[int, Reproducible] | None" = None,
    progress: "ProgressListener[Any] | None" = None,
) -> "tuple[ClusterStability, dict[int, Reproducible]] | None":
    """Resample the data of the options, for their k and then for every k.

    ``known`` and ``rows`` are continued; ``progress`` gets the ``Original``, every ``Resample`` and
    every row for a k as it is found. None if it stops before there is an original.
    """
    from kmeans_tui.analysis import reproducibility, stable_clusters
    from kmeans_tui.analysis.progress import Progress

    stopped = False

    def heard(said: "Progress[Any]") -> bool:
        nonlocal stopped
        stopped = stopped or (progress is not None and progress(said) is False)
        return not stopped

    points, weights, asked = dataset.points, dataset.weights, clustering(options, dataset)
    if known is None:
        own = stable_clusters.original(points, asked, progress=heard, weights=weights)
        if own is None:
            return None
        heard(Progress(0, options.resamples, "resample 1", own))
        known = stable_clusters.ClusterStability.of(own, options.resampling)
    found = stable_clusters.resample(
        points, known, asked, options.resamples, progress=heard, weights=weights
    )
    by_k = dict(rows or {})
    if not stopped:
        ks = sorted({*range(2, (options.k_max or FIRST) + 1), asked.k})
        pairs = reproducibility.pairs_for(options.resamples)
        by_k = reproducibility.by_k(
            points, ks, asked, options.resampling, pairs, by_k, heard, weights
        )
    return found, by_k


def comparison(
    options: Options,
    dataset: "Dataset",
    start: str,
    progress: "ProgressListener[Outcome] | None" = None,
) -> "Comparison | None":
    """Call ``analysis.comparison.compare`` with the options, and the truth if the data have it."""
    from kmeans_tui.analysis.comparison import compare

    k = clusters(options, dataset)
    return compare(
        dataset.points,
        k,
        start=start,
        init=given.start(options, dataset, k) if options.init == GIVEN else options.init,
        random_state=options.seed,
        truth=dataset.truth,
        progress=progress,
        weights=dataset.weights,
        **_rules(options),
    )


def single_start(init: str) -> str:
    """Return how a run starts that is no part of a sweep over k."""
    return init if init in (*INITS, GIVEN) else "k-means++"


def drawn_start(init: str) -> str:
    """Return how many runs start, each from a seed: a given start would be the same for all."""
    return Options.init if init == GIVEN else single_start(init)


def stability_start(init: str) -> str:
    """Return how resamples start: as asked for, unless it is not drawn from their rows."""
    return init if init in INITS else ELBOW_INIT


def clusters(options: Options, dataset: "Dataset") -> int:
    """Return the k of the options, or the one the data set suggests if they have none."""
    return dataset.k if options.k is None else options.k


def _rules(options: Options) -> dict[str, Any]:
    return {
        "max_iterations": options.max_iterations,
        "tolerance": options.tolerance,
        "empty": options.empty,
        "improve": bool(options.improve),
    }
