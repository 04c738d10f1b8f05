"""Which rows of a file a data set leaves out, and why."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from kmeans_tui.data import encoding
from kmeans_tui.words import few, listed, plural

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.data.source import Source

_LISTED: Final = 3


def counted(dataset: "Dataset") -> str:
    """Return the rows in words: ``4,812 of 5,000 rows (188 left out: gaps in income)``."""
    source = dataset.source
    kept = dataset.n - dataset.added
    if dataset.counted > dataset.n:
        return f"{dataset.n:,} display rows of {dataset.counted:,}"
    if source is None:
        return plural(dataset.n, "row")
    drawn = "" if dataset.sampled is None else f", drawn at random from {dataset.sampled.of:,}"
    if kept >= source.n:
        found = plural(kept, "row") + drawn
    else:
        reasons = [*_reasons(dataset, source)]
        why = f": {listed(reasons)}" if reasons else ""
        out = f"{source.n - kept:,} left out{why}"
        found = f"{kept:,} of {plural(source.n, 'row')}{drawn} ({out})"
    return f"{found} and {plural(dataset.added, 'added row')}" if dataset.added else found


def _reasons(dataset: "Dataset", source: "Source") -> Iterator[str]:
    """Yield why rows of the file are left out."""
    # A row that is not in a sample is out already.
    taken_out = sum(source.place(each) is not None for each in dataset.taken_out)
    if taken_out:
        yield f"{taken_out:,} taken out by hand"
    if source.ragged is not None and source.ragged.any():
        yield f"{int((source.ragged > 0).sum()):,} with the wrong number of cells"
    if dataset.weight_column:
        column = source.numbers[:, source.column(dataset.weight_column).position or 0]
        if not (column > 0).all():
            yield f"no weight in {dataset.weight_column}"
    gapped = {each.column for each in dataset.encoded if encoding.missing(source, each).any()}
    gapped |= {
        each.name
        for each in source.columns
        if each.name in dataset.features and (each.missing or each.infinite or each.bad)
    }
    gaps = [each for each in source.names if each in gapped]
    if gaps and dataset.missing != "median":
        yield f"gaps in {few(gaps, _LISTED) if len(gaps) > _LISTED else listed(gaps)}"
