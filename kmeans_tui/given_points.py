"""Points typed on the command line or kept in a small CSV file: ``--centroids`` and ``--add``."""

import argparse
import csv
import io
import math
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kmeans_tui.words import exactly, few, plural, printable

# In full precision more would not fit into one argument of a shell command (128 KB).
MOST_NUMBERS: Final = 6_400
# The square of a larger distance is not finite.
_LARGEST: Final = 1e150
_LARGEST_FILE: Final = 1 << 20
_NUMERIC: Final = frozenset("0123456789+-.eE,; \t\n")
_NOT_FINITE: Final = ("nan", "inf", "+inf", "-inf", "infinity", "-infinity")
_SEPARATORS: Final = (";", "\t", ",")
_HOW: Final = "write points as '1,2 3.5,4'"


class UnusablePointsFile(Exception):  # noqa: N818 - an answer to the user, not an error here
    """A file of points that cannot be read or used: one sentence."""


@dataclass(frozen=True)
class GivenPoints:
    """Points in the units of the table: ``rows`` of equally many values.

    ``names`` are the features of the values; without them, the features in their order. ``str`` is
    the text that ``given_points`` reads back, in full precision.
    """

    rows: tuple[tuple[float, ...], ...]
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        points = " ".join(",".join(map(exactly, row)) for row in self.rows)
        if not self.names:
            return points
        line = io.StringIO()
        csv.writer(line, lineterminator="").writerow(self.names)
        return f"{line.getvalue()}: {points}"

    def of(self, features: Sequence[str], flag: str) -> tuple[tuple[float, ...], ...]:
        """Return the rows with one value for each of these features, in their order.

        Raises ``ValueError``, one sentence that names the ``flag``, if they do not fit.
        """
        if not self.names:
            if len(self.rows[0]) != len(features):
                values = plural(len(features), "value")
                raise ValueError(
                    f"{flag} gives {plural(len(self.rows[0]), 'value')} for each point and needs "
                    f"{values}, one for each of {few(features, 8)}"
                )
            return self.rows
        places = []
        folded = [each.strip().casefold() for each in self.names]
        for each in features:
            exact = [i for i, name in enumerate(self.names) if name == each]
            found = exact or [i for i, name in enumerate(folded) if name == each.casefold()]
            if len(found) != 1:
                count = "no column" if not found else "two columns"
                raise ValueError(
                    f"{flag} has {count} {each!r}: it has {few(self.names, 8)}, and needs one for "
                    "each feature that is clustered"
                )
            places.append(found[0])
        return tuple(tuple(row[place] for place in places) for row in self.rows)


def given_points(text: str) -> GivenPoints:
    """Parse points, such as ``1,2 3.5,4`` or ``x,y: 1,2 3.5,4``, or read them from a CSV file.

    Raises ``UnusablePointsFile`` for a file that cannot be used.
    """
    names, colon, numbers = text.rpartition(":")
    if colon and _is_numbers(numbers):
        try:
            columns = tuple(each.strip() for each in next(csv.reader([names]), []))
        except csv.Error:
            columns = ()
        if not columns or not all(columns):
            raise argparse.ArgumentTypeError(f"{text!r} has no names in front of its colon")
        return _parsed(numbers, columns)
    if _is_numbers(text):
        return _parsed(text, ())
    return _read(text)


def _is_numbers(text: str) -> bool:
    words = text.replace(",", " ").replace(";", " ").split()
    if any(each.casefold() in _NOT_FINITE for each in words):
        return True
    return any(c.isdigit() for c in text) and _NUMERIC.issuperset(text)


def _parsed(text: str, names: tuple[str, ...]) -> GivenPoints:
    rows: list[tuple[float, ...]] = []
    for number, point in enumerate(text.replace(";", " ").split(), 1):
        try:
            rows.append(tuple(float(each) for each in point.split(",")))
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"point {number}, {point[:40]!r}, is not made of numbers: {_HOW}"
            ) from None
    problem = _problem(rows, names)
    if problem:
        raise argparse.ArgumentTypeError(f"{problem}: {_HOW}")
    return GivenPoints(tuple(rows), names)


def _problem(rows: Sequence[Sequence[float]], names: Sequence[str]) -> str:
    """What is wrong with points, or nothing."""
    if not rows:
        return "there is no point"
    wide = len(names) or len(rows[0])
    for number, row in enumerate(rows, 1):
        if len(row) != wide:
            return f"point {number} has {plural(len(row), 'value')} and not {wide}"
        if not all(math.isfinite(each) and abs(each) <= _LARGEST for each in row):
            return f"point {number} has a value that is not finite or too large to be squared"
    if len(rows) * wide > MOST_NUMBERS:
        return f"these are {len(rows) * wide:,} numbers, and the limit is {MOST_NUMBERS:,}"
    return ""


def _read(path: str) -> GivenPoints:
    """Return the points in a CSV file, with the names of its columns if it has any.

    Separated by commas, tabs, or semicolons (then with decimal commas, too). Columns without a
    single number are left out.
    """
    shown = printable(path[:80])
    try:
        text = _content(path)
    except UnicodeDecodeError:
        raise UnusablePointsFile(f"{shown} is not text in UTF-8: save it as CSV") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UnusablePointsFile(f"{shown} cannot be read: {why}; {_HOW}, or name a file") from None
    separator = max(_SEPARATORS, key=text.partition("\n")[0].count)
    try:
        found = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        table = [[each.strip() for each in row] for row in found]
    except csv.Error as error:
        raise UnusablePointsFile(f"{shown} is not CSV: {error}") from None
    table = [row for row in table if any(row)]
    if not table:
        raise UnusablePointsFile(f"{shown} is empty: give it a row for each point")
    if separator != ",":
        table = [table[0], *([each.replace(",", ".") for each in row] for row in table[1:])]
        if all(_value(each.replace(",", ".")) is not None for each in table[0]):
            table[0] = [each.replace(",", ".") for each in table[0]]
    titled = not any(_value(each) is not None for each in table[0])
    names, rows = (table[0], table[1:]) if titled else ([], table)
    wide = len(table[0])
    for number, row in enumerate(rows, 1):
        if len(row) != wide:
            raise UnusablePointsFile(
                f"row {number} of {shown} has {plural(len(row), 'cell')} and not {wide}"
            )
    values = [[_value(each) for each in row] for row in rows]
    kept = [i for i in range(wide) if any(row[i] is not None for row in values)]
    points: list[tuple[float, ...]] = []
    for number, numbers in enumerate(values, 1):
        point: list[float] = []
        for i in kept:
            value = numbers[i]
            if value is None:
                where = names[i] if names else i + 1
                raise UnusablePointsFile(
                    f"row {number}, column {printable(str(where)[:40])} of {shown}: "
                    f"'{printable(rows[number - 1][i][:40])}' is not a number"
                )
            point.append(value)
        points.append(tuple(point))
    named = tuple(names[i] for i in kept) if names else ()
    problem = _problem(points, named) if kept else "there is no point"
    if problem:
        raise UnusablePointsFile(f"{shown} cannot be used: {problem}")
    return GivenPoints(tuple(points), named)


def _content(path: str) -> str:
    # Opened without waiting: a pipe could keep the program from its first word.
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(number, "rb") as file:
        seen = os.fstat(number)
        if not stat.S_ISREG(seen.st_mode):
            raise ValueError("it is not a regular file")
        if seen.st_size > _LARGEST_FILE:
            raise ValueError("it is larger than a megabyte, too large for a list of points")
        return file.read(_LARGEST_FILE).decode("utf-8-sig")


def _value(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
