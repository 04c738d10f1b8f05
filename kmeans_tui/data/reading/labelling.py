"""Decide which columns are clustered and which are labels, and note doubtful values in both."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from kmeans_tui.data.reading.meaning import (
    is_date_column,
    is_date_number,
    is_identifier,
    lone_extreme,
    looks_like_amounts,
)
from kmeans_tui.data.reading.notation import Notation
from kmeans_tui.data.reading.relation import ColumnKind
from kmeans_tui.data.source import Cell, Column, Odd

# In fewer rows, a single distinct value may be chance.
_FEWEST_FOR_A_CONSTANT: Final = 20
_LOOKED_AT: Final = 1000


def of_texts(
    name: str, cells: np.ndarray, given: Mapping[str, int], stated: ColumnKind | None
) -> Column:
    """Return what a column of texts (n,) is; ``given`` counts those that are not missing."""
    kind: ColumnKind = stated or "text"
    if stated is None and not given:
        kind = "empty"
    elif kind == "text" and is_date_column(given):
        kind = "date"
    amounts = None
    if kind == "text" and looks_like_amounts(given) * 2 >= sum(given.values()) > 0:
        amounts = _others(cells, given)
    return Column(name, kind, missing=len(cells) - sum(given.values()), amounts=amounts)


def _others(cells: np.ndarray, given: Mapping[str, int]) -> Odd | None:
    """Return the cells of a text column, counted in ``given``, that are not plain numbers."""
    plain = Notation()
    others = {cell for cell in given if not plain.is_number(cell)}
    at = next((i for i, cell in enumerate(cells) if cell in others), None)
    if at is None:
        return None
    return Odd(sum(given[each] for each in others), Cell(at + 1, str(cells[at])), tuple(others))


def kind_of(
    name: str, values: np.ndarray, *, missing: bool, padded: bool, unnamed: bool
) -> ColumnKind:
    """Return what a column of numbers (n,) is, NaN where a value is ``missing``.

    ``padded``: its cells have leading zeros; ``unnamed``: it is an index.
    """
    first = values[:_LOOKED_AT]
    # Most columns are measurements, recognisable by their fractions.
    if not (missing or padded or unnamed) and (first != np.floor(first)).any():
        return "number"
    if padded or is_identifier(name, values, unnamed=unnamed):
        return "identifier"
    if is_date_number(name, values):
        return "date"
    if missing and len(values) >= _FEWEST_FOR_A_CONSTANT:
        known = values[np.isfinite(values)]
        if len(known) and known.min() == known.max():
            return "constant"
    return "number"


def repeated(values: np.ndarray) -> Odd | None:
    """Return the first repeated value, with its second row, and how many rows repeat a value."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    again = np.sort(order[1:][ordered[1:] == ordered[:-1]])
    if not len(again):
        return None
    return Odd(len(again), Cell(int(again[0]) + 1, f"{values[again[0]]:.0f}"), ())


def lone(values: np.ndarray) -> tuple[float, int] | None:
    """Return the lone extreme of values (n,), NaN where missing, if there is one."""
    known = values if not np.isnan(values).any() else values[np.isfinite(values)]
    return lone_extreme(known) if len(known) > 3 else None
