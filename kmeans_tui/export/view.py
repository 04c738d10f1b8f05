"""A run as figures need it: positions in the plane, and colours and markers."""

import os
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from kmeans_tui import palette
from kmeans_tui.aspect import Fit, fit, stretched
from kmeans_tui.clustering.history import History
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export.appearance import Appearance
from kmeans_tui.export.figures.density import DENSE, draw_density
from kmeans_tui.export.figures.look import look_of
from kmeans_tui.export.figures.scatter import draw_points, limits
from kmeans_tui.words import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Of a figure in inches: cells as large as those of its 10 point letters.
_COLUMNS: Final = 12
_ROWS: Final = 6
# In 12 point letters, next to "iteration 100 of 100, K = 12", above axes six inches wide.
_LONGEST_NAME: Final = 28


class RunView:
    """The data and run of one export, with the settings of its figures."""

    def __init__(self, dataset: Dataset, history: History, settings: Appearance) -> None:
        self.dataset, self.history, self.settings = dataset, history, settings
        self.look = look_of(settings)
        x, y = dataset.axis_names
        self.names = printable(x), printable(y)

    @cached_property
    def positions(self) -> NDArray[np.float64]:
        """The positions of the points, (n, 2)."""
        return self.dataset.shown()

    @cached_property
    def area(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The axis limits of every plot of this run."""
        return limits(self.positions)

    def ratio(self, width: float, height: float) -> float | None:
        """How many times as long a unit of y is drawn as one of x, in axes of about this size.

        In inches; None where they are filled.
        """
        units, found = self.dataset.units, self._fit(width, height)
        return units[1] / units[0] if units is not None and found.equal else None

    def labels(self, width: float, height: float) -> tuple[str, str]:
        """The names of both axes; that of x says where distances are not to scale."""
        found = self._fit(width, height)
        x, y = self.names
        if found.equal or found.stretch is None:
            return x, y
        return f"{x} · about {stretched(found.stretch)}", y

    def _fit(self, width: float, height: float) -> Fit:
        size = max(width, 0.5) * _COLUMNS, max(height, 0.5) * _ROWS
        return fit(self.area, self.dataset.units, *size, aspect=self.settings.aspect)

    @property
    def dense(self) -> bool:
        """Whether the points are drawn as a density."""
        return len(self.positions) > DENSE

    def draw(self, axes: "Axes", labels: NDArray[np.unsignedinteger], scale: float = 1.0) -> None:
        """Draw the points by ``labels`` (n,): as discs, or as a density in final axes."""
        how = draw_density if self.dense else draw_points
        how(axes, self.positions, labels, self.styles, self.look, scale)

    @property
    def name(self) -> str:
        """The name of the data in titles; a long one is cut at its less telling end."""
        name = printable(self.dataset.title)
        if len(name) <= _LONGEST_NAME:
            return name
        is_path = os.sep in name
        return f"…{name[1 - _LONGEST_NAME :]}" if is_path else f"{name[: _LONGEST_NAME - 1]}…"

    @property
    def styles(self) -> list[tuple[str, str]]:
        """Colour and marker of every cluster."""
        ground: Literal["dark", "light"] = "dark" if self.settings.look == "dark" else "light"
        worn = self.settings.wears or range(self.history.k)
        return [palette.figure_style(each, ground) for each in worn]

    @property
    def order(self) -> list[int]:
        """The clusters, counted from 0, in the order of their colours, as legends list them."""
        worn = self.settings.wears or range(self.history.k)
        return sorted(range(self.history.k), key=worn.__getitem__)

    @property
    def colours(self) -> NDArray[np.float32]:
        """The colours of the clusters, (k, 3), 0 to 255."""
        return rgb([colour for colour, _ in self.styles])

    def places(self, iteration: int) -> NDArray[np.float64]:
        """Return the positions of the centroids of an iteration, (k, 2)."""
        return self.dataset.project(self.history[iteration].centroids)

    def ways(self, iteration: int) -> NDArray[np.float64]:
        """Return the paths of the centroids up to an iteration, (iteration + 1, k, 2)."""
        return self.dataset.project(self.history.centroids[: iteration + 1])


def rgb(colours: list[str]) -> NDArray[np.float32]:
    """Return colours given as ``#rrggbb`` as (m, 3), 0 to 255."""
    return np.array([palette.channels(each) for each in colours], np.float32)
