"""The rows of a file once more, as they came: for what is joined to them later."""

from collections.abc import Callable, Iterator
from typing import Any

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.query import Database
from kmeans_tui.data.relation import Relation
from kmeans_tui.data.spool import Plain


def rows_again(
    plain: Plain,
    name: str,
    relation: Relation,
    prepare: Callable[[Database], object] | None = None,
) -> Callable[[], Iterator[tuple[Any, ...]]]:
    """What reads every row of a file again as texts, None for a missing cell.

    It keeps ``plain`` alive, and with it a temporary file; ``prepare`` makes known to the database
    what is no file. Raises ``DataError`` where the file has
    changed since now.
    """
    before = plain.path.stat()

    def reread() -> Iterator[tuple[Any, ...]]:
        try:
            now = plain.path.stat()
        except OSError:
            raise DataError(
                f"{name} is not there any more: its rows cannot be read again"
            ) from None
        if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            raise DataError(f"{name} has changed since it was opened: open it again")
        database = Database(plain.path, name)
        try:
            if prepare is not None:
                prepare(database)
            texts = ", ".join(f"c{i}::VARCHAR" for i in range(relation.width))
            yield from database.stream(f"SELECT {texts} FROM ({relation.sql})", relation.parameters)
        finally:
            database.close()

    return reread
