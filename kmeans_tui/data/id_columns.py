"""The column that names the rows of a table."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import quoted
from kmeans_tui.words import few, plural

if TYPE_CHECKING:
    from kmeans_tui.data.source import Column, Source


def id_cells(column: "Column", source: "Source") -> NDArray[np.object_]:
    """Return the names of all rows (n,), as they came; None where there is none."""
    for known in (source.codes, source.texts):
        if column.name in known:
            return known[column.name]
    found = np.empty(source.n, object)
    found[:] = [source.cell(i, column) or None for i in range(source.n)]
    return found


def id_notes(column: "Column", source: "Source") -> list[str]:
    """Return what the column does, and the names that are missing or repeated."""
    cells = id_cells(column, source).tolist()
    counts = Counter(str(each) for each in cells if each)
    said = f"{column.name}: names the rows"
    lacking = len(cells) - counts.total()
    if lacking:
        said += f"; {plural(lacking, 'row')} without a name go by their number"
    twice = [name for name, count in counts.items() if count > 1]
    if not twice:
        return [f"{said}."]
    rows = [source.number(i) for i, each in enumerate(cells) if each and str(each) == twice[0]]
    shown = few([f"{each:,}" for each in rows], 4)
    many = f"{plural(len(twice), 'name')} of {column.name} in several rows"
    return [f"{said}.", f"{many}: {quoted(twice[0])} in rows {shown}."]
