"""Weights of rows: read from a column, checked, and quantiles that count a row by its weight."""

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import DataError, nearest, quoted
from kmeans_tui.data.remarks import Note, Weight
from kmeans_tui.data.source import Column, Source
from kmeans_tui.words import plural

Floats: TypeAlias = NDArray[np.float64]

# Products of weights and squares stay finite, and no weight is lost next to the largest.
LARGEST: Final = 1e100
LEAST: Final = 1e-100


class Weighed(NamedTuple):
    """The weights of all rows of a file (n,), which rows they leave, and what to say of it."""

    weights: Floats
    kept: NDArray[np.bool_]
    notes: tuple[Note, ...]


def weighed(source: Source, column: Column, kept: NDArray[np.bool_]) -> Weighed:
    """Return the weights in a column of a file, for the rows ``kept`` (n,).

    Rows without a weight, or of weight 0, are left out, and the notes say so. Raises ``DataError``
    for a column that does not hold numbers, and for a weight that is negative or out of range.
    """
    if column.bad is not None:
        raise DataError(column.bad.no_numbers(column.name))
    if column.position is None:
        raise _not_numbers(source, column)
    values = source.numbers[:, column.position]
    if column.infinite is not None:
        cell = column.infinite.first
        raise DataError(
            f"row {cell.row}, column {column.name}: {quoted(cell.text)} is no weight; correct it"
        )
    for wrong, why, remedy in (
        (values < 0, "is negative, and a weight is not", "correct it"),
        (values > LARGEST, "is too large for a weight", "divide all of them by a number first"),
        ((values > 0) & (values < LEAST), "is too small for a weight",
         "multiply all of them by a number first"),
    ):  # fmt: skip
        wrong &= kept
        if wrong.any():
            row = int(wrong.argmax())
            number = source.number(row)
            raise DataError(
                f"row {number}, column {column.name}: {values[row]:g} {why}: {remedy}, or leave "
                f"the row out with --without {number}"
            )
    gaps, zeros = np.isnan(values) & kept, (values == 0) & kept
    left = kept & ~gaps & ~zeros
    if not left.any():
        raise DataError(
            f"column {column.name} of {source.name} gives no row a weight above 0: choose another "
            "column for --weights"
        )
    notes = []
    for gone, why in ((gaps, f"for want of a weight in {column.name}"),
                      (zeros, f"for a weight of 0 in {column.name}")):  # fmt: skip
        if gone.any():
            rows = plural(int(gone.sum()), "row")
            notes.append(
                Note(
                    f"{rows} dropped {why}, the first is row {source.number(int(gone.argmax()))}.",
                    Weight.LOST,
                )
            )
    return Weighed(values, left, tuple(notes))


def said(name: str, weights: Floats) -> str:
    """Return the sentence on the weights (n,) of the rows that are used, from a column ``name``."""
    least, most, total = (f"{each:,.10g}" for each in (weights.min(), weights.max(), weights.sum()))
    return f"{name} weights the rows, from {least} to {most}: {total} in total."


def quantiles(columns: Floats, weights: Floats, shares: Sequence[float]) -> Floats:
    """Return quantiles of columns ``(n, d)`` by the weights ``(n,)`` of the rows, ``(shares, d)``.

    For whole-number weights these are numpy's quantiles of the rows repeated as often. For
    others, the mean weight counts as one row, so that equal weights have no effect.
    """
    unit = 1.0 if (weights == np.floor(weights)).all() else float(weights.mean())
    found = np.empty((len(shares), columns.shape[1]))
    for f, column in enumerate(columns.T):
        order = column.argsort(kind="stable")
        values, reached = column[order], np.cumsum(weights[order]) / unit
        # Where in the repeated rows: at most one behind the last of them.
        places = np.asarray(shares) * max(0.0, float(reached[-1]) - 1)
        whole = np.floor(places)
        # Sums of fractions end a rounding before or behind a row.
        rounding = 1e-12 * float(reached[-1]) if unit != 1.0 else 0.0
        lower, upper = (
            values[np.minimum(np.searchsorted(reached, at + rounding, "right"), len(values) - 1)]
            for at in (whole, whole + 1)
        )
        part = places - whole
        # As numpy does: from the nearer end, so that nothing is left of equal numbers.
        found[:, f] = np.where(
            part >= 0.5, upper - (upper - lower) * (1 - part), lower + (upper - lower) * part
        )
    return found


def _not_numbers(source: Source, column: Column) -> DataError:
    if column.kind == "empty":
        return DataError(f"column {column.name} of {source.name} is empty: it cannot hold weights")
    return DataError(
        f"{source.as_text(column)}; --weights needs numbers: "
        + nearest(column.name, [c.name for c in source.numeric], "numeric columns")
    )
