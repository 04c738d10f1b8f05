"""Save and load a history: an npz archive of plain arrays, readable without this program.

Version 1, one array each (T = updates + 1, E events, M labels changed in the whole run):

``version`` ()            1
``shape`` (3,)            n points, k clusters, d features
``stopped_by`` ()         0 converged, 1 max_iterations, 2 cancelled, 3 lost
``points`` (n, d)         float32 or float64, as clustered
``features`` (d,)         their names, unicode
``first`` (n,)            labels of iteration 0, unsigned
``changed`` (T,)          labels that iteration t changed; 0 for iteration 0
``rows``, ``flips`` (M,)  their rows, iteration by iteration, and their old XOR new labels
``centroids`` (T, k, d)   and how far each moved in its update, ``shifts`` (T, k)
``sizes`` (T, k)          points in each cluster
``inertia`` (T, 2)        of these centroids with the previous labels, and with their own
``events`` (E, 4)         iteration, cluster, row that took over, its cluster; -1, -1 for none

Two more in a run on more points than these n, which are on display:

``counted`` ()            all points: sizes, inertia and the rows of events are theirs
``moved`` (T,)            points that changed cluster, of all
``cluster_weights`` (T, k)   total weights of the clusters, if the points have weights

Three more in a run that was improved by W swaps:

``swaps`` (W, 3)          iteration, cluster that moved, cluster it moved into
``shares`` (W,)           of the inertia, what each moved centroid was needed for
``tried`` ()              swaps tried in vain at the end; -1 if the search was stopped

One more in a run with weights, of which ``inertia`` and ``centroids`` are weighted:

``weights`` (n,)          how much each point counts, at least 0

Nothing in it is executed: pickled objects are rejected, every shape, type and number is checked,
and the labels are replayed against the sizes, so that untrusted files can be opened.
"""

import os
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.archive import Archive, OversizeError
from kmeans_tui.clustering.fields import Field, FieldError
from kmeans_tui.clustering.history import History
from kmeans_tui.clustering.recording_fields import (
    FIELDS,
    LENGTHS,
    OPTIONAL,
    VERSION,
    size_counted,
    size_without,
)
from kmeans_tui.clustering.steps import Event, StoppedBy, Swap, frozen
from kmeans_tui.whole_file import whole_file

_REASONS: Final[tuple[StoppedBy, ...]] = ("converged", "max_iterations", "cancelled", "lost")


class RecordingError(ValueError):
    """The file is not a complete recording; the message says what to do."""


@dataclass(frozen=True, eq=False)
class Recording:
    """The content of a file: the run, its points (n, d), and the names of their features."""

    history: History
    points: np.ndarray
    features: tuple[str, ...]


def save(
    history: History, path: str | os.PathLike, points: np.ndarray, features: tuple[str, ...] = ()
) -> None:
    """Write ``history`` and its ``points`` (n, d), replacing any file at ``path``.

    Raises ``ValueError`` if the points do not match the labels of the last snapshot, or the path
    cannot be written.
    """
    found = arrays(history, points, features)
    with whole_file(Path(path)) as file:
        np.savez_compressed(file, allow_pickle=False, **found)


def arrays(
    history: History, points: np.ndarray, features: tuple[str, ...] = ()
) -> dict[str, np.ndarray]:
    """Return the arrays of a recording in the format described above.

    Raises ``ValueError`` if the points do not match the labels of the last snapshot.
    """
    n, k, d = history.n, history.k, history.d
    if not history:
        raise ValueError("the history is empty; fit before saving it")
    if points.shape != (n, d):
        raise ValueError(
            f"the points have the shape {points.shape}, but the history is of {(n, d)}; "
            "give the points of the fit"
        )
    if (kernels.assign(points, history[-1].centroids)[0] != history.labels(-1)).any():
        raise ValueError(
            "the points are not those of the fit: their nearest centroids are not the labels of "
            "the history; give the original points"
        )
    updates, assigned = history.kept()
    gone = -1
    found = {
        "version": np.array(VERSION),
        "shape": np.array([n, k, d]),
        "stopped_by": np.array(_REASONS.index(history.stopped_by or "cancelled")),
        "points": points,
        "features": np.array(features or [f"feature {f + 1}" for f in range(d)], np.str_),
        "first": history.labels(0),
        "changed": np.array([len(each.rows) for each in assigned], np.int64),
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
    if history.counted != n:
        found["counted"], found["moved"] = np.array(history.counted), history.changed
        if assigned[0].weight is not None:
            found["cluster_weights"] = np.array([each.weight for each in assigned], np.float64)
    swaps = history.swaps
    if swaps or history.tried is not None:
        moves = [(each.iteration, each.cluster, each.into) for each in swaps]
        found["swaps"] = np.array(moves, np.int64).reshape(-1, 3)
        found["shares"] = np.array([each.share for each in swaps])
        found["tried"] = np.array(-1 if history.tried is None else history.tried)
    if history.weights is not None:
        found["weights"] = history.weights
    return found


def is_recording(path: str | os.PathLike) -> bool:
    """Whether the file is a recording of any version, judging by its table of contents."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {"first.npy", "flips.npy", "centroids.npy"} <= set(archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def load(path: str | os.PathLike, free: int | None = None) -> Recording:
    """Read a recording; raises ``RecordingError`` if it is not one, ``OSError`` if unreadable.

    ``free`` is the memory it may use, in bytes. Types, shapes and sizes are checked before
    unpacking.
    """
    try:
        with Archive(path) as archive:
            _check_version(archive, path)
            found = _read(archive, free)
    except (RecordingError, OSError):
        raise
    except FieldError as error:
        raise _damaged(path, str(error)) from None
    except OversizeError as error:
        raise RecordingError(f"{path} cannot be opened: {error}") from None
    except (ValueError, TypeError, KeyError, RuntimeError, EOFError, MemoryError, OverflowError,
            SyntaxError, zipfile.BadZipFile, zlib.error):  # fmt: skip
        raise RecordingError(f"{path} is damaged or not a recording; save it again") from None
    history = _replayed(found, path)
    return Recording(history, found["points"], tuple(map(str, found["features"].tolist())))


def from_lists(values: Mapping[str, Any], points: np.ndarray, path: str | os.PathLike) -> History:
    """Return the history from the lists of ``arrays``, with ``points`` (n, d) as an array.

    Raises ``RecordingError`` naming ``path`` and the field for lists that do not fit together.
    """
    found = {"points": points}
    sizes: dict[str, int] = {}
    for name, field in FIELDS.items():
        try:
            if name != "points":
                if name not in values and name in OPTIONAL:
                    found[name] = OPTIONAL[name]
                    sizes |= size_without(name, sizes)
                    continue
                if name not in values:
                    raise FieldError("is missing")
                value = values[name]
                if name in LENGTHS:
                    sizes[LENGTHS[name]] = len(value) if isinstance(value, list) else 0
                found[name] = field.read(value, sizes)
                if name == "shape":
                    sizes.update(zip("nkd", found["shape"].tolist(), strict=True))
                elif name == "counted":
                    sizes |= size_counted(found[name], sizes)
            else:
                field.check_head(points.shape, points.dtype, sizes)
                field.check_values(points, sizes)
        except FieldError as error:
            raise _damaged(path, f"{name} {error}") from None
    if found["version"] != VERSION:
        raise _damaged(path, f"version is {found['version']} instead of {VERSION}")
    unsigned = {
        "first": kernels.label_type(sizes["k"]),
        "flips": kernels.label_type(sizes["k"]),
        "rows": np.min_scalar_type(sizes["n"] - 1),
    }
    for name, kind in unsigned.items():
        if len(found[name]) and found[name].max() > np.iinfo(kind).max:
            raise _damaged(path, f"{name} has {found[name].max()}, which is out of range")
        found[name] = found[name].astype(kind)
    return _replayed(found, path)


def _damaged(path: str | os.PathLike, what: str) -> RecordingError:
    return RecordingError(f"{path} is damaged: {what}; save it again")


def _check_version(archive: Archive, path: str | os.PathLike) -> None:
    if "version" not in archive.sizes:
        raise RecordingError(f"{path} is a recording without a version number; save it again")
    try:
        FIELDS["version"].check_head(*archive.head("version"), {})
    except FieldError as error:
        raise _damaged(path, f"version {error}") from None
    version = int(archive.array("version"))
    if version > VERSION:
        raise RecordingError(
            f"{path} was written by a newer kmeans-tui (format version {version}; this one knows "
            f"{VERSION}); open it with the newer program"
        )
    if version < VERSION:
        raise RecordingError(
            f"{path} has format version {version}, which is no longer supported; "
            f"save it again as version {VERSION}"
        )


def _read(archive: Archive, free: int | None) -> dict[str, np.ndarray]:
    """Return all arrays, checked; the message of a ``FieldError`` begins with the field name.

    All headers are checked first: nothing that does not fit the sizes is unpacked.
    """
    sizes: dict[str, int] = {}
    found: dict[str, np.ndarray] = {}

    def each(check: Callable[[str, Field], None]) -> None:
        for name, field in FIELDS.items():
            if name not in archive.sizes and name in OPTIONAL:
                found[name] = OPTIONAL[name]
                sizes.update(size_without(name, sizes))
                continue
            try:
                check(name, field)
            except FieldError as error:
                raise FieldError(f"{name} {error}") from None

    def head(name: str, field: Field) -> None:
        if name not in archive.sizes:
            raise FieldError("is missing")
        shape, kind = archive.head(name)
        if name in LENGTHS:
            sizes[LENGTHS[name]] = shape[0] if shape else 0
        field.check_head(shape, kind, sizes)
        if name == "shape":
            found[name] = archive.array(name)
            field.check_values(found[name], sizes)
            sizes.update(zip("nkd", found[name].tolist(), strict=True))
        if name in ("first", "flips") and kind != kernels.label_type(sizes["k"]):
            raise FieldError(f"has type {kind} instead of {kernels.label_type(sizes['k'])}")

    def values(name: str, field: Field) -> None:
        found[name] = archive.array(name)
        field.check_values(found[name], sizes)
        if name == "counted":
            sizes.update(size_counted(found[name], sizes))

    each(head)
    archive.check_size([name for name in FIELDS if name in archive.sizes], free)
    each(values)
    return found


def _replayed(arrays: dict[str, np.ndarray], path: str | os.PathLike) -> History:
    """Return the history, recorded again; every assignment must match the sizes in the file."""
    n, k, d = (int(size) for size in arrays["shape"])
    if k > n:
        raise _damaged(path, f"shape has {k:,} clusters for {n:,} points")
    if not len(arrays["changed"]) or arrays["changed"][0]:
        raise _damaged(path, "changed does not begin with the 0 of the start")
    if sum(arrays["changed"].tolist()) != len(arrays["rows"]):
        raise _damaged(path, f"changed and rows disagree on {len(arrays['rows']):,} labels")
    if len(arrays["flips"]) != len(arrays["rows"]):
        raise _damaged(path, f"flips has {len(arrays['flips']):,} labels")
    weights = arrays["weights"].astype(np.float64) if len(arrays["weights"]) else None
    if weights is not None and not frozen(weights).any():
        raise _damaged(path, "weights has no number above 0")
    some = arrays["counted"] >= 0
    counted = int(arrays["counted"]) if some else n
    weighed = arrays["cluster_weights"].astype(np.float64) if some else np.empty((0, k))
    for name in ("moved", *(["cluster_weights"] if len(weighed) else [])):
        if some and len(arrays[name]) != len(arrays["changed"]):
            raise _damaged(path, f"{name} has {len(arrays[name]):,} iterations")
    # Weights of some points are not those of their clusters.
    history = History(n, k, d, None if some else weights, counted)
    ends = np.cumsum(arrays["changed"], dtype=np.int64)
    happened: dict[int, list[Event]] = {}
    for t, c, p, o in arrays["events"].tolist():
        event = Event("empty", t, c, p if p >= 0 else None, o if o >= 0 else None)
        happened.setdefault(t, []).append(event)
    swaps = _swaps(arrays, path)
    labels, sizes = arrays["first"].copy(), np.bincount(arrays["first"], minlength=k)
    for i, end in enumerate(ends.tolist()):
        of_update, inertia = (float(each) for each in arrays["inertia"][i])
        centroids = np.array(arrays["centroids"][i], np.float64)
        begin = end - int(arrays["changed"][i])
        rows, flips = (arrays[name][begin:end] for name in ("rows", "flips"))
        old = labels[rows]
        labels[rows] ^= flips
        new = labels[rows]
        if len(new) and new.max() >= k:
            raise _damaged(path, f"flips leads to a label outside the {k:,} clusters")
        sizes = sizes + np.bincount(new, minlength=k) - np.bincount(old, minlength=k)
        said = arrays["sizes"][i].astype(np.int64)
        if (said.sum() != counted or (said < sizes).any()) if some else (sizes != said).any():
            raise _damaged(path, f"sizes of iteration {i} are not those of the labels")
        weight = frozen(weighed[i]) if len(weighed) else None
        if i == 0:
            history.record_start(centroids, arrays["first"], inertia, said, weight)
            continue
        events = tuple(happened.get(i, ()))
        shifts = arrays["shifts"][i].astype(float)
        history.record_update(centroids, shifts, of_update, events, swaps.get(i))
        of_all = int(arrays["moved"][i]) if some else None
        history.record_assignment(rows, flips, inertia, said, of_all, weight)
    history.finish(_REASONS[int(arrays["stopped_by"])])
    history.tried = int(arrays["tried"]) if arrays["tried"] >= 0 else None
    history.remember(arrays["points"])
    return history


def _swaps(arrays: dict[str, np.ndarray], path: str | os.PathLike) -> dict[int, Swap]:
    """Return the swaps by their iterations."""
    found: dict[int, Swap] = {}
    if len(arrays["shares"]) != len(arrays["swaps"]):
        raise _damaged(path, f"shares has {len(arrays['shares']):,} numbers for the swaps")
    happened = set(arrays["events"][:, 0].tolist())
    for (t, cluster, into), share in zip(
        arrays["swaps"].tolist(), arrays["shares"].tolist(), strict=True
    ):
        if cluster == into:
            raise _damaged(path, f"swaps has cluster {cluster} moved into itself")
        if t <= max(found, default=0) or t in happened:
            raise _damaged(path, f"swaps has iteration {t} twice, or out of order")
        found[t] = Swap(t, cluster, into, share)
    return found
