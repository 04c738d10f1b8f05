"""Two runs side by side at the shell: ``kmeans-tui compare --pair``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kmeans_tui.analysis import change_words
from kmeans_tui.command import Options
from kmeans_tui.headless import changed
from kmeans_tui.headless.narration import Narration
from kmeans_tui.headless.shell import tell
from kmeans_tui.requests import pairs
from kmeans_tui.requests.pairs import PairOptions

if TYPE_CHECKING:
    from kmeans_tui.analysis.pair import Pair, PairSide
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.subject import Subject


def tell_pair(asked: PairOptions, options: Options, *, as_json: bool) -> int:
    """Run both sides and print how they compare; returns the exit code."""

    def work(subject: "Subject", narration: Narration) -> "Pair | None":
        def go_on(doing: str, done: int, side: "PairSide | None") -> bool:
            narration.say(doing)
            return True

        return pairs.run(asked, options, subject.dataset, go_on, subject)

    def document(options: Options, subject: "Subject", found: "Pair") -> dict[str, Any]:
        return _document(asked, options.pair, found)

    return tell(options, work, document if as_json else None, _told)


def _told(options: Options, dataset: "Dataset", found: "Pair") -> Iterator[str]:
    if found.change is None:
        yield from _lines(options, dataset, found)
    else:
        yield from change_words.lines(found, found.change)


def _document(asked: PairOptions, name: str, found: "Pair") -> dict[str, Any]:
    """Return a pair as plain numbers; ``parameters`` are those of the first run.

    ``clusters`` are the first's that the second's are matched to; one without a match has a
    number beyond.
    """
    from kmeans_tui.requests.document import heading

    first, second = found.first, found.second
    return {
        **heading(asked.first, first.dataset, first.history.k, first.parameters),
        "pair": name,
        "first": _side(asked.first, first),
        "second": _side(asked.second, second),
        "clusters": found.numbers.tolist(),
        "parted_at": found.parted_at,
        "apart": found.apart.tolist(),
        "rows": len(found.rows),
        "agreement": found.agreement,
        "disputed": found.disputed.tolist(),
        "sentence": found.sentence,
        "verdict": found.verdict,
        **({} if found.change is None else changed.document(found.change)),
    }


def _side(options: Options, side: "PairSide") -> dict[str, Any]:
    from kmeans_tui.requests.document import heading

    last = side.history[-1]
    head = heading(options, side.dataset, side.history.k, side.parameters)
    return {
        "name": side.name,
        "parameters": head["parameters"],
        "data": head["data"],
        "inertia": float(last.inertia),
        "updates": side.history.iterations,
        "stopped_by": side.history.stopped_by,
        "centroids": side.dataset.in_units(last.centroids).tolist(),
        "inertias": [float(each.inertia) for each in side.history],
    }


def _lines(options: Options, dataset: "Dataset", found: "Pair") -> Iterator[str]:
    """Yield both runs iteration by iteration, where they part, and how they end."""
    from kmeans_tui.analysis.text_table import about, aligned, padded, rows
    from kmeans_tui.headless.text import remarks

    sides = (found.first, found.second)
    yield about(found.first.dataset)
    yield ""
    names = padded(["", *(each.name for each in sides)])
    table = [
        ["k", *(str(each.history.k) for each in sides)],
        ["updates", *(str(each.history.iterations) for each in sides)],
        ["inertia", *(repr(float(each.history[-1].inertia)) for each in sides)],
    ]
    for name, line in zip(names, rows(table), strict=True):
        yield f"{name}  {line}"
    yield ""
    curves = [aligned([float(one.inertia) for one in each.history], 8) for each in sides]
    length = len(found.apart)
    yield from rows(
        [
            ["iteration", *map(str, range(length))],
            *(
                [f"inertia, {each.name}", *curve, *("" for _ in range(length - len(curve)))]
                for each, curve in zip(sides, curves, strict=True)
            ),
            ["points apart", *map(str, found.apart.tolist())],
        ]
    )
    yield ""
    yield found.sentence
    yield found.verdict
    yield from remarks(dataset)
