"""The database that reads tables, kept to one file: no network, no extensions, no other path."""

import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading.dialect import Listener

if TYPE_CHECKING:
    pass

# How often progress is told, in seconds.
_EVERY: Final = 0.05


class Unreadable(Exception):  # noqa: N818 - its owner knows what to tell the user
    """The parser gave up; ``line`` of the file where it says so, and ``why`` in one word."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        found = re.search(r"CSV Error on Line: (\d+)|in line (\d+)", message)
        self.line = int(found[1] or found[2]) if found else None
        self.cells = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message)
        if "unterminated quote" in message:
            self.why = "quote"
        elif self.cells is not None:
            self.why = "ragged"
        elif "Maximum line size" in message:
            self.why = "long"
        else:
            self.why = "other"


class Database:
    """One connection in memory that may read ``path`` and nothing else.

    Queries run in a thread of their own, so that an interrupt or a listener that says stop is heard
    while they run. Raises ``DataError`` when stopped, ``Unreadable`` where the parser gives up.
    """

    def __init__(self, path: Path | None, name: str, listener: Listener | None = None) -> None:
        import duckdb

        self.name, self._listener = name, listener
        self.size = path.stat().st_size if path is not None else 0
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_persistent_secrets": "false",
                # What does not fit into memory is said before: nothing may be written beside the
                # user's files.
                "temp_directory": "",
            },
        )
        self._connection.execute("SET enable_progress_bar = true")
        self._connection.execute("SET enable_progress_bar_print = false")
        if path is not None:
            self._connection.execute(f"SET allowed_paths = [{literal(str(path))}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def register(self, name: str, table: Any) -> None:
        """Make a table of pyarrow known by a name."""
        self._connection.register(name, table)

    def close(self) -> None:
        """Give back its memory."""
        self._connection.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a short answer."""
        return self._run(lambda: self._connection.execute(sql, list(parameters)).fetchall())

    def arrays(self, sql: str, parameters: Sequence[Any] = ()) -> list[np.ndarray]:
        """The columns of an answer; masked arrays where values are NULL. Tells the listener."""
        found = self._run(
            lambda: self._connection.execute(sql, list(parameters)).fetchnumpy(), told=True
        )
        return list(found.values())

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a long answer, some thousand at a time."""
        answer = self._run(lambda: self._connection.execute(sql, list(parameters)))
        while some := answer.fetchmany(4096):
            yield from some

    def _run(self, work: Any, told: bool = False) -> Any:
        import duckdb

        done: dict[str, Any] = {}

        def go() -> None:
            try:
                done["result"] = work()
            except BaseException as error:  # handed to the thread that waits
                done["error"] = error

        thread = threading.Thread(target=go, name="kmeans-tui query", daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_EVERY)
                if told and thread.is_alive() and self._tell() is False:
                    self._connection.interrupt()
                    thread.join()
                    raise DataError(f"reading {self.name} was stopped")
        except KeyboardInterrupt:
            self._connection.interrupt()
            thread.join()
            raise
        error = done.get("error")
        if isinstance(error, duckdb.OutOfMemoryException):
            raise MemoryError(str(error)) from None
        if isinstance(error, duckdb.Error):
            raise Unreadable(str(error)) from None
        if isinstance(error, UnicodeError):
            raise Unreadable("not utf-8") from None
        if error is not None:
            raise error
        return done["result"]

    def _tell(self) -> bool | None:
        if self._listener is None:
            return True
        share = max(0.0, self._connection.query_progress()) / 100
        return self._listener(int(share * self.size), self.size)


def literal(text: str) -> str:
    """A string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A column name of SQL, quoted."""
    return '"' + name.replace('"', '""') + '"'
