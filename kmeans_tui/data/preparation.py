"""How the columns of a table are prepared for clustering."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

from kmeans_tui.given_points import GivenPoints

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset


@dataclass(frozen=True)
class Preparation:
    """A choice of columns and how they are transformed; ``None`` leaves a choice to the data set.

    ``features`` are clustered, by name or number from 1; ``log`` are those whose logarithm is
    taken, ``scale`` one of ``columns.SCALES``; ``axes`` are the two features shown, or
    ``("pca",)``. ``without`` are the numbers of rows to take out, ``add`` points to add behind the
    last one. For the user's own tables: rows with a missing value are dropped unless
    ``missing`` is ``median``, ``truth`` names the column of the known grouping, ``weights`` that of
    the weights of the rows.
    """

    features: tuple[str, ...] | None = None
    scale: str | None = None
    log: tuple[str, ...] | None = None
    axes: tuple[str, ...] | None = None
    without: tuple[int, ...] | None = None
    add: GivenPoints | None = None
    missing: str = "drop"
    truth: str | None = None
    weights: str | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns that must be read as numbers, as they are named."""
        return (*(self.features or ()), *(() if self.weights is None else (self.weights,)))

    def chooses_as(self, other: Self) -> bool:
        """Whether both choose the same table; scaling and axes may differ."""
        return replace(self, scale=None, axes=None) == replace(other, scale=None, axes=None)

    def applied(self, dataset: "Dataset") -> "Dataset":
        """Return an existing data set prepared in this way; raises ``DataError``."""
        if self.features is not None:
            dataset = dataset.with_features(self.features)
        dataset = self.edited(dataset)
        if self.scale is not None:
            dataset = dataset.with_scale(self.scale)
        if self.log is not None:
            dataset = dataset.with_log(self.log)
        return dataset if self.axes is None else dataset.with_axes(self.axes)

    def edited(self, dataset: "Dataset") -> "Dataset":
        """Return a data set without the rows taken out, and with the points added."""
        from kmeans_tui.data import edits

        if self.without is not None:
            dataset = edits.without(dataset, self.without)
        return dataset if self.add is None else edits.adding(dataset, self.add)


USUAL: Final = Preparation()
