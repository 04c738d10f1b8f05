"""The tables of a database file: how one is named behind its path, and which one is taken."""

import os
from collections.abc import Sequence
from typing import Final

from kmeans_tui.data.columns import DataError, Question, nearest, quoted
from kmeans_tui.words import few

# Between the path of a database and the name of its table: shop.db::customers.
MARK: Final = "::"
_LISTED: Final = 6
# Of a longer list, so many can be chosen by their number on the screen.
_OFFERED: Final = 9


class WhichTable(Question):
    """A database of several tables, none of which is named."""

    def __init__(self, data: str, name: str, tables: Sequence[str]) -> None:
        shown = few([quoted(each) for each in tables], _LISTED)
        DataError.__init__(
            self,
            f"{name} holds {len(tables):,} tables, {shown}: add {MARK} and the name of one to the "
            "path of the file",
        )
        self.readings = tuple({"data": f"{data}{MARK}{each}"} for each in tables[:_OFFERED])


def split(data: str) -> tuple[str, str | None]:
    """Return the path and the table that ``PATH::TABLE`` names; no table if a file has that name.

    Both may contain the mark: the path is the shortest one at which there is a file.
    """
    if MARK not in data or os.path.lexists(data):
        return data, None
    at = data.find(MARK)
    while at > 0:
        if os.path.exists(os.path.expanduser(data[:at])):
            return data[:at], data[at + len(MARK) :]
        at = data.find(MARK, at + 1)
    path, _, table = data.partition(MARK)
    return (path, table) if path else (data, None)


def chosen(
    data: str, name: str, wanted: str | None, tables: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """Return the table to read, and a sentence if it was not named.

    Raises ``DataError`` if there is none or none of that name, ``WhichTable`` if several.
    """
    if not tables:
        raise DataError(f"{name} holds no table: there is nothing to cluster")
    if wanted is not None:
        same = [each for each in tables if each == wanted]
        same = same or [each for each in tables if each.casefold() == wanted.strip().casefold()]
        if len(same) == 1:
            return same[0], ()
        known = [quoted(each)[1:-1] for each in tables]
        raise DataError(f"{name} has no table {quoted(wanted)}: {nearest(wanted, known, 'tables')}")
    if len(tables) > 1:
        raise WhichTable(data, name, tables)
    return tables[0], (f"Table {quoted(tables[0])} is read, the only one.",)


def refuse(name: str, wanted: str) -> DataError:
    """Return the refusal of a table of a file that is not a database."""
    return DataError(
        f"{name} is not an SQLite or DuckDB database and has no table {quoted(wanted)}: leave out "
        f"{MARK} and what follows"
    )
