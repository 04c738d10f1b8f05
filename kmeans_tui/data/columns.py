"""Find the columns of a table that the user named, as features or axes."""

import shlex
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from kmeans_tui.vocabulary import PCA
from kmeans_tui.words import printable

SCALES_LISTED: Final = "standard, minmax, robust or none"
_LISTED: Final = 8


class DataError(ValueError):
    """Data that cannot be used; the message says what is wrong, where, and what to do."""


class NoRowsError(DataError):
    """A table that is a header alone."""


# The fields of a dialect that make a file read in one particular way.
Reading: TypeAlias = dict[str, Any]


class Question(DataError):  # noqa: N818 - a question, not a fault
    """Cells that can be read as two different numbers, so that guessing is not safe.

    Each of the ``readings`` gives the fields of the dialect that settle it.
    """

    def __init__(self, doubt: str, readings: Sequence[Reading]) -> None:
        self.readings = tuple(readings)
        flags = " or ".join(" ".join(map(_flag, each.items())) for each in readings)
        super().__init__(f"{doubt}; add {flags}")


def _flag(said: tuple[str, Any]) -> str:
    name, value = said
    flag = name.replace("_", "-")
    if isinstance(value, bool):
        return f"--{flag}" if value else f"--no-{flag}"
    return f"--{flag} {shlex.quote(str(value))}"


def quoted(cell: str) -> str:
    """Return a cell for use in a sentence: quoted, on one line, shortened."""
    shown = printable(cell)
    return f"'{shown if len(shown) <= 40 else shown[:39] + '…'}'"


def nearest(wanted: str, known: Sequence[str], kind: str) -> str:
    """Return the end of an error message: the known names closest to ``wanted``, or all if few."""
    by_folded = {each.casefold(): each for each in known}
    near = [by_folded[each] for each in get_close_matches(wanted.casefold(), by_folded, 3, 0.5)]
    if near:
        return f"did you mean {' or '.join(near)}?"
    listed = ", ".join(known[:_LISTED])
    more = len(known) - _LISTED
    return f"the {kind} are {listed}" + (f" and {more} more" if more > 0 else "")


def find_column(wanted: str, columns: Sequence[str], table: str) -> str:
    """Return the column with that name, in any case, or with that number, counted from 1.

    Raises ``DataError`` naming the closest columns of ``table``.
    """
    if wanted in columns:
        return wanted
    same = [each for each in columns if each.casefold() == wanted.strip().casefold()]
    if len(same) == 1:
        return same[0]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(columns):
        return columns[int(wanted) - 1]
    raise DataError(f"{table} has no feature {wanted!r}: {nearest(wanted, columns, 'features')}")


def spelled(name: str, names: Sequence[str]) -> str:
    """Return a column as for a flag: its name, or its number if commas would split the name."""
    number = str(names.index(name) + 1)
    awkward = "," in name or name != name.strip() or name == "pca"
    return number if awkward and number not in names else name


def find_features(wanted: Sequence[str], columns: Sequence[str], table: str) -> tuple[str, ...]:
    """Return the columns to cluster by, in the order given; ``DataError`` if none or repeated."""
    # Looked up in a dictionary: a table may have ten thousand columns.
    known = frozenset(columns)
    found = tuple(each if each in known else find_column(each, columns, table) for each in wanted)
    if not found:
        raise DataError(f"no feature of {table} is chosen: choose at least one")
    if len(set(found)) < len(found):
        twice = next(each for i, each in enumerate(found) if each in found[:i])
        raise DataError(f"{twice} is chosen twice among the features of {table}: name it once")
    return found


def find_axes(
    wanted: Sequence[str], features: Sequence[str], columns: Sequence[str], table: str
) -> tuple[str, ...]:
    """Return the two features to show, ``("pca",)``, or the only feature; raises ``DataError``."""
    if len(features) == 1:
        if tuple(wanted) != tuple(features):
            raise DataError(
                f"{features[0]} is the only feature used and is shown against the row number: "
                "choose two or more features to choose axes"
            )
        return tuple(features)
    if tuple(wanted) == (PCA,):
        return (PCA,)
    found = tuple(find_column(each, columns, table) for each in wanted)
    if len(found) != 2 or found[0] == found[1]:
        raise DataError(
            f"axes must be two different features of {table}, or pca, not {', '.join(wanted)}"
        )
    for each in found:
        if each not in features:
            raise DataError(
                f"{each} is not used in the clustering and cannot be an axis: choose from "
                + ", ".join(features[:_LISTED])
                + (", …" if len(features) > _LISTED else "")
            )
    return found


def fitting_axes(axes: Sequence[str], features: Sequence[str]) -> tuple[str, ...]:
    """Return ``axes`` if these features allow them, else the first two features."""
    if len(features) == 1:
        return (features[0],)
    if tuple(axes) == (PCA,):
        return (PCA,)
    kept = [each for each in axes if each in features]
    return tuple([*kept, *(each for each in features if each not in kept)][:2])


def free_names(wanted: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Return names of columns to add, with underscores appended until they are new."""
    found = []
    for name in wanted:
        while name in taken:
            name += "_"
        found.append(name)
    return found
