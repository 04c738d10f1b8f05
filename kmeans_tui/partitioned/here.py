"""Passes in this process: one thread, one block at a time."""

from typing import Any

from kmeans_tui.data.columns import DataError
from kmeans_tui.partitioned import part_kernels, part_reading
from kmeans_tui.partitioned.executor import PassListener, Stopped
from kmeans_tui.partitioned.one_thread import one_thread
from kmeans_tui.partitioned.part_executor import PartExecutor
from kmeans_tui.partitioned.plan import USUAL, ColumnChoice, Part, Recipe, StoredTable


class Here(PartExecutor):
    """Streams the parts through this thread; keeps the labels of all rows, a byte each."""

    def __init__(
        self, table: StoredTable, choice: ColumnChoice = USUAL, part_rows: int | None = None
    ) -> None:
        super().__init__(table, choice, part_rows)
        self._kept: dict[int, dict[str, Any]] = {}

    def run(
        self,
        name: str,
        parts: tuple[Part, ...],
        recipe: Recipe,
        task: dict[str, Any],
        listener: PassListener | None,
    ) -> list[Any]:
        self._cancelled = False
        total, done = sum(part[1] for part in parts), 0

        def tell(rows: int) -> None:
            nonlocal done
            done += rows
            if self._cancelled or (listener is not None and listener(done, total) is False):
                raise Stopped

        results = []
        with one_thread():
            for number, part in enumerate(parts):
                kept = self._kept.setdefault(number, {}) if name in part_kernels.KEEPING else None
                blocks = part_reading.blocks(part, recipe)
                try:
                    results.append(part_kernels.work(name, part, blocks, task, kept, tell))
                except (OSError, MemoryError) as error:
                    raise DataError(self.unreadable(error)) from None
        return results

    def close(self) -> None:
        self._kept.clear()
