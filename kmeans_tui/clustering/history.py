"""The history of a run, step by step: compact in memory, exact when read back.

A run is a sequence of half steps: assign, update, assign, …, ending with an assignment. Half step
0 is the first assignment, 2i - 1 the update to the centroids of iteration i, 2i the assignment to
them. A ``Snapshot`` is the state after an assignment; snapshot 0 shows the start. In a run that was
improved, a swap takes the place of an update here and there (``swap``).
"""

import operator
import os
import weakref
from collections.abc import Sequence
from copy import copy
from functools import partial
from typing import Any, overload

import numpy as np

from kmeans_tui.clustering.snapshot import Snapshot
from kmeans_tui.clustering.steps import (
    Assignment,
    Event,
    Step,
    StoppedBy,
    Swap,
    Update,
    frozen,
)
from kmeans_tui.clustering.stillness import limit

__all__ = ["Event", "History", "Snapshot", "Step", "Swap"]

# Points from which full copies of the labels are worth their memory.
_MANY = 1 << 18


class History(Sequence[Snapshot]):
    """All snapshots of one run of K-Means, in order: ``len`` is updates performed + 1.

    It stores the first labels, one or two bytes each, and per iteration the rows that changed
    cluster, up to four bytes each, with the XOR of their old and new label. XOR is its own inverse,
    so the same list works forwards and backwards. Labels are reconstructed from the nearest known
    ones: the first, those read last, and, for many points, occasional full copies.

    One thread may record while others read: a snapshot appears once it is complete, and arrays that
    were returned are never modified. All returned arrays are read-only.

    ``weights`` (n,) say how much each point counts in centroids and inertia; None if all count
    alike. Sizes are numbers of points all the same.

    ``tried`` is the number of pairs that were swapped in vain at the end; None if no swaps were
    looked for, or the search was stopped. ``counted`` are the points whose sizes, changes and
    inertia are recorded; the labels of ``n`` may be of some of them only.
    """

    def __init__(
        self,
        n: int,
        k: int,
        d: int,
        weights: np.ndarray | None = None,
        counted: int | None = None,
    ) -> None:
        self.n, self.k, self.d = n, k, d
        self.weights = weights
        self.counted = n if counted is None else counted
        self.stopped_by: StoppedBy | None = None
        self.tried: int | None = None
        self._updates: list[Update] = []
        self._assigned: list[Assignment] = []
        self._row_type = np.min_scalar_type(max(0, n - 1))
        self._known: list[tuple[int, np.ndarray]] = []
        self._moved_since_known = 0
        self._read_last = (0, np.empty(0, np.uint8))
        self._points: weakref.ref[Any] | None = None
        self._asked: float | None = None
        self._limit: float | None = None

    # For the engine, which must not modify an array once it is recorded.

    def record_start(
        self,
        centroids: np.ndarray,
        labels: np.ndarray,
        inertia: float,
        sizes: np.ndarray,
        weight: np.ndarray | None = None,
    ) -> None:
        """Record the first snapshot: the initial centroids and labels (n,) unsigned.

        ``weight`` (k,) is that of each cluster, if the weights of all points are not at hand.
        """
        self._updates.append(Update(centroids, np.zeros(self.k), inertia, ()))
        self._known.append((0, frozen(labels)))
        self._read_last = self._known[0]
        nothing = np.empty(0, self._row_type), np.empty(0, labels.dtype)
        self._assigned.append(Assignment(*nothing, sizes, inertia, weight=weight))

    def record_update(
        self,
        centroids: np.ndarray,
        shifts: np.ndarray,
        inertia: float,
        events: tuple[Event, ...],
        swap: Swap | None = None,
    ) -> None:
        """Record the update to new centroids; it counts once its assignment is recorded."""
        self._updates.append(Update(centroids, shifts, inertia, events, swap))

    def record_assignment(
        self,
        rows: np.ndarray,
        flips: np.ndarray,
        inertia: float,
        sizes: np.ndarray,
        of_all: int | None = None,
        weight: np.ndarray | None = None,
    ) -> None:
        """Record what the latest assignment changed: rows, and their old XOR new labels.

        ``of_all`` is how many of all points changed, if these are some of them only.
        """
        kept = rows.astype(self._row_type, copy=False)
        self._assigned.append(Assignment(kept, flips, sizes, inertia, of_all, weight))
        # Below 2**18 points, the longest reconstruction takes 1.5 ms. At a million, half as many
        # moves as points take 2.5 ms: a copy there, a byte per point, halves every path beyond it.
        if self.n >= _MANY:
            self._moved_since_known += len(rows)
            if 2 * self._moved_since_known > self.n:
                i = len(self._assigned) - 1
                self._known.append((i, self.labels(i)))
                self._moved_since_known = 0

    def finish(self, stopped_by: StoppedBy) -> None:
        """End the run; an update without its assignment is dropped."""
        del self._updates[len(self._assigned) :]
        self._read_last = self._known[-1] if self._known else self._read_last
        self.stopped_by = stopped_by

    @property
    def cut_short(self) -> bool:
        """Whether it ended before its rules were met: stopped, or lost with its file or cluster."""
        return self.stopped_by in ("cancelled", "lost")

    def resume(self) -> "History":
        """Return a copy of a run that has ended, to be continued; this one stays as it is."""
        twin = copy(self)
        twin._updates, twin._assigned = self._whole(), list(self._assigned)
        twin._known, twin.stopped_by, twin.tried = list(self._known), None, None
        return twin

    def cut(self, length: int) -> None:
        """Forget all snapshots from number ``length`` (at least 1) on."""
        del self._updates[length:], self._assigned[length:]
        self._known = [each for each in self._known if each[0] < length]
        if self._read_last[0] >= length:
            self._read_last = self._known[-1]

    def remember(self, points: Any, tolerance: float | None = None) -> None:
        """Remember the default points for ``save``, as long as something else keeps them alive.

        ``tolerance`` is the requested one.
        """
        self._points, self._asked = weakref.ref(points), tolerance

    def still_within(self, limit: float) -> None:
        """Say what ``tolerance`` is, for points that are not at hand."""
        self._limit = limit

    def kept(self) -> tuple[list[Update], list[Assignment]]:
        """Return all complete iterations as stored, for saving."""
        return self._whole(), self._assigned

    # Public.

    def save(
        self,
        path: str | os.PathLike,
        points: Any = None,
        features: Sequence[str] = (),
    ) -> None:
        """Write the recording to a file that ``History.load`` and ``kmeans-tui`` can open.

        ``points`` (n, d) are those of the fit, by default the fitted array itself: the history does
        not keep it alive, so pass the points if they were a list, a data frame or a temporary.
        A sparse matrix is written as a dense one.
        The format is described in ``kmeans_tui.clustering.recording``.
        """
        from kmeans_tui.clustering import recording

        found = self._points() if points is None and self._points is not None else points
        if found is None:
            raise ValueError("the points of the fit are gone; pass them: save(path, points)")
        plain = found.toarray() if hasattr(found, "toarray") else found
        recording.save(self, path, np.asarray(plain), tuple(features))

    @classmethod
    def load(cls, path: str | os.PathLike) -> "History":
        """Return the history in a file written by ``save``; ``ValueError`` for any other file."""
        from kmeans_tui.clustering import recording

        return recording.load(path).history

    def __getstate__(self) -> dict[str, Any]:
        # Another thread may be recording: no update without its assignment, and no more of them.
        found = {**vars(self), "_points": None, "_limit": self.tolerance}
        found["_assigned"] = list(self._assigned)
        return {**found, "_updates": self._updates[: len(found["_assigned"])]}

    def __len__(self) -> int:
        return len(self._assigned)

    @overload
    def __getitem__(self, index: int) -> Snapshot: ...
    @overload
    def __getitem__(self, index: slice) -> list[Snapshot]: ...
    def __getitem__(self, index: int | slice) -> Snapshot | list[Snapshot]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        i = self._position(index)
        update, assigned = self._updates[i], self._assigned[i]
        return Snapshot(
            iteration=i,
            centroids=frozen(update.centroids),
            inertia=assigned.inertia,
            changed=assigned.changed,
            shifts=frozen(update.shifts),
            sizes=frozen(assigned.sizes),
            events=update.events,
            swap=update.swap,
            _history=self,
        )

    def _position(self, index: int) -> int:
        """Return ``index`` counted from the start; ``IndexError`` if there is no such snapshot."""
        length = len(self)
        i = operator.index(index)
        if not -length <= i < length:
            raise IndexError(f"there is no snapshot {i}: the history holds {length}")
        return i % length

    @property
    def iterations(self) -> int:
        """Updates performed; 0 until something is recorded."""
        return max(0, len(self) - 1)

    @property
    def inertia(self) -> np.ndarray:
        """(iterations + 1,) inertia of every snapshot."""
        return np.array([each.inertia for each in self._assigned])

    @property
    def half_step_inertia(self) -> np.ndarray:
        """(2 · iterations + 1,) of every half step: assigned, moved, assigned, …"""
        whole = self._whole()
        found = np.empty(max(0, 2 * len(whole) - 1))
        found[::2] = self.inertia[: len(whole)]
        found[1::2] = [each.inertia for each in whole[1:]]
        return found

    @property
    def changed(self) -> np.ndarray:
        """(iterations + 1,) points that changed cluster in each assignment; 0 for the first."""
        return np.array([each.changed for each in self._assigned], dtype=np.int64)

    @property
    def sizes(self) -> np.ndarray:
        """(iterations + 1, k) points in each cluster."""
        return np.array([each.sizes for each in self._assigned]).reshape(-1, self.k)

    @property
    def shifts(self) -> np.ndarray:
        """(iterations + 1, k) how far each centroid moved in the update; zeros at the start."""
        return np.array([each.shifts for each in self._whole()]).reshape(-1, self.k)

    @property
    def tolerance(self) -> float | None:
        """The centroid shift below which the run converges, in the units of the points.

        See ``stillness.limit``. None if unknown: in a recording, or if the points were gone before
        the first access.
        """
        if self._limit is None and self._asked is not None and self._points is not None:
            points = self._points()
            self._limit = None if points is None else limit(self._asked, points, self.weights)
        return self._limit

    @property
    def max_shift(self) -> np.ndarray:
        """(iterations + 1,) the largest of ``shifts``, which is compared with ``tolerance``."""
        return self.shifts.max(axis=1)

    @property
    def centroids(self) -> np.ndarray:
        """(iterations + 1, k, d) centroids of every snapshot."""
        return np.array([each.centroids for each in self._whole()]).reshape(-1, self.k, self.d)

    @property
    def events(self) -> tuple[Event, ...]:
        """All events, in order."""
        return tuple(event for each in self._whole() for event in each.events)

    @property
    def swaps(self) -> tuple[Swap, ...]:
        """All swaps, in order."""
        return tuple(each.swap for each in self._whole() if each.swap is not None)

    def swapped(self, swap: Swap) -> tuple[float, float]:
        """Return the inertia before a swap, and where the run after it ended or was left."""
        later = (each.iteration for each in self.swaps if each.iteration > swap.iteration)
        end = next(later, len(self)) - 1
        return self._assigned[swap.iteration - 1].inertia, self._assigned[end].inertia

    def _whole(self) -> list[Update]:
        """The updates whose assignment is recorded too."""
        return self._updates[: len(self._assigned)]

    @property
    def nbytes(self) -> int:
        """Bytes of all stored arrays, including the labels read last."""
        whole = {id(labels): labels.nbytes for _, labels in (*self._known, self._read_last)}
        places = sum(each.centroids.nbytes + each.shifts.nbytes for each in self._whole())
        changes = sum(
            each.rows.nbytes + each.flips.nbytes + each.sizes.nbytes for each in self._assigned
        )
        return sum(whole.values()) + places + changes

    def labels(self, iteration: int) -> np.ndarray:
        """Return a snapshot's labels, (n,) in the smallest unsigned type for k - 1; read-only."""
        i = self._position(iteration)
        at, labels = min(
            (*self._known, self._read_last), key=lambda known: self._moves_between(known[0], i)
        )
        if at == i:
            return labels
        # A copy of n bytes (0.03 ms for a million points) instead of labels changed in place:
        # returned arrays stay valid, and several threads may read.
        labels = labels.copy()
        for t in range(min(at, i) + 1, max(at, i) + 1):
            change = self._assigned[t]
            if len(change.rows):
                labels[change.rows] ^= change.flips
        self._read_last = (i, frozen(labels))
        return labels

    def cluster_weights(self, iteration: int) -> np.ndarray | None:
        """Return the total weight of each cluster in a snapshot, (k,); None without weights."""
        if self.weights is None:
            known = self._assigned[0].weight is not None
            return self._assigned[self._position(iteration)].weight if known else None
        return np.bincount(self.labels(iteration), self.weights, self.k)

    def _moves_between(self, i: int, j: int) -> int:
        """Return the cost between two snapshots: labels to flip, plus one per snapshot."""
        i, j = min(i, j), max(i, j)
        return j - i + sum(len(each.rows) for each in self._assigned[i + 1 : j + 1])

    def changes(self, iteration: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return what the assignment of an iteration changed: rows, old labels, new labels.

        New arrays of (changed,), in ascending row order; empty for iteration 0, before which there
        were no labels.
        """
        i = self._position(iteration)
        change = self._assigned[i]
        order = change.rows.argsort()
        rows = change.rows[order].astype(np.intp)
        new = self.labels(i)[rows]
        return rows, new ^ change.flips[order], new

    def step(self, number: int) -> Step:
        """Return half step ``number``, 0 to 2 · iterations, as it happened.

        Even numbers are assignments, odd ones updates. Raises ``IndexError`` outside that range.
        """
        if not 0 <= number <= 2 * self.iterations or not len(self):
            raise IndexError(f"there is no half step {number}: the last is {2 * len(self) - 2}")
        return self.half_step(number)

    def half_step(self, number: int) -> Step:
        """Like ``step``, for the engine: includes the update that has no assignment yet."""
        i = (number + 1) // 2
        update, of_update = self._updates[i], number % 2 == 1
        labelled = i - 1 if of_update else i
        assigned = self._assigned[labelled]
        return Step(
            kind="update" if of_update else "assign",
            iteration=i,
            centroids=frozen(update.centroids),
            previous=frozen(self._updates[i - 1].centroids) if i else None,
            _labels=partial(self.labels, labelled),
            _weights=partial(self.cluster_weights, labelled),
            inertia=update.inertia if of_update else assigned.inertia,
            changed=assigned.changed,
            shifts=frozen(update.shifts),
            sizes=frozen(assigned.sizes),
            events=update.events,
            swap=update.swap,
        )
