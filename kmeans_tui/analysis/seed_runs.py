"""Run the same k from many seeds and compare the results."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kmeans_tui.analysis.cores import SWAPS, GoOn, Piece, in_order, seconds
from kmeans_tui.analysis.matching import match_centroids
from kmeans_tui.analysis.progress import Progress, ProgressListener
from kmeans_tui.analysis.rounding import Nothing
from kmeans_tui.clustering import batch, checks, swap
from kmeans_tui.clustering.ends import Ends, from_starts
from kmeans_tui.clustering.initialisation import initialise
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.clustering.stillness import limit

_NEAR = 0.01


@dataclass(frozen=True, eq=False)
class SeedRow:
    """The result of one seed.

    ``gap`` is how far its inertia is above the best, as a share of the best (0 for the best; None
    if the best is 0). ``centroids`` (k, d) have the run's own numbers; ``centroids[order]`` are
    numbered like those of the best run, so that clusters keep their colours.
    """

    seed: int
    inertia: float
    updates: int
    centroids: np.ndarray
    gap: float | None = 0.0
    order: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class SeedRuns:
    """Runs from several seeds, in the order of the seeds; ``complete`` is False when cancelled."""

    rows: tuple[SeedRow, ...]
    complete: bool

    @property
    def best(self) -> SeedRow:
        """The row with the lowest inertia, the first in a tie."""
        return min(self.rows, key=lambda row: row.inertia)

    @property
    def worst(self) -> SeedRow:
        """The row with the highest inertia, the first in a tie."""
        return max(self.rows, key=lambda row: row.inertia)

    @property
    def difference(self) -> float:
        """The inertia of the worst minus that of the best."""
        return self.worst.inertia - self.best.inertia

    def sorted(self) -> tuple[SeedRow, ...]:
        """The rows, best first."""
        return tuple(sorted(self.rows, key=lambda row: (row.inertia, row.seed)))

    def summary(self, lowest: float | None = None) -> str:
        """Return one sentence: how many seeds reach the best, and how bad the worst is.

        ``lowest`` is the lowest inertia known elsewhere: where it is clearly lower, the best is
        only that of these seeds.
        """
        count = len(self.rows)
        if count == 0:
            return "no seed has run yet"
        reach = sum(near(row.inertia, self.best.inertia) for row in self.rows)
        if count == 1:
            return (
                f"seed {self.rows[0].seed} ends at {self.best.inertia:.6g}; more seeds compare it"
            )
        if reach == count:
            # A few seeds cannot show that the start does not matter: five may miss a 1 in 20 risk.
            return f"all {count} seeds listed end within 1 % of the best of them"
        of_them = "" if lowest is None or near(self.best.inertia, lowest) else " of them"
        return (
            f"{reach} of {count} seeds end within 1 % of the best{of_them}; "
            f"the worst, seed {self.worst.seed}, is "
            + times_as_bad(self.worst.inertia, self.best.inertia)
        )


def run_seeds(
    X: np.ndarray,
    k: int,
    seeds: Sequence[int],
    *,
    init: str = "random",
    max_iterations: int = 100,
    tolerance: float = 1e-4,
    empty: str = "farthest",
    improve: bool = False,
    known: Sequence[SeedRow] = (),
    progress: ProgressListener[SeedRow] | None = None,
    weights: np.ndarray | None = None,
) -> SeedRuns:
    """Run K-Means on X (n, d) once for each seed.

    Every row is the result of ``KMeans(k, init=init, …, random_state=seed, improve=improve)``.
    Rows of earlier runs that differ only in their seeds may be given as ``known`` and are not
    computed again. ``progress`` gets each row as it is found, still without gap and order.
    ``weights`` (n,) are those of the rows of X. Raises ``ValueError`` for unusable points, seeds or
    parameters.
    """
    there = {row.seed: row for row in known}
    rows = [there[seed] for seed in seeds if seed in there]
    missing = [seed for seed in seeds if seed not in there]
    options = KMeans(k, max_iterations, tolerance, init, empty, improve=improve)
    for part, found in ends_of_seeds(X, options, missing, progress, len(rows), weights):
        for i, seed in enumerate(part):
            row = SeedRow(
                seed, float(found.inertia[i]), int(found.updates[i]), found.centroids[i].copy()
            )
            rows.append(row)
            if progress is not None:
                progress(Progress(len(rows), len(seeds), f"seed {seed}", row))
    if not rows:
        return SeedRuns((), False)
    place = {seed: at for at, seed in enumerate(seeds)}
    rows.sort(key=lambda row: place[row.seed])
    least = min(rows, key=lambda row: row.inertia)
    return SeedRuns(
        tuple(
            replace(
                row,
                gap=row.inertia / least.inertia - 1 if least.inertia > 0 else None,
                order=match_centroids(least.centroids, row.centroids),
            )
            for row in rows
        ),
        len(rows) == len(seeds),
    )


def ends_of_seeds(
    X: np.ndarray,
    options: KMeans,
    seeds: Sequence[int],
    progress: ProgressListener[SeedRow] | ProgressListener[None] | None,
    before: int = 0,
    weights: np.ndarray | None = None,
) -> Iterator[tuple[Sequence[int], Ends]]:
    """Yield the ends of all seeds, some at a time, until ``progress`` stops it.

    ``before`` seeds have already run and count as done.
    """
    for seed in (min(seeds, default=0), max(seeds, default=0)):
        checks.random_state(seed)
    points = checks.points(X)
    checks.enough_rows(points, options.k)
    rules = _Rules(
        options.k, str(options.init), options.max_iterations,
        limit(options.tolerance, points, weights), options.empty, options.improve, weights,
    )  # fmt: skip
    (n, d), done = points.shape, before
    size = max(1, batch.together(n, options.k, d))
    parts = [seeds[first : first + size] for first in range(0, len(seeds), size)]

    def go_on(_: str = "") -> bool:
        following = seeds[done - before] if done - before < len(seeds) else 0
        said: Progress[Any] = Progress(done, before + len(seeds), f"seed {following}")
        return progress is None or progress(said) is not False

    expected = seconds(n, d, options.k * len(seeds) * (SWAPS if options.improve else 1))
    tasks = (Piece(_ends_of, (part, rules)) for part in parts)
    with closing(in_order(points, tasks, go_on, expected=expected)) as found:
        for part in parts:
            ends = next(found, None) if go_on() else None
            if ends is None:
                return
            yield part, ends
            done += len(part)


@dataclass(frozen=True, eq=False)
class _Rules:
    """How every seed is run; the fields are those of ``KMeans``, the tolerance is its ``limit``.

    ``weights`` (n,) are those of the points.
    """

    k: int
    init: str
    max_iterations: int
    tolerance: float
    empty: str
    improve: bool
    weights: np.ndarray | None


def _ends_of(X: np.ndarray, seeds: Sequence[int], rules: _Rules, go_on: GoOn) -> Ends | None:
    """Return the ends of the runs from some seeds; None if stopped."""
    # Reseeding a generator takes a tenth of the time of making one, and after the start only the
    # rule "random" for empty clusters draws from it.
    rng, kept = np.random.RandomState(), rules.empty == "random"
    generators, starts = [], []
    for seed in seeds:
        if kept:
            rng = np.random.RandomState()
        rng.seed(seed)
        generators.append(rng)
        starts.append(initialise(X, rules.k, rules.init, rng, weights=rules.weights))
    found = from_starts(
        X,
        np.stack(starts),
        max_iterations=rules.max_iterations,
        tolerance=rules.tolerance,
        empty=rules.empty,
        generators=generators,
        go_on=lambda: go_on(""),
        weights=rules.weights,
    )
    if found is not None and rules.improve:
        found = swap.improved_ends(
            X, found, rules.max_iterations, rules.tolerance, lambda: go_on(""), rules.weights
        )
    return None if found is None else Nothing(X, rules.weights).rounded(found)


def near(inertia: float, best: float) -> bool:
    """Whether an inertia is practically as good as the best: within 1 %."""
    return inertia <= best * (1 + _NEAR)


def times_as_bad(worst: float, best: float) -> str:
    """Return in words: "15.1 times as bad", "3.2 % above it"."""
    if best <= 0:
        return f"at {worst:.6g}"
    if worst < 2 * best:
        above = 100 * (worst / best - 1)
        return f"{above:.2g} % above it" if above < 10 else f"{above:.0f} % above it"
    return f"{worst / best:.1f} times as bad"
