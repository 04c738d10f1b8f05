"""The end of a run as CSV files: the user's rows with their clusters, and the centroids."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.history import History
from kmeans_tui.data.dataset import Dataset

# Rows turned to text at a time: 10,000 of ten columns are some 10 MB of strings.
_ROWS: Final = 10_000


def labels(dataset: Dataset, history: History, file: BinaryIO) -> None:
    """Every row as it came, with its cluster, counted from 1.

    ``distance`` is that to the cluster's centroid, in the units that were clustered; ``margin`` how
    much farther the next centroid is, empty with a single cluster. All rows of a file are there, in
    its order and with all its columns; those that took no part have no cluster. Raises
    ``DataError`` where the file has changed since it was opened.
    """
    source = dataset.source
    columns = _names(dataset) if source is None else source.names
    rows: Iterator[Sequence[object]] = _rows(dataset) if source is None else source.rows()
    names = _free(["cluster", "distance", "margin"], columns)
    found = _found(dataset, history)
    numbers = None if dataset.row_numbers is None else iter(dataset.row_numbers.tolist())
    following = None if numbers is None else next(numbers, None)
    with _Table(file, [*columns, *names]) as table:
        for number, row in enumerate(rows, 1):
            if numbers is None or source is None:
                table.write([*row, *next(found)])
            elif number == following:
                table.write([*row, *next(found)])
                following = next(numbers, None)
            else:
                table.write([*row, "", "", ""])


def _found(dataset: Dataset, history: History) -> Iterator[tuple[object, ...]]:
    """Cluster, distance and margin of every row that took part, in order."""
    last = history[-1]
    for start in range(0, dataset.n, _ROWS):
        part = slice(start, start + _ROWS)
        measured = _distances(dataset.points[part], last.labels[part], last.centroids)
        for label, each in zip(last.labels[part].tolist(), measured, strict=True):
            yield (label + 1, *each)


def centroids(dataset: Dataset, history: History, file: BinaryIO) -> None:
    """Every centroid in the units of the table, with the size and the inertia of its cluster.

    Of a logarithm it is the geometric mean, named so, and the plain mean stands behind.

    The inertia is in the squared units that were clustered, as everywhere.
    """
    last = history[-1]
    squared = kernels.own_distances(dataset.points, last.labels, last.centroids)
    inertia = np.bincount(last.labels, squared, history.k)
    names = _free(["cluster", "size", "inertia"], dataset.features)
    logged = [dataset.features.index(each) for each in dataset.log]
    means = dataset.means(last.labels, history.k)[:, logged] if logged else np.empty((history.k, 0))
    plain = [f"{each} (mean)" for each in dataset.log]
    with _Table(file, [names[0], *dataset.centroid_names, *names[1:], *plain]) as table:
        for j, place in enumerate(dataset.in_units(last.centroids).tolist()):
            beside = ["" if np.isnan(each) else each for each in means[j].tolist()]
            table.write([j + 1, *place, int(last.sizes[j]), float(inertia[j]), *beside])


def _names(dataset: Dataset) -> list[str]:
    """The columns of a data set whose file is not at hand, as in a run that was opened again."""
    row = [] if dataset.row_numbers is None else _free(["row"], dataset.columns)
    others = [name for name in dataset.labels if name not in dataset.columns]
    return [*row, *dataset.columns, *others]


def _rows(dataset: Dataset) -> Iterator[list[object]]:
    """The rows of the user's table, in its order, each a value for each of its columns."""
    whole = [_whole(column) for column in dataset.table.T]
    for start in range(0, dataset.n, _ROWS):
        part = dataset.table[start : start + _ROWS]
        kept = {name: cells[start : start + _ROWS] for name, cells in dataset.labels.items()}
        # An id or a zip code is written as it came, although it is a number as well.
        columns = [
            _cells(kept.pop(name, column), whole=is_whole)
            for name, column, is_whole in zip(dataset.columns, part.T, whole, strict=True)
        ]
        columns += [cells.tolist() for cells in kept.values()]
        if dataset.row_numbers is not None:
            columns.insert(0, dataset.row_numbers[start : start + _ROWS].tolist())
        yield from map(list, zip(*columns, strict=True))


def _cells(column: NDArray[np.generic], *, whole: bool) -> list[object]:
    if column.dtype == object or not whole:
        return column.tolist()
    return column.astype(np.int64).tolist()


def _whole(column: NDArray[np.float64]) -> bool:
    """Whether a column holds whole numbers only, which came without a decimal point."""
    return bool((np.abs(column) < 2**53).all() and (column == np.trunc(column)).all())


def _distances(
    points: NDArray[np.float64],
    numbers: NDArray[np.unsignedinteger],
    places: NDArray[np.float64],
) -> Iterator[tuple[float, float | str]]:
    """Distance to the own centroid, and how much farther the next is."""
    for part, squared in kernels.blocks(points, places):
        distances = np.sqrt(squared)
        column = np.arange(distances.shape[1])
        mine = numbers[part]
        own = distances[mine, column]
        if len(places) == 1:
            yield from ((each, "") for each in own.tolist())
            continue
        distances[mine, column] = np.inf
        yield from zip(own.tolist(), (distances.min(axis=0) - own).tolist(), strict=True)


def _free(wanted: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Names of columns to add, each with as many underscores as it takes to be new."""
    found = []
    for name in wanted:
        while name in taken:
            name += "_"
        found.append(name)
    return found


class _Table:
    """A CSV file in UTF-8 with lines that end on a line feed."""

    def __init__(self, file: BinaryIO, names: Sequence[str]) -> None:
        self._text = io.TextIOWrapper(file, "utf-8", newline="")
        self._writer = csv.writer(self._text, lineterminator="\n")
        self.write(names)

    def write(self, row: Sequence[object]) -> None:
        """One line; floats in full, so that they are read back as they were."""
        self._writer.writerow(row)

    def __enter__(self) -> "_Table":
        return self

    def __exit__(self, *_: object) -> None:
        # The file is closed by who opened it.
        self._text.detach()
