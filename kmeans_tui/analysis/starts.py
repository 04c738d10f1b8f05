"""Several runs for one k and the best of them: from seeds, from one generator, or from k - 1."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from kmeans_tui.analysis.rounding import Nothing
from kmeans_tui.clustering import swap
from kmeans_tui.clustering.ends import Ends, from_starts
from kmeans_tui.clustering.initialisation import initialise, one_more, random_points

# Only the best run continues once no centroid moves by this share of the mean distance within the
# clusters for k - 1. At 0.05 a sweep of 5,000 points takes 1.13 times as long; at 0.15 it takes 0.9
# times as long, and 15 results in 1000 instead of 9 are above 1.01 times scikit-learn's.
_ROUGH = 0.1

# How a start is called before the word "start"; any other goes by its own name.
_CALLED: Final = {
    "partition": "random partition", "farthest": "farthest point", "article": "random",
}  # fmt: skip


def called(init: str) -> str:
    """Return the name of a start: "a single k-means++ start", "3 random partition starts"."""
    return _CALLED.get(init, init)


@dataclass(frozen=True, eq=False)
class Rules:
    """Parameters common to all runs, named as in ``KMeans``; the tolerance is its ``limit``.

    ``weights`` (n,) are those of the rows.
    """

    max_iterations: int
    tolerance: float
    empty: str
    nothing: Nothing
    go_on: Callable[[], bool]
    weights: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Best:
    """The best of several runs: its ``start`` (k, d) and its end; ``worst`` is that of all runs.

    ``KMeans(init=start)`` with a generator in the state ``generator`` repeats it. ``swaps`` is the
    number that improved its end, and None if none were looked for.
    """

    inertia: float
    worst: float
    updates: int
    start: np.ndarray
    seed: int | None
    generator: Any
    centroids: np.ndarray
    labels: np.ndarray
    swaps: int | None = None


def improved(X: np.ndarray, best: Best, rules: Rules) -> Best | None:
    """Return the best run with its end improved by swaps on X (n, d); None if cancelled."""

    def is_still(ways: list[float]) -> bool:
        return max(ways) < rules.tolerance or max(ways) == 0

    way = swap.from_end(
        X, best.centroids, best.labels, best.inertia, rules.max_iterations, is_still, rules.go_on,
        weights=rules.weights,
    )  # fmt: skip
    if way is None:
        return None
    if not way.swaps:
        return replace(best, swaps=0)
    last = way[-1]
    nothing = rules.nothing.is_left(last.labels, last.inertia)
    return replace(
        best,
        inertia=0.0 if nothing else float(last.inertia),
        updates=best.updates + way.iterations,
        centroids=last.centroids,
        labels=last.labels,
        swaps=len(way.swaps),
    )


def from_seeds(X: np.ndarray, k: int, runs: int, init: str, seed: int, rules: Rules) -> Best | None:
    """Run from seeds ``seed``, ``seed + 1``, …; None if cancelled."""
    # A single cluster ends at the mean wherever it starts.
    seeds = [(seed + run) % 2**32 for run in range(runs if k > 1 else 1)]
    generators = [np.random.RandomState(each) for each in seeds]
    starts = np.stack([initialise(X, k, init, each, weights=rules.weights) for each in generators])
    states = [each.get_state() for each in generators]
    found = _ends(X, starts, rules, generators)
    if found is None:
        return None
    best = int(found.inertia.argmin())
    return _best(found, best, starts[best], seeds[best], states[best])


def from_one_generator(
    X: np.ndarray, k: int, runs: int, rng: np.random.RandomState, rules: Rules
) -> Best | None:
    """Run from random points, one after the other on one generator, as a plain loop does."""
    best, worst = None, 0.0
    for _ in range(runs):
        starts = random_points(X, k, rng, weights=rules.weights)[np.newaxis]
        state = rng.get_state()
        found = _ends(X, starts, rules, [rng])
        if found is None:
            return None
        worst = max(worst, float(found.inertia[0]))
        if best is None or found.inertia[0] < best[0].inertia[0]:
            best = found, starts[0], state
    assert best is not None  # there is at least one run
    return _best(best[0], 0, best[1], None, best[2], worst)


def warm(
    X: np.ndarray, k: int, runs: int, before: Best | None, seed: int, rules: Rules
) -> Best | None:
    """Run from the best centroids for k - 1 and one more point, by the rule of ``one_more``.

    ``before`` is the best run for k - 1, None for k = 1. So the inertia never rises with k. From
    1000 points on, a run that is behind stops early, and ``worst`` is its inertia at that point.
    """
    if before is None:
        return from_seeds(X, 1, 1, "random", seed, rules)
    rng = np.random.RandomState([seed, k])
    starts = one_more(X, before.labels, before.centroids, runs, rng, weights=rules.weights)
    state = rng.get_state()
    # Every run continues from this state, so that each can be repeated alone. Only an empty cluster
    # draws again, and making a generator takes as long as a run on 100 points.
    draws = rules.empty == "random"
    whole = len(X) if rules.weights is None else float(rules.weights.sum())
    rough = _ROUGH * float(np.sqrt(before.inertia / whole / X.shape[1]))
    found = _ends(X, starts, rules, [_generator(state) if draws else rng for _ in starts], rough)
    if found is None:
        return None
    best = int(found.inertia.argmin())
    return _best(found, best, starts[best], None, state)


def _generator(state: Any) -> np.random.RandomState:
    rng = np.random.RandomState()
    rng.set_state(state)
    return rng


def _ends(
    X: np.ndarray,
    starts: np.ndarray,
    rules: Rules,
    generators: list[np.random.RandomState],
    rough: float = 0.0,
) -> Ends | None:
    found = from_starts(
        X,
        starts,
        max_iterations=rules.max_iterations,
        tolerance=rules.tolerance,
        empty=rules.empty,
        generators=generators,
        go_on=rules.go_on,
        rough=rough,
        weights=rules.weights,
    )
    return None if found is None else rules.nothing.rounded(found)


def _best(
    found: Ends,
    i: int,
    start: np.ndarray,
    seed: int | None,
    generator: Any,
    worst: float | None = None,
) -> Best:
    return Best(
        inertia=float(found.inertia[i]),
        worst=float(found.inertia.max()) if worst is None else worst,
        updates=int(found.updates[i]),
        start=start,
        seed=seed,
        generator=generator,
        centroids=found.centroids[i],
        labels=found.labels[i],
    )
