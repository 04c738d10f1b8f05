"""How often the verdict says rightly that K-Means is the wrong tool, and how often wrongly.

``python -m tests.benchmarks.shape [SETS [FIRST]]``: SETS of each kind (20), from FIRST (0) on,
k as far as Elbow goes by itself. Right is the sentence that names a method for such groups; on
round groups, and on one cloud, every sentence is a false claim. Targets: at least 80 % right, at
most 3 % false.
"""

import sys
import zlib
from collections import Counter
from collections.abc import Callable
from typing import Final

import numpy as np
from sklearn.datasets import make_circles, make_moons
from threadpoolctl import threadpool_limits

from kmeans_tui.analysis.sweep import sweep
from tests.benchmarks.verdict_sets import HELD_OUT, TUNING, Rng, draw


def _moons(rng: Rng, n: int) -> np.ndarray:
    return make_moons(n, noise=rng.uniform(0.02, 0.09), random_state=rng)[0]


def _circles(rng: Rng, n: int) -> np.ndarray:
    factor = rng.uniform(0.3, 0.6)
    return make_circles(n, noise=rng.uniform(0.02, 0.07), factor=factor, random_state=rng)[0]


def _three_rings(rng: Rng, n: int) -> np.ndarray:
    angle = rng.uniform(0, 2 * np.pi, n)
    radius = rng.choice([1.0, 2.0, 3.0], n, p=[1 / 6, 1 / 3, 1 / 2]) + rng.normal(size=n) * 0.08
    return np.c_[np.cos(angle), np.sin(angle)] * radius[:, np.newaxis]


def _two_spirals(rng: Rng, n: int) -> np.ndarray:
    arm = rng.randint(0, 2, n)
    angle = np.sqrt(rng.uniform(0.05, 1, n)) * 3 * np.pi
    x = np.c_[np.cos(angle + np.pi * arm), np.sin(angle + np.pi * arm)] * angle[:, np.newaxis]
    return x + rng.normal(size=(n, 2)) * rng.uniform(0.1, 0.3)


def _stripes(rng: Rng, n: int) -> np.ndarray:
    """Two to four parallel long Gaussians, turned."""
    k, d = rng.randint(2, 5), rng.randint(2, 5)
    x = rng.normal(size=(n, d))
    x[:, 0] *= rng.uniform(6, 12)
    x[:, 1] += 6.0 * rng.randint(0, k, n)
    return x @ np.linalg.qr(rng.normal(size=(d, d)))[0]


def _slanted(rng: Rng, n: int) -> np.ndarray:
    """Three round groups, sheared, so that they nearly touch."""
    angle = rng.uniform(0, 2 * np.pi) + np.array([0, 2.1, 4.2])
    centres = rng.uniform(3.8, 4.6) * np.c_[np.cos(angle), np.sin(angle)]
    x = centres[rng.randint(0, 3, n)] + rng.normal(size=(n, 2))
    return x @ np.array([[0.6, -0.6], [-0.45, 0.75]])


WRONG_TOOL: Final[dict[str, tuple[str, Callable[[Rng, int], np.ndarray]]]] = {
    "moons": ("curved", _moons),
    "circles": ("curved", _circles),
    "three rings": ("curved", _three_rings),
    "two spirals": ("curved", _two_spirals),
    "long stripes": ("long", _stripes),
    "slanted": ("long", _slanted),
}


def told(X: np.ndarray) -> str:
    """Return the kind that the verdict's first note rests on."""
    shape = sweep(X, None, 3, improve=True).verdict.shape
    return "round" if shape is None else shape.kind


def main(sets: int = 20, first: int = 0) -> None:
    print(f"{'':>20}{'right':>8}{'silent':>8}{'other':>8}   wanted")
    for name, (wanted, drawn) in WRONG_TOOL.items():
        rngs = [Rng([number, zlib.crc32(name.encode())]) for number in range(first, first + sets)]
        found = Counter(told(drawn(rng, rng.randint(200, 1001))) for rng in rngs)
        right, silent = found[wanted], found["round"]
        print(f"{name:>20}{right:>8}{silent:>8}{sets - right - silent:>8}   {wanted}")
    print(f"\n{'false claims':>20}{'curved':>8}{'long':>8}{'of':>8}")
    for name in {**TUNING, **HELD_OUT}:
        found = Counter(told(draw(name, number).points) for number in range(first, first + sets))
        print(f"{name:>20}{found['curved']:>8}{found['long']:>8}{sets:>8}", flush=True)


if __name__ == "__main__":
    with threadpool_limits(1):
        main(*map(int, sys.argv[1:]))
