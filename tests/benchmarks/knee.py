"""How often the knee is right, and how often noise has one: ``python -m tests.benchmarks.knee``.

Hits are counted on 300 sets of blobs (true k 2 to 6, spread 0.6, 1.0 and 1.6, 20 of each), false
alarms on 200 sets without clusters: uniform and normal, square and stretched, 1 to 10 features. The
last table is where ``kmeans_tui.analysis.knee.CLEAR`` comes from.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from kmeans_tui.analysis.knee import CLEAR, Knee, chord_knee, log_knee
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.data.builtin.generators import blobs

SPREADS = (0.6, 1.0, 1.6)
K_MAX = (5, 10, 20)


def clustered() -> Iterator[tuple[int, float, np.ndarray]]:
    """The true k, the spread and the points (500, 2) of every set of blobs."""
    for k in range(2, 7):
        for spread in SPREADS:
            for seed in range(20):
                yield k, spread, blobs(500, k, 2, spread, seed)[0]


def noise() -> Iterator[np.ndarray]:
    """Points (n, d) without clusters."""
    for d in (1, 2, 3, 5, 10):
        for n in (100, 300, 1000, 2000):
            for seed in range(5):
                rng = np.random.RandomState(seed)
                stretch = 1.0 + seed * np.arange(d) / max(1, d - 1)
                yield rng.uniform(size=(n, d)) * stretch
                yield rng.normal(size=(n, d)) * stretch


def knees(X: np.ndarray, k_max: int = 10) -> tuple[Knee | None, Knee | None]:
    """The knee of log(inertia) and the plain one, for k = 1 … ``k_max``."""
    rows = sweep(X, k_max, init="warm", criteria=False).rows
    ks, inertia = [row.k for row in rows], [row.best for row in rows]
    return log_knee(ks, inertia), chord_knee(ks, inertia)


def excess(knee: Knee | None) -> float:
    """By how much a knee is stronger than the bend of evenly spread points."""
    return knee.strength - knee.limit + CLEAR if knee else -1.0


def main() -> None:
    found = [(k, spread, *knees(X)) for k, spread, X in clustered()]
    print(f"of {len(found)} sets of blobs the true k is found by")
    for name, at in (("log(inertia)", 2), ("inertia", 3)):
        hits = [(each[0], each[1]) for each in found if each[at] and each[at].k == each[0]]
        by_k, by_spread = Counter(k for k, _ in hits), Counter(s for _, s in hits)
        print(f"  chord on {name:<13}{len(hits):>4}   by k {dict(sorted(by_k.items()))}")
        print(f"{'':>28}by spread {dict(sorted(by_spread.items()))} of 100 each")
    alarms = {k_max: [excess(knees(X, k_max)[0]) for X in noise()] for k_max in K_MAX}
    count = len(alarms[K_MAX[0]])
    print(f"clear from: how many of the {len(found)} are said to be clear, and how many of these")
    print(
        f"right; false alarms on {count} sets without clusters, by the largest k (CLEAR is {CLEAR})"
    )
    print(f"{'margin':>8}{'said':>8}{'right':>8}" + "".join(f"{f'k 1-{k}':>9}" for k in K_MAX))
    for margin in (0.0, 0.05, 0.07, 0.09, 0.11, 0.13, CLEAR, 0.17, 0.19, 0.25):
        said = [each for each in found if excess(each[2]) >= margin]
        right = sum(each[2].k == each[0] for each in said)
        line = "".join(f"{sum(e >= margin for e in alarms[k]):>9}" for k in K_MAX)
        print(f"{margin:>8.2f}{len(said):>8}{right:>8}{line}")


if __name__ == "__main__":
    main()
