"""The arrays of a recording: one table of what each must be, and the sizes they define."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from kmeans_tui.clustering.fields import LARGEST, Field, FieldError

VERSION: Final = 1
# In order: arrays that define a size come before those checked against it, ``points`` last.
FIELDS: Final[Mapping[str, Field]] = {
    "version": Field("iu", ()),
    "shape": Field("iu", (3,), 1, 2**62),
    "counted": Field("iu", (), -1, 2**62),
    "stopped_by": Field("iu", (), 0, 3),
    "features": Field("U", ("d",)),
    "changed": Field("iu", ("t",), 0, "n"),
    "moved": Field("iu", ("a",), 0, "all"),
    "cluster_weights": Field("f", ("v", "k"), 0, np.finfo(float).max),
    "first": Field("u", ("n",), 0, "k-1"),
    "rows": Field("u", ("m",), 0, "n-1"),
    "flips": Field("u", ("m",), 0, 2**62),
    "centroids": Field("f", ("t", "k", "d"), -LARGEST, LARGEST),
    "shifts": Field("f", ("t", "k"), 0, 1e160),
    "sizes": Field("iu", ("t", "k"), 0, "all"),
    "inertia": Field("f", ("t", 2), 0, np.finfo(float).max),
    "events": Field("iu", ("e", 4), (1, 0, -1, -1), ("t-1", "k-1", "row", "k-1")),
    "swaps": Field("iu", ("w", 3), (1, 0, 0), ("t-1", "k-1", "k-1")),
    "shares": Field("f", ("w",), 0, np.finfo(float).max),
    "tried": Field("iu", (), -1, 2**62),
    "weights": Field("f", ("n",), 0, LARGEST),
    "points": Field("f", ("n", "d"), -LARGEST, LARGEST),
}
# Of a run on all points that was never improved, without weights, and what they are then.
OPTIONAL: Final[Mapping[str, np.ndarray]] = {
    "counted": np.array(-1), "moved": np.empty(0, np.int64), "cluster_weights": np.empty((0, 1)),
    "swaps": np.empty((0, 3), np.int64), "shares": np.empty(0), "tried": np.array(-1),
    "weights": np.empty(0),
}  # fmt: skip
# Arrays whose length defines a size, and the name of that size.
LENGTHS: Final = {
    "changed": "t", "moved": "a", "cluster_weights": "v", "rows": "m", "events": "e", "swaps": "w",
}  # fmt: skip


def size_without(name: str, sizes: Mapping[str, int]) -> dict[str, int]:
    """Return the sizes known by the absence of an optional array."""
    if name == "counted":
        return {"all": sizes["n"], "row": sizes["n"] - 1}
    return {LENGTHS[name]: 0} if name in LENGTHS else {}


def size_counted(found: np.ndarray, sizes: Mapping[str, int]) -> dict[str, int]:
    """Return the sizes known by ``counted``; raises ``FieldError`` if these are too few points."""
    if found < sizes["n"]:
        raise FieldError(f"is {found}, less than the {sizes['n']:,} points on display")
    return {"all": int(found), "row": 2**62}
