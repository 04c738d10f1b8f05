"""The database that reads tables, kept to one file: no network, no extensions, no other path."""

import contextlib
import os
import re
import stat
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading import memory, regular
from kmeans_tui.data.reading.dialect import Listener

# How often progress is told, in seconds.
_EVERY: Final = 0.05
# A query that was interrupted ends within milliseconds, but one that waits for the opening of a
# file, which nothing can end: it is left to itself after so many seconds.
_PATIENCE: Final = 0.5
_THREAD: Final = "kmeans-tui query"
# Its threads take stacks and arenas; where they get none, the C library ends the process.
_LEAST_ADDRESSES: Final = 1 << 29


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
        try:
            import duckdb
        except ImportError as problem:
            if "failed to map" in str(problem):
                raise MemoryError(str(problem)) from None
            raise
        left = memory.address_space()
        if left is not None and left < _LEAST_ADDRESSES:
            raise MemoryError("the limit of addresses is too low for the database")
        self.name, self._listener, self._path = name, listener, path
        self.size = 0
        if path is not None:
            seen = path.stat()
            regular.check(path, seen)
            self.size = seen.st_size
        self._left = False
        config: dict[str, str | bool | int | float | list[str]] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_persistent_secrets": "false",
            # What does not fit into memory is said before: nothing may be written beside the
            # user's files.
            "temp_directory": "",
        }
        try:
            self._connection = duckdb.connect(":memory:", config=config)
        except (duckdb.Error, RuntimeError) as error:
            # Nothing was asked of it yet: it has no memory, or no threads.
            raise MemoryError(str(error)) from None
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
        """Give back its memory, unless a query that cannot be ended still has it."""
        if not self._left:
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
        while some := self._run(lambda: answer.fetchmany(4096)):
            yield from some

    def _run(self, work: Any, told: bool = False) -> Any:
        import duckdb

        done: dict[str, Any] = {}

        # Not the thread itself is waited for: after an interrupt of ``join`` Python 3.11 takes a
        # thread for ended that is not.
        over = threading.Event()

        def go() -> None:
            try:
                done["result"] = work()
            except BaseException as error:  # handed to the thread that waits
                done["error"] = error
            finally:
                over.set()

        try:
            threading.Thread(target=go, name=_THREAD, daemon=True).start()
            while not over.wait(_EVERY):
                if not self._same_file():
                    raise DataError(f"{self.name} changed while it was read: open a copy of it")
                if self._tell(told) is False:
                    raise DataError(f"reading {self.name} was stopped")
        except RuntimeError as no_thread:
            raise MemoryError(str(no_thread)) from None
        except BaseException:
            self._end(over)
            raise
        error = done.get("error")
        if isinstance(error, duckdb.OutOfMemoryException) or _out_of_memory(error):
            raise MemoryError(str(error)) from None
        if isinstance(error, duckdb.Error):
            raise Unreadable(str(error)) from None
        if isinstance(error, UnicodeError):
            raise Unreadable("not utf-8") from None
        if error is not None:
            raise error
        return done["result"]

    def _end(self, over: threading.Event) -> None:
        """Interrupt a query until it has ended, however often the user interrupts that."""
        end = time.monotonic() + _PATIENCE
        while not over.is_set() and time.monotonic() < end:
            with contextlib.suppress(KeyboardInterrupt):
                # Again and again: one that comes before the query begins is not heard.
                self._connection.interrupt()
                over.wait(_EVERY)
        self._left = not over.is_set()

    def _same_file(self) -> bool:
        """Whether the name still leads to a file: the opening of a pipe would wait for ever."""
        if self._path is None:
            return True
        try:
            now = os.stat(self._path)
        except OSError:
            return True  # what is open stays so; what is not fails by itself
        return stat.S_ISREG(now.st_mode)

    def _tell(self, told: bool) -> bool | None:
        """``told`` whether the progress of this query is that of the file."""
        if self._listener is None:
            return True
        share = max(0.0, self._connection.query_progress()) / 100 if told else 0.0
        return self._listener(int(share * self.size), self.size)


def _out_of_memory(error: BaseException | None) -> bool:
    """Whether the system gave no memory or no thread, which the database tells in many ways."""
    said = str(error).lower()
    return error is not None and any(
        each in said for each in ("bad_alloc", "resource temporarily unavailable", "out of memory")
    )


def is_busy() -> bool:
    """Whether a query is running: Python must not take itself down around it."""
    return any(thread.name == _THREAD for thread in threading.enumerate())


def literal(text: str) -> str:
    """A string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A column name of SQL, quoted."""
    return '"' + name.replace('"', '""') + '"'
