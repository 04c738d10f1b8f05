"""Find points on the screen: the nearest to a position, and the next one in a direction."""

from typing import Final, Literal

import numpy as np

Direction = Literal["left", "right", "up", "down"]

_STEPS: Final = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "up": (0.0, 1.0), "down": (0.0, -1.0)}


def nearest(
    positions: np.ndarray, place: tuple[float, float], cell: tuple[float, float] = (1.0, 1.0)
) -> int:
    """Return the row of ``positions`` (n, 2) nearest to a position, the first in a tie.

    ``cell`` is the width and height that count as equal distances: those of a character cell, or a
    unit on each axis of the plot.
    """
    x = (positions[:, 0] - place[0]) / cell[0]
    y = (positions[:, 1] - place[1]) / cell[1]
    x *= x
    y *= y
    x += y
    return int(x.argmin())


def neighbour(
    positions: np.ndarray,
    row: int,
    direction: Direction,
    cell: tuple[float, float] = (1.0, 1.0),
) -> int | None:
    """Return the nearest row in a direction from ``row`` of ``positions`` (n, 2); None at the edge.

    Up is increasing y. The search covers the quarter plane around the direction, and if that is
    empty the half plane, so that every point can be reached. Coinciding points count as one.
    """
    along_x, along_y = _STEPS[direction]
    x = (positions[:, 0] - positions[row, 0]) / cell[0]
    y = (positions[:, 1] - positions[row, 1]) / cell[1]
    forward = along_x * x + along_y * y
    sideways = np.abs(along_y * x + along_x * y)
    ahead = np.flatnonzero(forward > 0)
    if not len(ahead):
        return None
    quarter = ahead[sideways[ahead] <= forward[ahead]]
    chosen = quarter if len(quarter) else ahead
    distances = forward[chosen] ** 2 + sideways[chosen] ** 2
    return int(chosen[distances.argmin()])
