"""Equal aspect: a unit of the space that K-Means measures in, as long across as down.

The one rule for every plot of points, on the screen and in figures. Lengths there are in units of a
row for the terminal and in points for a figure; ``units`` say how long one unit of each axis is in
the prepared space, where distances are taken.
"""

import math
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

Aspect = Literal["equal", "fill"]
Span: TypeAlias = tuple[float, float]
# Limits of x and of y.
Window: TypeAlias = tuple[Span, Span]
# How long one unit of x and of y is, None where they have nothing in common.
Units: TypeAlias = tuple[float, float] | None

ASPECTS: Final[tuple[Aspect, ...]] = ("equal", "fill")
# A cell of most fonts is so many times as high as it is wide.
CELL_RATIO: Final = 2.0
# Fewer columns and rows than these, and less than half of the cells, are too few to see a cluster;
# the second are the first, turned upright.
_LEAST: Final = ((24, 10), (20, 12))
_HALF: Final = 0.5
# Next to its other side, a window this thin is a line at any size, and its share rounds to 0.
_THINNEST: Final = 1e-15


@dataclass(frozen=True)
class Framing:
    """How a plane is looked at: the aspect, the shape of a cell, the part of it or None for all."""

    aspect: Aspect | None = None
    cell: float = CELL_RATIO
    zoom: Window | None = None


class Fit(NamedTuple):
    """How a window lies on a canvas.

    ``window`` are the limits of the whole canvas; ``share`` is the part of its width and of its
    height that what was asked for takes. ``stretch`` is how many times as long a unit is across as
    down: 1 at equal aspect, below 1 where it is longer down, None where axes share no unit.
    """

    window: Window
    share: tuple[float, float]
    stretch: float | None

    @property
    def equal(self) -> bool:
        """Whether distances can be read off the picture."""
        return self.stretch == 1


def fit(
    window: Window,
    units: Units,
    columns: float,
    rows: float,
    *,
    cell: float = CELL_RATIO,
    aspect: Aspect | None = None,
) -> Fit:
    """Lay ``window`` on ``columns`` × ``rows`` cells, each ``cell`` times as high as wide.

    At equal aspect it is widened to the shape of the canvas and lies in its middle. Left open,
    ``aspect`` is equal where the window keeps 24 columns and 10 rows, the same turned upright, or
    half of the cells.
    """
    (left, right), (bottom, top) = window
    filled = Fit(window, (1.0, 1.0), None)
    if units is None:
        return filled
    # Of a row each: how much a cell shows, across in the width of its height.
    across = (right - left) * units[0] / (columns / cell)
    down = (top - bottom) * units[1] / rows
    if not (0 < across < math.inf and 0 < down < math.inf):
        return filled
    most = max(across, down)
    share = across / most, down / most
    if min(share) < _THINNEST:
        return filled
    used = share[0] * columns, share[1] * rows
    roomy = any(used[0] >= wide and used[1] >= high for wide, high in _LEAST)
    if aspect == "fill" or not (aspect == "equal" or roomy or share[0] * share[1] >= _HALF):
        return Fit(window, (1.0, 1.0), down / across)
    wide = widened((left, right), share[0]), widened((bottom, top), share[1])
    return Fit(wide, share, 1.0)


def widened(span: Span, share: float) -> Span:
    """The span of which ``span`` is this share, around the same middle."""
    low, high = span
    room = (high - low) * (1 / share - 1) / 2
    return low - room, high + room


def stretched(stretch: float) -> str:
    """In words how far a picture is from equal aspect: ``stretched 3.4 times across``."""
    times, way = (stretch, "across") if stretch >= 1 else (1 / stretch, "down")
    # Two digits tell 3.4 from 3.5; what is larger is large.
    shown = f"{times:.2g}" if times < 10 else f"{times:,.0f}" if times < 1e6 else f"{times:.0e}"
    return f"stretched {shown} times {way}"
