"""Find the knee of an inertia curve, and judge whether it is clear."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# How much stronger than the bend of uniform points a knee must be: the lowest value without a false
# alarm on 200 sets without clusters (tests/benchmarks/knee.py).
CLEAR = 0.15
# Below this share of the inertia at k = 1 nothing is left to explain: the logarithm stops there.
_NOTHING = 1e-10


@dataclass(frozen=True)
class Knee:
    """A bend of the curve: its ``k`` and its ``strength`` from 0 (straight) to 1 (a right angle).

    ``limit`` is the strength from which the knee of log(inertia) is ``clear``.
    """

    k: int
    strength: float
    limit: float

    @property
    def clear(self) -> bool:
        """Whether data without clusters hardly ever bend this much."""
        return self.strength >= self.limit


def log_knee(ks: Sequence[int], inertia: Sequence[float]) -> Knee | None:
    """Return the k farthest below the chord of log(inertia); None if the curve has no bend.

    ``ks`` ascend, one for each ``inertia``. On the logarithm, halving the inertia counts the same
    at every k; on inertia itself the first steps outweigh all others, and the knee is 2 or 3
    whatever the data.
    """
    values = np.asarray(inertia, dtype=float)
    if len(values) < 3 or values[0] <= 0:
        return None
    return _farthest_below(ks, np.log(np.maximum(values, _NOTHING * values[0])))


def chord_knee(ks: Sequence[int], inertia: Sequence[float]) -> Knee | None:
    """Return the k farthest below the chord of inertia itself; None if the curve has no bend.

    This is the usual elbow. Kneedle (Satopää, Albrecht, Irwin and Raghavan 2011) without
    smoothing picks the same k.
    """
    values = np.asarray(inertia, dtype=float)
    return _farthest_below(ks, values) if len(values) >= 3 else None


def _farthest_below(ks: Sequence[int], values: np.ndarray) -> Knee | None:
    """Return the knee of a falling curve, both axes scaled to 0 … 1."""
    x = np.asarray(ks, dtype=float)
    fall = values[0] - values[-1]
    if fall <= 0:
        return None
    below = 1 - (x - x[0]) / (x[-1] - x[0]) - (values - values[-1]) / fall
    best = int(below.argmax())
    if below[best] <= 1e-9:
        return None
    # The inertia of uniform points in d dimensions falls as k ** (-2 / d): its scaled logarithm is
    # the same curve for every d, and bends by itself, more so the farther it goes.
    even = (np.log(x / x[0]) / np.log(x[-1] / x[0]) - (x - x[0]) / (x[-1] - x[0])).max()
    return Knee(int(ks[best]), float(below[best]), float(even) + CLEAR)
