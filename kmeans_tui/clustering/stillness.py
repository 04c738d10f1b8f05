"""When a run has converged: how far a centroid may still move, measured against the points."""

from collections.abc import Iterator

import numpy as np

# Numbers looked at in one piece: at most 512 kB; fewer where a few rows may tell.
_CHUNK = 65536
_SHARE, _FEW = 16, 300
# So near to 1 it is rounding: standardised features have a spread of 1, and the tolerance itself.
_ROUNDING = 1e-9


class Stillness:
    """Whether centroids stand still on X (n, d): the rule of one run, of ``tolerance``.

    The spread of X is looked at only once a move is below ``tolerance``, which it never exceeds:
    most runs on few points end with a move of exactly 0 and never ask.
    """

    def __init__(self, tolerance: float, X: np.ndarray) -> None:
        self._tolerance, self._X = tolerance, X
        self._limit: float | None = None

    def __call__(self, shifts: list[float]) -> bool:
        """Whether no centroid moved as far as the tolerance, or none at all."""
        largest = max(shifts)
        if largest >= self._tolerance:
            return largest == 0
        if self._limit is None:
            self._limit = limit(self._tolerance, self._X)
        return largest < self._limit or largest == 0


def limit(tolerance: float, X: np.ndarray) -> float:
    """The move below which a centroid of X (n, d) stands still: ``tolerance`` · min(1, spread).

    The spread is the root of the mean variance of the features. Points that spread over 1 and more
    so have an absolute tolerance, that of the plain algorithm; points in small units one that is a
    share of their spread: 0.0001 would dwarf a table of micrometres written in metres.
    """
    if tolerance == 0 or _spreads(X):
        return float(tolerance)
    spread = _spread(X)
    return float(tolerance) * (spread if spread < 1 - _ROUNDING else 1.0)


def _parts(X: np.ndarray) -> Iterator[np.ndarray]:
    size = min(_CHUNK // X.shape[1], max(_FEW, len(X) // _SHARE)) + 1
    return (X[start : start + size] for start in range(0, len(X), size))


def _spreads(X: np.ndarray) -> bool:
    """Whether the spread is surely 1 or more, from as few rows as it takes to know.

    The squares around the mean of each part add up to no more than those around the whole mean.
    """
    total = 0.0
    for part in _parts(X):
        # Not .mean(): on 300 rows its checks take longer than the sum, 2 % of a whole run.
        total += _squares(part, np.add.reduce(part, axis=0, dtype=np.float64) / len(part))
        if total >= X.size:
            return True
    return False


def _spread(X: np.ndarray) -> float:
    mean = X.mean(axis=0, dtype=np.float64)
    return float(np.sqrt(sum(_squares(part, mean) for part in _parts(X)) / X.size))


def _squares(rows: np.ndarray, mean: np.ndarray) -> float:
    differences = (rows - mean).ravel()
    with np.errstate(over="ignore"):  # more than 1 all the same
        return float(differences @ differences)
