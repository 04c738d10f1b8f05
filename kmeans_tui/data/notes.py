"""What the user should know about a data set: what is odd in it, and what was changed."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.doubts import drowned
from kmeans_tui.data.encoding import Encoding, note
from kmeans_tui.data.remarks import Note, Weight, ranked
from kmeans_tui.data.scaling import FLATTENED
from kmeans_tui.words import few, listed, plural


class Noted(Protocol):
    """What is asked of a ``Dataset``."""

    @property
    def remarks(self) -> tuple[str, ...]: ...
    @property
    def features(self) -> tuple[str, ...]: ...
    @property
    def scale(self) -> str: ...
    @property
    def source(self) -> object | None: ...
    @property
    def picture(self) -> tuple[int, int] | None: ...
    @property
    def added(self) -> int: ...
    @property
    def taken_out(self) -> tuple[int, ...]: ...
    @property
    def row_numbers(self) -> NDArray[np.int64] | None: ...
    @property
    def n(self) -> int: ...
    @property
    def encoded(self) -> tuple[Encoding, ...]: ...
    @property
    def weights(self) -> NDArray[np.float64] | None: ...
    @property
    def centre_and_spread(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
    @property
    def points(self) -> NDArray[np.float64]: ...
    def distinct(self) -> int: ...
    def column(self, name: str) -> NDArray[np.float64]: ...


def notes_on(dataset: Noted, constant: Sequence[str], offsets: Mapping[str, float]) -> list[str]:
    """Return a sentence for each, the most serious first.

    ``constant`` are the features with one value; ``offsets`` what is added to a feature before its
    logarithm is taken.
    """
    notes: list[str] = []
    if dataset.taken_out or dataset.added:
        last = dataset.n if dataset.row_numbers is None else int(dataset.row_numbers[-1])
        added = range(last + 1 - dataset.added, last + 1)
        notes += (Note(each, Weight.LOST) for each in _edited(dataset.taken_out, added))
    notes += dataset.remarks
    # If all rows are equal, another note says so.
    different = dataset.distinct()
    for name in constant if different > 1 else ():
        what = FLATTENED.get(dataset.scale, "it separates nothing")
        notes.append(f"{name} has one value only: {what}; --features can leave it out.")
    if (
        dataset.source is not None
        and dataset.scale == "none"
        and dataset.picture is None
        and len(dataset.features) > 1
    ):
        names = [
            logarithm(each, offsets[each]) if each in offsets else each for each in dataset.features
        ]
        notes += drowned(names, dataset.points)
    shares = {name for each in dataset.encoded for name in each.features}
    if dataset.scale == "robust":
        notes += [
            f"The middle half of {name} is one value: its width is left as it is."
            for name in dataset.features
            if name not in constant and name not in shares and not _middle_half(dataset, name)
        ]
    for name, offset in offsets.items():
        why = f", as {name} has zeros" if offset else ""
        notes.append(
            f"{logarithm(name, offset)} is clustered{why}; a centroid is the mean of these logs, "
            f"converted back to the units of {name}: a geometric mean."
        )
    for encoding in dataset.encoded:
        own = [dataset.features.index(e) for e in encoding.features if e in dataset.features]
        if own:
            length = 2**0.5 / float(dataset.centre_and_spread[1][own[0]])
            notes.append(note(encoding, length, weighted=dataset.weights is not None))
    if different == 1 < dataset.n:
        notes.append(f"All {dataset.n} rows are equal.")
    elif different < dataset.n:
        notes.append(f"{different} of the {dataset.n} rows are distinct.")
    return ranked(notes)


def logarithm(name: str, offset: float) -> str:
    """Return how the logarithm of a feature is written, after ``offset`` is added to it."""
    return f"log({name})" if offset == 0 else f"log(1 + {name})"


def _middle_half(dataset: Noted, name: str) -> float:
    """Return the interquartile range of a feature."""
    lower, upper = np.percentile(dataset.column(name), (25, 75))
    return float(upper - lower)


def _edited(taken_out: Sequence[int], added: Sequence[int]) -> list[str]:
    """Return what was done, in words: the numbers of the rows taken out, and of those added."""
    found = []
    if taken_out:
        rows = "row" if len(taken_out) == 1 else "rows"
        found.append(f"Taken out by --without: {rows} {_numbers(taken_out)}.")
    if added:
        rows = "row" if len(added) == 1 else "rows"
        found.append(f"Added by --add: {plural(len(added), 'point')}, {rows} {_numbers(added)}.")
    return found


def _numbers(rows: Sequence[int]) -> str:
    return listed(rows) if len(rows) <= 8 else few(rows, 8)
