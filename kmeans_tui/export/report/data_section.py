"""The data: where they come from, how they are prepared, and what was left out or changed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from kmeans_tui.data.builtin.sets import SETS
from kmeans_tui.data.remarks import Weight
from kmeans_tui.export.report.blocks import Block, Bullets, Paragraph, Tabular
from kmeans_tui.export.report.findings import Findings
from kmeans_tui.export.report.spreads import spreads
from kmeans_tui.words import plural, quantity, without_flags

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

# Most features in a table: with more, the important ones are in the profiles.
MOST_FEATURES: Final = 30
_SCALES: Final = {
    "none": "The features are clustered in their original units.",
    "standard": "Every feature is first scaled to mean 0 and standard deviation 1.",
    "minmax": "Every feature is first scaled to the range from 0 to 1.",
    "robust": "Every feature is first centred on its median and divided by its interquartile "
    "range.",
}


def blocks(findings: Findings) -> Iterator[Block]:
    """Yield what the section says."""
    dataset = findings.dataset
    origin = _origin(dataset)
    if origin:
        yield Paragraph.of(origin)
    yield Paragraph.of(_SCALES[dataset.scale])
    notes = [
        without_flags(each)
        for each in dataset.notes()
        if getattr(each, "weight", None) != Weight.ADVICE
    ]
    if any(notes):
        yield Bullets(tuple(filter(None, notes)))
    shown = dataset.features[:MOST_FEATURES]
    widths = spreads(dataset)
    rows = []
    for name in shown:
        column, spread = dataset.column(name), widths[name]
        mean = float(np.average(column, weights=dataset.weights))
        least, most = float(column.min()), float(column.max())
        rows.append(
            [
                name,
                quantity(least, spread, own=True),
                quantity(mean, spread),
                quantity(most, spread, own=True),
                quantity(spread, spread),
            ]
        )
    heads = ("feature", "least", "mean", "most", "standard deviation")
    yield Tabular.of(heads, rows, "the features")
    if len(shown) < dataset.d:
        yield Paragraph.of(f"and {plural(dataset.d - len(shown), 'more feature')}.")


def _origin(dataset: "Dataset") -> str:
    """Return where the rows come from, in words; nothing if that is not known."""
    source = dataset.source
    if source is not None:
        kept = dataset.n - dataset.added
        rows = f"{kept:,} of the {source.n:,}" if kept < source.n else f"All {source.n:,}"
        return f"{rows} rows are used. Read as {source.read_as}."
    if dataset.picture is not None:
        return f"The pixels of an image: {dataset.about}." if dataset.about else ""
    if dataset.about in {each.about for each in SETS.values()}:
        return f"A built-in set: {dataset.about}."
    return f"Opened from the recording of a run: {dataset.about}." if dataset.about else ""
