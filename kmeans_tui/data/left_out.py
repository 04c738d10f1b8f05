"""Which rows of a file a data set leaves out, and why."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from kmeans_tui.data import encoding
from kmeans_tui.data.omission import LeftOut
from kmeans_tui.words import few, listed, plural

if TYPE_CHECKING:
    from kmeans_tui.data.column_notes import Roles
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.source import Source

_LISTED: Final = 3


def left_out(
    source: "Source", kept: int, roles: "Roles", taken_out: Sequence[int], missing: str
) -> LeftOut | None:
    """Return what is left out of a file of which ``kept`` rows are used; None for nothing."""
    if kept >= source.n:
        return None
    reasons = tuple(_reasons(source, roles, taken_out, missing))
    return LeftOut(source.n - kept, source.n, reasons)


def counted(dataset: "Dataset") -> str:
    """Return the rows in words: ``4,812 of 5,000 rows (188 left out: gaps in income)``."""
    kept = dataset.n - dataset.added
    if dataset.counted > dataset.n:
        return f"{dataset.n:,} display rows of {dataset.counted:,}"
    drawn = "" if dataset.sampled is None else f", drawn at random from {dataset.sampled.of:,}"
    lost = dataset.left_out
    if lost is None:
        said = plural(kept, "row") + drawn
    else:
        why = f": {listed(lost.reasons)}" if lost.reasons else ""
        # Of a recording, more rows may be taken out by hand.
        out = f"{lost.of - kept:,} left out{why}"
        said = f"{kept:,} of {plural(lost.of, 'row')}{drawn} ({out})"
    return f"{said} and {plural(dataset.added, 'added row')}" if dataset.added else said


def _reasons(
    source: "Source", roles: "Roles", taken_out: Sequence[int], missing: str
) -> Iterator[str]:
    """Yield why rows of the file are left out."""
    # A row that is not in a sample is out already.
    by_hand = sum(source.place(each) is not None for each in taken_out)
    if by_hand:
        yield f"{by_hand:,} taken out by hand"
    if source.ragged is not None and source.ragged.any():
        yield f"{int((source.ragged > 0).sum()):,} with the wrong number of cells"
    if roles.weights is not None:
        column = source.numbers[:, roles.weights.position or 0]
        if not (column > 0).all():
            yield f"no weight in column {roles.weights.name}"
    gapped = {each.column for each in roles.encoded if encoding.missing(source, each).any()}
    gapped |= {
        each.name
        for each in source.columns
        if each.name in roles.features and (each.missing or each.infinite or each.bad)
    }
    gaps = [each for each in source.names if each in gapped]
    if gaps and missing != "median":
        yield f"gaps in {few(gaps, _LISTED) if len(gaps) > _LISTED else listed(gaps)}"
