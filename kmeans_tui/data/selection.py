"""Make a data set from a source: which rows and columns are used, and notes on all others."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data import column_notes, doubts, edits, encoding, weighing
from kmeans_tui.data.column_notes import Roles
from kmeans_tui.data.columns import DataError, find_features, nearest
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.data.id_columns import id_cells
from kmeans_tui.data.known_groups import known_groups
from kmeans_tui.data.left_out import left_out
from kmeans_tui.data.preparation import USUAL, Preparation
from kmeans_tui.data.remarks import Note, Weight
from kmeans_tui.data.source import Column, Source
from kmeans_tui.vocabulary import MISSING, PCA
from kmeans_tui.words import plural

# Above this, the squared distance of two points is not finite.
_LARGEST: Final = 1e150
_LISTED: Final = 8


class Selection:
    """The requested features of a source, or all its numbers, and the known grouping.

    Raises ``DataError`` for a column that cannot be used, and if none is left.
    """

    def __init__(self, source: Source, preparation: Preparation = USUAL) -> None:
        self._file, self._preparation = source, preparation
        self._source, self._encoded = encoding.encoded(source, preparation.encode or ())
        source = self._source
        truth = preparation.truth
        self._truth = None if truth is None else source.column(truth)
        named = preparation.id_column
        self._id = None if named is None else source.column(named)
        weights = preparation.weights
        self._weights = None if weights is None else source.column(weights)
        self.features = self._chosen(preparation)
        self._refuse_weights()
        self._columns = [source.column(each) for each in self.features]
        self._places = [each.position for each in self._columns if each.position is not None]
        self._indicators = {name for each in self._encoded for name in each.features}
        # Where a cell may be missing: a text column once, not by each of its values.
        firsts = {each.features[0]: each.column for each in self._encoded}
        self._gaps = [
            replace(each, name=firsts.get(each.name, each.name))
            for each in self._columns
            if each.name in firsts or each.name not in self._indicators
        ]

    def dataset(self) -> Dataset:
        """Return the usable rows, prepared; ``Dataset.notes`` names what is left out.

        Left out are rows whose width differs from the header's, rows that lack a feature unless
        ``missing`` is ``median``, and rows without a weight if there is a column of weights. Raises
        ``DataError`` for a feature with a cell that is not a number, naming it and the remedy, and
        if no row is left.
        """
        missing, scale = self._preparation.missing, self._preparation.scale
        if missing not in MISSING:
            raise DataError(f"{missing!r} is not a way to treat missing values: use drop or median")
        source = self._source
        # A number means the same column of the file in every flag.
        log = tuple(source.column(each).name for each in self._preparation.log or ())
        axes = self._preparation.axes or ()
        if axes and axes != (PCA,):
            axes = tuple(source.column(each).name for each in axes)
        for name in log:
            if name in self._indicators:
                raise DataError(f"{name} is 1 or 0: leave it out of --log")
        for each in self._columns:
            if each.bad is not None:
                raise DataError(each.bad.no_numbers(each.name))
        roles = Roles(self.features, self._encoded, self._truth, self._id, self._weights)
        notes: list[str] = [Note(each, Weight.READ) for each in source.notes]
        if source.sampled is not None:
            notes.append(Note(source.sampled.sentence(), Weight.LOST))
        notes += (Note(each, Weight.LOST) for each in self._ragged_notes())
        kept = np.ones(source.n, bool) if source.ragged is None else source.ragged == 0
        taken_out = self._preparation.without or ()
        if taken_out:
            places = [source.place(each) for each in taken_out]
            # A row that is not in the sample is out already.
            missing_rows = [each for each in taken_out if each > source.last]
            if missing_rows:
                raise edits.unknown(missing_rows, source.name, source.last)
            kept[[each for each in places if each is not None]] = False
            if len(taken_out) >= source.n and None not in places:
                raise edits.nothing_left(source.name)
        weights: NDArray[np.float64] | None = None
        if self._weights is not None:
            weights, kept, said = weighing.weighed(source, self._weights, kept)
            notes += said
        values = source.numbers
        lost = self._lost() & kept
        if lost.any():
            told = column_notes.lost(self._file, lost, self._columns, self._gaps, roles, missing)
            notes.append(Note(told, Weight.LOST))
            if missing == "median":
                values = self._filled(kept, weights)
                much = doubts.much_filled(self._gaps, source.n, self._encoded)
                notes += (Note(each, Weight.DOUBTED) for each in much)
            else:
                kept &= ~lost
        rows = None if kept.all() else np.flatnonzero(kept)
        if rows is not None and not len(rows):
            raise DataError(
                f"{source.name} has no row with a value in every feature: choose fewer with "
                "--features or --drop, or fill in missing values with --missing median"
            )
        table = values if rows is None else values[rows]
        weights = weights if weights is None or rows is None else weights[rows]
        self._refuse_large(table, rows)
        values_of = [(c, table[:, p]) for c, p in zip(self._columns, self._places, strict=True)]
        notes += (Note(e, Weight.DOUBTED) for e in column_notes.doubtful(values_of))
        notes += (Note(e, Weight.DOUBTED) for e in column_notes.doubtful_labels(source, roles))
        notes += (Note(e, Weight.READ) for e in column_notes.converted(self._columns))
        notes += (Note(e, Weight.ASIDE) for e in column_notes.aside(source, roles))
        own = [i for i, each in enumerate(self.features) if each not in self._indicators]
        names_of_own = [self.features[i] for i in own]
        unlike = doubts.unlike_measurements(names_of_own, table[:, [self._places[i] for i in own]])
        notes += (Note(each, Weight.USUAL) for each in unlike)
        notes += (Note(each, Weight.ADVICE) for each in column_notes.advice(self._file, roles, log))
        if self._weights is not None and weights is not None:
            notes.append(Note(weighing.said(self._weights.name, weights), Weight.READ))
        groups, names = known_groups(source, self._truth, rows)
        numbers = source.row_numbers
        numbers = np.arange(1, source.n + 1) if numbers is None else numbers
        labels = {**source.texts, **source.codes}
        if self._id is not None:
            labels[self._id.name] = id_cells(self._id, source)
        dataset = Dataset(
            name=source.name,
            table=table,
            columns=tuple(each.name for each in source.numeric),
            k=min(3 if groups is None else max(2, len(names)), len(table)),
            truth=groups,
            truth_names=names,
            weights=weights,
            weight_column="" if self._weights is None else self._weights.name,
            features=self.features,
            scale=scale or "none",
            log=log,
            axes=axes,
            row_numbers=numbers if rows is None else numbers[rows],
            sampled=source.sampled,
            left_out=left_out(self._file, len(table), roles, taken_out, missing),
            labels={name: cells if rows is None else cells[rows] for name, cells in labels.items()},
            id_column=None if self._id is None else self._id.name,
            remarks=tuple(notes),
            encoded=self._encoded,
            source=self._file,
            taken_out=taken_out,
            missing=missing,
            reading=source.reading,
        )
        add = self._preparation.add
        return dataset if add is None else edits.adding(dataset, add)

    def _chosen(self, preparation: Preparation) -> tuple[str, ...]:
        source, wanted = self._source, preparation.features
        if wanted is not None and preparation.drop is None:
            taking = {each.column for each in self._encoded}
            wanted = tuple(each for each in wanted if each not in taking)
            found = find_features(wanted, source.names, source.name) if wanted else ()
            for each in found:
                self._refuse_text(source.column(each))
            indicators = (each for one in self._encoded for each in one.features)
            return tuple(dict.fromkeys((*found, *indicators)))
        aside = (self._truth, self._id, self._weights)
        usual = tuple(c.name for c in source.columns if c.takes_part and c not in aside)
        if usual and preparation.drop is not None:
            return preparation.left(usual, source.names, source.name)
        if usual:
            return usual
        others = [f"{each.name} ({each.kind})" for each in source.columns[:_LISTED]]
        hint = (
            "choose from its identifiers with --features"
            if source.numeric
            else "K-Means needs numbers; try another --separator or --decimal"
        )
        raise DataError(f"{source.name} has no column of numbers: {', '.join(others)}; {hint}")

    def _refuse_weights(self) -> None:
        """Raise ``DataError`` if the column of the weights is used for something else as well."""
        if self._weights is None:
            return
        name = self._weights.name
        if name in self.features:
            raise DataError(f"{name} holds the weights: leave it out of --features")
        if self._weights == self._truth:
            raise DataError(f"{name} cannot be both --weights and --truth: choose one")

    def _refuse_text(self, column: Column) -> None:
        source = self._source
        if column.position is not None:
            return
        if column.kind == "empty":
            raise DataError(f"column {column.name} of {source.name} is empty: leave it out")
        raise DataError(
            f"{source.as_text(column)}; "
            + nearest(column.name, [c.name for c in source.numeric], "numeric columns")
        )

    def _lost(self) -> NDArray[np.bool_]:
        """Return a mask of the rows where a feature has no usable value."""
        source = self._source
        gaps = [c.missing or c.infinite or c.bad for c in self._columns]
        if source.ragged is None and not any(gaps):
            return np.zeros(source.n, bool)
        usable = np.isfinite(source.numbers[:, self._places])
        return np.asarray(~usable.all(axis=1), dtype=np.bool_)

    def _filled(
        self, kept: NDArray[np.bool_], weights: NDArray[np.float64] | None
    ) -> NDArray[np.float64]:
        """Return all numbers, with missing features replaced by the median of the kept rows.

        ``weights`` are those of all rows.
        """
        values = self._source.numbers.copy()
        encoding.fill(values, self._source, self._encoded, kept, weights)
        for column, place in zip(self._columns, self._places, strict=True):
            if column.name in self._indicators:
                continue
            there = kept & np.isfinite(values[:, place])
            known = values[there, place]
            if not len(known):
                raise DataError(
                    f"column {column.name} of {self._source.name} has no value at all: leave it out"
                )
            gaps = ~np.isfinite(values[:, place])
            values[gaps, place] = (
                np.median(known)
                if weights is None
                else weighing.quantiles(known[:, np.newaxis], weights[there], (0.5,))[0, 0]
            )
        return values

    def _refuse_large(self, table: NDArray[np.float64], rows: NDArray[np.intp] | None) -> None:
        """Raise ``DataError`` for numbers whose squares are no longer finite."""
        for column, place in zip(self._columns, self._places, strict=True):
            if column.largest > _LARGEST:
                row = int(np.abs(table[:, place]).argmax())
                number = self._source.number(row if rows is None else int(rows[row]))
                raise DataError(
                    f"row {number}, column {column.name}: {table[row, place]:g} is too large to be "
                    "squared; leave the column out with --features, or delete the row"
                )

    def _ragged_notes(self) -> list[str]:
        source = self._source
        if source.ragged is None or not source.ragged.any():
            return []
        first, count = int((source.ragged > 0).argmax()), int((source.ragged > 0).sum())
        cells = f"row {source.number(first)} has {source.ragged[first]}, not {len(source.columns)}"
        if count > source.n / 2:
            raise DataError(
                f"{count:,} of {plural(source.n, 'row')} of {source.name} have the wrong number of "
                f"cells: {cells}; name the separator with --separator"
            )
        return [f"{plural(count, 'row')} dropped for the wrong number of cells: {cells}."]
