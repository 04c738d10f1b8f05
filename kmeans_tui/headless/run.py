"""``kmeans-tui run``: one run as text or as a JSON document."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import DONE, UNUSABLE, Parser, answer, print_json, print_lines

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.requests.subject import Subject


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser.of("run", "Run K-Means once and print every iteration.")
    parser.add_json()
    parser.add_argument("--labels", action="store_true", help="with --json: every row's cluster")
    given = parser.parse_args(words)
    if given.labels and not given.json:
        parser.error("--labels needs --json")
    options = from_arguments(given)

    from kmeans_tui.headless.text import run_lines
    from kmeans_tui.requests import document, fit

    def work(subject: "Subject", narration: Narration) -> "History":
        return fit.run_of(subject, options, narration)

    found = answer(options, work)
    if found is None:
        return UNUSABLE
    subject, history = found
    dataset, parameters = subject.dataset, subject.parameters
    if given.json:
        print_json(document.document(options, dataset, history, parameters, labels=given.labels))
    else:
        print_lines(run_lines(options if parameters is None else None, dataset, history))
    return DONE
