"""How fast a resample is, beside scikit-learn, and how often the verdict names a stable k.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.stability [speed | alarms] [SETS]

``speed``: CPU seconds of 100 resamples for one k, and of 100 bare scikit-learn fits of the same
data, taken in turn. ``alarms``: the largest stable k on SETS data sets without clusters (ten
shapes), on which any k is a false alarm, and on as many with round clusters of unequal sizes and
widths at least 4 standard deviations apart, where the k drawn is a hit.
"""

import sys
import time

import numpy as np

from kmeans_tui.analysis.reproducibility import by_k, stable_k
from kmeans_tui.analysis.resampling import Clustering
from kmeans_tui.analysis.stable_clusters import ClusterStability, original, resample
from kmeans_tui.vocabulary import BOOTSTRAP

SHAPES = (
    "uniform", "gaussian", "exponential", "long gaussian", "long box", "t with 3 degrees", "sphere",
    "lognormal", "correlated", "corner",
)  # fmt: skip


def without_clusters(rng: np.random.RandomState, shape: str, n: int, d: int) -> np.ndarray:
    """Points of a shape that has no clusters."""
    drawn = rng.randn(n, d)
    if shape == "uniform":
        return rng.uniform(size=(n, d))
    if shape == "exponential":
        return rng.exponential(size=(n, d))
    if shape == "long gaussian":
        drawn[:, 0] *= rng.uniform(3, 10)
    elif shape == "long box":
        drawn = rng.uniform(size=(n, d))
        drawn[:, 0] *= rng.uniform(2, 8)
    elif shape == "t with 3 degrees":
        drawn = rng.standard_t(3, size=(n, d))
    elif shape == "sphere":
        drawn /= np.linalg.norm(drawn, axis=1)[:, np.newaxis]
        drawn *= 1 + 0.1 * rng.randn(n, 1)
    elif shape == "lognormal":
        drawn = np.exp(0.8 * drawn)
    elif shape == "correlated":
        drawn = drawn @ rng.randn(d, d)
    elif shape == "corner":
        drawn = np.abs(drawn)
    return drawn


def with_clusters(rng: np.random.RandomState) -> tuple[np.ndarray, int]:
    """Round clusters, two to eight; the nearest two centres are 4 to 8 widths apart."""
    count, d = rng.randint(2, 9), int(rng.choice([2, 3, 5, 10, 20]))
    n = int(rng.choice([150, 300, 600, 1000]))
    sizes = np.maximum(15, (rng.dirichlet(np.full(count, 4.0)) * n).astype(int))
    centres = rng.uniform(-1, 1, size=(count, d))
    apart = np.linalg.norm(centres[:, np.newaxis] - centres, axis=2)
    centres *= rng.uniform(4, 8) / apart[~np.eye(count, dtype=bool)].min()
    widths = rng.uniform(0.6, 1.4, size=count)
    parts = [
        centre + width * rng.randn(size, d)
        for centre, width, size in zip(centres, widths, sizes, strict=True)
    ]
    return np.vstack(parts), count


def alarms(sets: int, seed: int = 0) -> None:
    """Print hits and false alarms."""
    rng = np.random.RandomState(seed)
    named: dict[str, list[int]] = {}
    found: list[tuple[int, int | None]] = []
    for i in range(sets):
        shape = SHAPES[i % len(SHAPES)]
        n, d = int(rng.choice([100, 300, 600])), int(rng.choice([2, 3, 5, 10, 30]))
        rows = by_k(without_clusters(rng, shape, n, d), range(2, 11), Clustering(2), BOOTSTRAP, 10)
        k = stable_k(rows.values())
        named.setdefault(shape, []).append(k is not None)
        if k is not None:
            row = rows[k]
            print(f"false alarm: {shape} {n} × {d}: k {k} {row.strength:.2f} {row.border:.2f}")
        points, count = with_clusters(rng)
        rows = by_k(points, range(2, 11), Clustering(2), BOOTSTRAP, 10)
        found.append((count, stable_k(rows.values())))
    total = sum(map(sum, named.values()))
    print(f"false alarms: {total} of {sets}", {shape: sum(each) for shape, each in named.items()})
    hits = sum(count == k for count, k in found)
    fewer = sum(k is not None and k < count for count, k in found)
    more = sum(k is not None and k > count for count, k in found)
    print(
        f"with clusters: {hits} hits, {fewer} coarser, {more} finer, "
        f"{len(found) - hits - fewer - more} silent, of {len(found)}"
    )


def speed(rounds: int) -> None:
    """Print CPU seconds beside those of scikit-learn."""
    from sklearn.cluster import KMeans

    rng = np.random.RandomState(0)
    print(f"{'data':<24}{'100 resamples':>15}{'100 fits':>10}{'ratio':>7}")
    for n, d, k in ((300, 2, 3), (1000, 4, 6), (10_000, 8, 8)):
        centres = rng.uniform(-10, 10, size=(k, d))
        clusters = centres[rng.randint(k, size=n)] + rng.randn(n, d)
        for name, X in (("clusters", clusters), ("one gaussian", rng.randn(n, d))):
            times = [0.0, 0.0]
            clustering = Clustering(k)
            KMeans(k, n_init=1, algorithm="lloyd").fit(X)
            resample(X, ClusterStability.of(_original(X, clustering), BOOTSTRAP), clustering, 2)
            for _ in range(rounds):
                begun = time.process_time()
                own = _original(X, clustering)
                resample(X, ClusterStability.of(own, BOOTSTRAP), clustering, 100)
                middle = time.process_time()
                for seed in range(100):
                    KMeans(k, n_init=1, algorithm="lloyd", random_state=seed).fit(X)
                times[0] += middle - begun
                times[1] += time.process_time() - middle
            ours, theirs = (each / rounds for each in times)
            label = f"{n} × {d}, k {k}, {name}"
            print(f"{label:<34}{ours:>6.2f} s{theirs:>8.2f} s{ours / theirs:>7.2f}")


def _original(X: np.ndarray, clustering: Clustering):
    found = original(X, clustering)
    assert found is not None
    return found


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "speed"
    number = int(sys.argv[2]) if len(sys.argv) > 2 else None
    if what == "speed":
        speed(number or 3)
    else:
        alarms(number or 100)
