"""Runs on tables that stay on disk, kept after every iteration until they end, to be continued.

Each is a recording of the rows on display, named by what was run: the files as they were, the
columns, k and the start.
"""

import contextlib
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kmeans_tui.command import Options, of_group, taken

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.display_rows import DisplayRows
    from kmeans_tui.partitioned.plan import StoredTable

FOLDER: Final = "unfinished"
# Where a run is done changes nothing, and with more updates it goes on.
_OPEN: Final = ("max_iterations", "improve")


def place(options: Options, table: "StoredTable", k: int) -> Path:
    """Return the file of an unfinished run on a table."""
    from kmeans_tui.partitioned import block_cache

    asked = replace(options, k=k)
    names = [each for each in of_group("run", "rows", "columns") if each not in _OPEN]
    said = (table.stamps, table.columns, options.display_rows, taken(asked, names))
    return (
        block_cache.place(options.cache)
        / FOLDER
        / f"{hashlib.sha256(repr(said).encode()).hexdigest()[:32]}.npz"
    )


def keep(history: "History", path: Path, dataset: "DisplayRows") -> None:
    """Write the whole iterations of a run, whole or not at all; a full disk keeps the run going."""
    from kmeans_tui.clustering import recording

    with contextlib.suppress(OSError, ValueError):
        path.parent.mkdir(parents=True, exist_ok=True)
        recording.save(history, path, dataset.points, dataset.features)


def found(path: Path, dataset: "DisplayRows", k: int) -> "History | None":
    """Return the run in a file, to be continued; None if there is none that fits."""
    from kmeans_tui.clustering import recording

    try:
        kept = recording.load(path)
    except (OSError, ValueError):
        return None
    history = kept.history
    same = kept.points.shape == dataset.points.shape and (kept.points == dataset.points).all()
    if not same or history.k != k or history.counted != dataset.counted or not len(history):
        return None
    return history.resume()


def runs(folder: Path) -> list[Path]:
    """Return the files of unfinished runs in a folder of the cache."""
    names = sorted((folder / FOLDER).glob("*.npz"))
    return [each for each in names if len(each.stem) == 32 and not each.is_symlink()]


def forget(path: Path) -> None:
    """Remove the file of a run that has ended."""
    with contextlib.suppress(OSError):
        path.unlink()
