"""``kmeans-tui rules``: the clusters as rules, as text, SQL, Python or a JSON document."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import Parser, tell

if TYPE_CHECKING:
    from kmeans_tui.analysis.cluster_rules import ClusterRules
    from kmeans_tui.clustering.history import History
    from kmeans_tui.command import Options
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject

    Found = tuple[History, ClusterRules]


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser.of(
        "rules",
        "The clusters of a run as rules on single columns, and how many rows fit them.",
    )
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--sql", action="store_true", help="as an SQL CASE expression")
    forms.add_argument("--python", action="store_true", help="as a Python function")
    forms.add_argument("--json", action="store_true", help="as one JSON document")
    given = parser.parse_args(words)

    def work(subject: "Subject", narration: Narration) -> "Found":
        from kmeans_tui.analysis.cluster_rules import rules
        from kmeans_tui.requests import fit

        history = fit.run_of(subject, from_arguments(given), narration, narration.say)
        last = history[-1]
        narration.say("looking for rules")
        return history, rules(subject.dataset, last.labels, len(last.centroids))

    def lines(options: "Options", dataset: "Dataset", found: "Found") -> Iterator[str]:
        if given.sql:
            yield from found[1].sql().split("\n")
        elif given.python:
            yield from found[1].python().split("\n")
        else:
            yield from found[1].lines()

    return tell(from_arguments(given), work, _document if given.json else None, lines)


def _document(options: "Options", subject: "Subject", found: "Found") -> dict[str, Any]:
    from kmeans_tui.requests import document

    history, rules = found
    whole = document.document(options, subject.dataset, history, subject.parameters)
    return {**whole, **rules.document()}
