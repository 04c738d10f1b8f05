"""The rows on display of a table that is too large for the screen, prepared as all its rows are."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.dataset import Dataset, Floats
from kmeans_tui.words import plural


@dataclass(frozen=True, eq=False)
class DisplayRows(Dataset):
    """Some rows of a table of which ``in_all`` are clustered.

    ``row_numbers`` are those of the file. ``means_of_all`` and ``divisors`` ``(d,)`` scale the
    features, ``offsets`` are added before a logarithm, by feature, and ``flat`` names the features
    with one value: all of them of all rows. ``fill`` ``(d,)`` are their medians, if known.
    """

    in_all: int = 0
    means_of_all: Floats = field(default_factory=lambda: np.empty(0))
    divisors: Floats = field(default_factory=lambda: np.empty(0))
    offsets: Mapping[int, float] = field(default_factory=dict)
    flat: tuple[str, ...] = ()
    fill: Floats | None = None

    @property
    def counted(self) -> int:
        """The rows that are clustered."""
        return self.in_all

    @cached_property
    def centre_and_spread(self) -> tuple[Floats, Floats]:
        """What scaling subtracts and divides by, of all rows: ``(d,)`` each."""
        return self.means_of_all, self.divisors

    @cached_property
    def log_offsets(self) -> dict[int, float]:
        """The features whose logarithm is taken, by number, and what is first added to them."""
        return dict(self.offsets)

    @cached_property
    def _constant(self) -> NDArray[np.bool_]:
        return np.array([each in self.flat for each in self.features], dtype=bool)

    def alone(self) -> Self:
        """Return these rows as all that are clustered: of a recording there are no others."""
        if self.n == self.in_all:
            return self
        said = (
            f"The recording holds {self.n:,} of {plural(self.in_all, 'row')}: another run is of "
            "these alone."
        )
        return replace(self, in_all=self.n, remarks=(said, *self.remarks))

    def with_features(self, names: tuple[str, ...]) -> Self:
        """Keep the features: others need another pass over all rows."""
        if tuple(names) == self.features:
            return self
        raise DataError(f"{self.name} holds {self.in_all:,} rows: open it again with --features")

    def with_scale(self, scale: str) -> Self:
        """Keep the scale: another needs another pass over all rows."""
        if scale == self.scale:
            return self
        raise DataError(f"{self.name} holds {self.in_all:,} rows: open it again with --scale")

    def with_log(self, names: tuple[str, ...]) -> Self:
        """Keep the logarithms: others need another pass over all rows."""
        if tuple(names) == self.log:
            return self
        raise DataError(f"{self.name} holds {self.in_all:,} rows: open it again with --log")

    def notes(self) -> list[str]:
        """Return what the user should know, that these are some of the rows first."""
        some = [self.on_display()] if self.n < self.in_all else []
        return [*some, *super().notes()]

    def on_display(self) -> str:
        """Return how many of the rows are on display, as a sentence."""
        return (
            f"Display rows: {self.n:,} of {plural(self.in_all, 'row')}. A run is of all rows, "
            "other analyses are of these."
        )
