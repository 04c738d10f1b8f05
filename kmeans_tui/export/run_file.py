"""A run as one JSON document that can be opened again: data, parameters, steps.

The document of ``kmeans-tui run`` between the keys ``format`` and ``recording``. ``recording``
holds the whole table, its preparation, and the arrays described in ``clustering.recording`` as
lists: plain numbers in full precision, so that every label, centroid and inertia can be read back
to the last bit, here or by any other program.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from kmeans_tui.data.reading import memory
from kmeans_tui.words import printable

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset

VERSION: Final = 1
FORMAT: Final = f"kmeans-tui run {VERSION}"
# The beginning of the file, with or without white space: enough to recognise it, even if the format
# was removed or edited by hand.
_BEGINS: Final = re.compile(
    r'\s*\{\s*(?:"format"\s*:\s*"kmeans-tui run(?: (?P<version>[0-9]+)")?'
    r'|(?:"format"\s*:\s*[^,{}]{0,40},\s*)?"parameters"\s*:\s*\{\s*"k"\s*:)'
)
_HEAD: Final = 1 << 16
# Numbers converted to text at a time: a million points at once would take 200 MB.
_PART: Final = 50_000
# Memory for: the file's bytes and characters; a number and its place in a list; a separate list.
_TEXTS: Final = 2
_OBJECT: Final = 40
_CONTAINER: Final = 72


class OpenedRun(NamedTuple):
    """The content of a file: the data, the run, and the parameters it was started with.

    A parameter missing from the file is None. ``preparation`` holds the arrays of ``_preparation``,
    None if the file has none.
    """

    dataset: "Dataset"
    history: "History"
    parameters: Mapping[str, Any]
    preparation: Mapping[str, Any]


# A file name that is not UTF-8 contains lone surrogates; Python's escape for them is also JSON's.
_AS_JSON: Final = "backslashreplace"


def is_run(path: str) -> bool:
    """Whether the file is such a document of any version, judging by its beginning."""
    return _BEGINS.match(_head(path)) is not None


def write(
    file: BinaryIO, document: Mapping[str, Any], dataset: "Dataset", history: "History"
) -> None:
    """Write the ``document`` of a run with its recording, as read by ``read``.

    Raises ``ValueError`` if the labels of the history do not match the points of the data.
    """
    from kmeans_tui.clustering import recording

    arrays = recording.arrays(history, dataset.points, dataset.features)
    # The points are the prepared table, and the table has its weights.
    del arrays["points"]
    arrays.pop("weights", None)
    file.write(f'{{"format": {json.dumps(FORMAT)}'.encode())
    # The parameters come first, where a reader of the file finds them.
    first = {name: document[name] for name in ("parameters",) if name in document}
    prepared = {"preparation": _preparation(dataset, history)}
    for name, value in {**first, **document, **prepared}.items():
        file.write(f",\n{json.dumps(name)}: {_text(value)}".encode(errors=_AS_JSON))
    file.write(b',\n"recording": {')
    for number, (name, value) in enumerate({**_table(dataset), **arrays}.items()):
        file.write(f"{',' if number else ''}\n{json.dumps(name)}: ".encode(errors=_AS_JSON))
        for part in _parts(value):
            file.write(part.encode(errors=_AS_JSON))
    file.write(b"\n}}\n")


def read(path: str) -> OpenedRun:
    """Return the data, the run and the parameters in a file, with every field checked.

    Raises ``ValueError``, one sentence, for any other file, ``OSError`` for an unreadable one.
    """
    import numpy as np

    from kmeans_tui.clustering import recording
    from kmeans_tui.clustering.fields import FieldError
    from kmeans_tui.export.run_fields import checked

    _check_version(path)
    document = _parsed(path)
    try:
        found = checked(document)
        # Numbers near the limits of their range are checked below, without numpy's warnings.
        with np.errstate(all="ignore"):
            dataset = _dataset(found["recording"], found["preparation"])
    except FieldError as error:
        raise ValueError(f"{path} is damaged: {error}; export it again") from None
    if dataset.digest != found["recording"]["digest"]:
        raise ValueError(f"{path} is damaged: its points are not those of the run; export it again")
    history = recording.from_lists(document["recording"], dataset.points, path)
    clean = _clean(dataset)
    if clean is not dataset:
        history.remember(clean.points)
    return OpenedRun(clean, history, found["parameters"], found["preparation"])


def _check_version(path: str) -> None:
    """Raise ``ValueError`` for a version of the format that is not this one."""
    begins = _BEGINS.match(_head(path))
    version = begins["version"] if begins else None
    if version is None:
        raise ValueError(f"{path} does not state its format version; export it again")
    if version == str(VERSION):
        return
    # Not converted to a number: it may have more digits than Python accepts.
    if version.strip("0") and (len(version), version) > (len(str(VERSION)), str(VERSION)):
        raise ValueError(
            f"{path} was written by a newer kmeans-tui (format version {version[:20]}; this one "
            f"knows {VERSION}); open it with the newer program"
        )
    raise ValueError(
        f"{path} has format version {version[:20]}, which is no longer supported; export it again"
    )


def _parsed(path: str) -> dict[str, Any]:
    """Return the document after checking that it fits in memory; raises ``ValueError``."""
    _fits(path, _TEXTS * os.path.getsize(path))
    with open(path, "rb") as file:
        text = file.read()
    objects = text.count(b",") * _OBJECT + (text.count(b"[") + text.count(b"{")) * _CONTAINER
    _fits(path, _TEXTS * len(text) + objects)
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError(f"{path} is damaged: it is nested too deeply; export it again") from None
    except _RefusedError as error:
        raise ValueError(f"{path} is damaged: {error}; export it again") from None
    except ValueError:
        raise ValueError(f"{path} is damaged or not a run; export it again") from None
    if not isinstance(found, dict):
        raise ValueError(f"{path} is damaged or no run; export it again")
    return found


def _fits(path: str, needed: int) -> None:
    free = memory.available()
    if needed > free:
        raise ValueError(
            f"{path} cannot be opened: it needs about {needed / 1e6:,.0f} MB of memory, "
            f"and only {free / 1e6:,.0f} MB are free; close other programs first"
        )


class _RefusedError(ValueError):
    """Something that JSON, or Python's reader, allows but a run does not contain."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        double, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise _RefusedError(f"{double[:40]!r} occurs twice")
    return found


def _no_constant(name: str) -> None:
    raise _RefusedError(f"{name} is not a JSON number")


def _preparation(dataset: "Dataset", history: "History") -> dict[str, Any]:
    """Return what more rows need to be prepared and judged as those of the run were.

    By feature: ``medians`` fill gaps, in table units; ``log_offsets`` are added before the
    logarithm, null without one; ``centre`` is subtracted, ``spread`` divides. By cluster: ``far``
    is the distance that 99.9 % of its rows do not exceed, null for a cluster without rows.
    """
    from kmeans_tui.analysis.assignment import thresholds
    from kmeans_tui.data.new_rows import medians

    last = history[-1]
    centre, spread = dataset.centre_and_spread
    far = thresholds(dataset.points, last.labels, last.centroids, dataset.weights).tolist()
    return {
        "medians": medians(dataset).tolist(),
        "log_offsets": [dataset.log_offsets.get(i) for i in range(dataset.d)],
        "centre": centre.tolist(),
        "spread": spread.tolist(),
        "far": [None if each != each else each for each in far],
    }


def _table(dataset: "Dataset") -> dict[str, Any]:
    """Return a data set's table and preparation, without features, which the arrays include."""
    from kmeans_tui.data.display_rows import DisplayRows

    truth, lost = dataset.truth, dataset.left_out
    weights = {"weights": dataset.weights, "weight_column": dataset.weight_column}
    return {
        **({} if dataset.weights is None else weights),
        "name": dataset.name,
        "about": dataset.about,
        "columns": list(dataset.columns),
        "table": dataset.table,
        "truth": truth,
        "truth_names": list(dataset.truth_names),
        "row_numbers": dataset.row_numbers,
        "id_column": dataset.id_column,
        "sampled": None if dataset.sampled is None else dataset.sampled._asdict(),
        **({} if lost is None else {"left_out": lost._asdict()}),
        "added": dataset.added,
        "taken_out": list(dataset.taken_out),
        "missing": dataset.missing,
        "reading": dict(dataset.reading),
        "labels": {name: cells.tolist() for name, cells in dataset.labels.items()},
        "picture": dataset.picture,
        "log": list(dataset.log),
        "encoded": [asdict(each) for each in dataset.encoded],
        "scale": dataset.scale,
        "axes": list(dataset.axes),
        "digest": dataset.digest,
        **({"flat": list(dataset.flat)} if isinstance(dataset, DisplayRows) else {}),
    }


def _dataset(kept: Mapping[str, Any], preparation: Mapping[str, Any]) -> "Dataset":
    """Return the data from checked fields; raises ``FieldError`` if they are inconsistent."""
    from functools import partial

    import numpy as np

    from kmeans_tui.clustering.fields import LARGEST, FieldError
    from kmeans_tui.data.dataset import DataError, Dataset

    truth, names = kept["truth"], kept["truth_names"]
    if truth is not None and not names:
        names = tuple(f"group {i + 1}" for i in range(int(truth.max()) + 1))
    make: Any = Dataset
    if kept["counted"] is not None or kept["flat"] is not None:
        from kmeans_tui.data.display_rows import DisplayRows

        offsets = preparation["log_offsets"]
        given = [preparation[name] for name in ("centre", "spread")]
        if kept["row_numbers"] is None or any(each is None for each in (*given, offsets)):
            raise FieldError("preparation is missing, or recording.row_numbers")
        make = partial(
            DisplayRows,
            in_all=kept["counted"] or kept["shape"][0],
            means_of_all=given[0],
            divisors=given[1],
            offsets={i: float(each) for i, each in enumerate(offsets) if each == each},
            flat=kept["flat"] or (),
            fill=preparation["medians"],
        )
    try:
        found: Dataset = make(
            name=kept["name"],
            table=kept["table"],
            columns=kept["columns"],
            about=kept["about"],
            k=kept["shape"][1],
            truth=truth,
            truth_names=names,
            weights=kept["weights"],
            weight_column=kept["weight_column"],
            row_numbers=kept["row_numbers"],
            id_column=kept["id_column"],
            sampled=kept["sampled"],
            left_out=kept["left_out"],
            added=kept["added"],
            taken_out=kept["taken_out"],
            missing=kept["missing"],
            reading=kept["reading"],
            labels=kept["labels"],
            picture=kept["picture"],
            log=kept["log"],
            encoded=kept["encoded"],
            features=kept["features"],
            scale=kept["scale"],
            axes=kept["axes"],
        )
        usable = bool((np.abs(found.points) <= LARGEST).all())
    except DataError as error:
        raise FieldError(f"recording: {error}") from None
    if not usable:
        raise FieldError("recording.table has missing or too large numbers in its features")
    return found


def _clean(dataset: "Dataset") -> "Dataset":
    """Return the data with column names fit to be shown and typed, as from a table file."""
    from kmeans_tui.data.reading.relation import unique_names

    # A label with a column's name is that column's original text.
    given = tuple(dict.fromkeys((*dataset.columns, *dataset.labels)))
    new = dict(zip(given, unique_names(given, len(given))[0], strict=True))
    weight_column = printable(dataset.weight_column)
    if weight_column == dataset.weight_column and all(old == name for old, name in new.items()):
        return dataset
    # The axes may be "pca", which is not a column.
    return replace(
        dataset,
        columns=tuple(new[each] for each in dataset.columns),
        labels={new[name]: cells for name, cells in dataset.labels.items()},
        weight_column=new.get(dataset.weight_column, weight_column),
        features=tuple(new[each] for each in dataset.features),
        log=tuple(new[each] for each in dataset.log),
        encoded=tuple(
            replace(one, features=tuple(new[each] for each in one.features))
            for one in dataset.encoded
        ),
        id_column=None if dataset.id_column is None else new[dataset.id_column],
        axes=tuple(new.get(each, each) for each in dataset.axes),
    )


def _head(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return file.read(_HEAD).decode(errors="replace")
    except OSError:
        return ""


def _text(value: Any) -> str:
    text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    # A file name that is not UTF-8 has lone surrogates, which JSON can only escape.
    return text if _encodes(text) else json.dumps(value, allow_nan=False)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _parts(value: Any) -> Iterator[str]:
    """Yield a value as JSON, arrays some numbers at a time."""
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
    """Return an array as a list; JSON has no NaN, so missing values are null."""
    import numpy as np

    if part.dtype.kind == "f" and np.isnan(part).any():
        part = np.where(np.isnan(part), None, part)
    found: list[Any] = part.tolist()
    return found
