"""Medians and quartiles of all rows, exact, from two passes and a sample.

The sample gives edges around each rank that is wanted; the first pass counts the values between
them, the second collects those of the one gap that holds the rank. With 20,000 rows in the sample,
a gap holds about n / 20,000 values. The result does not depend on the sample, only its cost does.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

_SAMPLE: Final = 20_000
# On each side of a rank, in rows of the sample: four deviations of a median's rank are 283.
_WINDOW: Final = 300


def quantiles(
    run: Callable[[str, dict[str, Any]], Any],
    rows: int,
    d: int,
    wanted: Any,
    between: Callable[[float, float, float], float] | None = None,
) -> np.ndarray:
    """Return quantiles of the finite values of every feature: (wanted, d), NaN if it has none.

    ``run(name, task)`` makes a pass; ``wanted`` are shares. As ``numpy.percentile``, to the bit,
    unless ``between`` gives another value between two neighbours.
    """
    task = {"seed": 0, "stream": 1, "threshold": min(1.0, _SAMPLE / rows), "d": d}
    _, _, sample, _ = run("sample", task)
    edges = [_edges(sample[:, f], wanted) for f in range(d)]
    counts = run("ranks", {"edges": edges})
    needed: dict[tuple[int, int], tuple[int, float, float]] = {}
    for f in range(d):
        for rank in _ranks(int(counts[f].sum()), wanted):
            at = int(np.searchsorted(np.cumsum(counts[f]), rank, side="right"))
            low = edges[f][at - 1] if at else -np.inf
            high = edges[f][at] if at < len(edges[f]) else np.inf
            needed[f, rank] = (f, float(low), float(high))
    gaps = sorted(set(needed.values()))
    inside = dict(zip(gaps, run("between", {"gaps": gaps}), strict=True))
    inside = {gap: np.sort(values) for gap, values in inside.items()}
    found = np.full((len(wanted), d), np.nan)
    for f in range(d):
        before = np.concatenate([[0], np.cumsum(counts[f])])
        n = int(before[-1])
        values = {}
        for rank in _ranks(n, wanted):
            gap = needed[f, rank]
            first = int(before[int(np.searchsorted(before, rank, side="right")) - 1])
            within = inside[gap]
            values[rank] = within[rank - first] if rank - first < len(within) else gap[2]
        for i, share in enumerate(wanted):
            if n:
                place = (n - 1) * share
                low, high = int(np.floor(place)), min(n - 1, int(np.floor(place)) + 1)
                found[i, f] = (between or _between)(values[low], values[high], place - low)
    return found


def _edges(column: np.ndarray, wanted: Any) -> np.ndarray:
    known = np.sort(column[np.isfinite(column)])
    near = []
    for share in wanted:
        at = int(share * max(0, len(known) - 1))
        near.append(known[max(0, at - _WINDOW) : at + _WINDOW + 1])
    return np.unique(np.concatenate(near))


def _ranks(n: int, wanted: Any) -> list[int]:
    """Return the ranks, from 0, between whose values the quantiles of n values lie."""
    if not n:
        return []
    lower = [int(np.floor((n - 1) * share)) for share in wanted]
    return sorted({min(n - 1, rank + more) for rank in lower for more in (0, 1)})


def halves(low: float, high: float, share: float) -> float:
    """Return the value between two neighbours as ``numpy.median`` has it."""
    return float((low + high) / 2 if share else low)


def _between(low: float, high: float, share: float) -> float:
    # In the order of numpy's own interpolation, which is exact at both ends.
    apart = high - low
    return float(high - apart * (1 - share) if share >= 0.5 else low + apart * share)
