"""How the points of a data set are shown: the plane of the plot, and every position in it."""

from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.notes import logarithm
from kmeans_tui.data.plane import Plane, plane_of_components, plane_of_features, plane_of_row
from kmeans_tui.vocabulary import PCA

Floats: TypeAlias = NDArray[np.float64]


class Shown:
    """What a ``Dataset`` says of its plot. Its columns, preparation and points are the set's own.

    Each position is that of a prepared point in the plane of ``axes``.
    """

    table: Floats
    columns: tuple[str, ...]
    features: tuple[str, ...]
    axes: tuple[str, ...]
    log: tuple[str, ...]
    weights: Floats | None

    if TYPE_CHECKING:

        @property
        def points(self) -> Floats: ...
        @property
        def log_offsets(self) -> dict[int, float]: ...
        @property
        def centre_and_spread(self) -> tuple[Floats, Floats]: ...

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.table)

    @property
    def counted(self) -> int:
        """The rows that are clustered: more than ``n`` if only some of them are on display."""
        return self.n

    @property
    def d(self) -> int:
        """The number of features that are clustered."""
        return len(self.features)

    def column(self, name: str) -> Floats:
        """Return a column of the table ``(n,)``, in its own units."""
        return self.table[:, self.columns.index(name)]

    def has_axes(self, axes: tuple[str, ...]) -> bool:
        """Whether it can be shown on these axes: its own features, or ``("pca",)``."""
        return {*axes} <= {*self.features, PCA}

    @property
    def axis_names(self) -> tuple[str, str]:
        """The labels of x and y; a component gives its share of the variance."""
        return self._plane.names

    @property
    def units(self) -> tuple[float, float] | None:
        """How long one unit of x and of y is in the space of ``points``; None against the rows."""
        return self._plane.units

    def shown(self) -> Floats:
        """The position of every point in the plot: ``(n, 2)``, in the units of the table.

        A logarithm is in its own units; principal components are the scores of ``points``.
        """
        return self._shown

    @cached_property
    def extent(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The least and the largest of ``shown``, of x and of y."""
        (x0, y0), (x1, y1) = self._shown.min(axis=0).tolist(), self._shown.max(axis=0).tolist()
        return (x0, x1), (y0, y1)

    def project(self, centroids: Floats) -> Floats:
        """Return the positions in the plot, ``(…, 2)``, of prepared coordinates ``(…, d)``."""
        return self._plane.project(np.asarray(centroids))

    @property
    def exact_plane(self) -> bool:
        """Whether the plot shows the whole space, so that regions drawn in it are exact."""
        return self.d <= 2

    def unproject(self, positions: Floats) -> Floats:
        """Return positions in the plot ``(m, 2)`` as prepared coordinates ``(m, d)``.

        Raises ``ValueError`` unless ``exact_plane``.
        """
        return self._plane.unproject(np.asarray(positions))

    def moved(self, prepared: Floats, positions: Floats) -> Floats:
        """Move prepared coordinates ``(m, d)`` to positions ``(m, 2)`` of the plot.

        What the plot does not show keeps its value.
        """
        return self._plane.moved(np.asarray(prepared), np.asarray(positions))

    @cached_property
    def _plane(self) -> Plane:
        centre, spread = self.centre_and_spread
        if self.d == 1:
            name = self._axis(self.features[0])
            return plane_of_row(name, float(spread[0]), float(centre[0]), self.n)
        if self.axes == (PCA,):
            return plane_of_components(self.points, self.weights)
        x, y = self.axes
        chosen = (self.features.index(x), self.features.index(y))
        return plane_of_features((self._axis(x), self._axis(y)), chosen, spread, centre)

    def _axis(self, name: str) -> str:
        """Return the axis label of a feature, which shows what is clustered."""
        offset = self.log_offsets.get(self.features.index(name))
        return name if offset is None else logarithm(name, offset)

    @cached_property
    def _shown(self) -> Floats:
        if self.d == 1:
            shown = np.column_stack([self._seen(self.features[0]), np.arange(1.0, self.n + 1)])
        elif self.axes == (PCA,):
            shown = self._plane.project(self.points)
        elif self.axes == self.columns and not self.log:
            return self.table
        else:
            shown = np.column_stack([self._seen(each) for each in self.axes])
        shown.flags.writeable = False
        return shown

    def _seen(self, name: str) -> Floats:
        """Return a feature as its axis shows it: ``(n,)``."""
        column = self.column(name)
        offset = self.log_offsets.get(self.features.index(name))
        return column if offset is None else np.log(column + offset)
