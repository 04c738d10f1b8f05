"""What the scatter plot shows: one half step of a run, or one draw of its start."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = NDArray[np.integer]


@dataclass(frozen=True)
class Scene:
    """One half step in the plane of the plot.

    labels: (n,), or None before the first assignment. centroids: (k, 2). previous: (k, 2), the
    centroids before this update, or None. trail: (steps, k, 2), their whole path, or None. owner:
    maps positions (m, 2) to clusters (m,), or None for no regions. questioned: the row of the
    point under the cursor, or None. inks: a colour for each cluster (k,) instead of the palette's,
    or None. coming: (k, 2), the centroids after the next update, or None. distances: (k,) from the
    point under the cursor to each centroid, empty for no lines. wears: the palette number of each
    cluster's colour and shape (k,), counted from 0, or None if each has its own. hand: the position
    of the hand, or None; held: the cluster whose centroid it holds, or None. numbers: the number
    shown at each centroid (k,), counted from 0, or None for its own.

    For a draw of the start: weights (n,), how likely each point was as a share of the likeliest, or
    None; tried: the rows tried; drawn: the row taken, the last of the centroids, or None; reach:
    the distance that decided and the cluster it is measured from, or None.
    """

    labels: NDArray[np.unsignedinteger] | None
    centroids: Floats
    previous: Floats | None = None
    trail: Floats | None = None
    owner: Callable[[Floats], Labels] | None = None
    questioned: int | None = None
    inks: tuple[str, ...] | None = None
    coming: Floats | None = None
    distances: tuple[float, ...] = ()
    wears: tuple[int, ...] | None = None
    hand: tuple[float, float] | None = None
    held: int | None = None
    numbers: tuple[int, ...] | None = None
    weights: Floats | None = None
    tried: tuple[int, ...] = ()
    drawn: int | None = None
    reach: tuple[float, int] | None = None
