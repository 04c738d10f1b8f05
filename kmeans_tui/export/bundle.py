"""Decide what to write, where, and what it would replace; then write file by file."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kmeans_tui.data.dataset import DataError
from kmeans_tui.data.reading import database_tables
from kmeans_tui.export.items import KINDS, Item
from kmeans_tui.export.work import Material, Work
from kmeans_tui.whole_file import ExportError, beside, make_folder, new_token, whole_file
from kmeans_tui.words import listed


@dataclass(frozen=True)
class FileProgress:
    """File ``number`` of ``files`` is being written, counted from 1; ``file`` is its name.

    ``frame`` of ``frames`` are done; a file other than an animation has one.
    """

    file: str
    number: int
    files: int
    frame: int
    frames: int


# Called with progress; returning False stops the writing.
FileListener = Callable[[FileProgress], bool | None]


@dataclass(frozen=True)
class Written:
    """The files that were written, in the order of the request; not ``complete`` if stopped."""

    paths: tuple[Path, ...]
    complete: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class Request(Material):
    """Everything for one export: the items, their folder, and whether existing files may be
    replaced (``force``).
    """

    items: tuple[Item, ...]
    folder: Path
    force: bool = False
    token: str = field(default_factory=new_token)

    def targets(self) -> dict[Item, Path]:
        """Return the path of each item."""
        last = len(self.history) - 1
        shown = self.iteration % len(self.history)
        return {item: self.folder / item.file_name(shown, last) for item in self.items}

    def replaced(self) -> list[Path]:
        """Return the files that already exist."""
        return [path for path in self.targets().values() if os.path.lexists(path)]

    def clean_up(self) -> None:
        """Remove what a killed export left behind."""
        for path in self.targets().values():
            with suppress(OSError):
                beside(path, self.token).unlink(missing_ok=True)


def folder_name(data: str, k: int, seed: int) -> str:
    """Return the default folder for the files of a run: ``kmeans-iris-k3-s0``."""
    path, table = database_tables.split(data)
    stem = Path(path).stem if os.path.isfile(path) else path
    stem = re.sub(r"[^\w=.-]+", "-", stem if table is None else f"{stem}-{table}").strip("-.")
    return f"kmeans-{stem[:40]}-k{k}-s{seed}"


def write(request: Request, progress: FileListener | None = None) -> Written:
    """Write all items, each whole or not at all; existing files are replaced only with ``force``.

    Raises ``ExportError``, one sentence, if something is missing, in the way, or refused by the
    file system; earlier files are written, and nothing else has changed. If the user's own file
    cannot be read again for its rows, all other files are written first.
    """
    check(request)
    new_folder = not request.folder.exists()
    make_folder(request.folder)
    written: list[Path] = []
    unread = ""
    try:
        for number, (item, path) in enumerate(request.targets().items(), 1):
            said = _Teller(progress, path.name, number, len(request.items))
            said.tell(0, 1)
            try:
                with whole_file(path, request.token) as file:
                    KINDS[item.name].write(Work(request, item.form, said.tell), file)
                    # The last chance to stop; after this, the file exists.
                    said.tell(1, 1)
            except DataError as error:
                unread = f"{path.name} is not written: {error}"
            else:
                written.append(path)
    except _StoppedError:
        return Written(tuple(written), False)
    except MemoryError:
        raise ExportError(
            f"{path} does not fit in memory; choose a smaller size or fewer dots per inch"
        ) from None
    finally:
        if new_folder and not written:
            with suppress(OSError):
                request.folder.rmdir()
    if unread:
        raise ExportError(unread)
    return Written(tuple(written), True)


def check(request: Request) -> None:
    """Raise ``ExportError`` for a request that cannot be carried out; write nothing."""
    for item in request.items:
        kind = KINDS[item.name]
        if kind.needs is not None and getattr(request, kind.needs) is None:
            raise ExportError(kind.lacking)
    if not -len(request.history) <= request.iteration < len(request.history):
        last = len(request.history) - 1
        raise ExportError(f"there is no iteration {request.iteration}: choose one from 0 to {last}")
    there = request.replaced()
    if there and not request.force:
        names = listed([path.name for path in there])
        raise ExportError(
            f"{request.folder} already contains {names}: add --force to replace "
            f"{'it' if len(there) == 1 else 'them'}, or choose another folder"
        )


class _StoppedError(Exception):
    """The listener stopped the writing."""


@dataclass(frozen=True)
class _Teller:
    """Reports one file to the listener, and raises ``_StoppedError`` if it returns False."""

    listener: FileListener | None
    file: str
    number: int
    files: int

    def tell(self, frame: int, frames: int) -> None:
        if self.listener is None:
            return
        if self.listener(FileProgress(self.file, self.number, self.files, frame, frames)) is False:
            raise _StoppedError
