"""``kmeans-tui run``: one run as text or as a JSON document."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import (
    DONE,
    INTERRUPTED,
    UNUSABLE,
    Parser,
    answer,
    print_json,
    print_lines,
    refuse,
)

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History
    from kmeans_tui.clustering.watched_start import WatchedStart
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.headless.run_in_parts import Running
    from kmeans_tui.requests.subject import Subject


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser.of("run", "Run K-Means once and print every iteration.")
    parser.add_json()
    parser.add_argument("--labels", action="store_true", help="with --json: every row's cluster")
    parser.add_argument("--draws", action="store_true", help="the start, draw by draw")
    parser.add_argument(
        "--working", action="store_true", help="of small data: all distances, as written by hand"
    )
    given = parser.parse_args(words)
    if given.labels and not given.json:
        parser.error("--labels needs --json")
    options = from_arguments(given)

    from kmeans_tui.analysis import draw_words, working
    from kmeans_tui.headless.text import ending, run_lines
    from kmeans_tui.requests import answers, document, fit

    def work(subject: "Subject", narration: Narration) -> "tuple[History, WatchedStart | None]":
        if given.working:
            working.check(subject.dataset, answers.clusters(options, subject.dataset))
        if subject.parts is not None:
            from kmeans_tui.headless.run_in_parts import Running

            running.append(Running(options, subject, lines=not given.json))
            return running[0].history(narration), None
        history = fit.run_of(subject, options, narration)
        watched = given.draws and subject.history is None
        return history, fit.start_of(options, subject.dataset) if watched else None

    running: list[Running] = []
    found = answer(options, work)
    if found is None:
        return UNUSABLE
    subject, (history, start) = found
    dataset, parameters = subject.dataset, subject.parameters
    if given.json:
        whole = document.document(options, dataset, history, parameters, labels=given.labels)
        if given.draws:
            whole["draws"] = [] if start is None else draw_words.document(start)
        if given.working:
            each = (working.working(dataset, history, i) for i in range(len(history)))
            whole["working"] = [working.document(one) for one in each]
        print_json(whole)
    else:
        if given.draws:
            print_lines(_drawn(start, dataset, in_parts=subject.parts is not None))
        for i in range(len(history)) if given.working else ():
            print_lines([*working.working(dataset, history, i).text(), ""])
        if running:
            print_lines(["", *ending(options, dataset, history)])
        else:
            print_lines(run_lines(options if parameters is None else None, dataset, history))
    if running and running[0].interrupted:
        refuse("interrupted: the same command continues after the last whole iteration")
        return INTERRUPTED
    return DONE


def _drawn(start: "WatchedStart | None", dataset: "Dataset", *, in_parts: bool) -> "Iterator[str]":
    """Yield the draws of the start, and a blank line."""
    from kmeans_tui.analysis.draw_words import told

    if in_parts:
        yield "the draws of a start are shown of points in memory only, and these stay on disk"
    elif start is None:
        yield "nothing is drawn: the start is given, recorded, or continues other runs"
    else:
        yield from (told(start, number, dataset) for number in range(len(start)))
    yield ""
