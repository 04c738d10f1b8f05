"""A file that was opened: all its rows and columns, and the data sets that can be made of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import find_column
from kmeans_tui.data.reading.relation import Kind

if TYPE_CHECKING:
    pass

_ROWS_FOR_SKEWNESS: Final = 10_000
_FIELDS: Final = (
    *("name", "columns", "numbers", "texts", "read_as", "notes", "ragged", "reread", "picture"),
    "codes",
)


@dataclass(frozen=True)
class Cell:
    """A cell of the file: its row, counted from 1 below the header, and its text."""

    row: int
    text: str


@dataclass(frozen=True)
class Odd:
    """Cells of one kind that no number could be made of: how many, the first, all their texts."""

    count: int
    first: Cell
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """One column of a file.

    ``position`` is its place in ``Source.numbers``, None where it is no numbers; ``missing`` counts
    its cells without a value, ``infinite``, ``bad`` and ``rounded`` those that are infinite, no
    number, or whole numbers too great to be exact. ``sign`` was taken off every cell; ``largest``
    is the greatest value, whatever its sign. ``repeated`` is a value that names two rows, ``lone``
    an extreme far from all others and how often it stands there; ``negative``: a number in
    parentheses is one below 0. A text column may hold ``amounts`` in many cells.
    """

    name: str
    kind: Kind
    position: int | None = None
    missing: int = 0
    infinite: Odd | None = None
    bad: Odd | None = None
    rounded: Odd | None = None
    sign: str = ""
    largest: float = 0.0
    repeated: Odd | None = None
    lone: tuple[float, int] | None = None
    negative: bool = False
    amounts: Odd | None = None

    @property
    def takes_part(self) -> bool:
        """Whether it is clustered on unless asked otherwise."""
        return self.kind == "number"


@dataclass(frozen=True)
class Summary:
    """What the numbers of a column are, and 20 bars of how they are spread from least to most."""

    least: float
    mean: float
    most: float
    histogram: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Source:
    """All ``n`` rows of a file as they came, in order.

    ``numbers`` is ``(n, p)``, NaN where a value is missing, infinite or no number; ``texts`` holds
    the other columns ``(n,)``, None where a cell is missing, and ``codes`` those that are labels
    although they are numbers, every cell as it came. ``ragged`` ``(n,)`` counts the cells
    of rows that have another number of them than the header, else 0. ``reread`` gives the rows of
    the file once more, every cell as its text. ``read_as`` says what was guessed; ``notes`` what
    was skipped or changed, a sentence each.
    """

    name: str
    columns: tuple[Column, ...]
    numbers: NDArray[np.float64]
    texts: Mapping[str, NDArray[np.object_]]
    read_as: str
    notes: tuple[str, ...] = ()
    ragged: NDArray[np.int32] | None = None
    reread: Callable[[], Iterator[tuple[str | None, ...]]] | None = field(default=None, repr=False)
    picture: tuple[int, int] | None = None
    codes: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, Any]:
        """Another process joins to the rows and reads them again: it needs no second copy."""
        state = {name: value for name, value in vars(self).items() if name in _FIELDS}
        if self.reread is not None:
            state |= {"numbers": self.numbers[:0], "texts": {}, "codes": {}, "ragged": None}
        return state

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.numbers)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in the order of the file."""
        return tuple(each.name for each in self.columns)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {each.name: each for each in self.columns}

    @cached_property
    def numeric(self) -> tuple[Column, ...]:
        """The columns that can take part: numbers and identifiers."""
        return tuple(each for each in self.columns if each.position is not None)

    def column(self, wanted: str) -> Column:
        """The column of that name, or number from 1; raises ``DataError``."""
        known = self._by_name.get(wanted)
        return known or self._by_name[find_column(wanted, self.names, self.name)]

    def summary(self, column: Column) -> Summary | None:
        """Range, mean and distribution of a numeric column; None where it has no value at all."""
        return self._summaries.get(column.name)

    @cached_property
    def _summaries(self) -> dict[str, Summary]:
        found = {}
        for each in self.numeric:
            values = self.numbers[:, each.position]
            values = values[np.isfinite(values)]
            if len(values):
                low, high = float(values.min()), float(values.max())
                bars = np.histogram(values, 20, (low, high if high > low else low + 1))[0]
                found[each.name] = Summary(low, float(values.mean()), high, bars)
        return found

    def skewed(self) -> tuple[str, ...]:
        """Number columns of 0 and above whose logarithm lies more evenly: candidates for ``log``.

        Offered where the third moment says skewed to the right by more than 1 and the logarithm's
        is within 1; some ten thousand rows spread over the file decide.
        """
        found = []
        step = 1 + self.n // _ROWS_FOR_SKEWNESS
        for each in self.numeric:
            values = self.numbers[::step, each.position]
            values = values[np.isfinite(values)]
            if not each.takes_part or len(values) <= 20 or (low := values.min()) < 0:
                continue
            # As it is taken: zeros are moved by 1, which evens out nothing where all are small.
            logs = np.log(values + (low == 0))
            if _skewness(values) > 1 > abs(_skewness(logs)):
                found.append(each.name)
        return tuple(found)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The rows of the file once more, every cell as it was written; missing ones are empty."""
        if self.reread is None:
            for i in range(self.n):
                yield tuple(self.cell(i, each) for each in self.columns)
            return
        for row in self.reread():
            yield tuple("" if cell is None else cell for cell in row[: len(self.columns)])

    def cell(self, i: int, column: Column) -> str:
        """One cell of row ``i``, counted from 0, in the shortest exact form."""
        if column.position is None or column.name in self.codes:
            text = (self.codes if column.name in self.codes else self.texts)[column.name][i]
            return "" if text is None else str(text)
        value = float(self.numbers[i, column.position])
        if value != value:
            return ""
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)

    def lacks(self, wanted: Sequence[str] | None) -> bool:
        """Whether a feature asked for is none of the numbers that were read."""
        numbers = {each.name.casefold() for each in self.numeric}
        return any(each.casefold() not in numbers and not each.isdecimal() for each in wanted or ())


def _skewness(values: np.ndarray) -> float:
    """The third standardised moment; 0 for a single value."""
    left = values - values.mean()
    deviation = float(np.sqrt((left**2).mean()))
    # Divided first: the cube of a large number is no longer finite.
    return float(((left / deviation) ** 3).mean()) if deviation > 0 else 0.0
