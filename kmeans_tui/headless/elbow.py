"""``kmeans-tui elbow``: how many clusters to use."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.analysis import votes
from kmeans_tui.analysis.criteria import measured, rules
from kmeans_tui.command import ELBOW_INIT, Options
from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import Parser, tell
from kmeans_tui.requests import answers

if TYPE_CHECKING:
    from kmeans_tui.analysis.criteria import Row
    from kmeans_tui.analysis.sweep import Sweep
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject

_WIDTH: Final = 94
_EPILOG: Final = """\
--init is one of the usual starts, with a new seed for each run (--seed, the next, ...), or
  warm     continues from the best centroids for k - 1: fast, and the curve never rises
  article  random points, all drawn from one generator, run after run, k after k
The best run for each k then goes on with swaps; not so with --no-improve, or from the start
article, whose figures are those of plain runs.
With --weights a row of weight 3 counts as three in the criteria; only the halves of the prediction
strength are drawn row by row, and the shape of the groups is that of the rows.

"""


def _epilog() -> str:
    """Return what ``--help`` says last: the starts, the criteria, and when they name a k."""
    return _EPILOG + fill(f"Besides the elbow, {rules()} vote. {votes.rule()}", _WIDTH)


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser.of("elbow", "Run K-Means for k = 1, 2, ... and judge each k.", _epilog())
    parser.set_defaults(init=ELBOW_INIT)
    parser.add_json()
    given = parser.parse_args(words)
    options = from_arguments(given)

    return tell(options, swept(options), document if given.json else None, lines)


def swept(options: Options, *, criteria: bool = True) -> "Callable[[Subject, Narration], Sweep]":
    """Return the work on the data: a sweep over k, which says how far it is."""

    def work(subject: "Subject", narration: Narration) -> "Sweep":
        return answers.sweep(
            options,
            subject.dataset,
            criteria=criteria,
            progress=lambda said: narration.say(f"{said.done} of {said.total}, {said.doing}"),
        )

    return work


def document(options: Options, subject: "Subject", sweep: "Sweep") -> dict[str, Any]:
    """Return a sweep as plain numbers, ready for ``json.dumps(…, allow_nan=False)``."""
    from kmeans_tui.requests.document import heading

    verdict = sweep.verdict
    options = replace(options, init=sweep.init, empty=sweep.empty, improve=sweep.improve)
    return {
        **heading(
            options,
            subject.dataset,
            answers.clusters(options, subject.dataset),
            subject.parameters,
        ),
        "rows": [
            {
                "k": row.k,
                "best": row.best,
                "worst": row.worst,
                "runs": row.runs,
                **_scores(row),
                "seed": row.run.seed,
                "updates": row.run.updates,
                "swaps": row.run.swaps,
                "sizes": row.sizes.tolist(),
                **({} if row.weights is None else {"weights": row.weights.tolist()}),
                "perfect": row.perfect,
            }
            for row in sweep.rows
        ],
        "choices": dict(verdict.choices),
        "chord": None if verdict.chord is None else verdict.chord.k,
        "knee": None if verdict.knee is None else verdict.knee.k,
        "knee_strength": None if verdict.knee is None else verdict.knee.strength,
        "knee_limit": None if verdict.knee is None else verdict.knee.limit,
        "rises": list(verdict.rises),
        "silhouette_rows": sweep.silhouette_rows,
        "k": verdict.k,
        "verdict": verdict.sentence,
        "shape": None if verdict.shape is None else verdict.shape.document(),
        "notes": list(verdict.notes),
    }


def lines(options: Options, dataset: "Dataset", sweep: "Sweep") -> Iterator[str]:
    """Yield a sweep as text: a line for each k, the k each criterion picks, and the verdict."""
    from kmeans_tui.analysis.text_table import about, aligned, count, rows
    from kmeans_tui.headless.text import remarks, start_name

    runs = count(sweep.rows[0].runs, "run")
    then = ", then swaps" if sweep.improve else ""
    yield (
        f"{about(dataset)}, {runs} for each k, start {start_name(sweep.init)}, "
        f"seed {options.seed}{then}"
    )
    if sweep.silhouette_rows < dataset.n:
        yield f"silhouette on a sample of {sweep.silhouette_rows} rows"
    yield ""
    yield from rows(
        [
            ["k", *(str(row.k) for row in sweep.rows)],
            ["best", *aligned([row.best for row in sweep.rows], 7)],
            ["worst", *aligned([row.worst for row in sweep.rows], 7)],
            *_columns(sweep.rows),
        ]
    )
    verdict = sweep.verdict
    yield ""
    if verdict.knee is not None:
        clear = "clear" if verdict.knee.clear else "not clear"
        yield (
            f"elbow: k = {verdict.knee.k}, farthest below the chord of log(inertia); strength "
            f"{verdict.knee.strength:.2f}, {clear} (from {verdict.knee.limit:.2f})"
        )
    if verdict.chord is not None:
        chord = verdict.chord
        yield f"plain chord of inertia: k = {chord.k}, strength {chord.strength:.2f}"
    yield verdict.sentence
    yield from (f"note: {each}" for each in verdict.notes)
    yield from remarks(dataset)


def _scores(row: "Row") -> dict[str, float | None]:
    """Return the scores of a row; JSON has no infinity, so "perfect" stands for it."""
    found = {key: row.scores.get(key) for each in measured() for key in each.keys}
    return {key: None if value == math.inf else value for key, value in found.items()}


def _columns(rows: "Sequence[Row]") -> Iterator[list[str]]:
    for each in measured():
        for key, heading in zip(each.keys, (each.heading, "+-"), strict=False):
            yield [heading, *(each.text(row.scores.get(key)) for row in rows)]
