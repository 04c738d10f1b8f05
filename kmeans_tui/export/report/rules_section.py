"""The clusters as rules on single columns, and what they cost."""

from collections.abc import Iterator

from kmeans_tui.analysis.cluster_rules import rules
from kmeans_tui.export.report.blocks import Block, Bullets, Linked, Paragraph
from kmeans_tui.export.report.findings import Findings
from kmeans_tui.words import sentence


def blocks(findings: Findings) -> Iterator[Block]:
    """Yield what the section says."""
    decision = findings.decision
    found = rules(findings.dataset, decision.history[-1].labels, decision.k)
    yield Paragraph.of(sentence(found.sentence()))
    if found.rules:
        yield Bullets(tuple(f"{each}: {each.price()}" for each in found.rules))
    if findings.rules:
        yield Paragraph.of("The same as SQL: ", Linked(findings.rules))
