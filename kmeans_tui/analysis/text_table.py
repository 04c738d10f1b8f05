"""Plain text tables: columns of equal width, numbers with equally many decimals."""

import math
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kmeans_tui.words import tally

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.data.dataset import Dataset


def about(dataset: "Dataset") -> str:
    """Return the data in one line: name, rows, features, scale."""
    part = "" if dataset.d == len(dataset.columns) else f" of {len(dataset.columns)}"
    rows = count(dataset.counted, "row")
    if dataset.counted > dataset.n:
        rows += f" ({dataset.n} on display)"
    return f"{dataset.title}: {rows}, {count(dataset.d, 'feature', part)}, scale {dataset.scale}"


def aligned(values: Sequence[float], digits: int) -> list[str]:
    """Return numbers with equally many decimals, so that the largest shows ``digits`` digits."""
    largest = max((abs(each) for each in values), default=0.0)
    before = math.floor(math.log10(largest)) + 1 if largest > 0 else 1
    if not -8 < before <= 15:
        return [f"{each:.{digits - 1}e}" for each in values]
    decimals = max(digits - before, 0)
    # No "-0.00": the mean of zeros may be -1e-17.
    return [f"{each:z.{decimals}f}" for each in values]


def padded(cells: Sequence[str]) -> list[str]:
    """Return cells padded on the right to the width of the widest."""
    width = max(map(len, cells), default=0)
    return [each.ljust(width) for each in cells]


def rows(columns: Sequence[Sequence[str]]) -> list[str]:
    """Return right-aligned columns as lines."""
    widths = [max(map(len, column)) for column in columns]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in zip(*columns, strict=True)
    ]


def count(number: int, noun: str, part: str = "") -> str:
    """Return a number with its noun: ``1 row``, ``2 rows``, ``2 of 4 features``."""
    return f"{number}{part} {noun}" + ("" if number == 1 and not part else "s")


def weights_line(name: str, weights: "np.ndarray | None") -> list[list[str]]:
    """Return a column of the weights of clusters (k,) under their ``name``; none without any."""
    return [] if weights is None else [[name, *map(tally, weights.tolist())]]


def wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    """Yield lines with the sentences wrapped to a width; those of a table stay whole.

    A table has two blanks between its columns, a sentence never.
    """
    for line in lines:
        if "  " in line.strip():
            yield line
        else:
            yield from textwrap.wrap(line, max(width, 8)) or [""]
