"""Numbers of files that cannot be read in parts, kept as arrays of float64 on disk.

Each is a ``.npy`` of all rows and the wanted columns, with a note of what it was made from. It is
used again while its source is the same file, of the same size and time, read in the same way.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from kmeans_tui.data.columns import DataError, Reading
from kmeans_tui.data.reading.memory import amount
from kmeans_tui.whole_file import ExportError, make_folder, whole_file

VARIABLE: Final = "KMEANS_TUI_CACHE"
_VERSION: Final = 1
# Left on the disk at least: a full one also stops what others write.
_MARGIN: Final = 64 << 20
# A file being written is younger than this, in seconds.
_STALE: Final = 3600


class CachedArray(NamedTuple):
    """An array in the cache, and the file it was made from."""

    path: Path
    source: str
    columns: tuple[str, ...]
    bytes: int


def place(given: str | None = None) -> Path:
    """Return the folder of the cache: the given one, ``$KMEANS_TUI_CACHE`` or the user's own."""
    if given or (given := os.environ.get(VARIABLE)):
        return Path(given).expanduser()
    folder = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(folder):
        folder = os.environ.get("LOCALAPPDATA", "") if sys.platform == "win32" else ""
    if not folder:
        folder = os.path.join(os.path.expanduser("~"), ".cache")
    return Path(folder, "kmeans-tui", "parts")


def target(folder: Path, source: Path, reading: Reading, columns: Sequence[str]) -> Path:
    """Return where the array of these columns of a file is, or would be; raises ``OSError``."""
    seen = source.stat()
    made_of = [
        _VERSION, str(source), seen.st_size, seen.st_mtime_ns, seen.st_ino, list(columns),
        sorted((name, repr(value)) for name, value in reading.items()),
    ]  # fmt: skip
    name = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:32]
    return folder / f"{name}.npy"


def is_whole(path: Path, columns: Sequence[str]) -> bool:
    """Whether there is a complete array of these columns."""
    note = _note(path)
    if note is None or note.get("columns") != list(columns):
        return False
    try:
        return path.stat().st_size == note.get("bytes")
    except OSError:
        return False


def ragged(path: Path) -> int:
    """Return how many rows of the source of a whole array have another width than the header."""
    found = (_note(path) or {}).get("ragged")
    return found if isinstance(found, int) else 0


def check_room(folder: Path, needed: int, name: str) -> None:
    """Raise ``DataError`` if the disk has too little left for so many bytes."""
    try:
        new = not folder.exists()
        make_folder(folder)
        if new:
            with contextlib.suppress(OSError):
                folder.chmod(0o700)  # the numbers in it are the user's own
        free = shutil.disk_usage(folder).free
    except ExportError as error:
        raise DataError(f"{error}, with --cache") from None
    if needed + _MARGIN > free:
        raise DataError(
            f"{name} needs {amount(needed)} in the cache {folder} and {amount(_MARGIN)} beside it, "
            f"and {amount(free)} are free: free some, or choose another folder with --cache"
        )


def write(
    path: Path,
    source: Path,
    rows: int,
    columns: Sequence[str],
    parts: Iterable[np.ndarray],
    ragged: int = 0,
) -> None:
    """Write an array of ``rows`` from its parts, (m, columns) float64 each, whole or not at all.

    ``ragged`` of the rows have another width than the header. Raises ``DataError`` if the disk is
    full, and passes on what ``parts`` raises.
    """
    _sweep(path.parent)
    header = {"descr": "<f8", "fortran_order": False, "shape": (rows, len(columns))}
    try:
        with whole_file(path) as file:
            with contextlib.suppress(OSError, AttributeError):
                os.fchmod(file.fileno(), 0o600)
            np.lib.format.write_array_header_1_0(file, header)
            done = 0
            for part in parts:
                file.write(np.ascontiguousarray(part, "<f8").data)
                done += len(part)
            size = file.tell()
            if done != rows:
                raise DataError(f"{source.name} changed while being read: copy it, and open it")
            note = {
                "source": str(source), "columns": list(columns), "bytes": size, "ragged": ragged,
            }  # fmt: skip
            with whole_file(_note_of(path)) as said:
                said.write(json.dumps(note).encode())
    except ExportError as error:
        with contextlib.suppress(OSError):
            _note_of(path).unlink(missing_ok=True)
        raise DataError(f"{error}, with --cache") from None


def forget(path: Path) -> None:
    """Remove an array that is not that of its source."""
    for each in (_note_of(path), path):
        with contextlib.suppress(OSError):
            each.unlink(missing_ok=True)


def arrays(folder: Path) -> list[CachedArray]:
    """Return what is in the cache."""
    found = []
    for path in _files(folder, ".npy"):
        note = _note(path) or {}
        with contextlib.suppress(OSError):
            size = path.stat().st_size
            columns = tuple(map(str, note.get("columns") or ()))
            found.append(CachedArray(path, str(note.get("source", "")), columns, size))
    return found


def remove(folder: Path) -> list[CachedArray]:
    """Remove everything that was written to the cache; return what that was.

    Raises ``DataError`` for a file that cannot be removed.
    """
    gone = arrays(folder)
    try:
        for path in (*_files(folder, ".npy"), *_files(folder, ".json"), *_files(folder, ".part")):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{path} cannot be removed: {error.strerror or error}") from None
    return gone


def _files(folder: Path, suffix: str) -> Iterator[Path]:
    """Yield our own files: named by 32 hexadecimal digits, whatever else is in the folder."""
    with contextlib.suppress(OSError):
        for path in sorted(folder.iterdir()):
            name = path.name.removeprefix(".")[:32]
            ours = len(name) == 32 and set(name) <= set("0123456789abcdef")
            if ours and path.suffix == suffix and not path.is_symlink():
                yield path


def _sweep(folder: Path) -> None:
    """Remove what a killed program has left half-written."""
    for path in _files(folder, ".part"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE:
                path.unlink(missing_ok=True)


def _note_of(path: Path) -> Path:
    return path.with_suffix(".json")


def _note(path: Path) -> dict[str, Any] | None:
    try:
        with open(_note_of(path), "rb") as file:
            found = json.loads(file.read(1 << 20))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
