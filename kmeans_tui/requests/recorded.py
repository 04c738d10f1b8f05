"""A recording as data and as a run: recognised once, parsed once, whichever of its two forms."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kmeans_tui.command import DATA, Options, agree, of_group

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset

# Everything is imported inside: the checks before the screen opens must not wait for numpy.

Form = Literal["json", "npz"]


@dataclass(frozen=True, eq=False)
class Recorded:
    """What a recording holds: its data (the points of the run at least), its run, and the
    parameters it says the run was started with; an npz file says none.
    """

    dataset: "Dataset"
    history: "History"
    parameters: Mapping[str, Any]


def form(data: str) -> Form | None:
    """Which form of a recording the data are; None for all other data."""
    try:
        found = os.stat(data)
    except (OSError, ValueError):
        return None
    return _form(data, found.st_mtime_ns, found.st_size, found.st_ino)


@lru_cache(maxsize=64)
def _form(data: str, *state: int) -> Form | None:
    from kmeans_tui.data.reading import regular

    # Recordings are looked into by name, and some of what is none would be waited for.
    if not regular.is_regular(data):
        return None
    from kmeans_tui.export import run_file

    if run_file.is_run(data):
        return "json"
    from kmeans_tui.clustering import recording

    return "npz" if recording.is_recording(data) else None


def is_recording(data: str) -> bool:
    """Whether the data are a file that ``History.save`` or the export of a run wrote."""
    return form(data) is not None


def as_recorded(options: Options) -> bool:
    """Whether the options ask for the run that a recording holds, and for nothing else."""
    plain = Options(options.data)
    return agree(options, plain, (*DATA, *of_group("run"))) and is_recording(options.data)


def open_recording(path: str) -> Recorded:
    """Read a recording; raises ``ValueError``, one sentence, for one that is damaged or cannot be
    read.
    """
    from kmeans_tui.clustering import recording
    from kmeans_tui.data.columns import DataError
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.reading import memory
    from kmeans_tui.data.reading.relation import unique_names
    from kmeans_tui.export import run_file

    try:
        if form(path) == "json":
            return Recorded(*run_file.read(path))
        found = recording.load(path, memory.available())
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    # Whoever saved it may have named the features anything.
    names, _ = unique_names(found.features, len(found.features))
    dataset = Dataset(Path(path).stem, found.points, names, k=found.history.k)
    return Recorded(dataset, found.history, {})
