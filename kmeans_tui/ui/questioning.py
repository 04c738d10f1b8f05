"""A point that is questioned, in words: where it stands, and why it went where it went."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kmeans_tui.ui.widgets.panels import amount

if TYPE_CHECKING:
    from kmeans_tui.analysis.point import Point


@dataclass(frozen=True)
class Questioned:
    """What the screen says of a row: the title of its panel, its lines, and all in a sentence."""

    row: int
    title: str
    lines: tuple[str, ...]
    sentence: str


def told(point: "Point", here: int) -> Questioned:
    """The words on a point; ``here`` are the points in its cell of the screen."""
    title = f"row {point.number:,}"
    if here > 1:
        title += f" · one of {here:,} here"
    cluster = f"cluster {point.cluster + 1}"
    if point.runner_up is not None and point.margin is not None:
        margin = f"margin {amount(point.margin)} to {point.runner_up + 1}"
        cluster = f"{cluster}, {margin}"
    lines = [cluster, "distances " + _distances(point)]
    if point.silhouette is not None:
        lines.append(f"silhouette {point.silhouette:.2f}")
    lines += [f"{name}: {cell}" for name, cell in point.cells]
    lines.append(point.history())
    lines += [f"iteration {move.iteration}: {move.why}" for move in reversed(point.moves)]
    sentence = f"row {point.number:,}: {cluster}"
    if point.moves and point.moves[-1].iteration == point.iteration:
        move = point.moves[-1]
        sentence = f"row {point.number:,} went to cluster {move.new + 1}: {move.why}"
    return Questioned(point.row, title, tuple(lines), sentence)


def _distances(point: "Point") -> str:
    return " ".join(f"{c + 1}:{amount(float(d))}" for c, d in enumerate(point.distances))
