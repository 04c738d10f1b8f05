"""An inspected point in words: where it is, and why it went there."""

import operator
from typing import TYPE_CHECKING, NamedTuple

from kmeans_tui.words import amount

if TYPE_CHECKING:
    from kmeans_tui.analysis.point import Point
    from kmeans_tui.ui.models.session import MomentKind


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
    title = f"row {point.number:,}"
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
    if silhouette:
        lines.append(f"silhouette {silhouette}")
    lines += [f"{name}: {cell}" for name, cell in point.cells]
    lines += [f"iteration {move.iteration}: {move.why}" for move in reversed(moves[:-1])]
    sentence = f"row {point.number:,}: {stands}"
    if moved:
        cluster, _, margin = stands.partition(", ")
        sentence = f"row {point.number:,} went to {cluster}: {moves[-1].why}; {margin}"
    facts = [f"silhouette {silhouette}"] if silhouette else []
    facts += [f"{name}: {cell}" for name, cell in point.cells]
    sentence = "; ".join([sentence, *facts])
    distances = tuple(map(float, point.distances))
    by_distance = sorted(enumerate(distances, 1), key=operator.itemgetter(1))
    first, *others = (f"to {c} {amount(d)}" for c, d in by_distance)
    compared = (f"distance {first}", *others)
    return Questioned(point.row, title, tuple(lines), sentence, distances, compared)


def _stands(point: "Point", kind: "MomentKind") -> str:
    own, other, margin = f"cluster {point.cluster + 1}", point.runner_up, point.margin
    if kind == "initialise":
        own = f"no cluster yet, nearest is {point.cluster + 1}"
    if other is None or margin is None:
        return own
    if margin < 0:
        return f"{own}, but nearer to {other + 1} by {amount(-margin)}"
    return f"{own}, margin {amount(margin)} to {other + 1}"


def _distances(point: "Point") -> str:
    return " ".join(f"{c + 1}:{amount(float(d))}" for c, d in enumerate(point.distances))
