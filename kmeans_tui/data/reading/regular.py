"""Regular files, opened so that nothing else can take their place unseen.

A name is looked up anew at every opening: between a check and the reading a file may have become a
pipe, at which a plain ``open`` waits for ever. So what was opened is looked at, not the name.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from kmeans_tui.data.columns import DataError
from kmeans_tui.data.reading.dialect import Listener

_BLOCK: Final = 1 << 20
# What the system makes up as it is read has no size, and some of it waits for what is to come.
_MADE_UP: Final = ("/proc/", "/sys/")


def opened(path: Path) -> BinaryIO:
    """The file at ``path``, to be read; raises ``DataError`` for what is no regular file.

    Raises ``OSError`` for what cannot be opened.
    """
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    # Neither waits at a pipe nor makes a terminal the one that signals come from.
    flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    number = os.open(path, flags)
    try:
        check(path, os.fstat(number))
        return os.fdopen(number, "rb")
    except BaseException:
        os.close(number)
        raise


def check(path: Path, seen: os.stat_result) -> None:
    """Raise ``DataError`` for what is no regular file with something in it."""
    mode = seen.st_mode
    if stat.S_ISDIR(mode):
        raise DataError(f"{path} is a folder: name a file in it")
    if stat.S_ISFIFO(mode):
        raise DataError(f"{path} is a pipe: read it as 'kmeans-tui run - < {path}'")
    if stat.S_ISSOCK(mode):
        raise DataError(f"{path} is a socket, not a file")
    if not stat.S_ISREG(mode):
        raise DataError(f"{path} is a device, not a file")
    if os.path.realpath(path).startswith(_MADE_UP):
        raise DataError(
            f"{path} is made up by the system as it is read: copy it, and open the copy"
        )
    if not seen.st_size:
        raise DataError(f"{path} is empty: there is nothing to cluster")


def is_regular(path: str | os.PathLike) -> bool:
    """Whether there is a regular file with something in it; nothing is opened."""
    try:
        check(Path(path), os.stat(path))
    except (OSError, ValueError):
        return False
    return True


def blocks(path: Path, name: str, listener: Listener | None = None) -> Iterator[bytes]:
    """The bytes of a file, as many as it had when it was opened, a megabyte at a time.

    Raises ``DataError`` where the listener says stop.
    """
    with opened(path) as file:
        size = os.fstat(file.fileno()).st_size
        done = 0
        while done < size and (block := file.read(min(_BLOCK, size - done))):
            yield block
            done += len(block)
            if listener is not None and listener(done, size) is False:
                raise DataError(f"reading {name} was stopped")


def first_hole(file: BinaryIO) -> int | None:
    """Where a file begins to have nothing on the disk, as the system says; None if nowhere."""
    seek = getattr(os, "SEEK_HOLE", None)
    if seek is None:
        return None
    at, size = file.tell(), os.fstat(file.fileno()).st_size
    try:
        hole = os.lseek(file.fileno(), 0, seek)
    except OSError:
        return None
    finally:
        os.lseek(file.fileno(), at, os.SEEK_SET)
    return hole if hole < size else None
