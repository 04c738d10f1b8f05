"""The options that say what is shown, and how."""

from dataclasses import dataclass
from typing import Final, Literal

from kmeans_tui import screen_table
from kmeans_tui.argument_types import (
    SPEEDS,
    cell_ratio,
    colour_numbers,
    lesson_place,
    plane,
    position,
    speed,
    whole,
    window,
)
from kmeans_tui.aspect import ASPECTS, CELL_RATIO
from kmeans_tui.options.groups import EITHER, flag

MARKERS: Final = ("glyph", "braille", "dot", "octant")


@dataclass(frozen=True)
class ViewOptions:
    """What the screen opens on and how it draws; they change no number."""

    screen: str = flag(
        "--screen",
        of="view",
        choices=tuple(each.name for each in screen_table.TABLE),
        default="explore",
        help="open on this screen",
    )
    lesson: str | None = flag(
        "--lesson",
        of="view",
        type=lesson_place,
        metavar="N[:STEP]",
        help="begin a lesson: 4, or 4:2 for its second step",
    )
    predict: bool = flag(
        "--predict", action="store_true", default=False, of="view",
        help="ask what the run does next, before it is shown",
    )  # fmt: skip
    axes: tuple[str, ...] | None = flag(
        "--axes",
        type=plane,
        metavar="A,B",
        of="seen",
        told=("report",),
        help="the two features to show, or pca",
    )
    goto: str = flag(
        "--goto",
        type=position,
        metavar="ITERATION",
        default="0",
        of="seen",
        told=("watch",),
        help="open at this iteration: 3, last, a half step such as 3:update, or a draw of the "
        "start, 0:draw2",
    )
    colours: tuple[int, ...] | None = flag(
        "--colours",
        type=colour_numbers,
        metavar="A,B,…",
        of="seen",
        help="which colour each cluster wears, such as 3,1,2; by default in order",
    )
    row: int | None = flag(
        "--row",
        type=whole,
        metavar="N",
        of="view",
        told=("watch",),
        help="explain the point in this row",
    )
    marker: Literal["glyph", "braille", "dot", "octant"] | None = flag(
        "--marker", choices=MARKERS, of="view", help="how to draw points; octants need Unicode 16"
    )
    trails: bool = flag(
        "--trails", action="store_true", default=False, of="drawn", help="draw the centroids' paths"
    )
    regions: bool = flag(
        "--regions",
        action="store_true",
        default=False,
        of="drawn",
        help="draw the regions of the clusters",
    )
    aspect: Literal["equal", "fill"] | None = flag(
        "--aspect",
        choices=ASPECTS,
        of="drawn",
        help="equal: draw distances to scale (the default if there is room); fill: use all space",
    )
    glide: bool = flag(
        "--glide", action=EITHER, default=False, of="drawn",
        help="animate half steps smoothly, with borders, trails and the inertia",
    )  # fmt: skip
    coming: bool = flag(
        "--coming", action=EITHER, default=True, of="view", help="where the centroids will go"
    )
    distances: bool = flag(
        "--distances", action=EITHER, default=True, of="view", help="lines from the selected point"
    )
    zoom: tuple[float, ...] | None = flag(
        "--zoom", type=window, metavar="X0,X1,Y0,Y1", of="view", help="part of the plane shown"
    )
    cell_ratio: float = flag(
        "--cell-ratio", type=cell_ratio, metavar="F", default=CELL_RATIO, of="view",
        help="height of a terminal character divided by its width (2)",
    )  # fmt: skip
    speed: float = flag(
        "--speed",
        type=speed,
        metavar="F",
        default=2.0,
        of="view",
        told=("watch",),
        help="half steps per second: " + ", ".join(f"{each:g}" for each in SPEEDS),
    )
    play: bool = flag(
        "--play",
        action="store_true",
        default=False,
        of="view",
        told=("watch",),
        help="start playing at once",
    )
    mouse: bool = flag(
        "--mouse", action=EITHER, default=True, of="view",
        help="answer the mouse; without, the terminal selects text with it",
    )  # fmt: skip
    theme: str | None = flag(
        "--theme", metavar="NAME", of="view", help="colour theme: dark, light, or another"
    )
    ascii: bool | None = flag("--ascii", action=EITHER, of="view", help="use ASCII characters only")
