"""Points on the screen: the nearest to a place, and the next one in a direction."""

from typing import Final, Literal

import numpy as np

Direction = Literal["left", "right", "up", "down"]

_STEPS: Final = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "up": (0.0, 1.0), "down": (0.0, -1.0)}


def nearest(
    positions: np.ndarray, place: tuple[float, float], cell: tuple[float, float] = (1.0, 1.0)
) -> int:
    """The row of ``positions`` (n, 2) nearest to a place in the same units, the first of several.

    ``cell`` is width and height of what counts as equally far across and up: one character cell,
    or a unit of each axis of the picture.
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
    """The nearest row in a direction from ``row`` of ``positions`` (n, 2); None at the edge.

    Up is where y grows. Looked for in the quarter around the direction, and where that is empty in
    the half plane, so that every place can be reached. Points in the very same place count as one.
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
