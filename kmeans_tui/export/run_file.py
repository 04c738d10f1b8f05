"""A run as one JSON document, with all that it takes to open it again: data, parameters, steps.

The document of ``kmeans-tui run`` with the key ``format`` before it and the key ``recording``
behind it. ``recording`` holds the whole table and how it was prepared, and the arrays that
``clustering.recording`` describes, as lists: plain numbers in full precision, so that every label,
centroid and inertia is read back to the last bit, here or by any other program.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset

FORMAT: Final = "kmeans-tui run 1"
# What stands at the beginning of the file, with or without white space between: enough to know it.
_BEGINS: Final = re.compile(r'\s*\{\s*"format":\s*"kmeans-tui run (\d+)"')
_HEAD: Final = 1 << 16
# Numbers turned to text at a time: a million points at once would take 200 MB.
_PART: Final = 50_000


def is_run(path: str) -> bool:
    """Whether the file is such a document, of whatever version, by a look at its beginning."""
    return _BEGINS.match(_head(path)) is not None


def parameters(path: str) -> dict[str, Any]:
    """The parameters that the run was started with; empty where the file does not say."""
    head = _head(path)
    found = re.search(r'"parameters":\s*', head)
    if found is None:
        return {}
    try:
        value, _ = json.JSONDecoder().raw_decode(head, found.end())
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def write(
    file: BinaryIO, document: Mapping[str, Any], dataset: "Dataset", history: "History"
) -> None:
    """Write the ``document`` of a run, and the recording that ``read`` opens.

    Raises ``ValueError`` where the labels of the history do not fit the points of the data.
    """
    from kmeans_tui.clustering import recording

    arrays = recording.arrays(history, dataset.points, dataset.features)
    # The points are the table, prepared.
    del arrays["points"]
    file.write(f'{{"format": {json.dumps(FORMAT)}'.encode())
    # The parameters come first, where ``parameters`` finds them without reading all points.
    first = {name: document[name] for name in ("parameters",) if name in document}
    for name, value in {**first, **document}.items():
        file.write(f",\n{json.dumps(name)}: {_text(value)}".encode())
    file.write(b',\n"recording": {')
    for number, (name, value) in enumerate({**_table(dataset), **arrays}.items()):
        file.write(f"{',' if number else ''}\n{json.dumps(name)}: ".encode())
        for part in _parts(value):
            file.write(part.encode())
    file.write(b"\n}}\n")


def read(path: str) -> "tuple[Dataset, History]":
    """The data and the run that a file holds.

    Raises ``ValueError``, one sentence, for any other file, and ``OSError`` for one that cannot be
    read.
    """
    from kmeans_tui.clustering import recording

    with open(path, "rb") as file:
        text = file.read()
    try:
        found = json.loads(text)
        version, kept = found["format"], found["recording"]
        if version == FORMAT:
            dataset = _dataset(kept)
            digest = kept["digest"]
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError):
        raise ValueError(f"{path} is damaged or no run; export it again") from None
    if version != FORMAT:
        raise ValueError(f"{path} is of the format {version!r}; open it with a newer program")
    if dataset.digest != digest:
        raise ValueError(f"{path} is damaged: its points are not those of the run; export it again")
    return dataset, recording.from_lists(kept, dataset.points, path)


def _table(dataset: "Dataset") -> dict[str, Any]:
    """The table of a data set and its preparation, but for the features, which the arrays have."""
    truth = dataset.truth
    return {
        "name": dataset.name,
        "about": dataset.about,
        "columns": list(dataset.columns),
        "table": dataset.table,
        "truth": truth,
        "truth_names": list(dataset.truth_names),
        "row_numbers": dataset.row_numbers,
        "labels": {name: cells.tolist() for name, cells in dataset.labels.items()},
        "picture": dataset.picture,
        "log": list(dataset.log),
        "scale": dataset.scale,
        "axes": list(dataset.axes),
        "digest": dataset.digest,
    }


def _dataset(kept: Mapping[str, Any]) -> "Dataset":
    import numpy as np

    from kmeans_tui.data.dataset import Dataset

    numbers = kept.get("row_numbers")
    if numbers is not None and len(numbers) != len(kept["table"]):
        raise ValueError
    labels = {}
    for name, cells in kept.get("labels", {}).items():
        labels[name] = np.empty(len(cells), object)
        labels[name][:] = cells
        if len(cells) != len(kept["table"]):
            raise ValueError
    picture = kept.get("picture")
    # What is missing, in columns that take no part, is null and becomes NaN here.
    found = Dataset(
        name=str(kept["name"]),
        table=np.array(kept["table"], np.float64),
        columns=tuple(kept["columns"]),
        about=str(kept["about"]),
        k=int(kept["shape"][1]),
        truth=None if kept["truth"] is None else np.array(kept["truth"], np.int32),
        truth_names=tuple(kept["truth_names"]),
        # Runs of earlier versions have none of these.
        row_numbers=None if numbers is None else np.array(numbers, np.int64),
        labels=labels,
        picture=None if picture is None else (int(picture[0]), int(picture[1])),
        log=tuple(kept.get("log", ())),
        features=tuple(kept["features"]),
        scale=kept["scale"],
        axes=tuple(kept["axes"]),
    )
    if np.isinf(found.table).any() or not np.isfinite(found.points).all():
        raise ValueError
    return found


def _head(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read(_HEAD).decode(errors="replace")
    except OSError:
        return ""


def _text(value: Any) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False)


def _parts(value: Any) -> Iterator[str]:
    """A value as JSON, arrays some numbers at a time."""
    if not hasattr(value, "tolist"):
        yield _text(value)
        return
    if value.ndim == 0:
        yield _text(value.tolist())
        return
    size = max(1, _PART // max(1, value[:1].size))
    yield "["
    for start in range(0, len(value), size):
        yield (", " if start else "") + _text(_listed(value[start : start + size]))[1:-1]
    yield "]"


def _listed(part: Any) -> list[Any]:
    """An array as a list; JSON has no NaN, so what is missing is null."""
    import numpy as np

    if part.dtype.kind == "f" and np.isnan(part).any():
        part = np.where(np.isnan(part), None, part)
    found: list[Any] = part.tolist()
    return found
