"""Read the original rows of a file again, to join results to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading.query import Database
from kmeans_tui.data.reading.relation import Relation
from kmeans_tui.data.reading.spool import Plain


@dataclass(frozen=True)
class Rereading:
    """Reads every row of a file again as text, with None for a missing cell.

    It keeps ``plain``, and with it a temporary file, alive; a copy in another process reads the
    same file and must not outlive it. Of a sample, ``rows`` are the numbers of its rows, and only
    these are read. ``size`` and ``changed`` describe the file when it was opened; ``prepare``
    registers formats that the database cannot read itself, for which it may read a second file,
    ``also``.
    """

    plain: Plain
    name: str
    relation: Relation
    prepare: Callable[[Database], object] | None
    size: int
    changed: int
    also: Path | None = None
    rows: tuple[int, ...] | None = None

    @classmethod
    def of(
        cls,
        plain: Plain,
        name: str,
        relation: Relation,
        prepare: Callable[[Database], object] | None = None,
        also: Path | None = None,
    ) -> Self:
        """Return a rereading of the file as it is now."""
        now = plain.path.stat()
        return cls(plain, name, relation, prepare, now.st_size, now.st_mtime_ns, also)

    def __call__(self, *more: str, cells: bool = True) -> Iterator[tuple[Any, ...]]:
        """Yield the rows one by one; raises ``DataError`` if the file has changed since.

        Behind the cells of a row, or alone, are the values of the SQL expressions in ``more``.
        """
        path = self.plain.path
        try:
            now = path.stat()
        except OSError:
            raise DataError(
                f"{self.name} no longer exists, so its rows cannot be read again: restore it"
            ) from None
        if (now.st_size, now.st_mtime_ns) != (self.size, self.changed):
            raise DataError(f"{self.name} has changed since it was opened: open it again")
        database = Database(path, self.name, also=self.also)
        try:
            if self.prepare is not None:
                self.prepare(database)
            relation = self.relation if self.rows is None else self.relation.only(self.rows)
            texts = (f"c{i}::VARCHAR" for i in range(relation.width if cells else 0))
            taken = ", ".join((*texts, *more))
            yield from database.stream(f"SELECT {taken} FROM ({relation.sql})", relation.parameters)
        finally:
            database.close()

    def __getstate__(self) -> dict[str, Any]:
        # A copy must not remove the temporary file when it is deleted.
        return {**vars(self), "plain": replace(self.plain, room=None)}
