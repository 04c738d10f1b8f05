"""A complete analysis of one data set: how many clusters, how certain, and what they are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.analysis.census import Census, census
from kmeans_tui.analysis.comparison import Truth, against_truth
from kmeans_tui.analysis.lower_ends import LowestEnd
from kmeans_tui.analysis.profile import Profile, profiles
from kmeans_tui.analysis.progress import Progress
from kmeans_tui.analysis.rounding import same
from kmeans_tui.analysis.seed_runs import SeedRuns, run_seeds
from kmeans_tui.analysis.sweep import Sweep, sweep
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.kmeans import KMeans

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

# Starts that are counted; for large tables, as many as cover this many points in total.
_STARTS: Final = 100
_POINTS_AT_MOST: Final = 5_000_000
_FEWEST: Final = 5


@dataclass(frozen=True, eq=False)
class Decision:
    """The result: ``k`` and ``why`` it was chosen; the sweep, the seeds and the census.

    ``history`` is the best run for k, from ``seed``; ``truth`` compares it with the known groups.
    """

    k: int
    why: str
    sweep: Sweep
    runs: SeedRuns
    census: Census
    seed: int
    history: History
    profiles: tuple[Profile, ...]
    truth: Truth | None


def decide(
    dataset: "Dataset",
    k: int | None = None,
    *,
    k_max: int | None = None,
    sweep_runs: int = 3,
    init: str = "k-means++",
    max_iterations: int = 100,
    tolerance: float = 1e-4,
    empty: str = "farthest",
    random_state: int = 42,
    improve: bool = False,
    progress: Callable[[Progress[Any]], bool | None] | None = None,
) -> Decision | None:
    """Choose k (unless it is given) and describe the best clustering found for it.

    With ``improve``, the best run for each k and the one described go on with swaps.
    ``progress`` is told what is being done; if it returns False, the work stops and None is
    returned. Raises ``ValueError`` for unusable points or parameters.
    """
    points, weights = dataset.points, dataset.weights
    found = sweep(
        points, k_max, sweep_runs, init=init, random_state=random_state,
        max_iterations=max_iterations, tolerance=tolerance, empty=empty, improve=improve,
        progress=progress, weights=weights,
    )  # fmt: skip
    if not found.complete:
        return None
    chosen, why = _chosen(k, found, dataset)
    runs = run_seeds(
        points, chosen, range(_FEWEST), init=init, max_iterations=max_iterations,
        tolerance=tolerance, empty=empty, progress=progress, weights=weights,
    )  # fmt: skip
    starts = max(_FEWEST, min(_STARTS, _POINTS_AT_MOST // dataset.n))
    counted = census(
        points, chosen, range(starts), init=init, max_iterations=max_iterations,
        tolerance=tolerance, empty=empty, progress=progress, weights=weights,
    )  # fmt: skip
    if not (runs.complete and counted.complete):
        return None
    row = next((each for each in found.rows if each.k == chosen), None)
    known = counted.optima[0].inertia
    better = row is not None and row.best < known and not same(row.best, known)
    seed = counted.optima[0].first_seed
    if better and row is not None and row.run.seed is not None:
        # One of the sweep's few runs found a better result than all of the runs here.
        seed = row.run.seed
        if row.run.swaps:
            counted = counted.beside(LowestEnd(row.best, "swaps"))
        else:
            counted = counted.joined_by(row.best, seed, row.run.centroids)
    model = KMeans(chosen, max_iterations, tolerance, init, empty, seed, improve)
    best = model.fit(points, weights=weights)
    last = best.history[-1]
    if best.history.swaps:
        counted = counted.beside(LowestEnd(float(last.inertia), "swaps"))
    truth = None
    if dataset.truth is not None:
        truth = against_truth(dataset.truth, last.labels, chosen, weights)
    return Decision(
        k=chosen,
        why=why,
        sweep=found,
        runs=runs,
        census=counted,
        seed=seed,
        history=best.history,
        profiles=profiles(dataset, last.labels, last.centroids),
        truth=truth,
    )


def _chosen(k: int | None, found: Sweep, dataset: "Dataset") -> tuple[int, str]:
    if k is not None:
        return k, f"k = {k} was requested."
    if found.verdict.k is not None:
        return found.verdict.k, f"Most criteria choose k = {found.verdict.k}."
    if dataset.truth is not None:
        return dataset.k, (
            f"The criteria give no clear k; k = {dataset.k}, the number of known groups, is used."
        )
    choices = [each for each in found.verdict.choices.values() if each is not None and each > 1]
    if choices:
        common = max(sorted(set(choices)), key=choices.count)
        return common, (
            f"The criteria give no clear k; k = {common} is shown because more of them choose it "
            "than any other: try others before relying on it."
        )
    return dataset.k, f"No criterion chooses a k; k = {dataset.k} is shown only as an example."
