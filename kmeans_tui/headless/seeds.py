"""``kmeans-tui seeds``: does the start matter."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kmeans_tui.command import Options
from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import Parser, tell
from kmeans_tui.requests import answers

if TYPE_CHECKING:
    from kmeans_tui.analysis.census import Census
    from kmeans_tui.analysis.progress import Progress
    from kmeans_tui.analysis.seed_runs import SeedRuns
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser.of("seeds", "Run K-Means from many seeds and compare the results.")
    parser.add_json()
    given = parser.parse_args(words)
    options = from_arguments(given)
    options = replace(options, init=answers.drawn_start(options.init))
    counted = options.seeds if options.census is None else range(options.census)

    def work(subject: "Subject", narration: Narration) -> "tuple[SeedRuns, Census]":
        def tell(said: "Progress[Any]") -> None:
            narration.say(f"{said.done} of {said.total} seeds")

        runs = answers.seed_runs(options, subject.dataset, progress=tell)
        return runs, answers.census(options, subject.dataset, counted, tell)

    return tell(options, work, document if given.json else None, lines)


def document(
    options: Options, subject: "Subject", found: "tuple[SeedRuns, Census]"
) -> dict[str, Any]:
    """Return the seeds and the census as plain numbers, for ``json.dumps(…, allow_nan=False)``."""
    from kmeans_tui.requests.document import heading

    runs, census = found
    return {
        **heading(options, subject.dataset, len(runs.best.centroids), subject.parameters),
        "rows": [
            {"seed": row.seed, "inertia": row.inertia, "updates": row.updates, "gap": row.gap}
            for row in runs.rows
        ],
        "best": runs.best.inertia,
        "worst": runs.worst.inertia,
        "difference": runs.difference,
        "best_seed": runs.best.seed,
        "worst_seed": runs.worst.seed,
        "summary": runs.summary(census.lowest),
        "optima": [
            {
                "inertia": each.inertia,
                "count": each.count,
                "share": each.share,
                "first_seed": each.first_seed,
                "partitions": each.partitions,
            }
            for each in census.optima
        ],
        "runs": census.runs,
        "failures": census.failures,
        "starts_needed": census.starts_needed,
        "sentence": census.sentence(),
        "lowest": census.lowest,
        "lowest_by": census.outside.by if census.outside and not census.supported else None,
        "supported": census.supported,
    }


def lines(options: Options, dataset: "Dataset", found: "tuple[SeedRuns, Census]") -> Iterator[str]:
    """Yield the seeds, best first, the conclusion, and the census as bars."""
    from kmeans_tui.analysis.text_table import about, aligned, rows
    from kmeans_tui.headless.text import remarks, start_name

    runs, census = found
    k = len(runs.best.centroids)
    then = ", each improved by swaps" if options.improve else ""
    yield f"{about(dataset)}, k {k}, start {start_name(options.init)}{then}"
    yield ""
    ranked = runs.sorted()
    yield from rows(
        [
            ["seed", *(str(row.seed) for row in ranked)],
            ["inertia", *aligned([row.inertia for row in ranked], 7)],
            ["updates", *(str(row.updates) for row in ranked)],
            ["above best", *("-" if row.gap is None else f"{row.gap:.2%}" for row in ranked)],
        ]
    )
    yield ""
    best, worst, difference = aligned([runs.best.inertia, runs.worst.inertia, runs.difference], 7)
    yield f"best {best.strip()}, worst {worst.strip()}, difference {difference.strip()}"
    yield runs.summary(census.lowest)
    yield ""
    yield f"results of {census.runs} starts ({census.partitions} different partitions)"
    yield ""
    table = rows(
        [
            ["inertia", *aligned([each.inertia for each in census.optima], 7)],
            ["starts", *(str(each.count) for each in census.optima)],
            ["share", *(f"{each.share:.1%}" for each in census.optima)],
            ["first seed", *(str(each.first_seed) for each in census.optima)],
        ]
    )
    bars = ["", *("#" * max(1, round(40 * each.share)) for each in census.optima)]
    for line, bar in zip(table, bars, strict=True):
        yield f"{line}  {bar}".rstrip()
    yield ""
    yield census.sentence()
    yield from remarks(dataset)
