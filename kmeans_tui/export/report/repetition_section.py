"""How the report was made, and the commands that do it again: the only place that names any."""

from collections.abc import Iterator

from kmeans_tui import __version__
from kmeans_tui.export.report.blocks import Block, Paragraph, Shell
from kmeans_tui.export.report.findings import Findings


def blocks(findings: Findings) -> Iterator[Block]:
    """Yield what the section says."""
    dataset = findings.dataset
    some = f", but a run is of all {dataset.counted:,} rows" if dataset.counted > dataset.n else ""
    yield Paragraph.of(
        f"Made by kmeans-tui {__version__}. These commands make the report and each part of it "
        f"again{some}; the last opens the clusters in the terminal."
    )
    yield Shell(findings.commands)
    yield Paragraph.of(f"The clustered numbers have the SHA-256 {dataset.digest}.")
