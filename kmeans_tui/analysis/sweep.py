"""How many clusters: inertia and criteria for each k, and their verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from kmeans_tui.analysis import growth
from kmeans_tui.analysis.case_weights import copies, of_clusters
from kmeans_tui.analysis.criteria import Row, measured
from kmeans_tui.analysis.gap import Reference
from kmeans_tui.analysis.partition import SAMPLE, Partition, silhouette_rows
from kmeans_tui.analysis.progress import Progress, ProgressListener
from kmeans_tui.analysis.reproducibility import by_k
from kmeans_tui.analysis.resampling import HALVES, Clustering
from kmeans_tui.analysis.rounding import Nothing
from kmeans_tui.analysis.shape import Shapes
from kmeans_tui.analysis.starts import Best, Rules, from_seeds, improved, in_order, warm
from kmeans_tui.analysis.verdict import Verdict, judge
from kmeans_tui.clustering import checks
from kmeans_tui.clustering.initialisation import STARTS
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.clustering.stillness import limit

# Besides the starts of ``KMeans``: "warm" continues from the best centroids for k - 1, "article"
# draws random points from one generator for all k, one run after the other.
WARM, ARTICLE = "warm", "article"
PROCEDURES: Final = (*STARTS, WARM, ARTICLE)
_REFERENCE_SEED: Final = 42
# Most starts of each reference set: six lower its inertia by 0.4 %, a tenth of its error.
_REFERENCE_STARTS: Final = 3
# Pairs of halves for the prediction strength of a k; Stability takes more.
_HALVED: Final = 5


@dataclass(frozen=True, eq=False)
class Sweep:
    """One row for each k from 1 on.

    ``init`` is the procedure, the next three are those of ``KMeans``; ``silhouette_rows`` is the
    number of rows used for the silhouette. ``complete`` is False if cancelled. With ``grew`` the
    largest k was not given; with ``improve`` the best run for each k was improved by swaps.
    """

    rows: tuple[Row, ...]
    init: str
    max_iterations: int
    tolerance: float
    empty: str
    silhouette_rows: int
    complete: bool
    grew: bool = False
    improve: bool = False

    @property
    def verdict(self) -> Verdict:
        """The joint verdict of the rows."""
        return judge(self.rows, self.init, grew=self.grew)

    def model(self, k: int) -> KMeans:
        """Return the best run for k, to be fitted to the same points: same start, same steps.

        Its end equals the row's: to the last bit on few points, up to rounding of the means on
        many. Raises ``ValueError`` for a k without a row.
        """
        for row in self.rows:
            if row.k == k:
                return model(row, self.init, self.max_iterations, self.tolerance, self.empty)
        raise ValueError(f"there is no run for k = {k}; choose one of 1 to {len(self.rows)}")


def model(row: Row, init: str, max_iterations: int, tolerance: float, empty: str) -> KMeans:
    """Return the best run of a row, like ``Sweep.model``, while the sweep is still running."""
    improve = row.run.swaps is not None
    if row.run.seed is not None and init in STARTS:
        return KMeans(row.k, max_iterations, tolerance, init, empty, row.run.seed, improve)
    generator = np.random.RandomState()
    generator.set_state(row.run.generator)
    return KMeans(row.k, max_iterations, tolerance, row.run.start, empty, generator, improve)


def sweep(
    X: np.ndarray,
    k_max: int | None = growth.FIRST,
    runs: int = 3,
    *,
    init: str = "k-means++",
    random_state: int | np.random.RandomState = 42,
    max_iterations: int = 100,
    tolerance: float = 1e-4,
    empty: str = "farthest",
    criteria: bool = True,
    improve: bool = False,
    known: Sequence[Row] = (),
    progress: ProgressListener[Row] | None = None,
    weights: np.ndarray | None = None,
) -> Sweep:
    """Run K-Means on X (n, d) for k = 1 … ``k_max`` (at most n), ``runs`` times each.

    Without ``k_max`` it is 10 at first, and grows while most criteria are best at its end (not for
    "article", whose procedure ends at 10).

    ``init`` is one of ``PROCEDURES``. Starts of ``KMeans`` are drawn from the seeds
    ``random_state``, ``random_state + 1``, … at every k. "article" draws all from one generator, a
    ``RandomState`` going on where it stands, with the article's rule for empty clusters, "random".
    With ``improve``, the best run for each k goes on with swaps (``clustering.swap``).

    First every k gets its row, then every row its criteria, unless ``criteria`` is False;
    ``progress`` gets each row twice. Rows of a sweep that differed only in ``k_max`` may be given
    as ``known`` and are not computed again (not for "article", whose runs depend on earlier ones).
    A row of X with weight w in ``weights`` (n,) counts as w copies of it. Raises ``ValueError`` for
    unusable points or parameters.
    """
    first = growth.FIRST if k_max is None else k_max
    for name, value in (("k_max", first), ("runs", runs)):
        checks.whole_number(name, value)
    checks.one_of("init", init, PROCEDURES)
    checks.random_state(random_state)
    if init == ARTICLE:
        known, empty = (), "random"
    KMeans(1, max_iterations, tolerance, "random", empty)  # checks the parameters
    points = checks.points(X)
    grows = k_max is None and criteria and init != ARTICLE
    bound = growth.bound(len(points), copies(weights))
    last = bound if grows else min(first, len(points))
    work = _Sweeping(points, runs, init, random_state, criteria, progress, weights, improve=improve)
    work.rows.update({row.k: row for row in known if row.k <= last})
    rules = Rules(
        max_iterations, limit(tolerance, points, weights), empty, Nothing(points, weights),
        work.go_on, weights,
    )  # fmt: skip
    complete = work.up_to(min(first, len(points)), rules)
    while complete and grows:
        end = growth.next_end(work.ordered(), bound)
        if end == work.end:
            break
        complete = work.up_to(end, rules)
    return Sweep(
        tuple(work.ordered()),
        init,
        max_iterations,
        tolerance,
        empty,
        silhouette_rows(len(points)),
        complete,
        grows,
        improve,
    )


class _Sweeping:
    """A running sweep."""

    def __init__(
        self,
        X: np.ndarray,
        runs: int,
        init: str,
        random_state: int | np.random.RandomState,
        criteria: bool,
        progress: ProgressListener[Row] | None,
        weights: np.ndarray | None,
        *,
        improve: bool,
    ) -> None:
        self._improve, self._weights = improve, weights
        self.rows: dict[int, Row] = {}
        self._X, self._runs, self._init = X, runs, init
        self._rng = checks.generator(random_state)
        self._seed = random_state if isinstance(random_state, int) else 0
        self._criteria, self._progress = criteria, progress
        self._total = self._done = 0
        self._doing, self.end = "", 0

    def ordered(self) -> list[Row]:
        return [self.rows[k] for k in sorted(self.rows) if k <= self.end]

    def up_to(self, end: int, rules: Rules) -> bool:
        """Complete the rows up to k = ``end``, first all runs; False if stopped."""
        ks = range(self.end + 1, end + 1)
        self.end = end
        self._total += len(ks) * (self._runs + self._criteria)
        return all(self.run(k, rules) for k in ks) and (
            not self._criteria or all(self.judge(k) for k in ks)
        )

    def go_on(self) -> bool:
        return self._tell(None)

    def run(self, k: int, rules: Rules) -> bool:
        """Find the row of k; False if stopped."""
        self._doing = f"k = {k}: {self._runs} runs{', then swaps' if self._improve else ''}"
        if not self.go_on():
            return False
        if k not in self.rows:
            found = self._best(k, rules)
            if found is not None and self._improve:
                found = improved(self._X, found, rules)
            if found is None:
                return False
            sizes = np.bincount(found.labels, minlength=k)
            weights = of_clusters(found.labels, k, self._weights)
            self.rows[k] = Row(k, self._runs, found, sizes, weights=weights)
        self._done += self._runs
        return self._tell(self.rows[k])

    def judge(self, k: int) -> bool:
        """Complete the row of k; False if stopped."""
        row = self.rows[k]
        if not row.judged:
            partition = Partition(
                self._X,
                row.run.labels,
                row.best,
                lambda: self._reference.gap(k, row.best, self.go_on),
                lambda: self._predicted(k),
                self._weights,
            )
            scores: dict[str, float | None] = {}
            for each in measured():
                self._doing = f"k = {k}: {each.title}"
                if not self.go_on():
                    return False
                scores |= each.scores(partition)
            # A criterion that was stopped has no value.
            if None in scores.values() and not self.go_on():
                return False
            shape = self._shapes.of(row.run.labels, k)
            self.rows[k] = replace(row, scores=scores, shape=shape)
        self._done += 1
        return self._tell(self.rows[k])

    def _predicted(self, k: int) -> float | None:
        """Return the prediction strength of k on at most ``SAMPLE`` rows."""
        rows = self._sample
        found = by_k(
            self._X[rows],
            [k],
            Clustering(k, seed=self._seed),
            HALVES,
            _HALVED,
            progress=lambda _: self.go_on(),
            weights=None if self._weights is None else self._weights[rows],
        )
        return found[k].strength if k in found else None

    @cached_property
    def _sample(self) -> np.ndarray | slice:
        n = len(self._X)
        if n <= SAMPLE:
            return slice(n)
        return np.sort(np.random.RandomState(self._seed).permutation(n)[:SAMPLE])

    @cached_property
    def _shapes(self) -> Shapes:
        return Shapes(self._X)

    @cached_property
    def _reference(self) -> Reference:
        # Always the same sets: the k of the gap must not depend on the seed of the runs.
        return Reference(
            self._X,
            _REFERENCE_SEED,
            min(self._runs, _REFERENCE_STARTS),
            self._weights,
            drawn=self._init in ("random", ARTICLE),
        )

    def _best(self, k: int, rules: Rules) -> Best | None:
        if self._init == ARTICLE:
            return in_order(self._X, k, self._runs, self._rng, rules)
        if self._init == WARM:
            before = self.rows[k - 1].run if k > 1 else None
            return warm(self._X, k, self._runs, before, self._seed, rules)
        return from_seeds(self._X, k, self._runs, self._init, self._seed, rules)

    def _tell(self, row: Row | None) -> bool:
        if self._progress is None:
            return True
        return self._progress(Progress(self._done, self._total, self._doing, row)) is not False
