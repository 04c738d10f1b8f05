"""A file that appears whole or not at all."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final


class ExportError(ValueError):
    """What kept a file from being written: one sentence that says what to do."""


_REASONS: Final = {
    errno.ENOSPC: "there is no space left; free some, or choose another folder",
    errno.EDQUOT: "your quota is used up; free some space, or choose another folder",
    errno.EACCES: "you may not write there; choose another folder",
    errno.EPERM: "you may not write there; choose another folder",
    errno.EROFS: "that file system is read-only; choose another folder",
    errno.ENOENT: "the folder is gone; create it again, or choose another",
    errno.ENOTDIR: "a part of the path is a file; choose another folder",
    errno.EEXIST: "a file is in the way of the folder; choose another folder",
    errno.EISDIR: "a folder of that name is in the way; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.EFBIG: "the file would be too large for that file system; choose another folder",
}


def refusal(path: Path, error: OSError) -> ExportError:
    """The sentence for an error of the file system."""
    reason = _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()
    return ExportError(f"{path} cannot be written: {reason}")


def make_folder(folder: Path) -> None:
    """The folder, and those above it; ``ExportError`` where it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(folder, error) from None


def new_token() -> str:
    """What keeps two programs apart that write one file: nobody else can guess it."""
    return f"{os.getpid()}-{secrets.token_hex(4)}"


def beside(target: Path, token: str) -> Path:
    """Where a file is written before it is whole: hidden, in the folder it will be in.

    Who started the writing knows the ``token``, and can remove the file when the writing is killed.
    Through a link the file it leads to is written.
    """
    whole = Path(os.path.realpath(target))
    return whole.with_name(f".{whole.name}.{token}.part")


def check_plain(target: Path) -> None:
    """Raise ``ExportError`` where a device, a pipe or a socket stands: replacing it destroys it."""
    try:
        mode = os.stat(target).st_mode
    except (OSError, ValueError):
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise ExportError(f"{target} is no plain file and is left as it is: choose another path")


@contextmanager
def whole_file(target: Path, token: str | None = None) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of ``target`` once all is written.

    It is on the disk before it is moved, and has the permissions of the one it replaces. Raises
    ``ExportError`` for what the file system refuses, and for a ``target`` that is no plain file;
    the old file is then as it was.
    """
    check_plain(target)
    part = beside(target, token or new_token())
    try:
        # "x": whatever lies there under this name, a link above all, is not followed.
        with open(part, "xb") as file:
            try:
                with suppress(OSError):
                    os.chmod(part, stat.S_IMODE(os.stat(target).st_mode))
                yield file
                file.flush()
                os.fsync(file.fileno())
                os.replace(part, os.path.realpath(target))
            finally:
                with suppress(OSError):
                    part.unlink(missing_ok=True)
    except OSError as error:
        raise refusal(target, error) from None
