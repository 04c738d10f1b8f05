"""A recording, in either form, as data and as a run: recognised once and parsed once."""

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

# All imports are inside functions: the checks before the screen opens must not wait for numpy.

Form = Literal["json", "npz"]


@dataclass(frozen=True, eq=False)
class Recorded:
    """The content of a recording: its data (at least the points of the run), its run, and the
    parameters the run was started with; an npz file has none. ``preparation`` is what ``run_file``
    says of it; an npz file has points that are prepared already.
    """

    dataset: "Dataset"
    history: "History"
    parameters: Mapping[str, Any]
    preparation: Mapping[str, Any]


def form(data: str) -> Form | None:
    """Return which form of a recording the data are; None for all other data."""
    try:
        found = os.stat(data)
    except (OSError, ValueError):
        return None
    return _form(data, found.st_mtime_ns, found.st_size, found.st_ino)


@lru_cache(maxsize=64)
def _form(data: str, *state: int) -> Form | None:
    from kmeans_tui.data.reading import regular

    # Looking for a recording opens the path; opening something else, such as a pipe, could block.
    if not regular.is_regular(data):
        return None
    from kmeans_tui.export import run_file

    if run_file.is_run(data):
        return "json"
    from kmeans_tui.clustering import recording

    return "npz" if recording.is_recording(data) else None


def is_recording(data: str) -> bool:
    """Whether the data are a file written by ``History.save`` or by the export of a run."""
    return form(data) is not None


def as_recorded(options: Options) -> bool:
    """Whether the options ask for exactly the run in a recording, or for that run improved."""
    plain = Options(options.data, improve=options.improve)
    return agree(options, plain, (*DATA, *of_group("run"))) and is_recording(options.data)


def open_recording(path: str) -> Recorded:
    """Read a recording; raises ``ValueError``, one sentence, if it is damaged or unreadable."""
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
    # The feature names come from outside and may be anything.
    names, _ = unique_names(found.features, len(found.features))
    weights = found.history.weights
    dataset = Dataset(
        Path(path).stem,
        found.points,
        names,
        k=found.history.k,
        weights=weights,
        weight_column="" if weights is None else "weights",
        missing=None,
    )
    return Recorded(dataset, found.history, {}, {})
