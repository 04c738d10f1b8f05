"""The known grouping of the rows of a table, from one of its columns."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.source import Column, Source
from kmeans_tui.words import plural

# More distinct values than this are not a grouping.
_MOST_GROUPS: Final = 1000
# Up to this many groups may exceed half the rows of a small table.
_FEW_GROUPS: Final = 10
_MISSING_GROUP: Final = "(missing)"


def known_groups(
    source: Source, column: Column | None, rows: NDArray[np.intp] | None
) -> tuple[NDArray[np.int32] | None, tuple[str, ...]]:
    """Return the known grouping: a number for each kept row, and the names in order."""
    if column is None:
        return None, ()
    numbers = range(source.n) if rows is None else rows.tolist()
    cells = [source.cell(i, column) or _MISSING_GROUP for i in numbers]
    numeric = column.position is not None

    def order(cell: str) -> tuple[bool, float, str]:
        gone = cell == _MISSING_GROUP
        return gone, float(cell) if numeric and not gone else 0.0, cell

    names = sorted(set(cells), key=order)
    many = len(names) > max(_FEW_GROUPS, len(cells) // 2) or len(names) > _MOST_GROUPS
    if many or len(names) == len(cells) > 2:
        raise DataError(
            f"column {column.name} has {len(names):,} different values in "
            f"{plural(len(cells), 'row')}: too many for a grouping to compare with"
        )
    code = {name: i for i, name in enumerate(names)}
    return np.array([code[each] for each in cells], dtype=np.int32), tuple(names)
