"""How many clusters: the criteria for each k, and their verdict."""

from collections.abc import Iterator

from kmeans_tui.analysis import votes
from kmeans_tui.analysis.criteria import measured, rules
from kmeans_tui.analysis.rounding import same
from kmeans_tui.analysis.starts import called
from kmeans_tui.export.report.blocks import Block, Bullets, Illustration, Paragraph, Tabular
from kmeans_tui.export.report.findings import Findings
from kmeans_tui.words import plural, sentence, without_flags


def blocks(findings: Findings) -> Iterator[Block]:
    """Yield what the section says."""
    decision = findings.decision
    sweep = decision.sweep
    verdict = sweep.verdict
    best = decision.census.optima[0].inertia
    at_k = [row.best for row in sweep.rows if row.k == decision.k]
    less = bool(at_k) and best < at_k[0] and not same(best, at_k[0])
    yield Paragraph.of(sentence(verdict.sentence))
    yield Paragraph.of(f"Besides the elbow, {rules()} vote. {votes.rule()}")
    then = ", then of swaps," if sweep.improve else ""
    starts = plural(sweep.rows[-1].runs, f"{called(sweep.init)} start")
    more = f"; more starts found {best:.6g} for k = {decision.k}." if less else "."
    yield Paragraph.of(f"The inertia is the best of {starts}{then} for each k{more}")
    yield Tabular.of(
        ["k", "inertia", *(each.title for each in measured())],
        [
            [
                str(row.k),
                f"{row.best:.6g}",
                *(each.text(row.scores.get(each.key), 3) for each in measured()),
            ]
            for row in sweep.rows
        ],
        "the criteria for each k",
        bold=next((i for i, r in enumerate(sweep.rows) if r.k == decision.k), None),
    )
    notes = tuple(filter(None, map(without_flags, verdict.notes)))
    if notes:
        yield Bullets(tuple(map(sentence, notes)))
    yield Illustration("elbow", "The criteria for each k, and their joint verdict")
