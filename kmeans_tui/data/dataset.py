"""A table, with the choice of which features are clustered and which are shown."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import (
    SCALES_LISTED,
    DataError,
    Reading,
    find_axes,
    find_features,
    fitting_axes,
)
from kmeans_tui.data.distinct_rows import distinct_rows
from kmeans_tui.data.encoding import Encoding, unit
from kmeans_tui.data.notes import notes_on
from kmeans_tui.data.sampling import Sampled
from kmeans_tui.data.scaling import log_offset, moments
from kmeans_tui.data.shown import Shown
from kmeans_tui.data.weighing import LARGEST, LEAST
from kmeans_tui.vocabulary import SCALES

if TYPE_CHECKING:
    from kmeans_tui.data.omission import LeftOut
    from kmeans_tui.data.source import Source

__all__ = ["DataError", "Dataset"]

Floats: TypeAlias = NDArray[np.float64]

# Numbers that cancel out leave rounding of this share of their size.
_ROUNDING: Final = 64 * float(np.finfo(np.float64).eps)

# What does not depend on the axes, so that a new view of the same points costs nothing.
_OF_THE_POINTS: Final = ("log_offsets", "centre_and_spread", "points", "digest", "_distinct")
# What a part of the rows has in common with all of them.
_OF_THE_WHOLE: Final = ("log_offsets", "centre_and_spread", "_plane")


@dataclass(frozen=True, eq=False)
class Dataset(Shown):
    """A table of n rows and p columns, and its preparation.

    ``table`` is float64 ``(n, p)`` in its original units and read-only; ``features`` are the d
    columns that are clustered, all of them if empty; ``axes`` are two of them, ``("pca",)``, or
    the only one. ``truth`` ``(n,)`` holds the known groups, which the clustering never sees.
    ``log`` are the features whose logarithm is taken before scaling. ``encoded`` are text columns,
    whose indicators are columns of the table. A column that is not used may
    hold NaN where a value is missing.

    For a file: ``row_numbers`` ``(n,)`` are its rows, counted from 1 below the header; ``labels``
    the columns that are not numbers, ``(n,)`` each; ``remarks`` what was left out or changed;
    ``source`` the whole file. ``picture`` is height and width if the rows are pixels. ``start``
    ``(k, p)`` are centroids that the set itself begins with, in units of the table. ``weights``
    ``(n,)`` say how much each row counts, as the column ``weight_column`` has it; None if all count
    1. The last ``added`` rows were added to it; ``taken_out`` are the numbers of rows that were
    taken out.
    ``missing`` says what became of rows with a gap, None if that is not known, and ``reading`` how
    the file was read, as fields of its dialect. ``id_column`` is the label that names the rows,
    ``sampled`` says of what the rows are a random sample, ``left_out`` which rows of the file are
    not among them.

    Raises ``DataError`` for a table, feature, scale, log or axis that cannot be used.
    """

    name: str
    table: Floats
    columns: tuple[str, ...]
    about: str = ""
    k: int = 3
    truth: NDArray[np.integer] | None = None
    truth_names: tuple[str, ...] = ()
    weights: Floats | None = None
    weight_column: str = ""
    features: tuple[str, ...] = ()
    scale: str = "none"
    axes: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    encoded: tuple[Encoding, ...] = ()
    row_numbers: NDArray[np.int64] | None = None
    labels: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    source: "Source | None" = None
    picture: tuple[int, int] | None = None
    start: Floats | None = None
    added: int = 0
    taken_out: tuple[int, ...] = ()
    missing: str | None = "drop"
    id_column: str | None = None
    sampled: Sampled | None = None
    left_out: "LeftOut | None" = None
    reading: Reading = field(default_factory=dict)

    def __post_init__(self) -> None:
        table = np.ascontiguousarray(self.table, dtype=np.float64).view()
        if table.ndim != 2 or not table.size or table.shape[1] != len(self.columns):
            raise DataError(
                f"{self.name} is not a table: its shape is {table.shape}, with {len(self.columns)} "
                "column names; it needs a row, a column, and a name for each column"
            )
        table.flags.writeable = False
        columns = tuple(self.columns)
        features = find_features(self.features or columns, columns, self.name)
        if self.scale not in SCALES:
            raise DataError(f"{self.scale!r} is not a scale: use {SCALES_LISTED}")
        axes = self.axes or fitting_axes((), features)
        log = find_features(self.log, columns, self.name) if self.log else ()
        for each in log:
            if each not in features:
                raise DataError(f"{each} is not used in the clustering: leave it out of --log")
        if self.truth is not None and not self._groups_fit(len(table)):
            raise DataError(
                f"the known groups of {self.name} do not fit its {len(table):,} rows or their "
                f"{len(self.truth_names)} names: give each row a group number from 0"
            )
        weights = None if self.weights is None else self._checked_weights(len(table))
        found = {
            "table": table,
            "weights": weights,
            "columns": columns,
            "features": features,
            "axes": find_axes(axes, features, columns, self.name),
            "log": log,
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)

    def _groups_fit(self, n: int) -> bool:
        truth = np.asarray(self.truth)
        if truth.shape != (n,) or truth.dtype.kind not in "iu" or truth.min() < 0:
            return False
        return not self.truth_names or int(truth.max()) < len(self.truth_names)

    @property
    def title(self) -> str:
        """The name, and that it is a sample if it is one."""
        return self.name if self.sampled is None else f"{self.name} ({self.sampled.short()})"

    def _checked_weights(self, n: int) -> Floats | None:
        weights = np.array(self.weights, dtype=np.float64)
        fit = weights.shape == (n,) and bool(
            ((weights == 0) | ((weights >= LEAST) & (weights <= LARGEST))).all() and weights.any()
        )
        if not fit:
            raise DataError(
                f"the weights of {self.name} do not fit its {n:,} rows: give each row 0 or a "
                f"number from {LEAST:g} to {LARGEST:g}, and not 0 to all"
            )
        weights.flags.writeable = False
        return None if (weights == 1).all() else weights

    @cached_property
    def points(self) -> Floats:
        """The points to cluster: float64 ``(n, d)``, C-contiguous, read-only.

        Scaled as in scikit-learn (see ``scaling.moments``), after taking the logarithm; a
        constant feature is 0 everywhere.
        """
        if self.features == self.columns and self._as_measured and not self.log:
            return self.table
        points = self._measured()
        if not self._as_measured:
            centre, spread = self.centre_and_spread
            points -= centre
            points /= spread
            points[:, self._flat] = 0.0
        points.flags.writeable = False
        return points

    @cached_property
    def digest(self) -> str:
        """The SHA-256, in hex, of the names, the shape and the bytes of ``points``,
        and the bytes of the weights if there are any."""
        head = json.dumps([self.features, self.points.shape]).encode()
        found = hashlib.sha256(head)
        found.update(self.points.astype("<f8", copy=False).data)
        if self.weights is not None:
            found.update(self.weights.astype("<f8", copy=False).data)
        return found.hexdigest()

    def distinct(self) -> int:
        """The number of distinct rows of ``points``."""
        return self._distinct

    def with_features(self, names: tuple[str, ...]) -> Self:
        """Return the same table with other features, by name or number from 1.

        Axes are kept if possible. Raises ``DataError`` naming the closest features.
        """
        features = find_features(names, self.columns, self.name)
        for each in features:
            if np.isnan(self.column(each)).any():
                raise DataError(
                    f"{each} has missing values in these rows: open the data with --features "
                    "that include it"
                )
        log = tuple(each for each in self.log if each in features)
        return replace(self, features=features, axes=fitting_axes(self.axes, features), log=log)

    def with_scale(self, scale: str) -> Self:
        """Return the same table with another scale, one of ``SCALES``."""
        return replace(self, scale=scale)

    def with_log(self, names: tuple[str, ...]) -> Self:
        """Return the same table with the logarithm of these features."""
        return replace(self, log=names)

    def with_axes(self, axes: tuple[str, ...]) -> Self:
        """Return the same points shown on two other features or on ``("pca",)``."""
        seen = replace(self, axes=axes)
        for cached in _OF_THE_POINTS:
            if cached in vars(self):
                vars(seen)[cached] = vars(self)[cached]
        return seen

    def prepared_as(self, whole: "Dataset", points: Floats) -> Self:
        """Return it with the preparation and the plane of ``whole``; ``points`` (n, d) are its own.

        They become read-only.
        """
        points.flags.writeable = False
        found = replace(self)
        vars(found).update(points=points, **{each: getattr(whole, each) for each in _OF_THE_WHOLE})
        return found

    def in_units(self, centroids: Floats) -> Floats:
        """Return prepared coordinates ``(m, d)`` in the units of the table."""
        centre, spread = self.centre_and_spread
        from_centre = np.asarray(centroids) * spread
        found = from_centre + centre
        # A mean of zeros comes back as the rounding of its two parts, -1.2e-11.
        found[np.abs(found) <= _ROUNDING * (np.abs(from_centre) + np.abs(centre))] = 0.0
        for place, offset in self.log_offsets.items():
            found[:, place] = np.exp(found[:, place]) - offset
        return found

    def prepared(self, positions: Floats) -> Floats:
        """Return positions ``(m, d)`` in the units of the table as prepared coordinates.

        The values of a row give its point, to the last bit. Raises ``DataError`` for a value whose
        logarithm would be needed and does not exist.
        """
        found = np.array(positions, dtype=np.float64)
        for place, offset in self.log_offsets.items():
            column = found[:, place]
            if (column + offset <= 0).any():
                name, low = self.features[place], float(column.min())
                raise DataError(
                    f"{name} is {low:g} in a given point, and {self._axis(name)} is clustered: "
                    f"give a value above {-offset:g}"
                )
            found[:, place] = np.log(column + offset)
        if not self._as_measured:
            centre, spread = self.centre_and_spread
            found -= centre
            found /= spread
            same = np.asarray(positions) == self.table[0, self._chosen]
            found[same & self._flat] = 0.0
        return found

    @property
    def centroid_names(self) -> tuple[str, ...]:
        """The names of the columns that ``in_units`` returns, one for each feature.

        The mean of logarithms, transformed back, is the geometric mean of the values.
        """
        return tuple(
            f"{name} (geometric mean)" if name in self.log else name for name in self.features
        )

    def means(self, labels: NDArray[np.integer], k: int) -> Floats:
        """Return the arithmetic means of the features in k clusters, ``(k, d)``, in table units.

        ``labels`` ``(n,)`` are from 0 to k - 1; a cluster without rows has NaN. Rows count by their
        weights.
        """
        weights = self.weights
        mass = np.bincount(labels, weights, minlength=k)
        found = np.empty((k, self.d))
        for i, each in enumerate(self._chosen):
            column = self.table[:, each]
            # Relative to the middle, so that large numbers keep their digits.
            middle = float(column.mean())
            left = column - middle
            sums = np.bincount(labels, left if weights is None else left * weights, k)
            with np.errstate(invalid="ignore"):
                from_middle = sums / mass
            found[:, i] = from_middle + middle
            # As with centroids: a mean of zeros comes back as the rounding of its two parts.
            zero = np.abs(found[:, i]) <= _ROUNDING * (np.abs(from_middle) + abs(middle))
            found[zero, i] = 0.0
        return found

    def notes(self) -> list[str]:
        """Return what the user should know, one sentence each, the most serious first."""
        constant = [name for name, flat in zip(self.features, self._constant, strict=True) if flat]
        offsets = {self.features[place]: offset for place, offset in self.log_offsets.items()}
        return notes_on(self, constant, offsets)

    @property
    def _chosen(self) -> list[int]:
        place = {name: i for i, name in enumerate(self.columns)}
        return [place[each] for each in self.features]

    @cached_property
    def _distinct(self) -> int:
        return distinct_rows(self.points)

    @cached_property
    def log_offsets(self) -> dict[int, float]:
        """The features whose logarithm is taken, by number, and what is first added to them."""
        return {self.features.index(name): log_offset(name, self.column(name)) for name in self.log}

    def _measured(self) -> Floats:
        """Return the features before scaling: a new array ``(n, d)``."""
        measured = np.ascontiguousarray(self.table[:, self._chosen])
        for place, offset in self.log_offsets.items():
            measured[:, place] = np.log(measured[:, place] + offset)
        return measured

    @cached_property
    def centre_and_spread(self) -> tuple[Floats, Floats]:
        """What scaling subtracts and divides by: ``(d,)`` each; 0 and 1 without it."""
        if self._as_measured:
            return np.zeros(self.d), np.ones(self.d)
        measured = self._measured()
        centre, spread = moments(measured, self.scale, self.weights)
        if self.indicators.any():
            length = unit(measured, spread, self.indicators, self.weights)
            centre = np.where(self.indicators, 0.0, centre)
            spread = np.where(self.indicators, np.sqrt(2.0) / length, spread)
        return centre, spread

    @cached_property
    def indicators(self) -> NDArray[np.bool_]:
        """Which features (d,) indicate a value of an encoded column; their means are shares."""
        names = {name for each in self.encoded for name in each.features}
        return np.array([each in names for each in self.features], dtype=bool)

    @property
    def _as_measured(self) -> bool:
        """Whether the features are clustered in the units in which they are measured."""
        return self.scale == "none" and not self.indicators.any()

    @property
    def _flat(self) -> NDArray[np.bool_]:
        """The features that scaling leaves at 0; a share keeps its value."""
        return self._constant & ~self.indicators & (self.scale != "none")

    @cached_property
    def _constant(self) -> NDArray[np.bool_]:
        return np.array([np.ptp(self.table[:, each]) == 0 for each in self._chosen], dtype=bool)
