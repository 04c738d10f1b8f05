"""How the columns of a table are prepared for clustering."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

from kmeans_tui.data.columns import DataError, find_column
from kmeans_tui.given_points import GivenPoints

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset


@dataclass(frozen=True)
class Preparation:
    """A choice of columns and how they are transformed; ``None`` leaves a choice to the data set.

    ``features`` are clustered, by name or number from 1, or all usual ones but those to ``drop``;
    ``log`` are those whose logarithm is
    taken, ``scale`` one of ``SCALES``; ``axes`` are the two features shown, or
    ``("pca",)``. ``without`` are the numbers of rows to take out, ``add`` points to add behind the
    last one. For the user's own tables: rows with a missing value are dropped unless
    ``missing`` is ``median``, ``truth`` names the column of the known grouping, ``weights`` that of
    the weights of the rows, ``id_column`` the one that names the rows, and ``encode`` text columns
    that take part by their values.
    """

    features: tuple[str, ...] | None = None
    drop: tuple[str, ...] | None = None
    scale: str | None = None
    log: tuple[str, ...] | None = None
    axes: tuple[str, ...] | None = None
    without: tuple[int, ...] | None = None
    add: GivenPoints | None = None
    missing: str = "drop"
    truth: str | None = None
    id_column: str | None = None
    weights: str | None = None
    encode: tuple[str, ...] | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns that must be read as numbers, as they are named."""
        return (*(self.features or ()), *(() if self.weights is None else (self.weights,)))

    def chooses_as(self, other: Self) -> bool:
        """Whether both choose the same table; scaling and axes may differ."""
        return replace(self, scale=None, axes=None) == replace(other, scale=None, axes=None)

    def applied(self, dataset: "Dataset") -> "Dataset":
        """Return an existing data set prepared in this way; raises ``DataError``."""
        chosen = self.features
        if self.drop is not None:
            chosen = self.left(dataset.features, dataset.columns, dataset.name)
        if chosen is not None:
            dataset = dataset.with_features(chosen)
        dataset = self.edited(dataset)
        if self.scale is not None:
            dataset = dataset.with_scale(self.scale)
        if self.log is not None:
            dataset = dataset.with_log(self.log)
        return dataset if self.axes is None else dataset.with_axes(self.axes)

    def left(self, usual: Sequence[str], columns: Sequence[str], table: str) -> tuple[str, ...]:
        """Return the usual features without those to drop, which may be any of the columns.

        Raises ``DataError`` for an unknown column, if none is left, and beside ``features``.
        """
        if self.features is not None:
            raise DataError("--features and --drop both choose the features: use one of them")
        gone = {find_column(each, columns, table) for each in self.drop or ()}
        found = tuple(each for each in usual if each not in gone)
        if not found:
            raise DataError(f"--drop leaves no feature of {table}: drop fewer columns")
        return found

    def edited(self, dataset: "Dataset") -> "Dataset":
        """Return a data set without the rows taken out, and with the points added."""
        from kmeans_tui.data import edits

        if self.without is not None:
            dataset = edits.without(dataset, self.without)
        return dataset if self.add is None else edits.adding(dataset, self.add)


USUAL: Final = Preparation()
