"""``kmeans-tui ladder``: which rows part or join from each k to the next."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kmeans_tui.command import ELBOW_INIT, Options
from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.elbow import swept
from kmeans_tui.headless.shell import Parser, tell
from kmeans_tui.requests import answers

if TYPE_CHECKING:
    from kmeans_tui.analysis.sweep import Sweep
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser.of("ladder", "Which rows part or join from k clusters to k + 1, for each k.")
    parser.set_defaults(init=ELBOW_INIT)
    parser.add_json()
    given = parser.parse_args(words)
    options = from_arguments(given)

    work = swept(options, criteria=False)
    return tell(options, work, _document if given.json else None, _lines)


def _document(options: Options, subject: "Subject", sweep: "Sweep") -> dict[str, Any]:
    from kmeans_tui.analysis.rungs import ladder
    from kmeans_tui.requests.document import heading

    options = replace(options, init=sweep.init, empty=sweep.empty)
    k = answers.clusters(options, subject.dataset)
    return {
        **heading(options, subject.dataset, k, subject.parameters),
        "ladder": ladder(sweep, subject.dataset.weights).document(),
    }


def _lines(options: Options, dataset: "Dataset", sweep: "Sweep") -> Iterator[str]:
    from kmeans_tui.analysis.rungs import ladder
    from kmeans_tui.analysis.text_table import about, count, padded, rows
    from kmeans_tui.headless.text import remarks, start_name

    runs = count(sweep.rows[0].runs, "run")
    yield (
        f"{about(dataset)}, best of {runs} for each k, start {start_name(sweep.init)}, "
        f"seed {options.seed}"
    )
    found = ladder(sweep, dataset.weights)
    for rung, (head, *body) in found.tables():
        yield ""
        yield f"k = {rung.k - 1} to {rung.k}: {rung.sentence()}"
        columns = [list(column) for column in zip(head, *body, strict=True)]
        names = padded(columns[0])
        yield from (
            f"  {name}  {line}" for name, line in zip(names, rows(columns[1:]), strict=True)
        )
    yield from remarks(dataset)
