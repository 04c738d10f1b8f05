"""``kmeans-tui farthest``: the rows farthest from their centroids, and the run without them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmeans_tui.argument_types import spelled_numbers, whole
from kmeans_tui.command import Options
from kmeans_tui.flags import from_arguments
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import Parser, tell
from kmeans_tui.shell_command import to_command
from kmeans_tui.words import cut, printable

if TYPE_CHECKING:
    from kmeans_tui.analysis.farthest_rows import FarthestRows
    from kmeans_tui.analysis.pair import Pair, PairSide
    from kmeans_tui.clustering.history import History
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject

# How many rows are listed unless told otherwise.
USUAL: Final = 10
_CELLS: Final = 6
_LONGEST_CELL: Final = 16


class _Found(NamedTuple):
    """The finished run, its farthest rows, and the run next to the one without them."""

    history: "History"
    rows: "FarthestRows"
    pair: "Pair | None"


def main(words: Sequence[str]) -> int:
    """Run the command with these arguments and return the exit code."""
    parser = Parser.of(
        "farthest",
        "The rows farthest from their centroids, by the mean distance in their clusters, and what "
        "becomes of the clusters without them.",
    )
    parser.add_argument(
        "--rows", type=whole, default=USUAL, metavar="N", help=f"how many rows ({USUAL})"
    )
    parser.add_json()
    given = parser.parse_args(words)
    options = from_arguments(given)

    def work(subject: "Subject", narration: Narration) -> _Found:
        from kmeans_tui.analysis.farthest_rows import farthest
        from kmeans_tui.requests import fit, pairs

        history = fit.run_of(subject, options, narration, narration.say)
        found = farthest(subject.dataset, history[-1], given.rows)
        pair = None
        # Rows are taken out of points in memory only.
        whole = subject.parts is None and history.counted == subject.dataset.n
        if whole and 0 < len(found.rows) <= subject.dataset.n - history.k:
            numbers = spelled_numbers(sorted(found.numbers(subject.dataset)))
            wanted = replace(options, pair=f"without:{numbers}")
            asked = pairs.read(wanted)
            assert asked is not None

            def go_on(doing: str, done: int, side: "PairSide | None") -> bool:
                narration.say(doing)
                return True

            pair = pairs.run(asked, wanted, subject.dataset, go_on, subject)
        return _Found(history, found, pair)

    return tell(options, work, _document if given.json else None, _lines)


def _document(options: Options, subject: "Subject", found: _Found) -> dict[str, Any]:
    from kmeans_tui.requests.document import heading

    k = found.history.k
    without = None
    if found.pair is not None:
        second, pair = found.pair.second, found.pair
        last = second.history[-1]
        without = {
            "rows": second.dataset.n,
            "inertia": float(last.inertia),
            "centroids": second.dataset.in_units(last.centroids).tolist(),
            "sizes": last.sizes.tolist(),
            "clusters": pair.numbers.tolist(),
            "agreement": pair.agreement,
            "disputed": pair.disputed.tolist(),
            "sentence": pair.sentence,
        }
    return {
        **heading(options, subject.dataset, k, subject.parameters),
        "farthest": found.rows.document(subject.dataset),
        "without": without,
    }


def _lines(options: Options, dataset: "Dataset", found: _Found) -> Iterator[str]:
    from kmeans_tui.analysis.farthest_rows import AS_SAID
    from kmeans_tui.analysis.text_table import about, aligned, rows
    from kmeans_tui.data import rows as numbering
    from kmeans_tui.headless.text import remarks

    far = found.rows
    yield f"{about(dataset)}, {found.history.k} clusters"
    yield ""
    if not len(far.rows):
        yield "every row is its own centroid: none is far"
        return
    names = [numbering.name(dataset, int(row)) for row in far.rows]
    cells = [dict(numbering.cells(dataset, int(row))) for row in far.rows]
    shown = [each for each in dataset.features if each in cells[0]]
    shown += [each.column for each in dataset.encoded if each.column in cells[0]]
    yield from rows(
        [
            ["row", *names],
            ["cluster", *(str(int(each) + 1) for each in far.clusters)],
            ["distance", *aligned(far.distances.tolist(), 5)],
            ["times the mean", *(f"{each:.2f}" for each in far.times)],
            *(
                [_short(each), *(_short(row.get(each, "")) for row in cells)]
                for each in shown[:_CELLS]
            ),
        ]
    )
    yield ""
    yield f"times the mean: {AS_SAID}"
    if found.pair is not None:
        before, after = found.pair.first.history[-1], found.pair.second.history[-1]
        sizes = ", ".join(f"{each:,}" for each in after.sizes.tolist())
        yield (
            f"without them: inertia {float(after.inertia):.6g} instead of "
            f"{float(before.inertia):.6g}, clusters of {sizes} rows"
        )
        yield found.pair.sentence
        numbers = tuple(sorted({*(options.without or ()), *far.numbers(dataset)}))
        yield f"take them out: {to_command(replace(options, without=numbers))}"
    yield from remarks(dataset)


def _short(cell: str) -> str:
    """Return a cell for a table, on one line."""
    return cut(printable(cell), _LONGEST_CELL)
