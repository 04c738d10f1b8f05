"""Arrays as short texts, in JSON that may stand in a web page.

An array is ``{"type": "u1", "bytes": BASE64}``, little-endian; decimal numbers with few digits are
whole numbers from ``low``, to be divided by 10 ** ``digits``, which gives each to the last bit.
"""

import base64
import json
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kmeans_tui.clustering.history import History

# Decimals that are tried, and the types of the whole numbers.
_MOST_DIGITS: Final = 6
_WHOLE: Final = (np.uint8, np.uint16, np.uint32)
# What would end a script element or begin a comment in it, and what JSON allows and scripts do not.
_MARKS: Final = {
    ord(mark): f"\\u{ord(mark):04x}" for mark in ("<", ">", "&", "'", *map(chr, (0x2028, 0x2029)))
}


def as_json(value: Any) -> str:
    """Return a value as ASCII JSON without any character that has a meaning in HTML."""
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.translate(_MARKS)


def packed(array: ArrayLike) -> dict[str, Any]:
    """Return an array of unsigned or floating numbers, flat, in its own type."""
    flat = np.ascontiguousarray(array).ravel()
    small = flat.dtype.newbyteorder("<")
    data = base64.b64encode(flat.astype(small, copy=False).tobytes()).decode()
    return {"type": f"{small.kind}{small.itemsize}", "bytes": data}


def counts(array: ArrayLike) -> dict[str, Any]:
    """Return whole numbers from 0 in the smallest type that holds them."""
    found = np.asarray(array)
    most = int(found.max()) if found.size else 0
    return packed(found.astype(next(each for each in _WHOLE if most <= np.iinfo(each).max)))


def column(values: NDArray[np.float64]) -> dict[str, Any]:
    """Return numbers (n,) to the last bit: as short whole numbers where they are decimals."""
    for digits in range(_MOST_DIGITS + 1):
        unit = 10.0**digits
        with np.errstate(invalid="ignore", over="ignore"):
            whole = np.rint(values * unit)
            same = (whole / unit == values) & ~(np.signbit(values) & (values == 0))
        if same.all():
            low = float(whole.min())
            if abs(low) < 2**53 and float(whole.max()) - low <= np.iinfo(np.uint32).max:
                return {
                    **counts((whole - low).astype(np.uint64)),
                    "low": int(low),
                    "digits": digits,
                }
    return packed(values)


def changes(history: History, rows: NDArray[np.intp]) -> dict[str, Any]:
    """Return the clusters of ``rows`` in every iteration: the first, then what changed.

    ``counts`` say how many changes each iteration has; of each, ``rows`` is its place in ``rows``
    and ``flips`` the old XOR the new cluster, as the history keeps it.
    """
    place = np.full(history.n, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    many, where, flips = [0], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for iteration in range(1, len(history)):
        changed, old, new = history.changes(iteration)
        kept = place[changed] >= 0
        many.append(int(kept.sum()))
        where.append(place[changed[kept]])
        flips.append((old[kept] ^ new[kept]).astype(np.int64))
    return {
        "first": counts(history.labels(0)[rows]),
        "counts": counts(many),
        "rows": counts(np.concatenate(where)),
        "flips": counts(np.concatenate(flips)),
    }
