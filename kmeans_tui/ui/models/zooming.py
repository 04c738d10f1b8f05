"""Zoom and pan: parts of the plane as values of ``--zoom``.

None stands for the whole plane.
"""

import math
from typing import TYPE_CHECKING, Final, TypeAlias

from kmeans_tui.aspect import Framing, Span, Window
from kmeans_tui.vocabulary import PCA

if TYPE_CHECKING:
    from kmeans_tui.command import Options
    from kmeans_tui.data.dataset import Dataset

# The type of ``Options.zoom``.
Zoom: TypeAlias = tuple[float, ...] | None

# The zoom factor of a key press or wheel notch, and the share of the part for one pan step.
NEARER: Final = 1.5
ASIDE: Final = 0.25
# Digits of the flag's numbers relative to the size of the part: 1 in 1,000.
_DIGITS: Final = 3
# The limit of zooming in, as a share of the whole or of the numbers themselves.
_NEAREST: Final = 1e-9


def framing(options: "Options") -> Framing:
    """Return the framing of the plane in these options."""
    zoom = options.zoom
    part = None if zoom is None else ((zoom[0], zoom[1]), (zoom[2], zoom[3]))
    return Framing(options.aspect, options.cell_ratio, part)


def nearer(seen: Window, whole: Window, factor: float, about: tuple[float, float]) -> Zoom:
    """Zoom in by ``factor``, or out if below 1, keeping the position ``about`` in its cell.

    Returns the same part at the limit of zooming in.
    """
    found = tuple(
        (at - (at - low) / factor, at + (high - at) / factor)
        for (low, high), at in zip(seen, about, strict=True)
    )
    part = (found[0], found[1])
    if factor > 1 and not all(map(_wide_enough, part, whole)):
        return as_zoom(seen, whole)
    return as_zoom(part, whole)


def beside(seen: Window, whole: Window, across: float, up: float) -> Zoom:
    """Pan by shares of the part's size; its middle stays inside the whole."""
    moved = []
    for (low, high), by, (least, most) in zip(seen, (across, up), whole, strict=True):
        size = high - low
        middle = min(max((low + high) / 2 + by * size, least), most)
        moved.append((middle - size / 2, middle + size / 2))
    return as_zoom((moved[0], moved[1]), whole)


def following(seen: Window, whole: Window, place: tuple[float, float]) -> Zoom:
    """Return this part if it contains ``place``, else one of the same size centred on it."""
    if all(low <= at <= high for (low, high), at in zip(seen, place, strict=True)):
        return as_zoom(seen, whole)
    (x, y), (wide, high) = place, ((seen[0][1] - seen[0][0]) / 2, (seen[1][1] - seen[1][0]) / 2)
    return as_zoom(((x - wide, x + wide), (y - high, y + high)), whole)


def as_zoom(part: Window, whole: Window) -> Zoom:
    """Return the part as for the flag, in round numbers; None for the whole."""
    if all(low <= least and most <= high
           for (low, high), (least, most) in zip(part, whole, strict=True)):  # fmt: skip
        return None
    return (*_rounded(part[0]), *_rounded(part[1]))


def same_plane(first: "Dataset", second: "Dataset") -> bool:
    """Whether the planes are the same, so that parts carry over: components depend on the data."""
    same = first.axis_names == second.axis_names
    return same and (first.axes != (PCA,) or first.digest == second.digest)


def _rounded(span: Span) -> Span:
    low, high = span
    decimals = _DIGITS - math.floor(math.log10(high - low))
    return round(low, decimals), round(high, decimals)


def _wide_enough(span: Span, whole: Span) -> bool:
    size = span[1] - span[0]
    return size > _NEAREST * max(whole[1] - whole[0], abs(span[0]), abs(span[1]))
