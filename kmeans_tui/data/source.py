"""An opened file with all its rows and columns."""

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import Reading, find_column, quoted
from kmeans_tui.data.reading.relation import ColumnKind
from kmeans_tui.data.sampling import Sampled
from kmeans_tui.words import plural

if TYPE_CHECKING:
    pass

_ROWS_FOR_SKEWNESS: Final = 10_000
_FIELDS: Final = (
    *("name", "columns", "numbers", "texts", "read_as", "notes", "ragged", "reread", "picture"),
    *("codes", "reading", "sampled", "row_numbers", "sheets", "head_of"),
)


@dataclass(frozen=True)
class Cell:
    """A cell of the file: its row, counted from 1 below the header, and its text."""

    row: int
    text: str


@dataclass(frozen=True)
class Odd:
    """Cells of one kind that could not be read as numbers: the count, the first, all texts."""

    count: int
    first: Cell
    texts: tuple[str, ...]

    def no_numbers(self, column: str) -> str:
        """Return the sentence that these cells of a column are not numbers, and the remedy."""
        few = len(self.texts) <= 3 and all(
            len(each) <= 40 and each.isprintable() and "," not in each for each in self.texts
        )
        marks = shlex.quote(",".join(self.texts) if few else "*")
        marks = marks if marks.startswith("'") else f"'{marks}'"
        remedy = f"--na {marks} treats it as missing"
        if self.count > 1:
            remedy = f"--na {marks} treats them as missing"
        cells = "" if self.count == 1 else f" ({self.count:,} such cells)"
        row, text = self.first.row, quoted(self.first.text)
        return f"row {row}, column {column}: {text} is not a number{cells}; {remedy}"


@dataclass(frozen=True)
class Column:
    """One column of a file.

    ``position`` is its place in ``Source.numbers``, or None if it is not numeric; ``missing``
    counts cells without a value, ``infinite``, ``bad`` and ``rounded`` those that are infinite, not
    a number, or whole numbers too large to be exact. ``sign`` was removed from every cell;
    ``largest`` is the largest absolute value. ``repeated`` is a value that occurs in two rows,
    ``lone`` an extreme far from all others and its count; ``negative``: numbers in parentheses are
    negative. A text column may hold ``amounts`` in many cells.
    """

    name: str
    kind: ColumnKind
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

    def renumbered(self, numbers: NDArray[np.int64]) -> Self:
        """Return it with the rows of its cells, from 1, numbered as in ``numbers`` (n,)."""
        odd = ("infinite", "bad", "rounded", "repeated", "amounts")
        known = {each: getattr(self, each) for each in odd}
        return replace(
            self,
            **{
                name: replace(each, first=replace(each.first, row=int(numbers[each.first.row - 1])))
                for name, each in known.items()
                if each is not None
            },
        )

    @property
    def takes_part(self) -> bool:
        """Whether it is clustered by default."""
        return self.kind == "number"


@dataclass(frozen=True)
class ColumnSummary:
    """Statistics of a column, and a histogram of 20 bars from minimum to maximum."""

    least: float
    mean: float
    most: float
    histogram: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Source:
    """All ``n`` rows of a file, unchanged and in order.

    ``numbers`` is ``(n, p)``, NaN where a value is missing, infinite or not a number; ``texts``
    holds the other columns ``(n,)``, None where a cell is missing, and ``codes`` the original
    cells of numeric columns that are labels. ``ragged`` ``(n,)`` is the number of cells in rows
    that differ from the header, else 0. ``reread`` yields the rows of the file again, every cell
    as text. Of a random sample, ``sampled`` tells of what, and ``row_numbers`` ``(n,)`` are those
    of its rows in the file, from 1, ascending. ``read_as`` says what was guessed; ``notes`` what
    was skipped or changed, a sentence each. ``reading`` are the fields of the dialect that a file
    of the same kind is read with; ``sheets`` are all those of a workbook. If these are only the
    first rows of a table, ``head_of`` says of how many, in words.
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
    reading: Reading = field(default_factory=dict)
    sampled: Sampled | None = None
    row_numbers: NDArray[np.int64] | None = None
    sheets: tuple[str, ...] = ()
    head_of: str = ""

    def __getstate__(self) -> dict[str, Any]:
        """Return the state without the cells if they can be reread: no second copy is needed.

        The number of rows stays.
        """
        state = {name: value for name, value in vars(self).items() if name in _FIELDS}
        if self.reread is not None:
            state |= {"numbers": self.numbers[:, :0], "texts": {}, "codes": {}, "ragged": None}
        return state

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.numbers)

    @property
    def last(self) -> int:
        """The number of rows of the file, of which a sample has fewer."""
        return self.n if self.sampled is None else self.sampled.of

    @property
    def extent(self) -> str:
        """How many rows there are, and of how many, in words."""
        if self.head_of:
            return f"the first {self.n:,} of {self.head_of}"
        count = plural(self.n, "row")
        return f"{count} of {self.last:,}" if self.sampled is not None else count

    def number(self, i: int) -> int:
        """Return the number in the file, from 1, of row ``i``, counted from 0."""
        return i + 1 if self.row_numbers is None else int(self.row_numbers[i])

    def as_text(self, column: Column) -> str:
        """Return that a column without numbers is none, and its first cell, for a refusal."""
        cells = self.texts[column.name]
        first = next((i for i, each in enumerate(cells) if each), 0)
        return (
            f"column {column.name} of {self.name} is {column.kind}, as in row "
            f"{self.number(first)}: {quoted(str(cells[first]))}"
        )

    def place(self, number: int) -> int | None:
        """Return the row, counted from 0, with this number in the file; None if it is not here."""
        if self.row_numbers is None:
            return number - 1 if 1 <= number <= self.n else None
        i = int(np.searchsorted(self.row_numbers, number))
        return i if i < self.n and self.row_numbers[i] == number else None

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of all columns, in the order of the file."""
        return tuple(each.name for each in self.columns)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {each.name: each for each in self.columns}

    @cached_property
    def numeric(self) -> tuple[Column, ...]:
        """The columns that can be clustered: numbers and identifiers."""
        return tuple(each for each in self.columns if each.position is not None)

    def column(self, wanted: str) -> Column:
        """Return the column with that name, or number from 1; raises ``DataError``."""
        known = self._by_name.get(wanted)
        return known or self._by_name[find_column(wanted, self.names, self.name)]

    def summary(self, column: Column) -> ColumnSummary | None:
        """Return range, mean and distribution of a numeric column; None if it has no values."""
        return self._summaries.get(column.name)

    @cached_property
    def _summaries(self) -> dict[str, ColumnSummary]:
        found = {}
        for each in self.numeric:
            values = self.numbers[:, each.position]
            values = values[np.isfinite(values)]
            if len(values):
                low, high = float(values.min()), float(values.max())
                bars = np.histogram(values, 20, (low, high if high > low else low + 1))[0]
                found[each.name] = ColumnSummary(low, float(values.mean()), high, bars)
        return found

    def skewed(self) -> tuple[str, ...]:
        """Number columns without negatives whose logarithm is more symmetric: for ``log``.

        A candidate has a skewness above 1, and its logarithm one within 1, judged on some ten
        thousand rows spread over the file.
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
        """Yield the rows of the file again, every cell as written; missing ones are empty."""
        if self.reread is None:
            for i in range(self.n):
                yield tuple(self.cell(i, each) for each in self.columns)
            return
        for row in self.reread():
            yield tuple("" if cell is None else cell for cell in row[: len(self.columns)])

    def cell(self, i: int, column: Column) -> str:
        """Return one cell of row ``i``, counted from 0, in the shortest exact form."""
        if column.position is None or column.name in self.codes:
            text = (self.codes if column.name in self.codes else self.texts)[column.name][i]
            return "" if text is None else str(text)
        value = float(self.numbers[i, column.position])
        if value != value:
            return ""
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)

    def lacks(self, wanted: Sequence[str] | None) -> bool:
        """Whether a requested feature is not among the numbers that were read."""
        numbers = {each.name.casefold() for each in self.numeric}
        return any(each.casefold() not in numbers and not each.isdecimal() for each in wanted or ())


def _skewness(values: np.ndarray) -> float:
    """Return the skewness (third standardised moment); 0 for a single value."""
    left = values - values.mean()
    deviation = float(np.sqrt((left**2).mean()))
    # Divided first: the cube of a large number may not be finite.
    return float(((left / deviation) ** 3).mean()) if deviation > 0 else 0.0
