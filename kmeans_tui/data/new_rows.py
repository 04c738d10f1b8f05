"""Prepare rows that were not in a table as its own rows were: filled, logarithms taken, scaled."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.dataset import Dataset, Floats
from kmeans_tui.data.display_rows import DisplayRows
from kmeans_tui.data.weighing import quantiles

# Above this, the squared distance of two points is not finite.
_LARGEST = 1e150


class NewRows(NamedTuple):
    """Rows of other data as points of a data set.

    ``table`` (m, d) are the features in their own units, filled in; ``points`` (m, d) are prepared.
    ``gaps`` (m,) had no value in a feature, ``outside`` (m,) have one that cannot be prepared: no
    logarithm, or too large to be squared. The points of neither mean anything, except of gaps that
    are filled; ``usable`` (m,) are all others.
    """

    table: Floats
    points: Floats
    gaps: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    usable: NDArray[np.bool_]

    def unplaceable(self, dataset: Dataset, row: int) -> int:
        """Return the first feature, by number, whose value puts a row ``outside``."""
        return int(placeless(dataset, self.table[row : row + 1])[0].argmax())


def placeless(dataset: Dataset, table: Floats) -> NDArray[np.bool_]:
    """Return which values (m, d) of the features cannot be prepared, (m, d)."""
    with np.errstate(invalid="ignore"):
        found = np.abs(table) > _LARGEST
        for place, offset in dataset.log_offsets.items():
            found[:, place] |= table[:, place] + offset <= 0
    return found


def medians(dataset: Dataset) -> Floats:
    """Return what gaps in the features of more rows are filled with: (d,), in table units.

    The medians of the rows of the file; of an encoded column, its most frequent value. A median
    does not move when it is filled in, so they are those of the values that were there.
    """
    if isinstance(dataset, DisplayRows) and dataset.fill is not None:
        return dataset.fill
    own = dataset.table[: max(1, dataset.n - dataset.added)]
    chosen = [dataset.columns.index(each) for each in dataset.features]
    weights = None if dataset.weights is None else dataset.weights[: len(own)]
    if weights is None:
        found = np.asarray(np.median(own[:, chosen], axis=0))
    else:
        found = quantiles(own[:, chosen], weights, (0.5,))[0]
    for each in dataset.encoded:
        there = [i for i, name in enumerate(dataset.features) if name in each.features]
        columns = [dataset.columns.index(name) for name in each.features]
        usual = dict(zip(each.features, each.usual(own[:, columns], weights), strict=True))
        found[there] = [usual[dataset.features[i]] for i in there]
    return found


def with_indicators(
    dataset: Dataset,
    values: Floats,
    rows: Sequence[tuple[str | None, ...]],
    columns: Mapping[str, int],
) -> Floats:
    """Return the features (m, d) of rows whose measured ones are ``values`` (m, measured).

    ``columns`` is where the cells of ``rows`` have the encoded columns. A value that the data do
    not have gives 0 in all its indicators.
    """
    if not dataset.indicators.any():
        return values
    found = np.empty((len(values), dataset.d))
    found[:, ~dataset.indicators] = values
    for each in dataset.encoded:
        if each.column not in columns:
            continue
        cells = each.indicators([row[columns[each.column]] for row in rows])
        for i, name in enumerate(each.features):
            if name in dataset.features:
                found[:, dataset.features.index(name)] = cells[:, i]
    return found


def prepared(dataset: Dataset, values: Floats, filling: Floats | None) -> NewRows:
    """Prepare rows (m, d) of the features, NaN where a value is missing, as those of the data.

    A row of the data gives its own point, to the last bit. Gaps are filled with ``filling`` (d,),
    and not at all if that is None.
    """
    holes = np.isnan(values)
    gaps = np.asarray(holes.any(axis=1))
    table = np.where(holes, np.nan if filling is None else filling, values)
    outside = np.asarray(placeless(dataset, table).any(axis=1))
    usable = np.asarray(~outside & ~np.isnan(table).any(axis=1))
    # Rows without a place must not stop the others.
    safe = table if usable.all() else np.where(usable[:, None], table, _some_row(dataset))
    return NewRows(table, dataset.prepared(safe), gaps, outside, usable)


def _some_row(dataset: Dataset) -> Floats:
    return dataset.table[0, [dataset.columns.index(each) for each in dataset.features]]
