"""What to write, where, and what it would replace; then the writing, file after file."""

import html
import os
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

from kmeans_tui.analysis.census import Census
from kmeans_tui.analysis.comparison import Comparison
from kmeans_tui.analysis.seed_runs import SeedRuns
from kmeans_tui.analysis.sweep import Sweep
from kmeans_tui.clustering.history import History
from kmeans_tui.data.dataset import DataError, Dataset
from kmeans_tui.data.reading.pixels import quantised
from kmeans_tui.export import run_file, tables
from kmeans_tui.export.animation import scenes
from kmeans_tui.export.appearance import Settings
from kmeans_tui.export.code import notebook
from kmeans_tui.export.code.script import Script
from kmeans_tui.export.figures import analyses, article_look, canvas, stills
from kmeans_tui.export.items import KINDS, Item
from kmeans_tui.export.provenance import Provenance
from kmeans_tui.export.view import View
from kmeans_tui.whole_file import ExportError, beside, make_folder, whole_file


@dataclass(frozen=True)
class Progress:
    """File ``number`` of ``files`` is being written, counted from 1; ``file`` is its name.

    ``frame`` of ``frames`` are done; a file that is not an animation has one.
    """

    file: str
    number: int
    files: int
    frame: int
    frames: int


# Hears of progress; returning False stops the writing.
Listener = Callable[[Progress], bool | None]


@dataclass(frozen=True)
class Result:
    """The files that were written, in the order of the request; not ``complete`` if stopped."""

    paths: tuple[Path, ...]
    complete: bool


@dataclass(frozen=True, eq=False)
class Request:
    """Everything that one export takes, as plain values that can be sent to another process.

    ``document``   the run as ``kmeans_tui.requests.run.document`` gives it: the parameters among it
    ``command``    the shell command that gives the same files, without the folder
    ``iteration``  which one ``iteration`` shows
    ``force``      whether files that are there may be replaced

    ``sweep``, ``seeds``, ``comparison`` and ``screen`` (an SVG document) are what the items elbow,
    seeds, compare and screen show, and may be missing where those are not asked for.
    """

    items: tuple[Item, ...]
    folder: Path
    dataset: Dataset
    history: History
    document: Mapping[str, Any]
    command: str
    settings: Settings = field(default_factory=Settings)
    iteration: int = -1
    sweep: Sweep | None = None
    seeds: tuple[SeedRuns, Census] | None = None
    comparison: Comparison | None = None
    screen: str | None = None
    force: bool = False
    token: str = field(default_factory=lambda: str(os.getpid()))

    def targets(self) -> dict[Item, Path]:
        """Where each item is written."""
        last = len(self.history) - 1
        shown = self.iteration % len(self.history)
        return {item: self.folder / item.file_name(shown, last) for item in self.items}

    def replaced(self) -> list[Path]:
        """The files that are there already."""
        return [path for path in self.targets().values() if os.path.lexists(path)]

    def clean_up(self) -> None:
        """Remove what a writing that was killed has left behind."""
        for path in self.targets().values():
            with suppress(OSError):
                beside(path, self.token).unlink(missing_ok=True)


def folder_name(data: str, k: int, seed: int) -> str:
    """A folder for the files of a run, to be offered: ``kmeans-iris-k3-s0``."""
    stem = re.sub(r"[^\w=.-]+", "-", Path(data).stem if os.path.isfile(data) else data).strip("-.")
    return f"kmeans-{stem[:40]}-k{k}-s{seed}"


def write(request: Request, progress: Listener | None = None) -> Result:
    """Write all items, each whole or not at all, replacing what is there only if it may.

    Raises ``ExportError``, one sentence, for what is missing, in the way or refused by the file
    system; the files before that one are written, and no other has changed. Where the user's own
    file cannot be read again for its rows, all other files are written first.
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
                    _WRITERS[item.name](_Work(request, item, said.tell), file)
                    # The last chance to stop; from here on the file is there.
                    said.tell(1, 1)
            except DataError as error:
                unread = f"{path.name} is not written: {error}"
            else:
                written.append(path)
    except _StoppedError:
        return Result(tuple(written), False)
    except MemoryError:
        raise ExportError(
            f"{path} does not fit into memory; choose a smaller size or fewer dots per inch"
        ) from None
    finally:
        if new_folder and not written:
            with suppress(OSError):
                request.folder.rmdir()
    if unread:
        raise ExportError(unread)
    return Result(tuple(written), True)


def check(request: Request) -> None:
    """Raise ``ExportError`` for a request that cannot be carried out; writes nothing."""
    for item in request.items:
        needs = KINDS[item.name].needs
        if needs is not None and getattr(request, needs) is None:
            raise ExportError(_MISSING[needs])
    if not -len(request.history) <= request.iteration < len(request.history):
        last = len(request.history) - 1
        raise ExportError(
            f"there is no iteration {request.iteration}: the run ends with iteration {last}"
        )
    if request.dataset.picture is None and any(item.name == "picture" for item in request.items):
        raise ExportError(_MISSING["picture"])
    there = request.replaced()
    if there and not request.force:
        names = _listed([path.name for path in there])
        raise ExportError(
            f"{request.folder} holds {names} already: add --force to replace "
            f"{'it' if len(there) == 1 else 'them'}, or choose another folder"
        )


_MISSING: Final = {
    "sweep": "the elbow is not worked out yet: run it first",
    "seeds": "the seeds are not worked out yet: run them first",
    "comparison": "the comparison is not worked out yet: run it first",
    "picture": "picture is for the pixels of a photo: open the data as image:FILE",
    "screen": "screen is the terminal as it stands: open the run on the screen and press x",
}


class _StoppedError(Exception):
    """The listener said no."""


@dataclass(frozen=True)
class _Teller:
    """Tells the listener of one file, and raises ``_StoppedError`` when it says no."""

    listener: Listener | None
    file: str
    number: int
    files: int

    def tell(self, frame: int, frames: int) -> None:
        if self.listener is None:
            return
        if self.listener(Progress(self.file, self.number, self.files, frame, frames)) is False:
            raise _StoppedError


class _Work:
    """One item of a request."""

    def __init__(self, request: Request, item: Item, tell: Callable[[int, int], None]) -> None:
        self.request, self.item, self.tell = request, item, tell
        self.source = Provenance(request.command, request.dataset.digest)
        self.view = View(request.dataset, request.history, request.settings)

    @property
    def by_article(self) -> bool:
        """Whether the article's own figure is asked for."""
        return self.request.settings.look == "article"

    @property
    def script(self) -> Script:
        return Script(self.view, self.request.document["parameters"], self.source)

    def save(self, figure: Any, file: BinaryIO, **options: Any) -> None:
        canvas.save(
            figure,
            file,
            self.item.form,
            self.source,
            transparent=self.request.settings.transparent,
            **options,
        )


def _data(work: _Work, file: BinaryIO) -> None:
    work.save((article_look if work.by_article else stills).data(work.view), file)


def _iterations(work: _Work, file: BinaryIO) -> None:
    if work.by_article:
        work.save(article_look.iterations(work.view), file, **article_look.saved(work.view))
    else:
        work.save(stills.iterations(work.view), file)


def _iteration(work: _Work, file: BinaryIO) -> None:
    number = work.request.iteration % len(work.request.history)
    work.save(stills.iteration(work.view, number), file)


def _animation(work: _Work, file: BinaryIO) -> None:
    frames: scenes.Frames | article_look.Frames
    frames = article_look.Frames(work.view) if work.by_article else scenes.Frames(work.view)
    scenes.animate(work.view, frames, file, work.source, work.tell)


def _inertia(work: _Work, file: BinaryIO) -> None:
    work.save(stills.inertia(work.view), file)


def _elbow(work: _Work, file: BinaryIO) -> None:
    assert work.request.sweep is not None  # ``check`` has seen to it
    if work.by_article:
        work.save(
            article_look.elbow(work.view, work.request.sweep), file, **article_look.saved(work.view)
        )
    else:
        work.save(analyses.elbow(work.view, work.request.sweep), file)


def _seeds(work: _Work, file: BinaryIO) -> None:
    assert work.request.seeds is not None  # ``check`` has seen to it
    work.save(analyses.seeds(work.view, *work.request.seeds), file)


def _compare(work: _Work, file: BinaryIO) -> None:
    assert work.request.comparison is not None  # ``check`` has seen to it
    work.save(analyses.compare(work.view, work.request.comparison), file)


def _picture(work: _Work, file: BinaryIO) -> None:
    dataset, last = work.request.dataset, work.request.history[-1]
    canvas.save_pixels(quantised(dataset, last.centroids, last.labels), file, work.source)


def _labels(work: _Work, file: BinaryIO) -> None:
    tables.labels(work.request.dataset, work.request.history, file)


def _centroids(work: _Work, file: BinaryIO) -> None:
    tables.centroids(work.request.dataset, work.request.history, file)


def _run(work: _Work, file: BinaryIO) -> None:
    document = {**work.request.document, "command": work.request.command}
    run_file.write(file, document, work.request.dataset, work.request.history)


def _code(work: _Work, file: BinaryIO) -> None:
    text = work.script.text() if work.item.form == "py" else notebook.text(work.script.sections())
    file.write(text.encode())


def _screen(work: _Work, file: BinaryIO) -> None:
    assert work.request.screen is not None  # ``check`` has seen to it
    opening, bracket, rest = work.request.screen.partition(">")
    described = f"{opening}{bracket}<desc>{html.escape(str(work.source))}</desc>{rest}"
    file.write(described.encode())


_WRITERS: Final[Mapping[str, Callable[[_Work, BinaryIO], None]]] = {
    "data": _data,
    "iterations": _iterations,
    "iteration": _iteration,
    "animation": _animation,
    "inertia": _inertia,
    "elbow": _elbow,
    "seeds": _seeds,
    "compare": _compare,
    "picture": _picture,
    "labels": _labels,
    "centroids": _centroids,
    "run": _run,
    "code": _code,
    "screen": _screen,
}


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
