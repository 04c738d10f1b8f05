"""How many clusters: inertia and criteria for each k, and their verdict."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from kmeans_tui.analysis import growth
from kmeans_tui.analysis.case_weights import copies
from kmeans_tui.analysis.cores import SWAPS, Piece, in_order, seconds
from kmeans_tui.analysis.criteria import Row
from kmeans_tui.analysis.gap import Reference
from kmeans_tui.analysis.partition import SAMPLE, silhouette_rows
from kmeans_tui.analysis.progress import Progress, ProgressListener
from kmeans_tui.analysis.starts import from_one_generator, warm
from kmeans_tui.analysis.swept_rows import RunRules, from_drawn, judged, row_of
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
# Seconds for the criteria of a k from ``SAMPLE`` rows on.
_JUDGING: Final = 0.1


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
    seed = random_state if isinstance(random_state, int) else 0
    within = limit(tolerance, points, weights)
    asked = RunRules(runs, init, seed, max_iterations, within, empty, improve, weights)
    work = _Sweeping(points, asked, random_state, criteria, progress)
    work.rows.update({row.k: row for row in known if row.k <= last})
    complete = work.up_to(min(first, len(points)))
    while complete and grows:
        end = growth.next_end(work.ordered(), bound)
        if end == work.end:
            break
        complete = work.up_to(end)
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
        asked: RunRules,
        random_state: int | np.random.RandomState,
        criteria: bool,
        progress: ProgressListener[Row] | None,
    ) -> None:
        self.rows: dict[int, Row] = {}
        self._X, self._asked = X, asked
        self._rng = checks.generator(random_state)
        self._criteria, self._progress = criteria, progress
        self._total = self._done = 0
        self._doing, self.end = "", 0
        self._rules = asked.rules(X, self._go_on)

    def ordered(self) -> list[Row]:
        return [self.rows[k] for k in sorted(self.rows) if k <= self.end]

    def up_to(self, end: int) -> bool:
        """Complete the rows up to k = ``end``, first all runs; False if stopped."""
        ks = range(self.end + 1, end + 1)
        self.end = end
        self._total += len(ks) * (self._asked.runs + self._criteria)
        dependent = self._asked.init in (WARM, ARTICLE)
        if dependent and not all(self._ran(k, self._in_turn(k)) for k in ks):
            return False
        runs = [] if dependent else list(ks)
        tasks = self._tasks(runs, ks)
        # Criteria need the rows of their k, which are there before the last of them are run.
        with closing(
            in_order(
                self._X, tasks, self._go_on, expected=self._expected(ks), ahead=max(1, len(runs))
            )
        ) as found:
            return all(self._ran(k, found) for k in runs) and (
                not self._criteria or all(self._judged(k, found) for k in ks)
            )

    def _tasks(self, runs: Sequence[int], ks: Sequence[int]) -> Iterator[Piece]:
        for k in runs:
            if k not in self.rows:
                yield Piece(from_drawn, (k, self._asked), self._running(k))
        for k in ks if self._criteria else ():
            row = self.rows[k]
            if not row.judged:
                gap = self._reference.gap(k, row.best, lambda: self._go_on(""))
                asked = row, gap, self._asked.seed, self._asked.weights
                yield Piece(judged, asked, self._judging)

    def _expected(self, ks: Sequence[int]) -> float:
        """Estimate how long the rows of these k take, in seconds."""
        return self._running(sum(ks)) + self._criteria * len(ks) * self._judging

    def _running(self, clusters: int) -> float:
        """Estimate the seconds of the runs of k that add up to this."""
        asked, (n, d) = self._asked, self._X.shape
        return seconds(n, d, clusters * asked.runs * (SWAPS if asked.improve else 1))

    @property
    def _judging(self) -> float:
        """An estimate of the seconds for the criteria of a k."""
        return _JUDGING * min(1, len(self._X) / SAMPLE)

    def _go_on(self, doing: str = "") -> bool:
        self._doing = doing or self._doing
        return self._tell(None)

    def _in_turn(self, k: int) -> Iterator[Row | None]:
        """Yield the row of a k whose runs depend on earlier ones."""
        if self._asked.init == ARTICLE:
            best = from_one_generator(self._X, k, self._asked.runs, self._rng, self._rules)
        else:
            before = self.rows[k - 1].run if k > 1 else None
            best = warm(self._X, k, self._asked.runs, before, self._asked.seed, self._rules)
        yield row_of(self._X, k, best, self._asked, self._rules)

    def _ran(self, k: int, found: Iterator[Row | None]) -> bool:
        """Take the row of k from ``found``, unless it is known; False if stopped."""
        asked = self._asked
        doing = f"k = {k}: {asked.runs} runs{', then swaps' if asked.improve else ''}"
        if not self._go_on(doing) or (k not in self.rows and not self._take(k, found)):
            return False
        self._done += asked.runs
        return self._tell(self.rows[k])

    def _judged(self, k: int, found: Iterator[Row | None]) -> bool:
        """Take the complete row of k from ``found``, unless it is known; False if stopped."""
        if not self.rows[k].judged and not (
            self._go_on(f"k = {k}: criteria") and self._take(k, found)
        ):
            return False
        self._done += 1
        return self._tell(self.rows[k])

    def _take(self, k: int, found: Iterator[Row | None]) -> bool:
        row = next(found, None)
        if row is None:
            return False
        self.rows[k] = row
        return True

    @cached_property
    def _reference(self) -> Reference:
        # Always the same sets: the k of the gap must not depend on the seed of the runs.
        return Reference(
            self._X,
            _REFERENCE_SEED,
            min(self._asked.runs, _REFERENCE_STARTS),
            self._asked.weights,
            drawn=self._asked.init in ("random", ARTICLE),
        )

    def _tell(self, row: Row | None) -> bool:
        if self._progress is None:
            return True
        return self._progress(Progress(self._done, self._total, self._doing, row)) is not False
