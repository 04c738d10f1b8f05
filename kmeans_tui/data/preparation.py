"""What is made of the columns of a table before they are clustered: one choice, handed on whole."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset


@dataclass(frozen=True)
class Preparation:
    """A choice of columns and what is done to them; ``None`` leaves it to the data.

    ``features`` take part, named or numbered from 1; ``log`` are those of which the logarithm is
    taken, ``scale`` one of ``columns.SCALES``; ``axes`` are the two features shown, or
    ``("pca",)``. Of the user's own tables: rows with a gap are dropped unless ``missing`` is
    ``median``, and ``truth`` names the column of the known grouping.
    """

    features: tuple[str, ...] | None = None
    scale: str | None = None
    log: tuple[str, ...] | None = None
    axes: tuple[str, ...] | None = None
    missing: str = "drop"
    truth: str | None = None

    def chooses_as(self, other: Self) -> bool:
        """Whether both make the same table: they may scale it and look at it differently."""
        return replace(self, scale=None, axes=None) == replace(other, scale=None, axes=None)

    def applied(self, dataset: "Dataset") -> "Dataset":
        """A data set that is whole already, prepared in this way; raises ``DataError``."""
        if self.features is not None:
            dataset = dataset.with_features(self.features)
        if self.scale is not None:
            dataset = dataset.with_scale(self.scale)
        if self.log is not None:
            dataset = dataset.with_log(self.log)
        return dataset if self.axes is None else dataset.with_axes(self.axes)


USUAL: Final = Preparation()
