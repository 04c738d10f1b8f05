"""The work of a sweep for one k: its runs, and then its criteria; each may be done in a process."""

from dataclasses import dataclass, replace

import numpy as np

from kmeans_tui.analysis.case_weights import of_clusters
from kmeans_tui.analysis.cores import GoOn
from kmeans_tui.analysis.criteria import Row, measured
from kmeans_tui.analysis.partition import SAMPLE, Partition
from kmeans_tui.analysis.reproducibility import strength_of
from kmeans_tui.analysis.resampling import Clustering
from kmeans_tui.analysis.rounding import Nothing
from kmeans_tui.analysis.shape import Shapes
from kmeans_tui.analysis.starts import Best, Rules, from_seeds, improved

# Pairs of halves for the prediction strength of a k; Stability takes more.
_HALVED = 5


@dataclass(frozen=True, eq=False)
class RunRules:
    """How each k is run; the tolerance is the ``limit`` of the points.

    ``weights`` (n,) are those of the points.
    """

    runs: int
    init: str
    seed: int
    max_iterations: int
    tolerance: float
    empty: str
    improve: bool
    weights: np.ndarray | None = None

    def rules(self, X: np.ndarray, go_on: GoOn) -> Rules:
        """Return the rules of the runs on X (n, d)."""
        return Rules(
            self.max_iterations, self.tolerance, self.empty, Nothing(X, self.weights),
            lambda: go_on(""), self.weights,
        )  # fmt: skip


def from_drawn(X: np.ndarray, k: int, asked: RunRules, go_on: GoOn) -> Row | None:
    """Return the row of k, without criteria: the best of runs from seeds; None if stopped."""
    rules = asked.rules(X, go_on)
    found = from_seeds(X, k, asked.runs, asked.init, asked.seed, rules)
    return row_of(X, k, found, asked, rules)


def row_of(X: np.ndarray, k: int, best: Best | None, asked: RunRules, rules: Rules) -> Row | None:
    """Return the row of k from the best of its runs, improved if that is asked for."""
    if best is not None and asked.improve:
        best = improved(X, best, rules)
    if best is None:
        return None
    sizes = np.bincount(best.labels, minlength=k)
    return Row(k, asked.runs, best, sizes, weights=of_clusters(best.labels, k, asked.weights))


def judged(
    X: np.ndarray,
    row: Row,
    gap: tuple[float, float] | None,
    seed: int,
    weights: np.ndarray | None,
    go_on: GoOn,
) -> Row | None:
    """Return a row with its criteria; None if stopped."""
    partition = Partition(
        X, row.run.labels, row.best, lambda: gap,
        lambda: _predicted(X, row.k, seed, weights, go_on), weights,
    )  # fmt: skip
    scores: dict[str, float | None] = {}
    for each in measured():
        if not go_on(f"k = {row.k}: {each.title}"):
            return None
        scores |= each.scores(partition)
    # A criterion that was stopped has no value.
    if None in scores.values() and not go_on(""):
        return None
    return replace(row, scores=scores, shape=Shapes(X).of(row.run.labels, row.k))


def _predicted(
    X: np.ndarray, k: int, seed: int, weights: np.ndarray | None, go_on: GoOn
) -> float | None:
    """Return the prediction strength of k on at most ``SAMPLE`` rows."""
    if len(X) > SAMPLE:
        rows = np.sort(np.random.RandomState(seed).permutation(len(X))[:SAMPLE])
        X, weights = X[rows], None if weights is None else weights[rows]
    return strength_of(X, Clustering(k, seed=seed), _HALVED, lambda: go_on(""), weights)
