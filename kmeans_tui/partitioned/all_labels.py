"""The labels of all rows of a table that stays on disk, part by part."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from kmeans_tui.partitioned.executor import PartLabels
from kmeans_tui.partitioned.here import Here
from kmeans_tui.partitioned.passes import label_all
from kmeans_tui.partitioned.plan import ColumnChoice, StoredTable
from kmeans_tui.partitioned.row_names import RowNames


class LabelledTable(NamedTuple):
    """A table on disk and which of its columns are clustered: plain values for another process."""

    table: StoredTable
    choice: ColumnChoice
    names: RowNames | None = None

    def labels(
        self, centroids: np.ndarray, tell: Callable[[int, int], None] = lambda done, rows: None
    ) -> Iterator[np.ndarray]:
        """Yield the labels of the rows in order, for ``centroids`` (k, d); -1 for dropped rows.

        ``tell`` is told rows done and in all. Raises ``DataError`` if the file has changed.
        """
        kind = np.min_scalar_type(-len(centroids))
        found: list[np.ndarray] = []

        def keep(part: PartLabels) -> None:
            found.append(part.labels.astype(kind))

        label_all(Here(self.table, self.choice), centroids, keep, tell)
        yield from found
