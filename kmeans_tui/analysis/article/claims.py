"""The claims of the article behind this program, each tested on request.

The experiments are the article's, in its order, on one generator with its seed: K-Means on the
blobs, on the scaled petals of Iris, then both elbows. Every result is computed, none is stored.
"""

import inspect
from collections.abc import Callable
from typing import Final

import numpy as np

from kmeans_tui.analysis.article.experiments import SEED, ArticleData, ArticleScript, Claim
from kmeans_tui.analysis.article.limits import w9, w10, w11, w12, w13
from kmeans_tui.analysis.census import census
from kmeans_tui.analysis.comparison import against_truth
from kmeans_tui.analysis.progress import Progress, ProgressListener
from kmeans_tui.clustering.ends import from_starts
from kmeans_tui.clustering.initialisation import random_points

__all__ = ["Claim", "claims"]

_CURVES = 100
_PRINTED_UPDATES, _PRINTED_INERTIA = 6, 212.47


def claims(
    load: Callable[..., ArticleData], progress: ProgressListener[Claim] | None = None
) -> tuple[Claim, ...]:
    """Run the article's experiments and judge its claims, W1 to W14.

    ``load`` is ``load_data``: it takes a name, ``features`` and ``scale``. ``progress`` gets each
    claim as it is judged; if it stops the work, the claims judged so far are returned.
    """
    found: list[Claim] = []

    def go_on(row: Claim | None = None) -> bool:
        said = Progress(len(found), len(_TESTS), f"W{len(found) + (row is None)}", row)
        return progress is None or progress(said) is not False

    if not go_on():
        return ()
    script = ArticleScript(load)
    for test in _TESTS:
        if not go_on():
            break
        found.append(test(script))
        if not go_on(found[-1]):
            break
    return tuple(found)


def _w1(script: ArticleScript) -> Claim:
    history = script.run.history
    useful = int((np.diff(history.inertia) < 0).sum())
    return Claim(
        "W1",
        "Converged after 6 iterations, 7 states stored",
        f"{history.iterations} iterations, {len(history)} states stored",
        (history.iterations, len(history)) == (_PRINTED_UPDATES, _PRINTED_UPDATES + 1),
        f"The code as printed, seed {SEED}, needs {history.iterations}, of which {useful} change "
        "anything.",
    )


def _w2(script: ArticleScript) -> Claim:
    measured = float(script.run.history[-1].inertia)
    least = script.census.optima[0].inertia
    enough = next(
        (k for k, each in enumerate(script.best_curve, 1) if each < _PRINTED_INERTIA), None
    )
    return Claim(
        "W2",
        f"Final inertia: {_PRINTED_INERTIA}",
        f"{measured:.2f}; the lowest of {script.census.runs} starts is {least:.2f}",
        round(measured, 2) == _PRINTED_INERTIA,
        f"Three clusters cannot reach it; on these points it takes k = {enough}.",
    )


def _w3(script: ArticleScript) -> Claim:
    truth, history = script.blobs.truth, script.run.history
    assert truth is not None
    right = [against_truth(truth, each.labels, 3).right for each in history]
    first = right.index(len(truth)) if len(truth) in right else None
    return Claim(
        "W3",
        "By iteration 2 or 3 the clusters start looking correct",
        "points in the right cluster at iterations 0, 1, ...: " + ", ".join(map(str, right)),
        first in (2, 3),
        f"All {len(truth)} points are right at iteration {first}; then only centroids move, and "
        f"iteration {history.iterations} repeats the one before."
        if first is not None
        else "At no iteration are all of them right.",
    )


def _w4(script: ArticleScript) -> Claim:
    found = script.seeds
    return Claim(
        "W4",
        "On clean blobs the difference between seeds will be small",
        f"seeds 0 to 4: best {found.best.inertia:.2f}, worst {found.worst.inertia:.2f}, "
        f"difference {found.difference:.2f}",
        found.difference < 0.1 * found.best.inertia,
        f"In {script.census.runs} starts {100 * script.census.failures:.1f} % fail: centroids that "
        "start in one blob cannot cross the empty space to another.",
    )


def _w5(script: ArticleScript) -> Claim:
    found, clean = script.iris_seeds, script.seeds
    whole = census(script.iris.points, 3)
    return Claim(
        "W5",
        "On messier data like Iris you will see more variation",
        f"seeds 0 to 4 differ by {found.difference:.2f} on Iris, {clean.difference:.2f} on the "
        f"blobs; {whole.optima[0].count} of {whole.runs} starts on Iris end at the same place",
        found.difference / found.best.inertia > clean.difference / clean.best.inertia,
        "It is the other way round: between touching clusters the centroids can move, between "
        "distant blobs they get stuck.",
    )


def _w6(script: ArticleScript) -> Claim:
    from sklearn.cluster import KMeans as Theirs
    from threadpoolctl import threadpool_limits

    X = script.blobs.points
    with threadpool_limits(limits=1):
        theirs = float(Theirs(3, n_init=10, random_state=SEED).fit(X).inertia_)
    ours = float(script.run.history[-1].inertia)
    apart = abs(ours - theirs) / theirs
    missed = [row.seed for row in script.seeds.rows if row.inertia > 1.01 * theirs]
    return Claim(
        "W6",
        "scikit-learn's inertia and ours won't be identical",
        f"ours {ours:.10f}, scikit-learn {theirs:.10f}: {apart:.0e} apart",
        apart > 1e-9,
        f"From seed {SEED} both find the same optimum; a single start of ours misses it at seeds "
        f"{_listed(missed)}."
        if missed
        else "Both find the same optimum.",
    )


def _w7(script: ArticleScript) -> Claim:
    from sklearn.cluster import KMeans as Theirs
    from threadpoolctl import threadpool_limits

    default = inspect.signature(Theirs).parameters["n_init"].default
    X = script.iris.points
    with threadpool_limits(limits=1):
        fits = {
            runs: Theirs(10, n_init=runs, random_state=SEED).fit(X).inertia_
            for runs in (default, 1, 10)
        }
    once = fits[default] == fits[1]
    return Claim(
        "W7",
        "Running many times and keeping the best is what scikit-learn does with n_init",
        f"n_init={default!r} by default; Iris at k = 10: {fits[default]:.4f}, with n_init=1 "
        f"{fits[1]:.4f}, with n_init=10 {fits[10]:.4f}",
        not once,
        "By default it starts once, with k-means++; ten times only if the start is random."
        if once
        else "By default it starts several times.",
    )


def _w8(script: ArticleScript) -> Claim:
    risen = [_rising(each.points) for each in (script.blobs, script.iris)]
    own = [each.verdict.rises for each in script.elbows]
    at = "the article's own curves never rise"
    if any(own):
        at = "the article's own curves rise at " + " and ".join(
            f"k = {k} ({name})" for name, ks in zip(("blobs", "Iris"), own, strict=True) for k in ks
        )
    return Claim(
        "W8",
        "As K increases, inertia always decreases",
        f"with 3 random starts per k the curve rises somewhere in {risen[0]} of {_CURVES} seeds on "
        f"the blobs, {risen[1]} on Iris; {at}",
        not any(risen),
        "It holds for the best clustering of each k; three random starts often miss that.",
    )


def _rising(X: np.ndarray) -> int:
    """Return for how many of the seeds 0 to 99 the article's curve rises somewhere."""
    generators = [np.random.RandomState(seed) for seed in range(_CURVES)]
    curves = np.empty((10, _CURVES))
    for k in range(1, 11):
        runs = []
        for _ in range(3):
            starts = np.stack([random_points(X, k, each) for each in generators])
            found = from_starts(
                X,
                starts,
                max_iterations=100,
                tolerance=1e-4,
                empty="random",
                generators=generators,
            )
            assert found is not None  # nothing asks it to stop
            runs.append(found.inertia)
        curves[k - 1] = np.min(runs, axis=0)
    return int((curves[1:] > curves[:-1] * (1 + 1e-9)).any(axis=0).sum())


def _w14(script: ArticleScript) -> Claim:
    history = script.iris_run.history
    return Claim(
        "W14",
        f"Iris convergence: {len(history)} iterations, the length of the history",
        f"{history.iterations} updates, {len(history)} states",
        history.iterations == len(history),
        "The history also holds the start: one state more than iterations. The lines of the five "
        "seeds are off by one in the same way.",
    )


def _listed(numbers: list[int]) -> str:
    return " and ".join(map(str, numbers))


_TESTS: Final[tuple[Callable[[ArticleScript], Claim], ...]] = (
    *(_w1, _w2, _w3, _w4, _w5, _w6, _w7),
    *(_w8, w9, w10, w11, w12, w13, _w14),
)
