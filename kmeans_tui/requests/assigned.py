"""Assign the rows of another table to the clusters of a recorded run."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kmeans_tui.analysis.assignment import Assigner, Placed, thresholds
from kmeans_tui.command import Options
from kmeans_tui.data import new_rows
from kmeans_tui.data.columns import DataError
from kmeans_tui.data.display_rows import DisplayRows
from kmeans_tui.data.new_rows import medians
from kmeans_tui.data.reading import batches
from kmeans_tui.data.reading.dialect import Dialect, Listener
from kmeans_tui.requests import subject as opening
from kmeans_tui.requests.repeated_names import RepeatedNames, naming_column
from kmeans_tui.words import few, plural, quoted

if TYPE_CHECKING:
    from kmeans_tui.analysis.drift import Drift
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject

_LISTED: Final = 8
# A text column with more different texts is no category.
_MOST_CATEGORIES: Final = 200
# Of those that are new, so many are counted.
_MOST_NEW: Final = 100
# What settles the same thing: who gives one of them leaves the other open.
_TOGETHER: Final = (("decimal", "thousands"), ("skip", "header_row", "header"))


@dataclass(eq=False)
class Assigning:
    """A recorded run, a table to assign to it, and how far that is.

    ``missing`` says what becomes of rows with a gap. ``remarks`` are what was left out or guessed,
    a sentence each; ``new`` counts the texts of a column that the run's table does not have.
    ``encoded`` is where the encoded columns are; ``names`` are those of the rows, None without.
    """

    subject: "Subject"
    table: batches.Batched
    missing: str
    found: Assigner
    remarks: list[str] = field(default_factory=list)
    new: dict[str, Counter[str]] = field(default_factory=dict)
    encoded: dict[str, int] = field(default_factory=dict)
    names: RepeatedNames | None = None

    def rows(self) -> Iterator[tuple[list[tuple[str | None, ...]], Placed]]:
        """Yield the rows in batches, with their places. Raises ``DataError``."""
        dataset = self.subject.dataset
        known = _categories(dataset)
        places = {
            i: texts
            for i, texts in enumerate(known.get(each.casefold()) for each in self.table.names)
            if texts is not None
        }
        named = 0 if self.names is None else self.table.names.index(self.names.column)
        for batch in self.table.batches():
            if self.names is not None:
                self.names.add(row[named] for row in batch.rows)
            for i, texts in places.items():
                self._count(i, texts, batch.rows)
            values, weights = batch.values, None
            if self.table.more:
                values, weights = values[:, :-1], values[:, -1]
            values = new_rows.with_indicators(dataset, values, batch.rows, self.encoded)
            yield batch.rows, self.found.place(values, batch.whole, weights)

    def _count(
        self, column: int, known: frozenset[str], rows: list[tuple[str | None, ...]]
    ) -> None:
        cells = [row[column] for row in rows]
        others = {each for each in set(cells) if each and each.strip() not in known}
        if others:
            found = self.new.setdefault(self.table.names[column], Counter())
            for each in cells:
                if each in others and (each in found or len(found) < _MOST_NEW):
                    found[each] += 1

    def told(self) -> list[str]:
        """Return the remarks, with those that only all rows show. Raises ``DataError``.

        That is if not a single row has a cluster.
        """
        found = self.found
        name, run = self.table.name, self.subject.dataset.name
        if not found.assigned:
            raise DataError(
                f"{name} has no row with a usable value in each of "
                f"{few(self.subject.dataset.features, _LISTED)}: no row is assigned"
            )
        remarks = []
        if found.gaps:
            filled = self.missing == "median"
            texts = " and most frequent values" if self.encoded else ""
            done = f"filled with the medians{texts} of {run}" if filled else "no cluster"
            remarks.append(f"{plural(found.gaps, 'row')} with a missing value: {done}.")
        if self.table.ragged:
            remarks.append(
                f"{plural(self.table.ragged, 'row')} with the wrong number of cells: no cluster."
            )
        if found.first_outside is not None:
            row, column, value = found.first_outside
            why = "is too large to be squared" if value > 0 else "has no logarithm"
            remarks.append(
                f"{plural(found.outside, 'row')} with a value that cannot be placed: no cluster; "
                f"in row {row}, {column} {value:g} {why}."
            )
        weighed = self.subject.dataset.weight_column
        if found.unweighted:
            remarks.append(
                f"{plural(found.unweighted, 'row')} without a weight above 0 in {weighed}: their "
                "clusters are given, and they do not count in the shares and means."
            )
        elif self.subject.dataset.weights is not None and not self.table.more:
            remarks.append(f"{name} has no column {weighed}: its rows count alike.")
        remarks += [] if self.names is None else self.names.told()
        for column, counts in self.new.items():
            told = [f"{quoted(text)} in {plural(n, 'row')}" for text, n in counts.most_common()]
            said = f"{column} has values that are not in {run}: {few(told, 4)}"
            if self.table.names.index(column) in self.encoded.values():
                said += "; such a row is equally unlike all known ones"
            remarks.append(f"{said}.")
        return [*self.remarks, *remarks]


def assigning(
    options: Options,
    subject: "Subject",
    new: str,
    missing: str | None,
    listener: Listener | None = None,
) -> Assigning:
    """Open a table to assign its rows to the recorded run of the subject.

    ``options`` say how its bytes are read, where they differ from how the run's table was read;
    ``missing`` is what becomes of rows with a gap, None as in the run. Raises ``DataError``.
    """
    dataset, history = subject.dataset, subject.history
    assert history is not None  # a recording has one
    kept = subject.preparation or {}
    remarks: list[str] = []
    if missing is None and dataset.missing is None:
        remarks.append(
            f"{dataset.name}'s recording does not say what became of rows with a gap: they get no "
            "cluster (--missing median fills them)."
        )
    missing = missing or dataset.missing or "drop"
    measured = [
        each
        for each, is_value in zip(dataset.features, dataset.indicators, strict=True)
        if not is_value
    ]
    how = _dialect(options, dataset)
    table = batches.open_table(new, measured, how, listener, dataset.weight_column)
    taking = [each for each in dataset.encoded if set(each.features) & set(dataset.features)]
    texts = [each.column for each in taking]
    encoded = dict(zip(texts, batches.places(texts, table.names, table.name), strict=True))
    last = history[-1]
    limits = kept.get("far")
    if limits is None:
        limits = thresholds(dataset.points, last.labels, last.centroids, dataset.weights)
    filling = kept.get("medians")
    if filling is None:
        filling = medians(dataset)
    found = Assigner(dataset, history, filling if missing == "median" else None, limits)
    remarks += (each for each in table.notes)
    remarks += _columns(dataset, table)
    if history.counted > history.n:
        remarks.append(
            f"Means, distances and what is far then are those of {history.n:,} of the run's "
            f"{history.counted:,} rows."
        )
    own = naming_column(dataset)
    there = next((e for e in table.names if own is not None and e.casefold() == own.casefold()), "")
    names = RepeatedNames(there) if there else None
    return Assigning(subject, table, missing, found, remarks, encoded=encoded, names=names)


def _dialect(options: Options, dataset: "Dataset") -> Dialect:
    """Return how the new table is read: as the options say, the rest as the run's table."""
    stated = opening.dialect(options).stated()
    kept = dict(dataset.reading)
    for fields in _TOGETHER:
        if any(each in stated for each in fields):
            kept = {name: value for name, value in kept.items() if name not in fields}
    return Dialect(**{**kept, **stated})


def _columns(dataset: "Dataset", table: batches.Batched) -> list[str]:
    """Return a sentence on the columns of only one of both tables, which do not take part.

    Of a table that stayed on disk, only those are known that do.
    """
    if isinstance(dataset, DisplayRows):
        return []
    made = {name for each in dataset.encoded for name in each.features}
    own = [each for each in dataset.columns if each not in made]
    known = {each.casefold() for each in (*own, *dataset.labels)}
    extra = [each for each in table.names if each.casefold() not in known]
    folded = {each.casefold() for each in table.names}
    lacking = [
        each for each in dict.fromkeys((*own, *dataset.labels)) if each.casefold() not in folded
    ]
    taking = {
        each.casefold() for each in (*dataset.features, *(one.column for one in dataset.encoded))
    }
    extra = [each for each in extra if each.casefold() not in taking]
    found = []
    if extra:
        found.append(f"Columns that {dataset.name} does not have: {few(extra, _LISTED)}.")
    if lacking and dataset.labels:
        found.append(f"Columns of {dataset.name} that are not here: {few(lacking, _LISTED)}.")
    return found


def _categories(dataset: "Dataset") -> dict[str, frozenset[str]]:
    """Return the texts of each text column that has few of them, by its name in small letters."""
    found = {}
    for name, cells in dataset.labels.items():
        if name in dataset.columns:
            continue
        texts = {str(each).strip() for each in cells.tolist() if each}
        if texts and len(texts) <= min(_MOST_CATEGORIES, dataset.n // 2):
            found[name.casefold()] = frozenset(texts)
    return found


def weights_of(drift: "Drift", cluster: int) -> dict[str, float]:
    """Return the weight of a cluster then and now, as fields, where rows have weights."""
    fields = {"weight_then": drift.weights_then, "weight_now": drift.weights_now}
    return {name: float(each[cluster]) for name, each in fields.items() if each is not None}


def document(options: Options, done: Assigning, out: str | None) -> dict[str, Any]:
    """Return a finished assignment as plain numbers; clusters count from 0, as in all documents.

    Of ``drift``, ``moved`` is in standard deviations of the run's rows. ``far`` are the rows
    farther out than the ``threshold`` of their clusters.
    """
    from kmeans_tui.requests.document import heading

    dataset, history = done.subject.dataset, done.subject.history
    assert history is not None
    found, drift = done.found, done.found.drift
    then, now = drift.shares
    moved = drift.moved
    head = heading(options, dataset, history.k, done.subject.parameters or {})
    clusters: list[Mapping[str, Any]] = [
        {
            "cluster": cluster,
            "rows_then": int(drift.sizes_then[cluster]),
            "rows_now": int(drift.sizes_now[cluster]),
            "share_then": float(then[cluster]),
            "share_now": float(now[cluster]),
            **weights_of(drift, cluster),
            "far": int(found.far[cluster]),
            "threshold": float(found.limits[cluster]),
        }
        for cluster in range(history.k)
    ]
    return {
        **head,
        "remarks": done.told(),
        "new": {"name": done.table.name, "columns": list(done.table.names)},
        "rows": found.rows,
        "assigned": found.assigned,
        "gaps": found.gaps,
        "missing": done.missing,
        "outside": found.outside,
        "ragged": done.table.ragged,
        "clusters": clusters,
        "far": int(found.far.sum()),
        "mean_distance": {"then": drift.distance_then, "now": drift.distance_now},
        "drift": [
            {
                "column": name,
                "then": float(drift.means_then[i]),
                "now": float(drift.means_now[i]),
                "moved": float(moved[i]) if np.isfinite(moved[i]) else None,
            }
            for i, name in enumerate(drift.features)
        ],
        "new_values": {column: dict(counts) for column, counts in done.new.items()},
        "out": out,
    }
