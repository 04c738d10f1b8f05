"""Temporary folders of the readers, and the removal of folders left behind by dead processes.

A killed process cannot clean up, and an unpacked table may be as large as the disk. So the name of
a folder says whose it is, and the next process that needs one looks for orphans.
"""

import contextlib
import os
import platform
import re
import shutil
import stat
import tempfile
import weakref
import zlib
from pathlib import Path
from typing import Final

from kmeans_tui.data.columns import DataError

_PREFIX: Final = "kmeans-tui"
# The machine, the process, its start time, and a unique suffix.
_NAME: Final = re.compile(rf"{_PREFIX}-([0-9a-f]{{8}})-(\d+)-(\d+)-\w+")

_open: "weakref.WeakSet[tempfile.TemporaryDirectory[str]]" = weakref.WeakSet()


def room() -> "tempfile.TemporaryDirectory[str]":
    """Create a temporary folder that is removed with the object; raises ``DataError``."""
    prefix = f"{_PREFIX}-{_machine()}-{os.getpid()}-{_began(os.getpid()) or 0}-"
    try:
        sweep(Path(tempfile.gettempdir()))
        found = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    except OSError as error:
        raise DataError(
            f"no temporary folder can be created ({error.strerror or error}): set TMPDIR to a "
            "writable folder"
        ) from None
    _open.add(found)
    return found


def remove_all() -> None:
    """Remove the remaining folders of this process, for an exit without Python's own cleanup."""
    for each in list(_open):
        each.cleanup()


def sweep(folder: Path) -> None:
    """Remove what ended processes of this user and machine left in ``folder``."""
    if os.name == "nt":  # checking whether a process lives would end it there
        return
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _NAME.fullmatch(entry.name)
            if found is None or found[1] != _machine() or _lives(int(found[2]), int(found[3])):
                continue
            with contextlib.suppress(OSError):
                seen = os.lstat(entry.path)
                if stat.S_ISDIR(seen.st_mode) and seen.st_uid == os.getuid():
                    # It follows no links, neither the folder itself nor any in it.
                    shutil.rmtree(entry.path, ignore_errors=True)


def _lives(process: int, began: int) -> bool:
    """Whether the process that began then still runs; process numbers are reused."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # someone else's
        return True
    now = _began(process)
    return now is None or not began or now == began


def _began(process: int) -> int | None:
    """Return when a process began, in system ticks; None if the system does not tell."""
    try:
        said = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
        # The program name is in parentheses and may contain anything.
        return int(said[said.rindex(")") + 2 :].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def _machine() -> str:
    """Return where process numbers are valid: this host, and on Linux this container."""
    space = 0
    with contextlib.suppress(OSError):
        space = os.stat("/proc/self/ns/pid").st_ino
    return f"{zlib.crc32(f'{platform.node()} {space}'.encode()):08x}"
