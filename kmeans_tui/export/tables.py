"""The result of a run as CSV files: the user's rows with their clusters, and the centroids."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.analysis.assignment import Placed, nearest
from kmeans_tui.clustering import kernels
from kmeans_tui.clustering.history import History
from kmeans_tui.data import label_file
from kmeans_tui.data.columns import free_names
from kmeans_tui.data.dataset import Dataset

# Rows converted to text at a time: 10,000 of ten columns are some 10 MB of strings.
_ROWS: Final = 10_000
# Marks a row that was added.
_YES: Final = "yes"


def labels(dataset: Dataset, history: History, file: BinaryIO) -> None:
    """Write every original row with its cluster, counted from 1, then those that were added.

    ``distance`` is that to the cluster's centroid, in clustered units; ``margin`` is how much
    farther the next centroid is, empty with a single cluster. All rows of a file are written, in
    order and with all columns, the one that names the rows first; rows that were not clustered, or
    taken out, have no cluster. Raises ``DataError`` if the file has changed since it was opened.
    """
    source = dataset.source
    columns = _names(dataset) if source is None else source.names
    rows: Iterator[Sequence[object]] = _rows(dataset) if source is None else source.rows()
    found = _found(dataset, history)
    order = id_first(columns, dataset.id_column)
    columns = [columns[each] for each in order]
    first_added = dataset.n - dataset.added
    # Only where it tells rows apart.
    marks = ["added"] if dataset.added else []
    names = free_names([*marks, "cluster", "distance", "margin"], columns)
    numbers = None if dataset.row_numbers is None else iter(dataset.row_numbers.tolist())
    following = None if numbers is None else next(numbers, None)
    with CsvTable(file, [*columns, *names]) as table:
        own = None if source is None else source.row_numbers
        counted: Iterable[int] = count(1) if own is None else own.tolist()
        for number, cells in zip(counted, rows):  # noqa: B905 - counts on
            row = [cells[each] for each in order]
            if numbers is None or source is None:
                mark = [_YES if number > first_added else ""] if marks else []
                table.write([*row, *mark, *next(found)])
            elif number == following:
                table.write([*row, *["" for _ in marks], *next(found)])
                following = next(numbers, None)
            else:
                table.write([*row, *["" for _ in (*marks, *names[-3:])]])
        if source is not None and marks:
            for row in _added_rows(dataset, columns):
                table.write([*row, _YES, *next(found)])


def labels_by_number(
    dataset: Dataset, labels: NDArray[np.unsignedinteger]
) -> Iterator[NDArray[np.integer]]:
    """Yield the labels by the numbers of the rows, at once; -1 where a row has none."""
    if dataset.row_numbers is None:
        yield labels.astype(np.int32)
        return
    found = np.full(int(dataset.row_numbers[-1]), -1, np.int32)
    found[dataset.row_numbers - 1] = labels
    yield found


def labels_alone(
    parts: Iterable[NDArray[np.integer]],
    file: BinaryIO,
    id_column: str = "",
    names: Iterable[Sequence[str | None]] | None = None,
) -> None:
    """Write the number of every row, counted from 1, and its cluster, empty if it has none.

    Between them is ``id_column`` with the ``names`` of the rows, if they have some.
    """
    text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    own = [] if names is None else [id_column]
    number, cluster = free_names(["row", "cluster"], own)
    writer.writerow([number, *own, cluster])
    first = 1
    for some, called in label_file.blocks(parts, names):
        cells = ["" if label < 0 else label + 1 for label in some.tolist()]
        beside = [] if called is None else [called]
        writer.writerows(zip(range(first, first + len(some)), *beside, cells, strict=True))
        first += len(some)
    text.detach()


def id_first(columns: Sequence[str], id_column: str | None) -> list[int]:
    """Return the columns, by number from 0, as they are written: the one that names rows first."""
    order = list(range(len(columns)))
    if id_column is not None and id_column in columns:
        order.insert(0, order.pop(list(columns).index(id_column)))
    return order


def _added_rows(dataset: Dataset, names: Sequence[str]) -> Iterator[list[object]]:
    """Yield the cells, under these columns of the file, of the rows that were added."""
    first = dataset.n - dataset.added
    for at, values in enumerate(dataset.table[first:].tolist(), first):
        known = dict(zip(dataset.columns, values, strict=True))
        if dataset.weights is not None:
            known[dataset.weight_column] = float(dataset.weights[at])
        cells = (known.get(each, np.nan) for each in names)
        yield ["" if value != value else value for value in cells]


def _found(dataset: Dataset, history: History) -> Iterator[tuple[object, ...]]:
    """Yield cluster, distance and margin of every clustered row, in order."""
    last = history[-1]
    for start in range(0, dataset.n, _ROWS):
        part = slice(start, start + _ROWS)
        placed = nearest(dataset.points[part], last.labels[part], last.centroids)
        yield from placed_cells(placed)


def placed_cells(placed: Placed) -> Iterator[tuple[object, object, object]]:
    """Yield cluster, counted from 1, distance and margin of rows, empty where there is none."""
    for label, distance, margin in zip(
        placed.labels.tolist(), placed.distances.tolist(), placed.margins.tolist(), strict=True
    ):
        if label < 0:
            yield "", "", ""
        else:
            yield label + 1, distance, "" if margin != margin else margin


def centroids(dataset: Dataset, history: History, file: BinaryIO) -> None:
    """Write every centroid in table units, with the size and inertia of its cluster.

    With a logarithm it is the geometric mean, named so, followed by the arithmetic mean. Where rows
    have weights, their sum in the cluster and its share stand beside the size.

    The inertia is in squared clustered units, as everywhere.
    """
    last = history[-1]
    squared = kernels.own_distances(dataset.points, last.labels, last.centroids)
    logged: Sequence[str] = dataset.log
    heavy, counted = last.weights, [last.sizes.astype(int).tolist()]
    if dataset.weights is not None:
        squared *= dataset.weights
    if heavy is not None:
        counted += [heavy.tolist(), (heavy / heavy.sum()).tolist()]
    inertia: list[object] = np.bincount(last.labels, squared, history.k).tolist()
    if history.counted > history.n:
        # Those of all rows are not known by cluster, nor are their plain means.
        inertia, logged = ["" for _ in inertia], ()
    heads = ["cluster", "size", *(["weight", "share"] if heavy is not None else []), "inertia"]
    names = free_names(heads, dataset.features)
    at = [dataset.features.index(each) for each in logged]
    means = dataset.means(last.labels, history.k)[:, at] if at else np.empty((history.k, 0))
    plain = [f"{each} (mean)" for each in logged]
    with CsvTable(file, [names[0], *dataset.centroid_names, *names[1:], *plain]) as table:
        for j, place in enumerate(dataset.in_units(last.centroids).tolist()):
            beside = ["" if np.isnan(each) else each for each in means[j].tolist()]
            table.write([j + 1, *place, *(each[j] for each in counted), inertia[j], *beside])


def _names(dataset: Dataset) -> list[str]:
    """Return the columns of a data set without its file, as in a reopened run."""
    row = [] if dataset.row_numbers is None else free_names(["row"], dataset.columns)
    others = [name for name in dataset.labels if name not in dataset.columns]
    weight = [] if _has_weights(dataset) else free_names(["weight"], [*dataset.columns, *others])
    return [*row, *dataset.columns, *others, *weight]


def _has_weights(dataset: Dataset) -> bool:
    """Whether its columns show what its rows weigh, if they have weights."""
    return dataset.weights is None or dataset.weight_column in (*dataset.columns, *dataset.labels)


def _rows(dataset: Dataset) -> Iterator[list[object]]:
    """Yield the rows of the user's table in order, with a value for each column."""
    whole = [_whole(column) for column in dataset.table.T]
    for start in range(0, dataset.n, _ROWS):
        part = dataset.table[start : start + _ROWS]
        kept = {name: cells[start : start + _ROWS] for name, cells in dataset.labels.items()}
        # An id or a zip code is written unchanged, although it is also a number.
        columns = [
            _cells(kept.pop(name, column), whole=is_whole)
            for name, column, is_whole in zip(dataset.columns, part.T, whole, strict=True)
        ]
        columns += [cells.tolist() for cells in kept.values()]
        if dataset.weights is not None and not _has_weights(dataset):
            columns.append(dataset.weights[start : start + _ROWS].tolist())
        if dataset.row_numbers is not None:
            columns.insert(0, dataset.row_numbers[start : start + _ROWS].tolist())
        yield from map(list, zip(*columns, strict=True))


def _cells(column: NDArray[np.generic], *, whole: bool) -> list[object]:
    if column.dtype == object:
        return column.tolist()
    if not whole:
        return ["" if value != value else value for value in column.tolist()]
    return column.astype(np.int64).tolist()


def _whole(column: NDArray[np.float64]) -> bool:
    """Whether a column holds only whole numbers, to be written without a decimal point."""
    return bool((np.abs(column) < 2**53).all() and (column == np.trunc(column)).all())


class CsvTable:
    """A CSV file in UTF-8 with line feeds as line ends."""

    def __init__(self, file: BinaryIO, names: Sequence[str]) -> None:
        self._text = io.TextIOWrapper(file, "utf-8", newline="")
        self._writer = csv.writer(self._text, lineterminator="\n")
        self.write(names)

    def write(self, row: Sequence[object]) -> None:
        """Write one line; floats in full precision, so that they read back exactly."""
        self._writer.writerow(row)

    def __enter__(self) -> "CsvTable":
        return self

    def __exit__(self, *_: object) -> None:
        # The caller closes the file.
        self._text.detach()
