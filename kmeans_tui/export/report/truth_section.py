"""The clusters next to known groups, if there are any."""

from collections.abc import Iterator

from kmeans_tui.export.report.blocks import Block, Paragraph, Tabular
from kmeans_tui.export.report.findings import Findings


def blocks(findings: Findings) -> Iterator[Block]:
    """Yield what the section says: nothing without known groups."""
    dataset, truth = findings.dataset, findings.decision.truth
    if truth is None:
        return
    yield Paragraph.of(
        f"{truth.right:,} of {dataset.n:,} rows are in the matching cluster; the adjusted Rand "
        f"index is {truth.ari:.3f} (1 is full agreement, 0 is chance)."
    )
    yield Tabular.of(
        ["known group", *(f"cluster {cluster + 1}" for cluster in truth.clusters)],
        [
            [name, *map(str, counts)]
            # A set may name groups that none of its rows belong to.
            for name, counts in zip(dataset.truth_names, truth.table.tolist(), strict=False)
        ],
        "the known groups by cluster",
    )
