"""The table of the sections of a report, in their order, and its beginning."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kmeans_tui.data.left_out import counted
from kmeans_tui.export.report import (
    choice_section,
    clusters_section,
    data_section,
    repetition_section,
    rules_section,
    starts_section,
    truth_section,
)
from kmeans_tui.export.report.blocks import Block, Emphasis, Paragraph, Strong, Title
from kmeans_tui.export.report.findings import Findings
from kmeans_tui.words import plural, sentence


@dataclass(frozen=True)
class ReportSection:
    """A section: its heading, and a function that yields what it says; nothing leaves it out."""

    heading: str
    blocks: Callable[[Findings], Iterator[Block]]


SECTIONS: Final = (
    ReportSection("Data", data_section.blocks),
    ReportSection("How many clusters", choice_section.blocks),
    ReportSection("Does the start matter", starts_section.blocks),
    ReportSection("The clusters", clusters_section.blocks),
    ReportSection("The clusters as rules", rules_section.blocks),
    ReportSection("Comparison with the known groups", truth_section.blocks),
    ReportSection("How this was made, and how to do it again", repetition_section.blocks),
)


def title(findings: Findings) -> str:
    """Return the title of the report."""
    return f"The clusters of {findings.dataset.name}"


def blocks(findings: Findings) -> Iterator[Block]:
    """Yield the whole report."""
    dataset, decision = findings.dataset, findings.decision
    yield Title(title(findings), 1)
    yield Paragraph.of(
        Strong(plural(decision.k, "cluster")),
        f" in {counted(dataset)}, by {plural(dataset.d, 'feature')}, found by K-Means. "
        f"{decision.why} {sentence(decision.census.sentence())}",
    )
    heavy = "" if dataset.weights is None else ", each times the weight of its row"
    yield Paragraph.of(
        "K-Means assigns every row to the cluster with the nearest mean. ",
        Emphasis("Inertia"),
        f" is the sum of the squared distances to these means{heavy}: the smaller, the tighter the "
        "clusters. It always falls with more clusters, so the question is when more are no longer "
        "worth it.",
    )
    for each in SECTIONS:
        found = list(each.blocks(findings))
        if found:
            yield Title(each.heading)
            yield from found
