"""Make a data set from a source: which rows and columns are used, and notes on all others."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data import doubts, edits, encoding, weighing
from kmeans_tui.data.columns import PCA, DataError, find_features, nearest, quoted, spelled
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.data.id_columns import id_cells, id_notes
from kmeans_tui.data.known_groups import known_groups
from kmeans_tui.data.preparation import USUAL, Preparation
from kmeans_tui.data.remarks import Note, Weight
from kmeans_tui.data.row_costs import row_costs
from kmeans_tui.data.source import Column, Source
from kmeans_tui.words import few, plural

MISSING: Final = ("drop", "median")
# Above this, the squared distance of two points is not finite.
_LARGEST: Final = 1e150
_LISTED: Final = 8
# What a column must cost before its remedy is named: that many rows, and that share of all.
_FEWEST_BACK: Final = 5
_WORTH_DROPPING: Final = 0.05
_ASIDE: Final = {
    "number": "not chosen",
    "text": "text, kept as labels",
    "date": "dates, kept as labels",
    "identifier": "numbers that identify the rows, kept as labels (--features includes them)",
    "empty": "no value at all, left out",
}


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
            notes.append(Note(self._lost_note(lost, missing), Weight.LOST))
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
        notes += (Note(each, Weight.DOUBTED) for each in self._doubtful_notes(table))
        notes += (Note(each, Weight.READ) for each in self._changed_notes())
        notes += (Note(each, Weight.ASIDE) for each in self._aside_notes())
        own = [i for i, each in enumerate(self.features) if each not in self._indicators]
        names_of_own = [self.features[i] for i in own]
        unlike = doubts.unlike_measurements(names_of_own, table[:, [self._places[i] for i in own]])
        notes += (Note(each, Weight.USUAL) for each in unlike)
        notes += (Note(each, Weight.ADVICE) for each in self._advice(log))
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

    def _lost_note(self, lost: NDArray[np.bool_], missing: str) -> str:
        gaps = [f"{c.name} {c.missing}" for c in self._gaps if c.missing]
        causes = [f"missing in {', '.join(gaps)}"] if gaps else []
        for each in self._columns:
            if each.infinite is not None:
                cell = each.infinite.first
                causes.append(
                    f"infinite in {each.name} {each.infinite.count}, first row {cell.row}: "
                    f"{quoted(cell.text)}"
                )
        filled = f"filled with {encoding.filled_with(self._gaps, self._encoded)}"
        done = filled if missing == "median" else "dropped"
        said = (
            f"{plural(int(lost.sum()), 'row')} of {self._source.n:,} {done}, the first is row "
            f"{self._source.number(int(lost.argmax()))}: values {'; '.join(causes)}."
        )
        return said if missing == "median" else said + self._cost()

    def _cost(self) -> str:
        """Return how many rows each column costs by itself."""
        alone = row_costs(self._file, self.features, self._encoded)
        names = [each.name for each in self._gaps]
        costs = sorted(((alone.get(e, 0), e) for e in names), key=lambda each: -each[0])
        if len(names) < 2 or not costs[0][0]:
            return ""
        listed = ", ".join(f"{name} {count:,}" for count, name in costs[:_LISTED] if count)
        said = f" Rows that could be kept by leaving out a column: {listed}."
        if sum(bool(each.missing or each.infinite) for each in self._gaps) < 2:
            said = ""
        most, name = costs[0]
        if most < max(_FEWEST_BACK, _WORTH_DROPPING * self._source.n):
            return said
        named = shlex.quote(spelled(name, self._source.names))
        return f"{said} --drop {named} brings back {most:,} rows."

    def _changed_notes(self) -> list[str]:
        """Return a sentence for every feature whose numbers differ from those in the file."""
        notes = []
        for each in self._columns:
            if each.negative:
                notes.append(
                    f"{each.name}: a number in parentheses is negative, (45) counts as -45."
                )
            if each.sign:
                sign = each.sign
                notes.append(f"{each.name}: the sign {sign} is removed, 45{sign} counts as 45.")
        return notes

    def _doubtful_notes(self, table: NDArray[np.float64]) -> list[str]:
        """Return a sentence for every value or column that may be misread."""
        notes = []
        for each, place in zip(self._columns, self._places, strict=True):
            if each.rounded is not None:
                cell = each.rounded.first
                notes.append(
                    f"{each.name} has {each.rounded.count} whole numbers beyond 2^53, which are "
                    f"rounded: the first is row {cell.row}, {cell.text}."
                )
            if each.lone is not None:
                value, _ = each.lone
                count = int((table[:, place] == value).sum())
                if count:
                    notes.append(
                        f"{each.name} is {value:g} in {plural(count, 'row')} and far from it in "
                        f"all others: --na={value:.10g} counts it as missing, if it is a mark of "
                        "that."
                    )
        for each in self._source.columns:
            if each.repeated is not None and each.name not in self.features and each != self._id:
                cell, count = each.repeated.first, each.repeated.count
                more = "" if count == 1 else f", {count:,} such rows"
                notes.append(
                    f"{each.name} identifies rows more than once: {cell.text} appears again in row "
                    f"{cell.row}{more}."
                )
            if each.amounts is not None and each != self._truth:
                cell, count = each.amounts.first, each.amounts.count
                notes.append(
                    f"{each.name} is kept as text, though many cells hold numbers: {count:,} are "
                    f"not plain numbers, the first in row {cell.row}, {quoted(cell.text)}."
                )
        return notes

    def _aside_notes(self) -> list[str]:
        """Return a sentence for each kind of column that is not used."""
        taking, aside = set(self.features), dict[str, list[str]]()
        notes = [] if self._truth is None else [f"{self._truth.name}: the known grouping."]
        if self._id is not None:
            notes += id_notes(self._id, self._source)
        for each in self._source.columns:
            if each.name in taking or each in (self._truth, self._id, self._weights):
                continue
            if any(each.name == one.column for one in self._encoded):
                continue
            if each.kind == "constant":
                notes.append(
                    f"{each.name} has only one value, and none in {plural(each.missing, 'row')}: "
                    "left out to keep those rows (--features includes it)."
                )
            else:
                aside.setdefault(each.kind, []).append(each.name)
        for kind, names in aside.items():
            notes.append(f"{few(names, _LISTED)}: {_ASIDE[kind]}.")
        return notes

    def _advice(self, log: Sequence[str]) -> list[str]:
        """Return what the user may want besides."""
        advice = self._skewed_note(log)
        known = [c.name for c in self._source.columns if c.kind == "identifier"]
        if self._id is None and known and known[0] not in self.features:
            named = shlex.quote(spelled(known[0], self._source.names))
            advice.append(f"{known[0]} may name the rows: --id {named} finds and lists them by it.")
        return advice

    def _skewed_note(self, log: Sequence[str]) -> list[str]:
        skewed = [e for e in self._file.skewed() if e in self.features and e not in log]
        if not skewed:
            return []
        shown = shlex.quote(",".join(skewed[:_LISTED]))
        return [f"Skewed to the right: --log {shown} takes the logarithm."]
