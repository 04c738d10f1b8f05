"""What a reader of a format hands a table to, and what becomes of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from kmeans_tui.data.reading.dialect import Dialect
from kmeans_tui.data.reading.query import Database
from kmeans_tui.data.reading.relation import Relation
from kmeans_tui.data.reading.rereading import Rereading

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# A table: at least its ``read_as`` and its ``notes``.
TableT = TypeVar("TableT", bound="DataclassInstance")
MadeT = TypeVar("MadeT", covariant=True)


class Taken(Protocol[MadeT]):
    """What was taken from a file: the marks of its numbers, and the table to be made of it."""

    @property
    def decimal(self) -> str: ...
    @property
    def thousands(self) -> str: ...
    def source(self, name: str, read_as: str, reread: Rereading) -> MadeT:
        """Return the table, whose rows ``reread`` yields again."""
        ...


# Takes what it needs from the open file. Raises ``DataError`` with one sentence, ``Unreadable`` if
# the parser gives up; it is then called again.
Taker: TypeAlias = Callable[[Database, Relation, Dialect, str], Taken[TableT]]
