"""An untrusted npz archive: its claimed sizes are checked before anything is unpacked."""

import io
import os
import zipfile
from collections.abc import Sequence
from typing import Final, Self

import numpy as np

from kmeans_tui.clustering.fields import FieldError

_PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# Headers of plain arrays have 128 bytes; numpy itself rejects those above 10,000.
_HEAD: Final = 1 << 14
# Real recordings compress to about a tenth, one of equal rows to a thousandth; the latter is no
# larger than this, as nobody clusters 16 million equal points.
_UNQUESTIONED: Final = 256_000_000
_TIGHTEST: Final = 200
# The arrays, and what is built from them.
_COPIES: Final = 2


class OversizeError(ValueError):
    """Arrays that do not fit in memory, or cannot be what they claim."""


class Archive:
    """The arrays of an npz file by name; raises ``FieldError`` for an inconsistent member.

    ``sizes`` are the bytes of each, as claimed in the table of contents. Raises ``OSError`` or
    ``zipfile.BadZipFile`` if the file cannot be opened.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self._zip = zipfile.ZipFile(path)
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._packed = os.path.getsize(path)
        for info in self._zip.infolist():
            name = info.filename.removesuffix(".npy")
            if name in self._members:
                self._zip.close()
                raise FieldError(f"{name[:40]!r} occurs twice")
            self._members[name] = info
        self.sizes = {name: info.file_size for name, info in self._members.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def head(self, name: str) -> tuple[tuple[int, ...], np.dtype]:
        """Return shape and type of an array, checked against its claimed size."""
        info = self._members[name]
        if info.compress_type not in _PACKINGS:
            raise FieldError("has a compression that recordings do not use")
        with self._zip.open(info) as file:
            start = io.BytesIO(file.read(_HEAD))
        version = np.lib.format.read_magic(start)
        if version not in ((1, 0), (2, 0)):
            raise FieldError("has an unknown version of numpy's format")
        read = (
            np.lib.format.read_array_header_1_0
            if version == (1, 0)
            else np.lib.format.read_array_header_2_0
        )
        shape, _, kind = read(start)
        if kind.hasobject:
            raise FieldError("contains Python objects")
        size = start.tell() + int(np.prod(shape, dtype=object)) * kind.itemsize
        if min(shape, default=0) < 0 or size != info.file_size:
            raise FieldError(f"should have {size:,} bytes but has {info.file_size:,}")
        return shape, kind

    def check_size(self, names: Sequence[str], free: int | None) -> None:
        """Raise ``OversizeError`` if these arrays do not fit in ``free`` bytes of memory.

        Also if they claim more than the file can plausibly hold.
        """
        claimed = sum(self.sizes[name] for name in names)
        if free is not None and claimed * _COPIES > free:
            raise OversizeError(
                f"its arrays need about {claimed * _COPIES / 1e6:,.0f} MB of memory "
                f"and {free / 1e6:,.0f} MB are free"
            )
        if claimed > _UNQUESTIONED and claimed > _TIGHTEST * self._packed:
            raise OversizeError(
                f"its arrays claim {claimed / 1e6:,.0f} MB in a file of "
                f"{self._packed / 1e6:,.1f} MB"
            )

    def array(self, name: str) -> np.ndarray:
        """Return the array in native byte order; its header must have been checked."""
        with self._zip.open(self._members[name]) as file:
            found = np.lib.format.read_array(file, allow_pickle=False)
            # Reading to the end of the member verifies its checksum.
            if file.read(1):
                raise FieldError("continues after its end")
        return np.ascontiguousarray(found, found.dtype.newbyteorder("=")).reshape(found.shape)
