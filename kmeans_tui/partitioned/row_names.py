"""The column that names the rows of a table on disk, read in the order of the rows."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from kmeans_tui.data.columns import DataError, NoRowsError
from kmeans_tui.data.reading import batches
from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.partitioned import part_listing, part_reading

_ROWS: Final = 65_536


class RowNames(NamedTuple):
    """The column and the files of a table: plain values for another process."""

    column: str
    paths: tuple[str, ...]
    dialect: Dialect

    def cells(self) -> Iterator[list[str | None]]:
        """Yield the names of all rows in order, some at a time, None where there is none.

        Raises ``DataError``.
        """
        for path in self.paths:
            try:
                if part_listing.is_array(path):
                    yield from _of_array(path, self.column)
                    continue
                table = batches.open_table(path, (), self.dialect)
                yield from table.texts_of(self.column)
            except NoRowsError:
                continue
            except OSError as error:
                reason = error.strerror or error
                raise DataError(f"{Path(path).name} cannot be read: {reason}") from None

    def of(
        self,
        rows: np.ndarray,
        all_rows: int,
        listener: Callable[[int, int], bool | None],
    ) -> np.ndarray:
        """Return the names (m,) of these rows, by their numbers from 0, ascending.

        ``listener`` is told rows done and in all; False stops. Raises ``DataError``.
        """
        found, first = np.empty(len(rows), object), 0
        for cells in self.cells():
            begin, end = np.searchsorted(rows, (first, first + len(cells)))
            found[begin:end] = [cells[at - first] for at in rows[begin:end].tolist()]
            first += len(cells)
            if listener(first, all_rows) is False:
                raise DataError(f"reading {self.column} was stopped")
        if first != all_rows:
            raise DataError(f"the rows named by {self.column} have changed: open the table again")
        return found


def _of_array(path: str, column: str) -> Iterator[list[str | None]]:
    _, names, rows, pieces, *_ = part_listing.array(path)
    recipe = {"take": [names.index(column)], "weight": None, "fill": None, "gaps": True, "log": (),
              "centre": None}  # fmt: skip
    for x, _, _ in part_reading.blocks((pieces, rows, 0, -1), recipe):
        values = iter(x[:, 0].tolist())
        while some := list(islice(values, _ROWS)):
            yield [None if v != v else str(int(v)) if v.is_integer() else repr(v) for v in some]
