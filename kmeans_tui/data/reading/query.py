"""The database that reads tables, restricted to one file: no network, extensions or other paths."""

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

# How often progress is reported, in seconds.
_EVERY: Final = 0.05
# An interrupted query ends within milliseconds, unless it is waiting for a file to open, which
# cannot be interrupted: it is abandoned after this many seconds.
_PATIENCE: Final = 0.5
_THREAD: Final = "kmeans-tui query"
# Its threads need stacks and arenas; if they get none, the C library ends the process.
_LEAST_ADDRESSES: Final = 1 << 29


class Unreadable(Exception):  # noqa: N818 - the caller knows what to tell the user
    """The parser gave up: at ``line`` of the file, if known, and ``why`` in one word."""

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
    """An in-memory connection that may read ``path``, ``also`` one more, and nothing else.

    Queries run in a separate thread, so that an interrupt or the listener can stop them. Raises
    ``DataError`` when stopped, ``Unreadable`` if the parser gives up.
    """

    def __init__(
        self,
        path: Path | None,
        name: str,
        listener: Listener | None = None,
        *,
        also: Path | None = None,
    ) -> None:
        try:
            import duckdb
        except ImportError as problem:
            if memory.is_short(problem):
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
            # Memory is checked before: nothing may be spilled next to the user's files.
            "temp_directory": "",
        }
        try:
            self._connection = duckdb.connect(":memory:", config=config)
        except (duckdb.Error, RuntimeError) as error:
            # No query has run yet: there is no memory, or there are no threads.
            raise MemoryError(str(error)) from None
        self._connection.execute("SET enable_progress_bar = true")
        self._connection.execute("SET enable_progress_bar_print = false")
        if path is not None:
            paths = ", ".join(literal(str(each)) for each in (path, also) if each is not None)
            self._connection.execute(f"SET allowed_paths = [{paths}]")
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def register(self, name: str, table: Any) -> None:
        """Register a pyarrow table under a name."""
        self._connection.register(name, table)

    def close(self) -> None:
        """Free its memory, unless a query that cannot be ended still uses it."""
        if not self._left:
            self._connection.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a short result."""
        return self._run(lambda: self._connection.execute(sql, list(parameters)).fetchall())

    def arrays(self, sql: str, parameters: Sequence[Any] = ()) -> list[np.ndarray]:
        """Return the columns of a result, masked where NULL; reports to the listener."""
        found = self._run(
            lambda: self._connection.execute(sql, list(parameters)).fetchnumpy(), told=True
        )
        return list(found.values())

    def keep(self, name: str, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Keep a result in memory under a name; reports to the listener."""
        made = f"CREATE TEMP TABLE {identifier(name)} AS {sql}"
        self._run(lambda: self._connection.execute(made, list(parameters)).fetchall(), told=True)

    def stream(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a long result, fetched some thousand at a time."""
        answer = self._run(lambda: self._connection.execute(sql, list(parameters)))
        while some := self._run(lambda: answer.fetchmany(4096)):
            yield from some

    def _run(self, work: Any, told: bool = False) -> Any:
        import duckdb

        done: dict[str, Any] = {}

        # We do not ``join`` the thread: after an interrupted ``join``, Python 3.11 takes a running
        # thread for ended.
        over = threading.Event()

        def go() -> None:
            try:
                done["result"] = work()
            except BaseException as error:  # passed to the waiting thread
                done["error"] = error
            finally:
                over.set()

        try:
            threading.Thread(target=go, name=_THREAD, daemon=True).start()
            while not over.wait(_EVERY):
                if not self._same_file():
                    raise DataError(f"{self.name} changed while being read: open a copy of it")
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
        """Interrupt a query until it has ended, even if the user interrupts meanwhile."""
        end = time.monotonic() + _PATIENCE
        while not over.is_set() and time.monotonic() < end:
            with contextlib.suppress(KeyboardInterrupt):
                # Repeatedly: an interrupt before the query begins has no effect.
                self._connection.interrupt()
                over.wait(_EVERY)
        self._left = not over.is_set()

    def _same_file(self) -> bool:
        """Whether the name still leads to a file: opening a pipe would wait forever."""
        if self._path is None:
            return True
        try:
            now = os.stat(self._path)
        except OSError:
            return True  # an open file stays open; opening a missing one fails by itself
        return stat.S_ISREG(now.st_mode)

    def _tell(self, told: bool) -> bool | None:
        """Report progress to the listener; ``told``: this query's progress is that of the file."""
        if self._listener is None:
            return True
        share = max(0.0, self._connection.query_progress()) / 100 if told else 0.0
        return self._listener(int(share * self.size), self.size)


def _out_of_memory(error: BaseException | None) -> bool:
    """Whether memory or threads ran out, which the database reports in many ways."""
    said = str(error).lower()
    return error is not None and any(
        each in said for each in ("bad_alloc", "resource temporarily unavailable", "out of memory")
    )


def is_busy() -> bool:
    """Whether a query is running, during which Python must not shut down."""
    return any(thread.name == _THREAD for thread in threading.enumerate())


def literal(text: str) -> str:
    """Return a string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a quoted SQL column name."""
    return '"' + name.replace('"', '""') + '"'
