"""The type, shape and range that each array of a recording must have.

Sizes have names: n points, k clusters, d features, t iterations including the start, m changed
labels, e events. The same checks serve the arrays of an npz archive and the lists of a document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np

# Above this, the squared distance of two points is not finite.
LARGEST: Final = 1e150
_KINDS: Final = {"i": "whole numbers", "u": "whole numbers", "f": "numbers", "U": "text"}
# Integers are accepted as numbers: other programs write 1.0 as 1. True is an int, but rejected.
_ELEMENTS: Final[Mapping[str, set[type]]] = {"i": {int}, "u": {int}, "f": {int, float}, "U": {str}}

Sizes = Mapping[str, int]
Bound = int | float | str


class FieldError(ValueError):
    """What is wrong with a field, to follow its name: ``has 99 where …``."""


@dataclass(frozen=True)
class Field:
    """An array of one of the numpy ``kinds``, with a ``shape`` of numbers and named sizes.

    ``low`` and ``high`` bound its range, a tuple if columns differ; a bound may be a size, or a
    size less one: ``k-1``. ``gaps`` allows NaN, null in a document.
    """

    kinds: str
    shape: tuple[int | str, ...]
    low: Bound | tuple[Bound, ...] | None = None
    high: Bound | tuple[Bound, ...] | None = None
    gaps: bool = False

    def sized(self, sizes: Sizes) -> tuple[int, ...]:
        """Return the shape in numbers."""
        return tuple(each if isinstance(each, int) else sizes[each] for each in self.shape)

    def check_head(self, shape: tuple[int, ...], kind: np.dtype, sizes: Sizes) -> None:
        """Raise ``FieldError`` for a wrong type or shape, before reading any content."""
        if kind.kind not in self.kinds or (kind.kind == "f" and kind.itemsize not in (4, 8)):
            raise FieldError(f"has type {kind} instead of {_KINDS[self.kinds[0]]}")
        if shape != self.sized(sizes):
            raise FieldError(f"has the shape {shape} instead of {self.sized(sizes)}")

    def check_values(self, array: np.ndarray, sizes: Sizes) -> None:
        """Raise ``FieldError`` for a value that is out of range."""
        if array.dtype.kind == "U" or not array.size:
            return
        bad = np.isinf(array) if self.gaps else ~np.isfinite(array)
        if bad.any():
            raise FieldError("has values that are not finite numbers")
        if self.low is None or self.high is None:
            return
        lows, highs = _ends(self.low, sizes), _ends(self.high, sizes)
        columns = array.reshape(-1, len(lows))
        found = zip(columns.min(axis=0).tolist(), columns.max(axis=0).tolist(), strict=True)
        for (least, most), low, high in zip(found, lows, highs, strict=True):
            if not low <= least <= most <= high:
                value = most if low <= least else least
                raise FieldError(f"has {value!r} instead of a value from {low} to {high}")

    def read(self, value: object, sizes: Sizes) -> np.ndarray:
        """Return the array from a document's nested lists; raises ``FieldError``."""
        shape = self.sized(sizes)
        flat = [value]
        for length in shape:
            wrong = next((each for each in flat if type(each) is not list), None)
            if wrong is not None or None in flat:
                raise FieldError(f"has {named(wrong)} instead of a list")
            for each in flat:
                if len(each) != length:  # type: ignore[arg-type]
                    raise FieldError(
                        f"has a list of length {len(each):,} instead of {length:,}"  # type: ignore[arg-type]
                    )
            flat = list(chain.from_iterable(flat))  # type: ignore[arg-type]
        kinds = set(map(type, flat)) - _ELEMENTS[self.kinds[0]]
        if self.gaps:
            kinds.discard(type(None))
        if kinds:
            wrong = next(each for each in flat if type(each) in kinds)
            raise FieldError(f"has {named(wrong)} instead of {_KINDS[self.kinds[0]]}")
        kind = {"i": np.int64, "u": np.int64, "f": np.float64, "U": np.str_}[self.kinds[0]]
        try:
            array: np.ndarray = np.array(flat, kind).reshape(shape)
        except OverflowError:
            raise FieldError("has a number that is too large") from None
        self.check_values(array, sizes)
        return array


def named(value: object) -> str:
    """Return a value of a document for use in a sentence, short and on one line."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int) and value.bit_length() > 128:
        return "a number of very many digits"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _ends(bound: Bound | tuple[Bound, ...], sizes: Sizes) -> list[int | float]:
    return [_end(each, sizes) for each in (bound if isinstance(bound, tuple) else (bound,))]


def _end(bound: Any, sizes: Sizes) -> int | float:
    if not isinstance(bound, str):
        return bound
    name, less, _ = bound.partition("-1")
    return sizes[name] - (1 if less else 0)
