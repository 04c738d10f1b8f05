"""An inspected point in words: where it is, and why it went there."""

import operator
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from kmeans_tui.words import amount, ended, sentence, tally

if TYPE_CHECKING:
    from kmeans_tui.analysis.point import Changed, Point
    from kmeans_tui.data.dataset import Dataset
    from kmeans_tui.requests.session import Moment, MomentKind, Run


class Questioned(NamedTuple):
    """The description of a row: title and lines of its panel, a sentence for when the panel does
    not fit, the most important first, and the ``distances`` (k,) to all centroids; ``compared``
    are the same in words, the nearest first."""

    row: int
    title: str
    lines: tuple[str, ...]
    sentence: str
    distances: tuple[float, ...] = ()
    compared: tuple[str, ...] = ()


def told(point: "Point", kind: "MomentKind", here: int, silhouette: str = "") -> Questioned:
    """Describe a point at a half step; ``here`` is how many points share its cell of the screen.

    First where it is and why it went there, then the numbers, then the contents of the row.
    """
    title = _called(point)
    if here > 1:
        title += f" · one of {here:,} here"
    stands, moves = _stands(point, kind), point.moves
    # In the half step that assigned it, the reader wants the reason.
    moved = kind == "assign" and moves and moves[-1].iteration == point.iteration
    lines = [stands]
    if moves:
        lines.append(f"iteration {moves[-1].iteration}: {moves[-1].why}")
    if kind != "initialise":
        lines.append(point.history())
    lines.append("distances " + _distances(point))
    if point.weight is not None:
        lines.append(f"weight {tally(point.weight)}")
    if silhouette:
        lines.append(f"silhouette {silhouette}")
    lines += [f"{name}: {cell}" for name, cell in point.cells]
    lines += [f"iteration {move.iteration}: {move.why}" for move in reversed(moves[:-1])]
    sentence = f"{_called(point)}: {stands}"
    if moved:
        cluster, _, margin = stands.partition(", ")
        sentence = f"{_called(point)} went to {cluster}: {moves[-1].why}; {margin}"
    facts = [] if point.weight is None else [f"weight {tally(point.weight)}"]
    facts += [f"silhouette {silhouette}"] if silhouette else []
    facts += [f"{name}: {cell}" for name, cell in point.cells]
    sentence = "; ".join([sentence, *facts])
    distances = tuple(map(float, point.distances))
    return Questioned(point.row, title, tuple(lines), sentence, distances, _compared(point))


def spoken(run: "Run", moment: "Moment", row: int) -> Iterator[str]:
    """Yield the same of a row, from 0, for the ear: where it is, why, and its cells."""
    from kmeans_tui.analysis.point import question

    begun = moment.kind != "initialise"
    point = question(
        run.dataset, run.history, row, moment.iteration,
        updated=moment.kind == "update", judged=begun,
    )  # fmt: skip
    yield sentence(f"{_called(point)}: {_stands(point, moment.kind, 'cluster ')}")
    for move in reversed(point.moves):
        yield sentence(f"iteration {move.iteration}: {move.why}")
    if begun:
        yield sentence(point.history())
    away = (f"centroid {c} at {amount(distance)}" for c, distance in _by_distance(point))
    yield sentence(f"distances: {', '.join(away)}")
    if point.weight is not None:
        yield sentence(f"weight {tally(point.weight)}")
    if point.silhouette is not None:
        yield sentence(f"silhouette {point.silhouette:.2f}")
    yield ended("; ".join(f"{name}: {cell}" for name, cell in point.cells))


def changes(found: "Changed", dataset: "Dataset", most: int) -> Iterator[str]:
    """Yield a line for each of the first ``most`` rows that changed cluster."""
    from kmeans_tui.data import rows

    count = slice(most)
    for row, old, new, border in zip(
        found.rows[count].tolist(), found.old[count].tolist(), found.new[count].tolist(),
        found.border[count].tolist(), strict=True,
    ):  # fmt: skip
        yield (
            f"{rows.called(dataset, row)} went from cluster {old + 1} to cluster {new + 1}, "
            f"{amount(abs(border))} from the border"
        )


def _called(point: "Point") -> str:
    """Return a row by its name and its number: ``CustomerID 204 · row 17``, or ``row 17``."""
    return " · ".join(filter(None, (point.called, f"row {point.number:,}")))


def _by_distance(point: "Point") -> list[tuple[int, float]]:
    return sorted(enumerate(point.distances.tolist(), 1), key=operator.itemgetter(1))


def _compared(point: "Point") -> tuple[str, ...]:
    first, *others = (f"to {c} {amount(d)}" for c, d in _by_distance(point))
    return f"distance {first}", *others


def _stands(point: "Point", kind: "MomentKind", word: str = "") -> str:
    """Say where a point is; ``word`` is put before the number of the other cluster."""
    own, other, margin = f"cluster {point.cluster + 1}", point.runner_up, point.margin
    if kind == "initialise":
        own = f"no cluster yet, nearest is {point.cluster + 1}"
    if other is None or margin is None:
        return own
    if margin < 0:
        return f"{own}, but nearer to {word}{other + 1} by {amount(-margin)}"
    return f"{own}, margin {amount(margin)} to {word}{other + 1}"


def _distances(point: "Point") -> str:
    return " ".join(f"{c + 1}:{amount(float(d))}" for c, d in enumerate(point.distances))
