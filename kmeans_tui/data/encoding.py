"""Text columns with few values as features: an indicator, 1 or 0, for each value (one-hot).

Each indicator is divided by the square root of 2 and multiplied by a unit, so that two rows that
differ in nothing but this column are one unit apart. The unit is one standard deviation of the
other features: the root of the mean of their variances, as they are clustered.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import DataError, quoted
from kmeans_tui.data.reading.relation import unique_names
from kmeans_tui.data.scaling import Floats, moments
from kmeans_tui.data.source import Column, Source
from kmeans_tui.words import few, plural

# More values are no longer a grouping of the rows but a description of each.
MOST_VALUES: Final = 12
_LEAST_VALUES: Final = 2


@dataclass(frozen=True)
class Encoding:
    """A text column, its values in order, and the feature that indicates each."""

    column: str
    values: tuple[str, ...]
    features: tuple[str, ...]

    def indicators(self, cells: Sequence[Any]) -> Floats:
        """Return the indicators of cells (m,) of the column, (m, values).

        A missing cell has NaN in all, one with an unknown value 0.
        """
        found = np.zeros((len(cells), len(self.values)))
        place = {value: i for i, value in enumerate(self.values)}
        for row, cell in enumerate(cells):
            text = _text(cell)
            if not text:
                found[row] = np.nan
            elif (at := place.get(text)) is not None:
                found[row, at] = 1.0
        return found

    def usual(self, indicators: Floats, weights: Floats | None = None) -> Floats:
        """Return the indicators (values,) of the most frequent value in rows (m, values)."""
        known = np.isfinite(indicators[:, 0])
        mass = np.ones(len(indicators)) if weights is None else weights
        sums = mass[known] @ indicators[known]
        return np.asarray(np.arange(len(self.values)) == int(sums.argmax()), dtype=np.float64)


def encoded(source: Source, wanted: Sequence[str]) -> tuple[Source, tuple[Encoding, ...]]:
    """Return a source with the indicators of text columns behind its numbers.

    Raises ``DataError`` for a column that is not text, or has too few or too many values.
    """
    found: list[Encoding] = []
    columns, numbers = list(source.columns), [source.numbers]
    for name in dict.fromkeys(source.column(each).name for each in wanted):
        column = source.column(name)
        values = _values(source, column)
        # Unique among all columns, and fit to be shown.
        given = (*(each.name for each in columns), *(f"{name}={value}" for value in values))
        names = unique_names(given, len(given))[0][len(columns) :]
        encoding = Encoding(name, values, names)
        indicators = encoding.indicators(source.texts[name].tolist())
        missing = int(np.isnan(indicators[:, 0]).sum())
        first = sum(each.shape[1] for each in numbers)
        columns += (
            Column(each, "number", first + i, missing, largest=1.0) for i, each in enumerate(names)
        )
        numbers.append(indicators)
        found.append(encoding)
    if not found:
        return source, ()
    return replace(source, columns=tuple(columns), numbers=np.hstack(numbers)), tuple(found)


def fill(
    numbers: Floats,
    source: Source,
    encodings: Sequence[Encoding],
    kept: NDArray[np.bool_],
    weights: Floats | None,
) -> None:
    """Fill gaps in encoded columns of ``numbers``, those of a source, in place.

    With the most frequent value of the ``kept`` rows, by their weights.
    """
    for one in encodings:
        first = source.column(one.features[0]).position or 0
        columns = slice(first, first + len(one.features))
        own = numbers[:, columns].copy()
        gaps = np.isnan(own[:, 0])
        there = kept & ~gaps
        usual = one.usual(own[there], None if weights is None else weights[there])
        own[gaps] = usual
        numbers[:, columns] = own


def refusal(source: Source, column: Column) -> str | None:
    """Return why a column cannot be encoded, in a sentence; None if it can."""
    try:
        _values(source, column)
    except DataError as error:
        return str(error)
    return None


def _values(source: Source, column: Column) -> tuple[str, ...]:
    name = column.name
    if column.position is not None:
        raise DataError(f"{name} holds numbers and needs no --encode: name it with --features")
    counts = Counter(map(_text, source.texts[name].tolist()))
    del counts[""]
    if not counts:
        raise DataError(f"{name} has no value at all: leave it out of --encode")
    if len(counts) < _LEAST_VALUES:
        raise DataError(
            f"{name} has one value only, {quoted(next(iter(counts)))}, which separates nothing: "
            "leave it out of --encode"
        )
    if len(counts) > MOST_VALUES:
        rows = plural(counts.total(), "row")
        each = "a value of its own in each row" if len(counts) == counts.total() else "many values"
        raise DataError(
            f"{name} has {each}, {len(counts):,} in {rows}: --encode takes columns of "
            f"{_LEAST_VALUES} to {MOST_VALUES}"
        )
    if len(counts) == counts.total() > _LEAST_VALUES:
        raise DataError(
            f"{name} has a value of its own in each row, {len(counts):,} in all: they separate "
            "every row from every other; leave it out of --encode"
        )
    return tuple(sorted(counts))


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def unit(
    measured: Floats, spread: Floats, indicator: NDArray[np.bool_], weights: Floats | None
) -> float:
    """Return what two values of an encoded column are apart.

    ``measured`` (n, d) are the features before scaling, ``spread`` (d,) what that divides by;
    ``indicator`` (d,) marks those that are excluded. 1 if no other feature varies.
    """
    others = measured[:, ~indicator]
    if not others.shape[1]:
        return 1.0
    _, deviations = moments(others, "standard", weights)
    varies = np.ptp(others, axis=0) > 0
    if not varies.any():
        return 1.0
    shares = deviations[varies] / spread[~indicator][varies]
    # Standardised features are 1, whatever their deviations round to.
    if (shares == 1).all():
        return 1.0
    largest = float(shares.max())
    return largest * float(np.sqrt(np.mean((shares / largest) ** 2)))


def missing(source: Source, encoding: Encoding) -> NDArray[np.bool_]:
    """Return which rows (n,) of a source have no value in an encoded column."""
    return np.array([not _text(cell) for cell in source.texts[encoding.column].tolist()], bool)


def filled_with(columns: Sequence[Column], encodings: Sequence[Encoding]) -> str:
    """Return what the gaps in these columns, encoded ones among them, are filled with."""
    texts = {each.column for each in encodings}
    gapped = [each.name for each in columns if each.missing or each.infinite]
    usual = [each for each in gapped if each in texts]
    ways = ["the median of each column"] if len(usual) < len(gapped) else []
    if usual:
        ways.append(f"the most frequent value of {few(usual, 4)}")
    return " and ".join(ways)


def note(encoding: Encoding, length: float, *, weighted: bool) -> str:
    """Return what it means that a column is encoded, its values ``length`` apart."""
    first, of = encoding.features[0], "weight" if weighted else "rows"
    return (
        f"{encoding.column} takes part by its {len(encoding.values)} values, "
        f"{few(list(encoding.features), 4)}: two rows that differ only in it are {length:.4g} "
        "apart, a standard deviation of the other features. A centroid holds the share of each "
        f"value: 0.62 of {first} are 62 % of its {of}."
    )
