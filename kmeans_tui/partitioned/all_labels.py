"""The labels of all rows of a table that stays on disk, part by part."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kmeans_tui.partitioned.plan import ColumnChoice, StoredTable
from kmeans_tui.partitioned.row_names import RowNames

if TYPE_CHECKING:
    from kmeans_tui.partitioned.dask_client import Scheduler
    from kmeans_tui.partitioned.part_executor import PartExecutor


class LabelledTable(NamedTuple):
    """A table on disk and which of its columns are clustered: plain values for another process.

    With a ``scheduler``, its workers read the rows: they may see other files than this machine.
    """

    table: StoredTable
    choice: ColumnChoice
    scheduler: "Scheduler | None" = None
    names: RowNames | None = None

    def labels(
        self, centroids: np.ndarray, tell: Callable[[int, int], None] = lambda done, rows: None
    ) -> Iterator[np.ndarray]:
        """Yield the labels of the rows in order, for ``centroids`` (k, d); -1 for dropped rows.

        ``tell`` is told rows done and in all. Raises ``DataError`` if the file has changed, or the
        cluster is gone.
        """
        with closing(self._executor()) as executor:
            for each in executor.labels(centroids, tell):
                yield each.labels

    def _executor(self) -> "PartExecutor":
        if self.scheduler is not None:
            from kmeans_tui.partitioned.dask_client import connected
            from kmeans_tui.partitioned.on_dask import OnDask

            cluster = connected(*self.scheduler)
            return OnDask(self.table, self.choice, cluster=cluster, keep=False)
        from kmeans_tui.partitioned.here import Here

        return Here(self.table, self.choice)
