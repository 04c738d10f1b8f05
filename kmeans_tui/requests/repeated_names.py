"""Names of rows that come more than once in a table that is read in parts."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from kmeans_tui.words import plural, quoted

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

# A million take about 70 MB, whatever their length.
_MOST_SEEN: Final = 1_000_000
# Of those that come again, so many are counted.
_MOST_REPEATED: Final = 1000


class RepeatedNames:
    """Counts the names that come again in a column ``column``, in bounded memory.

    Names are known by their hashes, of 64 bits; those that are new behind the first million are
    not kept.
    """

    def __init__(self, column: str) -> None:
        self.column = column
        self.complete = True
        self._seen: set[int] = set()
        self._again: Counter[str] = Counter()

    def add(self, cells: Iterable[str | None]) -> None:
        """Take the cells of more rows; empty ones have no name."""
        for cell in cells:
            name = "" if cell is None else cell.strip()
            if not name:
                continue
            known = hash(name)
            if known in self._seen:
                if name in self._again or len(self._again) < _MOST_REPEATED:
                    self._again[name] += 1
            elif len(self._seen) < _MOST_SEEN:
                self._seen.add(known)
            else:
                self.complete = False

    def told(self) -> list[str]:
        """Return a sentence on the names in several rows, nothing if there are none."""
        if not self._again:
            return []
        name, more = self._again.most_common(1)[0]
        count = len(self._again)
        least = "At least " if count == _MOST_REPEATED or not self.complete else ""
        many = f"{least}{plural(count, 'name')} of {self.column} in several rows"
        return [f"{many}, each with its own cluster: {quoted(name)} in {more + 1:,} rows."]


def naming_column(dataset: "Dataset") -> str | None:
    """Return the column that names the rows of a data set, None if there is none.

    The one that was chosen; else the first label with another text in each row.
    """
    if dataset.id_column is not None:
        return dataset.id_column
    for name, cells in dataset.labels.items():
        texts = cells.tolist()
        if name not in dataset.columns and all(texts) and len(set(texts)) == len(texts) > 1:
            return name
    return None
