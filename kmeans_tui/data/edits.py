"""Take rows out of a data set, and add points to it.

Rows are named by their numbers, counted from 1 below the header of a file; added points continue
behind the last row.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import DataError
from kmeans_tui.words import few

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.given_points import GivenPoints

# The known group of points that are added.
ADDED_GROUP: Final = "(added)"


def without(dataset: "Dataset", numbers: Sequence[int]) -> "Dataset":
    """Return the data without the rows of these numbers; raises ``DataError`` for unknown ones."""
    own = row_numbers(dataset)
    kept = ~np.isin(own, numbers)
    missing = sorted(set(numbers) - set(own[~kept].tolist()))
    if missing:
        raise unknown(missing, dataset.name, int(own[-1]))
    if not kept.any():
        raise nothing_left(dataset.name)
    return replace(
        dataset,
        table=dataset.table[kept],
        k=min(dataset.k, int(kept.sum())),
        truth=None if dataset.truth is None else dataset.truth[kept],
        weights=None if dataset.weights is None else dataset.weights[kept],
        row_numbers=own[kept],
        labels={name: cells[kept] for name, cells in dataset.labels.items()},
        picture=None,
        added=int(kept[dataset.n - dataset.added :].sum()),
        taken_out=tuple(sorted({*dataset.taken_out, *numbers})),
    )


def adding(dataset: "Dataset", points: "GivenPoints") -> "Dataset":
    """Return the data with these points as their last rows; columns not clustered have no value.

    Where rows have weights, an added point has 1.

    Raises ``DataError`` if they do not have a value for each feature.
    """
    try:
        values = np.array(points.of(dataset.features, "--add"))
    except ValueError as error:
        raise DataError(str(error)) from None
    count = len(values)
    rows = np.full((count, len(dataset.columns)), np.nan)
    rows[:, [dataset.columns.index(each) for each in dataset.features]] = values
    truth, names = dataset.truth, dataset.truth_names
    if truth is not None:
        group = names.index(ADDED_GROUP) if ADDED_GROUP in names else len(names)
        if not names:
            group = int(truth.max()) + 1
        elif group == len(names):
            names = (*names, ADDED_GROUP)
        truth = np.append(truth, np.full(count, group, truth.dtype))
    own = row_numbers(dataset)
    # Never the number of a row that there was.
    gone = dataset.taken_out[-1:]
    last = max(int(own[-1]), *gone, 0 if dataset.source is None else dataset.source.last)
    blank = np.full(count, None, object)
    return replace(
        dataset,
        table=np.vstack([dataset.table, rows]),
        truth=truth,
        truth_names=names,
        weights=None if dataset.weights is None else np.append(dataset.weights, np.ones(count)),
        row_numbers=np.append(own, np.arange(last + 1, last + 1 + count)),
        labels={name: np.append(cells, blank) for name, cells in dataset.labels.items()},
        picture=None,
        added=dataset.added + count,
    )


def drawn(dataset: "Dataset", rows: NDArray[np.intp]) -> "Dataset":
    """Return a resample: these rows (m,), ascending, some of them perhaps several times.

    They are prepared and shown as in the whole data: scale, logarithms and axes are not estimated
    anew.
    """
    found = replace(
        dataset,
        table=dataset.table[rows],
        k=min(dataset.k, len(rows)),
        truth=None if dataset.truth is None else dataset.truth[rows],
        weights=None if dataset.weights is None else dataset.weights[rows],
        row_numbers=row_numbers(dataset)[rows],
        labels={name: cells[rows] for name, cells in dataset.labels.items()},
        picture=None,
        added=int((rows >= dataset.n - dataset.added).sum()),
    )
    return found.prepared_as(dataset, dataset.points[rows])


def row_numbers(dataset: "Dataset") -> NDArray[np.int64]:
    """Return the number of every row, (n,), ascending; in a resample some are repeated."""
    numbers = dataset.row_numbers
    return np.arange(1, dataset.n + 1) if numbers is None else np.asarray(numbers)


def unknown(missing: Sequence[int], name: str, last: int) -> DataError:
    """Return the refusal of rows that there are not."""
    rows = f"row {missing[0]}" if len(missing) == 1 else f"rows {few(missing, 4)}"
    return DataError(
        f"{name} has no {rows}: its rows are numbered from 1 to {last}; correct --without"
    )


def nothing_left(name: str) -> DataError:
    """Return the refusal to take out all rows."""
    return DataError(f"--without takes out every row of {name}: leave some in")
