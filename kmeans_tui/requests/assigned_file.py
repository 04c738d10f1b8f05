"""Write new rows with the clusters of a run."""

import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from kmeans_tui.data.columns import DataError
from kmeans_tui.whole_file import unwritable

if TYPE_CHECKING:
    from kmeans_tui.requests.assigned import Assigning

_ADDED: Final = ("cluster", "distance", "margin", "far")


def unusable(run: str, new: str, target: Path | None, *, force: bool) -> str | None:
    """Return why a table ``new`` cannot be read or its labels not be written, or None.

    ``run`` is the file of the run or of its data; without ``force`` no file is replaced.
    """
    from kmeans_tui.data.reading import files

    try:
        files.check_file(new)
    except ValueError as error:
        return str(error)
    if target is None:
        return None
    for each in (run, new):
        if target.exists() and os.path.exists(each) and os.path.samefile(target, each):
            return f"{target} is read and cannot be written as well: choose another file"
    return unwritable(target, force=force)


def write(done: "Assigning", file: "BinaryIO | None", tell: Callable[[str], bool]) -> None:
    """Write the rows with their clusters; without a file, only count them.

    ``tell`` gets what is done, and stops it by returning False. Raises ``DataError``, then too.
    """
    from kmeans_tui.data.columns import free_names
    from kmeans_tui.export.tables import CsvTable, id_first, placed_cells

    names = done.table.names
    order = id_first(names, done.subject.dataset.id_column)
    heads = [*(names[each] for each in order), *free_names(_ADDED, names)]
    with nullcontext() if file is None else CsvTable(file, heads) as table:
        for rows, placed in done.rows():
            if not tell(f"assigning, {done.found.rows:,} of {done.table.n:,} rows"):
                raise DataError(f"stopped: the rows of {done.table.name} are not labelled")
            if table is None:
                continue
            marks = ("yes" if each else "" for each in placed.far.tolist())
            for row, cells, mark in zip(rows, placed_cells(placed), marks, strict=True):
                table.write([*(row[each] for each in order), *cells, mark])
