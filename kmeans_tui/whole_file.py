"""Write files atomically: whole or not at all."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final


class ExportError(ValueError):
    """A file could not be written; the message is one sentence that says what to do."""


_REASONS: Final = {
    errno.ENOSPC: "there is no space left; free some, or choose another folder",
    errno.EDQUOT: "your quota is used up; free some space, or choose another folder",
    errno.EACCES: "you have no permission to write there; choose another folder",
    errno.EPERM: "you have no permission to write there; choose another folder",
    errno.EROFS: "that file system is read-only; choose another folder",
    errno.ENOENT: "the folder does not exist; create it, or choose another",
    errno.ENOTDIR: "part of the path is a file; choose another folder",
    errno.EEXIST: "a file with the folder's name exists; choose another folder",
    errno.EISDIR: "a folder with that name exists; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.EFBIG: "the file would be too large for that file system; choose another folder",
}


def refusal(path: Path, error: OSError) -> ExportError:
    """Return an ``ExportError`` that explains an error of the file system."""
    reason = _REASONS.get(error.errno or 0) or (error.strerror or str(error)).lower()
    return ExportError(f"{path} cannot be written: {reason}")


def make_folder(folder: Path) -> None:
    """Create the folder and its parents; raises ``ExportError`` if that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(folder, error) from None


def new_token() -> str:
    """Return an unguessable token that keeps two programs writing the same file apart."""
    return f"{os.getpid()}-{secrets.token_hex(4)}"


def beside(target: Path, token: str) -> Path:
    """Return where a file is written until it is complete: hidden, in its final folder.

    Whoever started the writing knows the ``token``, and can remove the file if the writer is
    killed. If ``target`` is a link, the file it leads to is written.
    """
    whole = Path(os.path.realpath(target))
    return whole.with_name(f".{whole.name}.{token}.part")


def check_plain(target: Path) -> None:
    """Raise ``ExportError`` for a device, a pipe or a socket: replacing it would destroy it."""
    try:
        mode = os.stat(target).st_mode
    except (OSError, ValueError):
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise ExportError(
            f"{target} is not a regular file and is left as it is: choose another path"
        )


def unwritable(target: Path, *, force: bool) -> str | None:
    """Return why a file cannot be written there, or None; to be asked before the work begins.

    Without ``force``, an existing file is in the way.
    """
    if not target.parent.is_dir():
        return f"there is no folder {target.parent}: create it first"
    try:
        check_plain(target)
    except ExportError as error:
        return str(error)
    if target.exists() and not force:
        return f"{target} already exists: --force replaces it"
    if not os.access(target.parent, os.W_OK):
        return f"the folder {target.parent} is not writable: choose another folder"
    return None


@contextmanager
def whole_file(target: Path, token: str | None = None) -> Iterator[BinaryIO]:
    """Open a file to write to, which replaces ``target`` once everything is written.

    It is flushed to disk before it is moved, and gets the permissions of the file it replaces.
    Raises ``ExportError`` for errors of the file system, and if ``target`` is not a regular file;
    the old file is then unchanged.
    """
    check_plain(target)
    part = beside(target, token or new_token())
    try:
        # "x": never follow anything that exists under this name, especially a link.
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
