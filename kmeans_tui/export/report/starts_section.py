"""Does the start matter: the results of many starts."""

from collections.abc import Iterator
from typing import Final

from kmeans_tui.analysis.starts import called
from kmeans_tui.export.report.blocks import Block, Illustration, Paragraph, Tabular
from kmeans_tui.export.report.findings import Findings
from kmeans_tui.words import plural, sentence

# Results beyond these are rare.
_LISTED: Final = 10


def blocks(findings: Findings) -> Iterator[Block]:
    """Yield what the section says."""
    decision = findings.decision
    census = decision.census
    yield Paragraph.of(sentence(decision.runs.summary(census.lowest)))
    yield Paragraph.of(f"The results of {plural(census.runs, f'{called(census.init)} start')}:")
    yield Tabular.of(
        ["inertia", "starts", "share", "first seed"],
        [
            [f"{each.inertia:.6g}", str(each.count), f"{each.share:.1%}", str(each.first_seed)]
            for each in census.optima[:_LISTED]
        ],
        "the results of many starts",
    )
    yield Paragraph.of(sentence(census.sentence()))
    yield from map(Paragraph.of, findings.given)
    yield Illustration("seeds", "The results of many starts")
