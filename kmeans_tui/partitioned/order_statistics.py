"""Medians and quartiles of all rows, exact, from two passes and a sample.

The sample gives edges around each rank that is wanted; the first pass counts the values between
them, the second collects those of the one gap that holds the rank. With 20,000 rows in the sample,
a gap holds about n / 20,000 values. The result does not depend on the sample, only its cost does.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

_SAMPLE: Final = 20_000
# On each side of a rank, in rows of the sample: four deviations of a median's rank are 283.
_WINDOW: Final = 300


def quantiles(
    run: Callable[[str, dict[str, Any]], Any],
    rows: int,
    d: int,
    wanted: Sequence[float],
    between: Callable[[float, float, float], float] | None = None,
) -> np.ndarray:
    """Return quantiles of the finite values of every feature: (wanted, d), NaN if it has none.

    ``run(name, task)`` makes a pass; ``wanted`` are shares. As ``numpy.percentile``, to the bit,
    unless ``between`` gives another value between two neighbours; as ``weighing.quantiles`` if
    rows have weights.
    """
    task = {
        "seed": 0, "stream": 1, "threshold": _SAMPLE / rows, "by_weight": False, "d": d,
    }  # fmt: skip
    _, _, sample, _ = run("sample", task)
    edges = [_edges(sample[:, f], wanted) for f in range(d)]
    masses, counts, whole = run("ranks", {"edges": edges})
    # Weights that are not whole: their mean counts as one row.
    units = [
        1.0 if whole else float(m.sum()) / max(1, n) for m, n in zip(masses, counts, strict=True)
    ]
    reached = [np.cumsum(m) / unit for m, unit in zip(masses, units, strict=True)]
    needed: dict[tuple[int, float], tuple[int, int]] = {}
    for f in range(d):
        for place in _places(reached[f], wanted, whole):
            at = min(int(np.searchsorted(reached[f], place, side="right")), len(edges[f]))
            needed[f, place] = (f, at)
    gaps = sorted(set(needed.values()))
    ends = [
        (f, edges[f][at - 1] if at else -np.inf, edges[f][at] if at < len(edges[f]) else np.inf)
        for f, at in gaps
    ]
    inside = dict(zip(gaps, run("between", {"gaps": ends}), strict=True))
    tops = {gap: float(high) for gap, (_, _, high) in zip(gaps, ends, strict=True)}

    def value(f: int, place: float) -> float:
        """The least value up to which more than ``place`` rows lie."""
        gap = needed[f, place]
        values, mass = inside[gap]
        order = values.argsort(kind="stable")
        before = float(reached[f][gap[1] - 1]) if gap[1] else 0.0
        within = before + np.cumsum(mass[order]) / units[f]
        at = int(np.searchsorted(within, place, side="right"))
        if at < len(values):
            return float(values[order[at]])
        return tops[gap] if np.isfinite(tops[gap]) else float(values[order[-1]])

    found = np.full((len(wanted), d), np.nan)
    for f in np.flatnonzero(counts).tolist():
        for i, share in enumerate(wanted):
            place, lower, upper = _place(reached[f], share, whole)
            part = place - np.floor(place)
            found[i, f] = (between or _between)(value(f, lower), value(f, upper), float(part))
    return found


def _place(reached: np.ndarray, share: float, whole: bool) -> tuple[float, float, float]:
    """Return where a quantile is among the rows, and what its two neighbours must exceed."""
    total = float(reached[-1])
    place = share * max(0.0, total - 1)
    # Sums of fractions end a rounding before or behind a row.
    rounding = 0.0 if whole else 1e-12 * total
    lower = float(np.floor(place))
    return place, lower + rounding, min(lower + 1 + rounding, max(0.0, total - 1 + rounding))


def _places(reached: np.ndarray, wanted: Sequence[float], whole: bool) -> set[float]:
    return {place for share in wanted for place in _place(reached, share, whole)[1:]}


def _edges(column: np.ndarray, wanted: Sequence[float]) -> np.ndarray:
    known = np.sort(column[np.isfinite(column)])
    near = []
    for share in wanted:
        at = int(share * max(0, len(known) - 1))
        near.append(known[max(0, at - _WINDOW) : at + _WINDOW + 1])
    return np.unique(np.concatenate(near))


def halves(low: float, high: float, share: float) -> float:
    """Return the value between two neighbours as ``numpy.median`` has it."""
    return float((low + high) / 2 if share else low)


def _between(low: float, high: float, share: float) -> float:
    # In the order of numpy's own interpolation, which is exact at both ends.
    apart = high - low
    return float(high - apart * (1 - share) if share >= 0.5 else low + apart * share)
