"""What is said of the columns of a table, once it is known which of them are used, and how."""

import shlex
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data import encoding
from kmeans_tui.data.columns import quoted, spelled
from kmeans_tui.data.encoding import Encoding
from kmeans_tui.data.id_columns import id_notes
from kmeans_tui.data.row_costs import row_costs
from kmeans_tui.data.source import Column, Source
from kmeans_tui.words import few, plural

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


class Roles(NamedTuple):
    """What the columns of a table are used for."""

    features: tuple[str, ...]
    encoded: tuple[Encoding, ...]
    truth: Column | None
    identity: Column | None
    weights: Column | None


def lost(
    source: Source,
    rows: NDArray[np.bool_],
    columns: Sequence[Column],
    gapped: Sequence[Column],
    roles: Roles,
    missing: str,
) -> str:
    """Return what was done with ``rows`` ``(n,)`` that lack a value in a feature, and why.

    ``columns`` are the features, ``gapped`` those with an encoded column once, by its own name;
    ``missing`` is ``drop`` or ``median``.
    """
    gaps = [f"{c.name} {c.missing}" for c in gapped if c.missing]
    causes = [f"missing in {', '.join(gaps)}"] if gaps else []
    for each in columns:
        if each.infinite is not None:
            cell = each.infinite.first
            causes.append(
                f"infinite in {each.name} {each.infinite.count}, first row {cell.row}: "
                f"{quoted(cell.text)}"
            )
    filled = f"filled with {encoding.filled_with(gapped, roles.encoded)}"
    done = filled if missing == "median" else "dropped"
    said = (
        f"{plural(int(rows.sum()), 'row')} of {source.n:,} {done}, the first is row "
        f"{source.number(int(rows.argmax()))}: values {'; '.join(causes)}."
    )
    return said if missing == "median" else said + _cost(source, gapped, roles)


def _cost(source: Source, gapped: Sequence[Column], roles: Roles) -> str:
    """Return how many rows each column costs by itself."""
    alone = row_costs(source, roles.features, roles.encoded)
    names = [each.name for each in gapped]
    costs = sorted(((alone.get(e, 0), e) for e in names), key=lambda each: -each[0])
    if len(names) < 2 or not costs[0][0]:
        return ""
    listed = ", ".join(f"{name} {count:,}" for count, name in costs[:_LISTED] if count)
    said = f" Rows that could be kept by leaving out a column: {listed}."
    if sum(bool(each.missing or each.infinite) for each in gapped) < 2:
        said = ""
    most, name = costs[0]
    if most < max(_FEWEST_BACK, _WORTH_DROPPING * source.n):
        return said
    named = shlex.quote(spelled(name, source.names))
    return f"{said} --drop {named} brings back {most:,} rows."


def converted(columns: Sequence[Column]) -> list[str]:
    """Return a sentence for every feature whose numbers differ from those in the file."""
    notes = []
    for each in columns:
        if each.negative:
            notes.append(f"{each.name}: a number in parentheses is negative, (45) counts as -45.")
        if each.sign:
            sign = each.sign
            notes.append(f"{each.name}: the sign {sign} is removed, 45{sign} counts as 45.")
    return notes


def doubtful(features: Iterable[tuple[Column, NDArray[np.float64]]]) -> list[str]:
    """Return a sentence for what may be misread of features, given with their values."""
    notes = []
    for each, values in features:
        if each.rounded is not None:
            cell = each.rounded.first
            notes.append(
                f"{each.name} has {each.rounded.count} whole numbers beyond 2^53, which are "
                f"rounded: the first is row {cell.row}, {cell.text}."
            )
        if each.lone is not None:
            value, _ = each.lone
            count = int((values == value).sum())
            if count:
                notes.append(
                    f"{each.name} is {value:g} in {plural(count, 'row')} and far from it in "
                    f"all others: --na={value:.10g} counts it as missing, if it is a mark of "
                    "that."
                )
    return notes


def doubtful_labels(source: Source, roles: Roles) -> list[str]:
    """Return a sentence for every column that may be kept as labels by mistake."""
    notes = []
    for each in source.columns:
        if each.repeated is not None and each.name not in roles.features and each != roles.identity:
            cell, count = each.repeated.first, each.repeated.count
            more = "" if count == 1 else f", {count:,} such rows"
            notes.append(
                f"{each.name} identifies rows more than once: {cell.text} appears again in row "
                f"{cell.row}{more}."
            )
        if each.amounts is not None and each != roles.truth:
            cell, count = each.amounts.first, each.amounts.count
            notes.append(
                f"{each.name} is kept as text, though many cells hold numbers: {count:,} are "
                f"not plain numbers, the first in row {cell.row}, {quoted(cell.text)}."
            )
    return notes


def aside(source: Source, roles: Roles) -> list[str]:
    """Return a sentence for each kind of column that is not used."""
    taking, kinds = set(roles.features), dict[str, list[str]]()
    notes = [] if roles.truth is None else [f"{roles.truth.name}: the known grouping."]
    if roles.identity is not None:
        notes += id_notes(roles.identity, source)
    for each in source.columns:
        if each.name in taking or each in (roles.truth, roles.identity, roles.weights):
            continue
        if any(each.name == one.column for one in roles.encoded):
            continue
        if each.kind == "constant":
            notes.append(
                f"{each.name} has only one value, and none in {plural(each.missing, 'row')}: "
                "left out to keep those rows (--features includes it)."
            )
        else:
            kinds.setdefault(each.kind, []).append(each.name)
    for kind, names in kinds.items():
        notes.append(f"{few(names, _LISTED)}: {_ASIDE[kind]}.")
    return notes


def advice(source: Source, roles: Roles, log: Sequence[str]) -> list[str]:
    """Return what the user may want besides; ``log`` are the features taken as logarithms."""
    found = []
    skewed = [each for each in source.skewed() if each in roles.features and each not in log]
    if skewed:
        shown = shlex.quote(",".join(skewed[:_LISTED]))
        found.append(f"Skewed to the right: --log {shown} takes the logarithm.")
    known = [c.name for c in source.columns if c.kind == "identifier"]
    if roles.identity is None and known and known[0] not in roles.features:
        named = shlex.quote(spelled(known[0], source.names))
        found.append(f"{known[0]} may name the rows: --id {named} finds and lists them by it.")
    return found
