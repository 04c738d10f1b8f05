"""Ends improved by swaps beside ten starts of ours and of scikit-learn, and what they cost.

``python -m tests.benchmarks.swap [SET …]``. CPU time, one thread, ten seeds, interleaved: one
k-means++ start with swaps, the same start alone, the best of ten starts of ours, and scikit-learn
with ``n_init=10``. The sets are drawn like those of Fränti and Sieranoja (2018), *K-means
properties on six clustering benchmark datasets*: equal clumps in the plane for A3 and Birch2 (along
a sine) and D31, oblong ones of growing overlap for S1 to S4. The best known inertia is the least of
all runs of the table and of a run that starts at the true centres.

Targets: the median inertia at most 0.05 % above the better of the best known and scikit-learn's, in
at most 0.5 of scikit-learn's time at k 31 and 50, 0.7 at k 100, and no more than its time
elsewhere. Iris with four features, from the best of ten starts and swaps: the best known inertia up
to k = 7, within 0.3 % from 8 to 10.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
from sklearn.cluster import KMeans as Theirs
from sklearn.datasets import load_iris
from threadpoolctl import threadpool_limits

from kmeans_tui.clustering.kmeans import KMeans

SEEDS = range(10)
# 200 starts with other seeds miss those of k = 9 and 10.
IRIS = {
    2: 152.347952, 3: 78.851441, 4: 57.228473, 5: 46.446182, 6: 39.039987, 7: 34.298230,
    8: 29.988944, 9: 27.786092, 10: 25.834055,
}  # fmt: skip


def apart(k: int, least: float, draw: np.random.RandomState) -> np.ndarray:
    """Return k places in the unit square, none nearer to another than ``least``: (k, 2)."""
    found: list[np.ndarray] = []
    while len(found) < k:
        place = draw.uniform(size=2)
        if all(np.hypot(*(place - each)) > least for each in found):
            found.append(place)
    return np.array(found)


def clumps(centres: np.ndarray, each: int, std: float, draw: np.random.RandomState) -> np.ndarray:
    return np.repeat(centres, each, axis=0) + draw.normal(0, std, (each * len(centres), 2))


def oblong(level: int, draw: np.random.RandomState) -> tuple[np.ndarray, np.ndarray]:
    """Return 15 oblong clumps of 333 points, and their centres."""
    centres, parts = apart(15, 0.16, draw), []
    for centre in centres:
        angle, flat = draw.uniform(0, np.pi), draw.uniform(0.5, 1)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        sides = (0.025 + 0.015 * level) * np.array([1, flat])
        parts.append(centre + draw.normal(size=(333, 2)) * sides @ turn.T)
    return np.concatenate(parts), centres


def equal(k: int, least: float, each: int, std: float) -> Callable:
    def points(draw: np.random.RandomState) -> tuple[np.ndarray, np.ndarray]:
        centres = apart(k, least, draw)
        return clumps(centres, each, std, draw), centres

    return points


def along_a_sine(draw: np.random.RandomState) -> tuple[np.ndarray, np.ndarray]:
    at = np.arange(100)
    centres = np.column_stack([at * 0.01, 0.1 * np.sin(2 * np.pi * at / 40)])
    return clumps(centres, 1000, 0.0023, draw), centres


# Each with the share of scikit-learn's time that it may take.
SETS: dict[str, tuple[Callable, float]] = {
    **{f"S{level}": (lambda draw, level=level: oblong(level, draw), 1.0) for level in range(1, 5)},
    "D31": (equal(31, 0.12, 100, 0.024), 0.5),
    "A3": (equal(50, 0.095, 150, 0.022), 0.5),
    "Birch2": (along_a_sine, 0.7),
}


def one(X: np.ndarray, k: int, seed: int) -> float:
    return float(KMeans(k, init="k-means++", random_state=seed).fit(X).history.inertia[-1])


def ten(X: np.ndarray, k: int, seed: int) -> float:
    return min(one(X, k, 10 * seed + run) for run in range(10))


def swaps(X: np.ndarray, k: int, seed: int) -> float:
    found = KMeans(k, init="k-means++", random_state=seed, improve=True).fit(X)
    return float(found.history.inertia[-1])


def scikit_learn(X: np.ndarray, k: int, seed: int) -> float:
    return float(Theirs(k, n_init=10, random_state=seed).fit(X).inertia_)


SIDES = {"swaps": swaps, "one start": one, "ten starts": ten, "sklearn 10": scikit_learn}


def compared(name: str) -> None:
    points, limit = SETS[name]
    X, centres = points(np.random.RandomState(7))
    k, seeds = len(centres), SEEDS if len(X) < 50_000 else range(5)
    ends: dict[str, list[float]] = {side: [] for side in SIDES}
    took: dict[str, list[float]] = {side: [] for side in SIDES}
    for seed in seeds:
        for side, run in SIDES.items():
            if side == "ten starts" and seed and len(X) >= 50_000:
                continue
            began = time.process_time()
            ends[side].append(run(X, k, seed))
            took[side].append(time.process_time() - began)
    truth = float(KMeans(k, init=centres, improve=True).fit(X).history.inertia[-1])
    best = min(truth, *(end for found in ends.values() for end in found))
    theirs = float(np.median(took["sklearn 10"]))
    for side in SIDES:
        found = 100 * (np.array(ends[side]) / best - 1)
        share = float(np.median(took[side])) / theirs
        verdict = ""
        if side == "swaps":
            good = np.median(found) <= 0.05 and share <= limit
            verdict = f"   target 0.05 %, {limit}: {'reached' if good else 'MISSED'}"
        print(
            f"{name:>7}{k:>5}{side:>12}  above the best: median {np.median(found):8.4f} %, worst "
            f"{found.max():8.4f} %   {1e3 * np.median(took[side]):8.1f} ms, {share:5.2f} of "
            f"sklearn's{verdict}"
        )


def iris() -> None:
    X = load_iris().data
    for k, known in IRIS.items():
        above, tried = [], []
        began = time.process_time()
        for first in range(0, 100, 10):
            models = [KMeans(k, init="k-means++", random_state=first + run) for run in range(10)]
            best = min(models, key=lambda model: model.fit(X).history.inertia[-1])
            best.improve = True
            best.fit(X)
            above.append(100 * (best.history.inertia[-1] / known - 1))
            tried.append(best.history.tried or 0)
        each = 1e3 * (time.process_time() - began) / len(above)
        limit = 1e-4 if k <= 7 else 0.3
        print(
            f"   iris{k:>5}  best of ten and swaps, ten times: worst {max(above):7.4f} % above the "
            f"best known, {max(tried)} tried   {each:6.1f} ms   target {limit:g} %: "
            f"{'reached' if max(above) <= limit else 'MISSED'}"
        )


def main() -> None:
    with threadpool_limits(1):
        for name in sys.argv[1:] or [*SETS, "iris"]:
            iris() if name == "iris" else compared(name)


if __name__ == "__main__":
    main()
