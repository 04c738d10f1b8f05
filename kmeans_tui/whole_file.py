"""A file that appears whole or not at all."""

import errno
import os
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


def beside(target: Path, token: str) -> Path:
    """Where a file is written before it is whole: hidden, in the folder it will be in.

    ``token`` keeps two programs apart. Who started the writing knows the name, and can remove the
    file when the writing is killed. Through a link the file it leads to is written.
    """
    whole = Path(os.path.realpath(target))
    return whole.with_name(f".{whole.name}.{token}.part")


@contextmanager
def whole_file(target: Path, token: str) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of ``target`` once all is written.

    Raises ``ExportError`` for what the file system refuses; the old file is then as it was.
    """
    part = beside(target, token)
    try:
        try:
            with open(part, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, os.path.realpath(target))
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    except OSError as error:
        raise refusal(target, error) from None
