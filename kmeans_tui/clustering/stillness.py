"""When a run has converged: how far a centroid may still move, relative to the points."""

from collections.abc import Iterator

import numpy as np

# Numbers processed at a time: at most 512 kB; fewer if a few rows may decide.
_CHUNK = 65536
_SHARE, _FEW = 16, 300
# A spread this near to 1 counts as 1: standardised features differ from it only by rounding.
_ROUNDING = 1e-9


class Stillness:
    """The convergence rule of one run on X (n, d), for a ``tolerance``.

    The limit never exceeds ``tolerance``, so the spread of X is computed only once a move is below
    that: most runs on few points end with a move of exactly 0 and never need it.
    """

    def __init__(self, tolerance: float, X: np.ndarray, weights: np.ndarray | None = None) -> None:
        self._tolerance, self._X, self._weights = tolerance, X, weights
        self._limit: float | None = None

    def __call__(self, shifts: list[float]) -> bool:
        """Whether no centroid moved as far as the tolerance, or none at all."""
        largest = max(shifts)
        if largest >= self._tolerance:
            return largest == 0
        if self._limit is None:
            self._limit = limit(self._tolerance, self._X, self._weights)
        return largest < self._limit or largest == 0


def limit(tolerance: float, X: np.ndarray, weights: np.ndarray | None = None) -> float:
    """Return the shift below which a centroid of X (n, d) is still: ``tolerance`` · min(1, spread).

    The spread is the root of the mean variance of the features. With a spread of 1 or more the
    tolerance is absolute, as in the plain algorithm; with a smaller one it is a share of the
    spread: 0.0001 would be too coarse for micrometres written in metres. With ``weights`` (n,) a
    point of weight 3 counts like three.
    """
    if tolerance == 0 or (weights is None and _spreads(X)):
        return float(tolerance)
    return limit_at(tolerance, _spread(X) if weights is None else _weighted_spread(X, weights))


def limit_at(tolerance: float, spread: float) -> float:
    """Return the same limit for points whose spread is known."""
    return float(tolerance) * (spread if spread < 1 - _ROUNDING else 1.0)


def _parts(X: np.ndarray) -> Iterator[np.ndarray]:
    size = min(_CHUNK // X.shape[1], max(_FEW, len(X) // _SHARE)) + 1
    return (X[start : start + size] for start in range(0, len(X), size))


def _spreads(X: np.ndarray) -> bool:
    """Whether the spread is certainly 1 or more, from as few rows as needed.

    The sums of squares around the mean of each part add up to at most that around the whole mean.
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


def _weighted_spread(X: np.ndarray, weights: np.ndarray) -> float:
    total = float(weights.sum())
    # Relative to a row, so that large numbers keep their digits.
    centre = X[0].astype(np.float64)
    sums = np.zeros(X.shape[1])
    start = 0
    for part in _parts(X):
        sums += weights[start : start + len(part)] @ (part - centre)
        start += len(part)
    mean = centre + sums / total
    start, squares = 0, 0.0
    for part in _parts(X):
        left = part - mean
        with np.errstate(over="ignore"):
            squares += float(weights[start : start + len(part)] @ (left * left).sum(axis=1))
        start += len(part)
    return float(np.sqrt(squares / total / X.shape[1]))


def _squares(rows: np.ndarray, mean: np.ndarray) -> float:
    differences = (rows - mean).ravel()
    with np.errstate(over="ignore"):  # infinity is also more than 1
        return float(differences @ differences)
