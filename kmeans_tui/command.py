"""The option table: every flag of the command, its help, its group and which results it affects.

``Options`` holds which run is shown and how it is displayed. ``flags`` adds its fields to an
argparse parser and reads them back, ``shell_command`` writes them. Code that needs several options
by name uses their group.
"""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from kmeans_tui import screen_table
from kmeans_tui.argument_types import (
    BOOTSTRAP,
    EMPTY_RULES,
    RESAMPLINGS,
    SCALES,
    SPEEDS,
    cell_ratio,
    colour_numbers,
    lesson_place,
    missing_marks,
    names,
    not_negative,
    plane,
    position,
    resample_count,
    row_list,
    seed_count,
    seed_list,
    seed_number,
    separator,
    speed,
    thousands,
    whole,
    window,
)
from kmeans_tui.aspect import ASPECTS, CELL_RATIO
from kmeans_tui.given_points import GivenPoints, given_points
from kmeans_tui.option_groups import SINGLE, Answer, Group, flag
from kmeans_tui.pair_kinds import SCIKIT_LEARN, pair

# A start that is not drawn: the centroids of ``--centroids``, or those that a data set brings.
GIVEN: Final = "given"
# Starts that come from a sweep over k: a single run with one of them is the best run for its k.
SWEPT: Final = ("warm", "article")
# The default start of elbow runs: of three such runs, one usually finds the best result.
ELBOW_INIT: Final = "k-means++"
# The answers whose runs start like that unless told otherwise, whatever the run on show does.
DRAWN_ANEW: Final = ("elbow", "stability")
MISSING: Final = ("drop", "median")
MARKERS: Final = ("glyph", "braille", "dot", "octant")
ORDERS: Final = ("inertia", "seed", "iterations")
# Flags that have a --no- in front as well.
_EITHER: Final = argparse.BooleanOptionalAction


@dataclass(frozen=True)
class Options:
    """Which run is shown, what the other screens compute, and how it is displayed.

    ``None`` leaves a choice to the data set: its k, its features, its scale, its axes.
    If ``theme`` or ``ascii`` is ``None``, the terminal decides; if ``marker`` is ``None``, the
    density of the points decides.
    """

    data: str = flag(of="data", default="blobs")
    k: int | None = flag("-k", decides=SINGLE, type=whole, metavar="N", help="number of clusters")
    init: str = flag("--init", decides=SINGLE, default="random", help="how the centroids start")
    seed: int = flag(
        "--seed",
        decides=("run", "elbow", "compare", "stability"),
        type=seed_number,
        metavar="N",
        default=42,
        help="random seed",
    )
    centroids: GivenPoints | None = flag(  # noqa: RUF009
        "--centroids",
        decides=("run", "compare"),
        type=given_points,
        metavar="'X,Y …'",
        help="start from these centroids, in the units of the table: '1,2 3,4' or a CSV file; they "
        "set k and overrule --init and --seed",
    )
    max_iterations: int = flag(
        "--max-iterations",
        type=whole,
        metavar="N",
        default=100,
        help="maximum number of updates",
    )
    tolerance: float = flag(
        "--tolerance",
        type=not_negative,
        metavar="F",
        default=1e-4,
        help="converged when every centroid moves less than this; if the data's spread (standard "
        "deviation) is below 1, less than this fraction of it",
    )
    empty: str = flag(
        "--empty",
        choices=EMPTY_RULES,
        default="farthest",
        help="the point that takes over an empty cluster: the farthest, or a random one",
    )
    improve: bool | None = flag(
        "--improve",
        decides=("run", "elbow", "seeds", "compare"),
        action=_EITHER,
        help="at the end of a run, move centroids that are hardly needed to clusters that deserve "
        "two, until that no longer helps; elbow and report do so by default, but for the start "
        "article",
    )
    features: tuple[str, ...] | None = flag(
        "--features", of="columns", type=names, metavar="A,B,…", help="the features to cluster by"
    )
    scale: str | None = flag(
        "--scale",
        of="columns",
        choices=SCALES,
        help="how to scale the features",
    )
    log: tuple[str, ...] | None = flag(
        "--log", of="columns", type=names, metavar="A,B,…", help="features to take the logarithm of"
    )
    without: tuple[int, ...] | None = flag(
        "--without",
        of="points",
        type=row_list,
        metavar="A,B-C",
        help="rows to take out, such as 5,17",
    )
    add: GivenPoints | None = flag(  # noqa: RUF009
        "--add",
        of="points",
        type=given_points,
        metavar="'X,Y …'",
        help="points to add as the last rows, a value for each feature: '1,2 3,4' or a CSV file",
    )
    missing: str = flag(
        "--missing",
        of="rows",
        choices=MISSING,
        default="drop",
        help="rows with a missing value: drop them, or fill in the median (files only, as are the "
        "options down to --header-row)",
    )
    truth: str | None = flag(
        "--truth",
        of="rows",
        metavar="COLUMN",
        help="the known grouping, used only for comparison",
    )
    na: tuple[str, ...] | None = flag(
        "--na",
        of="file",
        type=missing_marks,
        metavar="A,B,…",
        help="further markers for missing values; * stands for any non-number",
    )
    separator: str | None = flag(
        "--separator",
        of="file",
        type=separator,
        metavar="C",
        help="what separates cells: ; or tab, blank, pipe, …",
    )
    header: bool | None = flag(
        "--header",
        of="file",
        action=argparse.BooleanOptionalAction,
        help="the first row holds the column names",
    )
    decimal: str | None = flag(
        "--decimal", of="file", choices=(".", ","), metavar="C", help="decimal mark: . or ,"
    )
    thousands: str | None = flag(
        "--thousands",
        of="file",
        type=thousands,
        metavar="C",
        help="thousands separator",
    )
    encoding: str | None = flag(
        "--encoding", of="file", metavar="NAME", help="utf-8, latin-1, utf-16, …"
    )
    sheet: str | None = flag(
        "--sheet", of="file", metavar="NAME", help="name or number of a workbook's sheet"
    )
    skip: int | None = flag(
        "--skip",
        of="file",
        type=whole,
        metavar="N",
        help="skip the first N lines, or rows of a sheet",
    )
    header_row: int | None = flag(
        "--header-row",
        of="file",
        type=whole,
        metavar="N",
        help="line N holds the column names; skip the lines above it",
    )
    runs: int = flag(
        "--runs",
        decides=("elbow", "stability", "compare"),
        type=whole,
        metavar="N",
        default=3,
        help="runs for each k, in elbow, in stability and with --init warm or article (3)",
    )
    k_max: int | None = flag(
        "--k-max", of="elbow", decides=("elbow", "stability"), type=whole, metavar="N",
        help="largest k (10, and on to at most 30 while most criteria are best at the end)",
    )  # fmt: skip
    curve: str = flag("--curve", of="view", default="inertia", help="what the elbow curve shows")
    seeds: Sequence[int] = flag(
        "--seeds",
        of="seeds",
        type=seed_list,
        metavar="A-B",
        default=range(5),
        help="the seeds to list: 0-4, or 1,5,9-12",
    )
    census: int | None = flag(
        "--census",
        of="seeds",
        type=seed_count,
        metavar="N",
        help="count the results of seeds 0 to N - 1; by default, of those listed",
    )
    order: str = flag(
        "--order", of="view", choices=ORDERS, default="inertia", help="how seeds are sorted"
    )
    resamples: int = flag(
        "--resamples", of="stability", type=resample_count, metavar="N", default=100,
        help="resamples of the rows (100)",
    )  # fmt: skip
    resampling: str = flag(
        "--resampling", of="stability", choices=RESAMPLINGS, default=BOOTSTRAP,
        help="bootstrap: as many rows, drawn with replacement; halves: half of them, without",
    )  # fmt: skip
    pair: str = flag(
        "--pair",
        of="compare",
        type=pair,
        metavar="PAIR",
        default=SCIKIT_LEARN,
        help="the two runs to compare, such as seeds:0,1 (scikit-learn)",
    )
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
        "--axes", type=plane, metavar="A,B", of="seen", help="the two features to show, or pca"
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
        "--glide", action=_EITHER, default=False, of="drawn",
        help="animate half steps smoothly, with borders, trails and the inertia",
    )  # fmt: skip
    coming: bool = flag(
        "--coming", action=_EITHER, default=True, of="view", help="where the centroids will go"
    )
    distances: bool = flag(
        "--distances", action=_EITHER, default=True, of="view", help="lines from the selected point"
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
        "--mouse", action=_EITHER, default=True, of="view",
        help="answer the mouse; without, the terminal selects text with it",
    )  # fmt: skip
    theme: str | None = flag(
        "--theme", metavar="NAME", of="view", help="colour theme: dark, light, or another"
    )
    ascii: bool | None = flag(
        "--ascii", action=_EITHER, of="view", help="use ASCII characters only"
    )


def of_group(*groups: Group) -> tuple[str, ...]:
    """Return the names of the options in these groups, in table order."""
    return tuple(each.name for each in fields(Options) if each.metadata["of"] in groups)


def deciding(answer: Answer, *, alone: bool = False) -> tuple[str, ...]:
    """Return the names of the options that affect the numbers of an answer.

    With ``alone``, only those that affect no other answer, or are in this one's own group. The
    start of an elbow is not among them: its command has a separate flag for it.
    """
    return tuple(
        each.name
        for each in fields(Options)
        if answer in (by := each.metadata["decides"])
        and (not alone or by == (answer,) or each.metadata["of"] == answer)
    )


def taken(options: Options, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of the options with these names."""
    return {name: getattr(options, name) for name in names}


def agree(first: Options, second: Options, names: Iterable[str]) -> bool:
    """Whether both have the same value for every one of these options."""
    return all(getattr(first, name) == getattr(second, name) for name in names)


# How bytes become a table, and what applies only to the user's own tables.
READING: Final = of_group("data", "file")
OF_FILES: Final = of_group("file", "rows")
# Which points are clustered.
DATA: Final = of_group("data", "file", "rows", "points", "columns")
# What ``backspace`` restores. The look of the screen is not part of a run and stays.
RUN: Final = (*DATA, *of_group("run", "seen"))
