"""THE option table: the flags of the command, what each says and decides, and their groups.

``Options`` says which run is on show and how it is looked at. ``add_flags`` puts its fields into an
argparse parser, ``from_arguments`` reads them back, ``shell_command`` writes them. Whoever needs
some of the options by name takes a group of them.
"""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from typing import Any, Final, Literal, get_args

from kmeans_tui import screen_table
from kmeans_tui.argument_types import (
    SPEEDS,
    colour_numbers,
    missing_marks,
    names,
    not_negative,
    plane,
    position,
    seed_count,
    seed_list,
    seed_number,
    separator,
    speed,
    thousands,
    whole,
)

INITS: Final = ("random", "partition", "k-means++", "farthest")
# Starts that come out of a sweep over k: a single run with them is the best of its k.
SWEPT: Final = ("warm", "article")
# How the runs of an elbow start unless that is said: among three of them one is mostly the best.
ELBOW_INIT: Final = "k-means++"
EMPTY_RULES: Final = ("farthest", "random")
SCALES: Final = ("standard", "minmax", "robust", "none")
MISSING: Final = ("drop", "median")
MARKERS: Final = ("glyph", "braille", "dot", "octant")
ORDERS: Final = ("inertia", "seed", "iterations")
COMPARED: Final = ("same", "k-means++", "defaults")

Group = Literal[
    "data", "file", "rows", "columns", "run", "elbow", "seeds", "compare", "seen", "drawn", "view"
]
# What comes out of options as numbers, each by a command of that name.
Answer = Literal["run", "elbow", "seeds", "compare"]
# The commands beside the screen that a group says anything to; one that is not listed says it to
# all. A figure has the plane, the iteration and the lines of a view, and nothing else of it.
_TOLD: Final[Mapping[Group, tuple[str, ...]]] = {
    "elbow": ("elbow", "report", "export"),
    "seeds": ("seeds", "export"),
    "compare": ("compare", "export"),
    "seen": ("export",),
    "drawn": ("export",),
    "view": (),
}
_SINGLE: Final[tuple[Answer, ...]] = ("run", "seeds", "compare")
_ALL: Final[tuple[Answer, ...]] = get_args(Answer)


def _flag(
    *names: str, of: Group = "run", decides: tuple[Answer, ...] = _ALL, **keywords: Any
) -> Any:
    """A field's flag: its names, its group, the answers whose numbers it decides, and the keywords
    that argparse takes.

    The groups: ``data`` names them, ``file`` says how the bytes of a table are read, ``rows`` which
    rows of it count, ``columns`` what is clustered, ``run`` how. ``elbow``, ``seeds`` and
    ``compare`` are what those screens ask beside; ``seen`` is the plane and the iteration on show,
    ``drawn`` what a figure draws beside the points, ``view`` the rest of the screen.
    """
    default = keywords.pop("default", None)
    if of in ("elbow", "seeds", "compare"):
        decides = (of,)
    elif of in ("seen", "drawn", "view"):
        decides = ()
    return field(
        default=default,
        metadata={"names": names, "of": of, "decides": decides, "keywords": keywords},
    )


@dataclass(frozen=True)
class Options:
    """Which run is on show, what the other screens ask, and how it is looked at.

    ``None`` leaves a choice to the data set: its k, its features, its scale, its axes.
    ``theme`` and ``ascii`` left at ``None`` are decided from the terminal, ``marker`` from the
    density of the points.
    """

    data: str = _flag(of="data", default="blobs")
    k: int | None = _flag("-k", decides=_SINGLE, type=whole, metavar="N", help="number of clusters")
    init: str = _flag("--init", decides=_SINGLE, default="random", help="how the centroids start")
    seed: int = _flag(
        "--seed",
        decides=("run", "elbow", "compare"),
        type=seed_number,
        metavar="N",
        default=42,
        help="of every draw",
    )
    max_iterations: int = _flag(
        "--max-iterations",
        type=whole,
        metavar="N",
        default=100,
        help="updates at most",
    )
    tolerance: float = _flag(
        "--tolerance",
        type=not_negative,
        metavar="F",
        default=1e-4,
        help="converged when no centroid moves by more; of data that spread over less than 1, "
        "by more than this share of their spread",
    )
    empty: str = _flag(
        "--empty",
        choices=EMPTY_RULES,
        default="farthest",
        help="what takes over an empty cluster: the farthest point, or a random one",
    )
    features: tuple[str, ...] | None = _flag(
        "--features", of="columns", type=names, metavar="A,B,…", help="the features that take part"
    )
    scale: str | None = _flag(
        "--scale",
        of="columns",
        choices=SCALES,
        help="how the features are brought to one size, or none",
    )
    log: tuple[str, ...] | None = _flag(
        "--log", of="columns", type=names, metavar="A,B,…", help="features to take the logarithm of"
    )
    missing: str = _flag(
        "--missing",
        of="rows",
        choices=MISSING,
        default="drop",
        help="rows with a missing value: drop them, or fill in the median (files only, as are the "
        "next)",
    )
    truth: str | None = _flag(
        "--truth",
        of="rows",
        metavar="COLUMN",
        help="the known grouping, to compare with; takes no part",
    )
    na: tuple[str, ...] | None = _flag(
        "--na",
        of="file",
        type=missing_marks,
        metavar="A,B,…",
        help="more marks of missing values; * is any",
    )
    separator: str | None = _flag(
        "--separator",
        of="file",
        type=separator,
        metavar="C",
        help="between cells: ; or tab, blank, pipe, …",
    )
    header: bool | None = _flag(
        "--header",
        of="file",
        action=argparse.BooleanOptionalAction,
        help="the first row holds the names",
    )
    decimal: str | None = _flag("--decimal", of="file", choices=(".", ","), help="decimal mark")
    thousands: str | None = _flag(
        "--thousands",
        of="file",
        type=thousands,
        metavar="C",
        help="mark between groups of three digits",
    )
    encoding: str | None = _flag(
        "--encoding", of="file", metavar="NAME", help="utf-8, latin-1, utf-16, …"
    )
    sheet: str | None = _flag(
        "--sheet", of="file", metavar="NAME", help="of a workbook, or its number"
    )
    skip: int | None = _flag(
        "--skip",
        of="file",
        type=whole,
        metavar="N",
        help="pass over the first N lines, or rows of a sheet",
    )
    header_row: int | None = _flag(
        "--header-row",
        of="file",
        type=whole,
        metavar="N",
        help="the names stand in line N; skip those above",
    )
    runs: int = _flag(
        "--runs",
        decides=("elbow",),
        type=whole,
        metavar="N",
        default=3,
        help="runs for each k, for elbow and for --init warm and article (3)",
    )
    k_max: int = _flag(
        "--k-max", of="elbow", type=whole, metavar="N", default=10, help="largest k (10)"
    )
    curve: str = _flag("--curve", of="view", default="inertia", help="what elbow draws")
    seeds: Sequence[int] = _flag(
        "--seeds",
        of="seeds",
        type=seed_list,
        metavar="A-B",
        default=range(5),
        help="the seeds listed: 0-4, or 1,5,9-12",
    )
    census: int | None = _flag(
        "--census",
        of="seeds",
        type=seed_count,
        metavar="N",
        help="count where the seeds 0 to N - 1 end; without it those listed",
    )
    order: str = _flag(
        "--order", of="view", choices=ORDERS, default="inertia", help="how seeds are sorted"
    )
    start: str = _flag(
        "--start", of="compare", choices=COMPARED, default="same", help="what both are given"
    )
    screen: str = _flag(
        "--screen",
        of="view",
        choices=tuple(each.name for each in screen_table.TABLE),
        default="explore",
        help="open on this screen",
    )
    axes: tuple[str, ...] | None = _flag(
        "--axes", type=plane, metavar="A,B", of="seen", help="the two to show, or pca"
    )
    goto: str = _flag(
        "--goto",
        type=position,
        metavar="ITERATION",
        default="0",
        of="seen",
        help="open at this iteration: 3, last, or a half step such as 3:update",
    )
    colours: tuple[int, ...] | None = _flag(
        "--colours",
        type=colour_numbers,
        metavar="A,B,…",
        of="seen",
        help="which colour each cluster wears: 3,1,2; without it the first one the first",
    )
    row: int | None = _flag(
        "--row", type=whole, metavar="N", of="view", help="question the point of this row"
    )
    marker: Literal["glyph", "braille", "dot", "octant"] | None = _flag(
        "--marker",
        choices=MARKERS,
        of="view",
        help="of the points; octants need a font of Unicode 16",
    )
    trails: bool = _flag(
        "--trails", action="store_true", default=False, of="drawn", help="paths of the centroids"
    )
    regions: bool = _flag(
        "--regions", action="store_true", default=False, of="drawn", help="regions of the clusters"
    )
    speed: float = _flag(
        "--speed",
        type=speed,
        metavar="F",
        default=2.0,
        of="view",
        help="half steps per second: " + ", ".join(f"{each:g}" for each in SPEEDS),
    )
    play: bool = _flag("--play", action="store_true", default=False, of="view", help="open playing")
    theme: str | None = _flag("--theme", metavar="NAME", of="view", help="colours of the screen")
    ascii: bool | None = _flag(
        "--ascii", action=argparse.BooleanOptionalAction, of="view", help="write nothing but ASCII"
    )


def of_group(*groups: Group) -> tuple[str, ...]:
    """The names of the options of these groups, in the order of the table."""
    return tuple(each.name for each in fields(Options) if each.metadata["of"] in groups)


def deciding(answer: Answer, *, alone: bool = False) -> tuple[str, ...]:
    """The names of the options that decide the numbers of an answer, or of it ``alone``.

    The start of an elbow is not among them: its command names it by a flag of its own.
    """
    decided = {each.name: each.metadata["decides"] for each in fields(Options)}
    return tuple(
        name for name, by in decided.items() if answer in by and not (alone and len(by) > 1)
    )


def taken(options: Options, names: Iterable[str]) -> dict[str, Any]:
    """The values of the options of these names."""
    return {name: getattr(options, name) for name in names}


def agree(first: Options, second: Options, names: Iterable[str]) -> bool:
    """Whether two have the same value for every option of these names."""
    return all(getattr(first, name) == getattr(second, name) for name in names)


# How bytes become a table, and what the user's own tables alone have a use for.
READING: Final = of_group("data", "file")
OF_FILES: Final = of_group("file", "rows")
# Which points are clustered.
DATA: Final = of_group("data", "file", "rows", "columns")
# What ``backspace`` brings back. The look of the screen is not part of a run and stays.
RUN: Final = (*DATA, *of_group("run", "seen"))


def counts(flag: Field[Any], command: str = "screen") -> bool:
    """Whether the flag of a field says anything to a command."""
    return command == "screen" or command in _TOLD.get(flag.metadata["of"], (command,))


def add_flags(
    parser: argparse.ArgumentParser,
    command: str = "screen",
    choices: Mapping[str, Iterable[str]] | None = None,
) -> None:
    """Add the flags of ``Options`` to the parser of a command, "screen" for the program itself.

    Those that count for other commands only are taken and left out of the help, so that a copied
    command still runs when another verb is put into it. ``choices`` are those of fields whose
    values are listed in a table of the domain.
    """
    for each in fields(Options):
        if each.metadata["names"]:
            keywords = dict(each.metadata["keywords"])
            if each.name == "init":
                swept = command in ("screen", "run", "elbow", "export")
                keywords["choices"] = (*INITS, *SWEPT) if swept else INITS
            if choices is not None and each.name in choices:
                keywords["choices"] = tuple(choices[each.name])
            if not counts(each, command):
                keywords["help"] = argparse.SUPPRESS
            parser.add_argument(
                *each.metadata["names"], dest=each.name, default=each.default, **keywords
            )


def from_arguments(arguments: argparse.Namespace) -> Options:
    """The options that a parser with ``add_flags`` read; what it did not have stays the default."""
    given: Mapping[str, Any] = vars(arguments)
    return Options(
        **{each.name: given[each.name] for each in fields(Options) if each.name in given}
    )


def worn(options: Options, k: int) -> tuple[int, ...] | None:
    """The colour, counted from 0, that each of k clusters wears; None where each has its own."""
    if options.colours is None or len(options.colours) != k:
        return None
    return tuple(colour - 1 for colour in options.colours)


def check_colours(options: Options, k: int) -> None:
    """Raise ``ValueError``, one sentence, where the colours are not those of k clusters."""
    if options.colours is not None and len(options.colours) != k:
        given = ",".join(map(str, options.colours))
        raise ValueError(f"--colours {given} does not fit k = {k}: name one for each cluster")


def same_run(first: Options, second: Options) -> bool:
    """Whether two views ask for the same run of the same data."""
    return agree(first, second, (*DATA, *of_group("run")))
