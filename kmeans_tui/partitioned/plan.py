"""What the parts of a table are, and what must be known of its rows before the first pass."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from kmeans_tui.data.columns import Reading

TablePiece: TypeAlias = tuple[Any, ...]
# (pieces, rows, number of the first row, rows without a value or -1): see ``part_reading``.
Part: TypeAlias = tuple[tuple[TablePiece, ...], int, int, int]
Recipe: TypeAlias = dict[str, Any]

# A part is large enough that handing it out costs nothing, and small enough for several workers:
# an engine spends a millisecond on each.
_BYTES: Final = 64 << 20
_MOST_PARTS: Final = 2048


class StoredTable(NamedTuple):
    """A table on disk: its columns of numbers, and where its rows are.

    ``stamps`` are (path, size, mtime in ns) of the files, to see that they have not changed.
    ``torn`` of the rows have another width than the header and no values, and ``reading`` is how
    they are read, as fields of a dialect.
    """

    name: str
    columns: tuple[str, ...]
    rows: int
    pieces: tuple[TablePiece, ...]
    bytes: int
    stamps: tuple[tuple[str, int, int], ...] = ()
    remarks: tuple[str, ...] = ()
    torn: int = 0
    reading: Reading = {}  # noqa: RUF012 - nobody writes to it


class ColumnChoice(NamedTuple):
    """Which columns are clustered, and how: names of columns, a scale of ``SCALES``.

    ``drop`` is instead of ``features``, until the table is opened.
    """

    features: tuple[str, ...] | None = None
    drop: tuple[str, ...] | None = None
    weights: str | None = None
    scale: str = "none"
    log: tuple[str, ...] = ()
    missing: str = "drop"
    id_column: str | None = None


USUAL: Final = ColumnChoice()


class Plan(NamedTuple):
    """The parts, which depend on the data alone, and what one pass over all rows found.

    ``rows`` are used, ``dropped`` lack a value, ``bytes`` are read in every pass. ``low``, ``high``
    and ``middle`` (d,) are the least, the largest and the mean of the prepared points, ``spread``
    the root of the mean of their variances. ``recipe`` says how a row becomes a point; ``offsets``
    are added before a logarithm, by feature; ``centre`` and ``scale`` (d,) are those of
    ``Dataset.centre_and_spread``.
    """

    name: str
    features: tuple[str, ...]
    rows: int
    dropped: int
    parts: tuple[Part, ...]
    bytes: int
    recipe: Recipe
    low: np.ndarray
    high: np.ndarray
    middle: np.ndarray
    spread: float
    centre: np.ndarray
    scale: np.ndarray
    offsets: dict[int, float]
    weighted: bool
    total_weight: float
    remarks: tuple[str, ...] = ()

    @property
    def all_rows(self) -> int:
        """The rows of the file, used or not."""
        return self.rows + self.dropped

    def rounding(self) -> float:
        """Return the distance below which a point counts as its own centroid."""
        largest = max(float(self.high.max()), -float(self.low.min()))
        terms = max(float(self.rows), self.total_weight) * len(self.features)
        return float(np.finfo(float).eps) * terms * largest


def part_rows(rows: int, features: int) -> int:
    """Return how many rows a part has: a matter of the data alone, never of the workers."""
    return max(1, _BYTES // (8 * features), -(-rows // _MOST_PARTS))


def parts_of(pieces: Sequence[TablePiece], size: int) -> tuple[Part, ...]:
    """Cut a table into parts of about ``size`` rows: whole pieces, but arrays anywhere."""
    found: list[Part] = []
    held: list[TablePiece] = []
    rows = first = 0
    for piece in pieces:
        for some in _cut(piece, size):
            if held and rows + some[-1] > size:
                found.append((tuple(held), rows, first, -1))
                first, held, rows = first + rows, [], 0
            held.append(some)
            rows += some[-1]
    return (*found, (tuple(held), rows, first, -1))


def _cut(piece: TablePiece, size: int) -> list[TablePiece]:
    if piece[0] != "npy":
        return [piece]
    *head, start, rows = piece
    if not rows:
        return [piece]
    cuts = range(start, start + rows, size)
    return [(*head, at, min(size, start + rows - at)) for at in cuts]
