"""A history as a file, and back: an npz archive of plain arrays, readable without this program.

Version 1, one array each (T = updates + 1, E events, M labels changed in the whole run):

``version`` ()            1
``shape`` (3,)            n points, k clusters, d features
``stopped_by`` ()         0 converged, 1 max_iterations, 2 cancelled
``points`` (n, d)         float32 or float64, as they were clustered
``features`` (d,)         their names, unicode
``first`` (n,)            labels of iteration 0, unsigned
``changed`` (T,)          labels that iteration t changed; 0 for iteration 0
``rows``, ``flips`` (M,)  which ones, iteration after iteration, and their old XOR new label
``centroids`` (T, k, d)   and how far each had moved to get there, ``shifts`` (T, k)
``sizes`` (T, k)          points in each cluster
``inertia`` (T, 2)        of the update to these centroids with the labels before, and with theirs
``events`` (E, 4)         iteration, cluster, row that took over, its cluster; -1, -1 for none

Nothing in it is executed: pickled objects are refused, every shape, type and number is checked, and
the labels are replayed against the sizes, so that a file from anywhere can be opened.
"""

import os
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.steps import Event, StoppedBy
from kmeans_tui.whole_file import whole_file

VERSION: Final = 1
_REASONS: Final[tuple[StoppedBy, ...]] = ("converged", "max_iterations", "cancelled")
_NUMBERS: Final = {  # name: kinds of numbers, dimensions
    "version": ("iu", 0), "shape": ("iu", 1), "stopped_by": ("iu", 0), "points": ("f", 2),
    "features": ("U", 1), "first": ("u", 1), "changed": ("iu", 1), "rows": ("u", 1),
    "flips": ("u", 1), "centroids": ("f", 3), "shifts": ("f", 2), "sizes": ("iu", 2),
    "inertia": ("f", 2), "events": ("iu", 2),
}  # fmt: skip


class RecordingError(ValueError):
    """A file that is no recording, or not a whole one: one sentence that says what to do."""


@dataclass(frozen=True, eq=False)
class Recording:
    """What a file holds: the run, the points (n, d) it ran on, and the names of their features."""

    history: History
    points: np.ndarray
    features: tuple[str, ...]


def save(
    history: History, path: str | os.PathLike, points: np.ndarray, features: tuple[str, ...] = ()
) -> None:
    """Write ``history`` and the ``points`` (n, d) it ran on, replacing what is at ``path``.

    Raises ``ValueError`` for points that the labels of the last snapshot do not fit, and for a path
    that cannot be written.
    """
    found = arrays(history, points, features)
    with whole_file(Path(path)) as file:
        np.savez_compressed(file, allow_pickle=False, **found)


def arrays(
    history: History, points: np.ndarray, features: tuple[str, ...] = ()
) -> dict[str, np.ndarray]:
    """The arrays of a recording, as the format describes them.

    Raises ``ValueError`` for points that the labels of the last snapshot do not fit.
    """
    n, k, d = history.n, history.k, history.d
    if not history:
        raise ValueError("the history is empty; fit before saving it")
    if points.shape != (n, d):
        raise ValueError(
            f"the points have the shape {points.shape} and the history is of {(n, d)}; "
            "give the points of the fit"
        )
    if (kernels.assign(points, history[-1].centroids)[0] != history.labels(-1)).any():
        raise ValueError(
            "the points are not those of the fit: their nearest centroids are not the labels of "
            "the history; give the points as they were then"
        )
    updates, assigned = history.kept()
    gone = -1
    return {
        "version": np.array(VERSION),
        "shape": np.array([n, k, d]),
        "stopped_by": np.array(_REASONS.index(history.stopped_by or "cancelled")),
        "points": points,
        "features": np.array(features or [f"feature {f + 1}" for f in range(d)], np.str_),
        "first": history.labels(0),
        "changed": history.changed,
        "rows": np.concatenate([each.rows for each in assigned]),
        "flips": np.concatenate([each.flips for each in assigned]),
        "centroids": history.centroids,
        "shifts": history.shifts,
        "sizes": history.sizes,
        "inertia": np.array(
            [(u.inertia, a.inertia) for u, a in zip(updates, assigned, strict=True)]
        ),
        "events": np.array(
            [
                (e.iteration, e.cluster, gone if e.point is None else e.point,
                 gone if e.donor is None else e.donor)
                for e in history.events
            ],
            np.int64,
        ).reshape(-1, 4),
    }  # fmt: skip


def is_recording(path: str | os.PathLike) -> bool:
    """Whether the file is a recording of whatever version, by a look at its table of contents."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {"version.npy", "first.npy", "centroids.npy"} <= set(archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def load(path: str | os.PathLike) -> Recording:
    """Read a recording; ``RecordingError`` for what is none, ``OSError`` for an unreadable file."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            version = int(archive["version"]) if "version" in archive else 0
            if version != VERSION:
                raise RecordingError(
                    f"{path} is no recording of version {VERSION}"
                    + (f" but of {version}; open it with a newer program" if version else "")
                )
            found = {name: archive[name] for name in _NUMBERS if name in archive}
    except RecordingError:
        raise
    except OSError:
        raise
    except (ValueError, TypeError, KeyError, RuntimeError, EOFError, MemoryError, OverflowError,
            zipfile.BadZipFile, zlib.error):  # fmt: skip
        raise RecordingError(f"{path} is damaged or no recording; save it again") from None
    return Recording(
        _checked(found, path), found["points"], tuple(map(str, found.get("features", ())))
    )


def from_lists(values: Mapping[str, Any], points: np.ndarray, path: str | os.PathLike) -> History:
    """The history of ``arrays`` that were turned to lists, but for the ``points`` (n, d).

    Raises ``RecordingError`` naming ``path`` for lists that do not fit together.
    """
    found = {"points": points}
    try:
        n, k, _ = values["shape"]
        unsigned = {
            "first": kernels.label_type(k),
            "flips": kernels.label_type(k),
            "rows": np.min_scalar_type(max(0, n - 1)),
        }
        for name, (kinds, _) in _NUMBERS.items():
            if name in values and name != "points":
                kind = (
                    unsigned.get(name) or {"i": np.int64, "f": np.float64, "U": np.str_}[kinds[0]]
                )
                array = np.array(values[name], kind)
                # A list without an element does not say what its elements would have been.
                found[name] = array.reshape(0, 4) if name == "events" and not len(array) else array
    except (ValueError, TypeError, KeyError, OverflowError):
        raise RecordingError(f"{path} is damaged; save it again") from None
    return _checked(found, path)


def _checked(found: dict[str, np.ndarray], path: str | os.PathLike) -> History:
    wrong = _wrong(found)
    if wrong:
        raise RecordingError(f"{path} is damaged: {wrong}; save it again")
    return _replayed(found, path)


def _wrong(arrays: dict[str, np.ndarray]) -> str | None:
    """What is wrong with the arrays of a file on their own, or None."""
    for name, (kinds, dimensions) in _NUMBERS.items():
        if name not in arrays:
            return f"{name} is missing"
        if arrays[name].dtype.kind not in kinds or arrays[name].ndim != dimensions:
            return f"{name} is of another type or shape"
        if arrays[name].dtype.kind == "f" and not np.isfinite(arrays[name]).all():
            return f"{name} has values that are no numbers"
    if len(arrays["shape"]) != 3 or min(arrays["shape"]) < 1:
        return "shape is not that of a table"
    n, k, d = (int(size) for size in arrays["shape"])
    length, moves = len(arrays["changed"]), int(arrays["changed"].sum())
    shapes = {
        "points": (n, d), "features": (d,), "first": (n,), "rows": (moves,), "flips": (moves,),
        "centroids": (length, k, d), "shifts": (length, k), "sizes": (length, k),
        "inertia": (length, 2), "events": (len(arrays["events"]), 4),
    }  # fmt: skip
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            return f"{name} has the shape {arrays[name].shape} instead of {shape}"
    if not length or arrays["changed"].min() < 0 or arrays["changed"][0]:
        return "changed does not count labels"
    if arrays["first"].max() >= k or (moves and arrays["rows"].max() >= n):
        return "a label or a row is out of range"
    if (
        arrays["first"].dtype != kernels.label_type(k)
        or arrays["flips"].dtype != arrays["first"].dtype
    ):
        return "the labels are of another type"
    if not 0 <= arrays["stopped_by"] < len(_REASONS):
        return "stopped_by is unknown"
    low, high = np.array([1, 0, -1, -1]), np.array([length, k, n, k])
    if not ((arrays["events"] >= low) & (arrays["events"] < high)).all():
        return "an event is out of range"
    return None


def _replayed(arrays: dict[str, np.ndarray], path: str | os.PathLike) -> History:
    """The history, recorded once more; every assignment must lead to the sizes of the file."""
    n, k, d = (int(size) for size in arrays["shape"])
    history = History(n, k, d)
    ends = np.cumsum(arrays["changed"])
    labels, sizes = arrays["first"].copy(), np.bincount(arrays["first"], minlength=k)
    for i, end in enumerate(ends):
        of_update, inertia = (float(each) for each in arrays["inertia"][i])
        centroids = np.array(arrays["centroids"][i], np.float64)
        rows, flips = (arrays[name][end - arrays["changed"][i] : end] for name in ("rows", "flips"))
        old = labels[rows]
        labels[rows] ^= flips
        new = labels[rows]
        if len(new) and new.max() >= k:
            raise RecordingError(f"{path} is damaged: a label is out of range; save it again")
        sizes = sizes + np.bincount(new, minlength=k) - np.bincount(old, minlength=k)
        if (sizes != arrays["sizes"][i]).any():
            raise RecordingError(
                f"{path} is damaged: labels and sizes of iteration {i} disagree; save it again"
            )
        if i == 0:
            history.record_start(centroids, arrays["first"], inertia, sizes)
            continue
        events = tuple(
            Event("empty", i, int(c), int(p) if p >= 0 else None, int(o) if o >= 0 else None)
            for t, c, p, o in arrays["events"]
            if t == i
        )
        history.record_update(centroids, arrays["shifts"][i].astype(float), of_update, events)
        history.record_assignment(rows, flips, inertia, sizes)
    history.finish(_REASONS[int(arrays["stopped_by"])])
    history.remember(arrays["points"])
    return history
