"""Which rows of a file a data set leaves out, and why."""

from typing import TYPE_CHECKING, Final

from kmeans_tui.words import few, listed, plural

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

_LISTED: Final = 3


def counted(dataset: "Dataset") -> str:
    """Return the rows in words: ``4,812 of 5,000 rows (188 left out: gaps in income)``."""
    source = dataset.source
    kept = dataset.n - dataset.added
    if source is None or kept >= source.n:
        return plural(dataset.n, "row")
    reasons = []
    if dataset.taken_out:
        reasons.append(f"{len(dataset.taken_out):,} taken out by hand")
    if source.ragged is not None and source.ragged.any():
        reasons.append(f"{int((source.ragged > 0).sum()):,} with the wrong number of cells")
    gaps = [
        each.name
        for each in source.columns
        if each.name in dataset.features and (each.missing or each.infinite or each.bad)
    ]
    if gaps and dataset.missing != "median":
        reasons.append(f"gaps in {few(gaps, _LISTED)}" if len(gaps) > _LISTED
                       else f"gaps in {listed(gaps)}")  # fmt: skip
    why = f": {listed(reasons)}" if reasons else ""
    rows = f"{kept:,} of {plural(source.n, 'row')} ({source.n - kept:,} left out{why})"
    return f"{rows} and {plural(dataset.added, 'added row')}" if dataset.added else rows
