"""Draw rows from an array in a ``.npz`` archive that may be larger than memory."""

import zipfile
from typing import IO, Final

import numpy as np

# Bytes that are unpacked at once.
_BLOCK: Final = 1 << 22


class PackedArray:
    """An array in an archive, of which chosen rows can be read without all the others.

    ``header`` are its shape, whether it is stored by columns, and its type; its values begin at the
    byte ``start`` of the member.
    """

    def __init__(
        self,
        archive: zipfile.ZipFile,
        info: zipfile.ZipInfo,
        header: tuple[tuple[int, ...], bool, np.dtype],
        start: int,
    ) -> None:
        self._archive, self._info, self._start = archive, info, start
        self.shape, by_column, self.dtype = header
        self._by_column = by_column and self.ndim == 2

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    def __len__(self) -> int:
        """The number of rows."""
        return self.shape[0]

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        """Return rows (m,), ascending from 0, as an array (m, ...)."""
        with self._archive.open(self._info) as file:
            _exactly(file, self._start)
            if not self._by_column:
                return self._drawn(file, rows, self.shape[1:])
            columns = [self._drawn(file, rows, ()) for _ in range(self.shape[1])]
        return np.column_stack(columns)

    def _drawn(self, file: IO[bytes], rows: np.ndarray, each: tuple[int, ...]) -> np.ndarray:
        """Read as many items of this shape as there are rows, and return the drawn ones."""
        found = np.empty((len(rows), *each), self.dtype)
        size = self.dtype.itemsize * int(np.prod(each, dtype=np.int64))
        step = max(1, _BLOCK // max(1, size))
        for first in range(0, len(self), step):
            many = min(step, len(self) - first)
            block = np.ndarray((many, *each), self.dtype, _exactly(file, many * size))
            start, end = np.searchsorted(rows, (first, first + many))
            found[start:end] = block[rows[start:end] - first]
        return found


def longest(arrays: dict[str, PackedArray]) -> int:
    """Return the most rows that any array has."""
    return max((each.shape[0] for each in arrays.values() if each.shape), default=0)


def _exactly(file: IO[bytes], count: int) -> bytes:
    found = file.read(count)
    if len(found) < count:
        raise EOFError("the array is cut short")
    return found
