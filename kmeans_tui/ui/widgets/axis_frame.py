"""The frame of a plot: axes with ticks at round numbers. The only file that imports plotext.

plotext draws frame, axes and ticks once per size; the cells of the data are then laid over its
canvas as arrays. Having plotext draw every frame costs 7.9 ms at 120×40 with 300 points and
17.6 ms with 100,000 already thinned to one per cell; this costs about 2 and 4 ms and gives the
same picture. Its braille markers are also one cell off a plain marker for 29 of 100 points, so a
centroid would not appear among its points; here both share one ``Raster``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from plotext._figure import _figure_class

from kmeans_tui.aspect import Fit, Framing, Span, Units, Window, fit
from kmeans_tui.ui.widgets.picture import codes
from kmeans_tui.ui.widgets.ticks import Ticks, round_ticks, spaced_ticks, written


@dataclass(frozen=True, eq=False)
class Axes:
    """A frame without data.

    ``characters`` (height, width) are all cells; the canvas in them starts at ``left`` and ``top``
    and has ``columns`` × ``rows``. ``fit`` says what part of the plane it shows; ``offsets`` are
    the texts of what the ticks of x and y count from, usually empty.
    """

    characters: NDArray[np.uint32]
    left: int
    top: int
    columns: int
    rows: int
    fit: Fit
    offsets: tuple[str, str] = field(default=("", ""))


def plane(width: int, height: int, whole: Window, units: Units, framing: Framing) -> Axes:
    """Return the axes of a plot of points; ``whole`` are the limits of all points.

    Equal aspect may leave room beside the points; ticks cover only the points.
    """
    rows = height - 3
    seen = framing.zoom or whole
    found, up = _fitted(width, rows, rows, seen, units, framing)
    used = max(1, round(found.share[1] * rows))
    if used < rows and framing.zoom is None:
        found, up = _fitted(width, rows, used, seen, units, framing)
    columns = width - up.width - 2
    if framing.zoom is None:
        across = spaced_ticks(*seen[0], round(found.share[0] * columns))
    else:
        up, across = _upwards(found.window[1], rows), spaced_ticks(*found.window[0], columns)
        # The new ticks may be wider: adjust the canvas, and the window with it.
        columns = width - up.width - 2
        found = _fit(seen, units, columns, rows, framing)
    return _drawn(width, height, found, across, up)


def of_curve(width: int, height: int, x: tuple[int, int], y: Span) -> Axes:
    """Return the axes of a curve; the limits are the centres of the first and the last cell.

    x has whole numbers only.
    """
    rows = height - 3
    up = round_ticks(*y, max(2, min(6, (rows + 1) // 2)))
    columns = max(1, width - up.width - 2)
    first, last = x[0], max(x[1], x[0] + 1)
    wide = max(len(str(first)), len(str(last))) + 2
    across = round_ticks(first, last, max(2, min(10, columns // max(wide, 4))), whole=True)
    # Half a cell more on each side, so that values fall on the centres of cells.
    halves = [(b - a) / max(cells - 1, 1) / 2 for (a, b), cells in (((first, last), columns),
                                                                   (y, rows))]  # fmt: skip
    window = (
        (first - halves[0], last + halves[0]),
        (y[0] - halves[1], y[1] + halves[1]),
    )
    return _drawn(width, height, Fit(window, (1.0, 1.0), None), across, up)


def cell_of(value: float, span: Span, cells: int) -> int:
    """Return the cell, counted from the low end, that contains a value of ``span``."""
    low, high = span
    return min(max(int((value - low) / (high - low) * cells), 0), cells - 1)


def _fitted(
    width: int, rows: int, used: int, seen: Window, units: Units, framing: Framing
) -> tuple[Fit, Ticks]:
    up = _upwards(seen[1], used)
    return _fit(seen, units, width - up.width - 2, rows, framing), up


def _fit(seen: Window, units: Units, columns: int, rows: int, framing: Framing) -> Fit:
    return fit(seen, units, max(columns, 1), rows, cell=framing.cell, aspect=framing.aspect)


def _upwards(span: Span, rows: int) -> Ticks:
    return round_ticks(*span, max(3, min(8, rows // 3)))


def _drawn(width: int, height: int, found: Fit, across: Ticks, up: Ticks) -> Axes:
    left, rows = up.width + 1, height - 3
    columns = max(1, width - left - 1)
    (x, y) = found.window
    figure = _figure_class()
    figure._limit_size(False, False)
    figure.theme("clear")
    figure._set_size(width, height)
    # plotext draws axes only if there is a series, so it gets one blank point.
    figure.scatter([0], [0], marker=" ")
    figure.xlim(0, max(columns - 1, 1))
    figure.ylim(0, max(rows - 1, 1))
    figure.xticks(_places(across.values, x, columns), list(across.labels))
    figure.yticks(_places(up.values, y, rows), list(up.labels))
    figure._set_sizes()
    figure.monitor.build_plot()
    lines = ["".join(row)[:width].ljust(width) for row in reversed(figure.monitor.matrix.marker)]
    characters = codes("".join(lines)).reshape(height, width)
    offsets = tuple(written(each.offset) if each.offset else "" for each in (across, up))
    return Axes(characters, left, 1, columns, rows, found, (offsets[0], offsets[1]))


def _places(values: Sequence[float], span: Span, cells: int) -> list[int]:
    return [cell_of(value, span, cells) for value in values]
