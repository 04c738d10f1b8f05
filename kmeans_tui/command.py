"""The options of a run as a command line: one table for the flags and for what ``y`` copies.

``Options`` says which run is on show and how it is looked at. ``add_flags`` puts its fields into an
argparse parser, ``from_arguments`` reads them back, ``to_command`` writes the shell command that
gives the same view again.
"""

import argparse
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from typing import Any, Final, Literal

INITS: Final = ("random", "partition", "k-means++", "farthest")
# Starts that come out of a sweep over k: a single run with them is the best of its k.
SWEPT: Final = ("warm", "article")
EMPTY_RULES: Final = ("farthest", "random")
SCALES: Final = ("standard", "minmax", "robust", "none")
MISSING: Final = ("drop", "median")
MARKERS: Final = ("glyph", "braille", "dot")
STEPS: Final = ("initialise", "update", "assign")
# Half steps per second, slowest first. Above 15 a second the screen shows every second or fourth.
SPEEDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
PCA: Final = "pca"
SEPARATOR_NAMES: Final = ("comma", "semicolon", "tab", "pipe", "blank", "colon")
SCREENS: Final = ("explore", "elbow", "seeds", "compare", "data")
CURVES: Final = (
    "inertia", "log-inertia", "silhouette", "calinski-harabasz", "davies-bouldin", "gap",
)  # fmt: skip
ORDERS: Final = ("inertia", "seed", "iterations")
COMPARED: Final = ("same", "k-means++", "defaults")
MOST_SEEDS: Final = 1_000_000
# What a view has in common with a figure: the flags of ``kmeans-tui export`` beside those of a run.
PICTURED: Final = ("axes", "goto", "trails", "regions")


def _flag(*names: str, of: str = "run", **keywords: Any) -> Any:
    """A field's flag: its names, what it is a flag of, and argparse's keywords.

    A flag of "run" decides the numbers and every command has it; one of "view" is the screen's
    alone; one of "elbow", "seeds" or "compare" is that command's and its screen's.
    """
    default = keywords.pop("default", None)
    return field(default=default, metadata={"names": names, "of": of, "keywords": keywords})


def whole(text: str) -> int:
    """A whole number of at least 1, for argparse."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is below 1")
    return value


def seed_number(text: str) -> int:
    """A seed: numpy's legacy generator takes 0 to 2**32 - 1."""
    value = int(text)
    if not 0 <= value < 2**32:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {2**32 - 1}")
    return value


def not_negative(text: str) -> float:
    """A finite number of at least 0, for argparse."""
    value = float(text)
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of at least 0")
    return value


def seed_list(text: str) -> range | tuple[int, ...]:
    """Seeds and ranges of seeds, separated by commas: ``0-4``, ``1,5,9-12``."""
    found: list[range] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        low = seed_number(first)
        high = seed_number(last) if dash else low
        if high < low:
            raise argparse.ArgumentTypeError(f"{part} runs backwards")
        found.append(range(low, high + 1))
    count = sum(map(len, found))
    if count > MOST_SEEDS:
        raise argparse.ArgumentTypeError(f"{text} are {count:,} seeds, more than {MOST_SEEDS:,}")
    return found[0] if len(found) == 1 else tuple(seed for part in found for seed in part)


def seed_count(text: str) -> int:
    """How many seeds are counted, at most ``MOST_SEEDS``."""
    value = whole(text)
    if value > MOST_SEEDS:
        raise argparse.ArgumentTypeError(f"{value:,} seeds are more than {MOST_SEEDS:,}")
    return value


def spelled_seeds(seeds: Sequence[int]) -> str:
    """Seeds as ``seed_list`` reads them, runs of neighbours as ranges."""
    parts: list[list[int]] = []
    for seed in seeds:
        if parts and seed == parts[-1][-1] + 1:
            parts[-1][1:] = [seed]
        else:
            parts.append([seed])
    return ",".join("-".join(map(str, part)) for part in parts)


def names(text: str) -> tuple[str, ...]:
    """Names separated by commas, blanks around them dropped."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found:
        raise argparse.ArgumentTypeError("names at least one feature")
    return found


def missing_marks(text: str) -> tuple[str, ...]:
    """Marks separated by commas; a file's own word for a missing value may be anything."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    if not found:
        raise argparse.ArgumentTypeError("names at least one mark, as in --na 'N/A?,unknown'")
    return found


def separator(text: str) -> str:
    """What stands between the cells: one to four characters, or a word for what cannot be seen."""
    if not text or (len(text) > 4 and text.casefold() not in SEPARATOR_NAMES):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no separator: use one to four characters, or {', '.join(SEPARATOR_NAMES)}"
        )
    return text


def thousands(text: str) -> str:
    """The mark between groups of three digits, or ``none``."""
    if text not in (",", ".", "'", " ", "none"):
        raise argparse.ArgumentTypeError(f"{text!r} is no such mark: use , . ' ' ' or none")
    return text


def plane(text: str) -> tuple[str, ...]:
    """``pca``, or the two features to show: ``x,y``."""
    found = names(text)
    if found == (PCA,) or len(found) == 2:
        return found
    raise argparse.ArgumentTypeError("takes two features, x,y, or pca")


def position(text: str) -> str:
    """An iteration, ``last``, or ``ITERATION:STEP`` for one of its half steps."""
    iteration, _, step = text.partition(":")
    if (iteration != "last" and not iteration.isdecimal()) or (step and step not in STEPS):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no iteration: use 3, last, 3:update, 3:assign or 0:initialise"
        )
    return text


def speed(text: str) -> float:
    """Half steps per second, one of ``SPEEDS``."""
    value = float(text)
    if value not in SPEEDS:
        known = ", ".join(f"{each:g}" for each in SPEEDS)
        raise argparse.ArgumentTypeError(f"{text} is not one of {known}")
    return value


@dataclass(frozen=True)
class Options:
    """Which run is on show, what the other screens ask, and how it is looked at.

    ``None`` leaves a choice to the data set: its k, its features, its scale, its axes.
    ``theme`` and ``ascii`` left at ``None`` are decided from the terminal, ``marker`` from the
    density of the points.
    """

    data: str = "blobs"
    k: int | None = _flag("-k", type=whole, metavar="N", help="number of clusters")
    init: str = _flag("--init", default="random", help="how the centroids start")
    seed: int = _flag("--seed", type=seed_number, metavar="N", default=42, help="of every draw")
    max_iterations: int = _flag(
        "--max-iterations", type=whole, metavar="N", default=100, help="updates at most"
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
        "--features", type=names, metavar="A,B,…", help="the features that take part"
    )
    scale: str | None = _flag(
        "--scale", choices=SCALES, help="how the features are brought to one size, or none"
    )
    log: tuple[str, ...] | None = _flag(
        "--log", type=names, metavar="A,B,…", help="features to take the logarithm of"
    )
    missing: str = _flag(
        "--missing",
        choices=MISSING,
        default="drop",
        help="rows with a missing value: drop them, or fill in the median (files only, as are the "
        "next)",
    )
    truth: str | None = _flag(
        "--truth", metavar="COLUMN", help="the known grouping, to compare with; takes no part"
    )
    na: tuple[str, ...] | None = _flag(
        "--na", type=missing_marks, metavar="A,B,…", help="more marks of missing values; * is any"
    )
    separator: str | None = _flag(
        "--separator", type=separator, metavar="C", help="between cells: ; or tab, blank, pipe, …"
    )
    header: bool | None = _flag(
        "--header", action=argparse.BooleanOptionalAction, help="the first row holds the names"
    )
    decimal: str | None = _flag("--decimal", choices=(".", ","), help="decimal mark")
    thousands: str | None = _flag(
        "--thousands", type=thousands, metavar="C", help="mark between groups of three digits"
    )
    encoding: str | None = _flag("--encoding", metavar="NAME", help="utf-8, latin-1, utf-16, …")
    sheet: str | None = _flag("--sheet", metavar="NAME", help="of a workbook, or its number")
    runs: int = _flag(
        "--runs",
        type=whole,
        metavar="N",
        default=3,
        help="runs for each k, for elbow and for --init warm and article (3)",
    )
    k_max: int = _flag(
        "--k-max", of="elbow", type=whole, metavar="N", default=10, help="largest k (10)"
    )
    curve: str = _flag(
        "--curve", of="view", choices=CURVES, default="inertia", help="what elbow draws"
    )
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
        "--start",
        of="compare",
        choices=COMPARED,
        default="same",
        help="what both are given",
    )
    screen: str = _flag(
        "--screen", of="view", choices=SCREENS, default="explore", help="open on this screen"
    )
    axes: tuple[str, ...] | None = _flag(
        "--axes", type=plane, metavar="A,B", of="view", help="the two to show, or pca"
    )
    goto: str = _flag(
        "--goto",
        type=position,
        metavar="ITERATION",
        default="0",
        of="view",
        help="open at this iteration: 3, last, or a half step such as 3:update",
    )
    row: int | None = _flag(
        "--row", type=whole, metavar="N", of="view", help="question the point of this row"
    )
    marker: Literal["glyph", "braille", "dot"] | None = _flag(
        "--marker", choices=MARKERS, of="view", help="of the points"
    )
    trails: bool = _flag(
        "--trails", action="store_true", default=False, of="view", help="paths of the centroids"
    )
    regions: bool = _flag(
        "--regions", action="store_true", default=False, of="view", help="regions of the clusters"
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
        "--ascii",
        action=argparse.BooleanOptionalAction,
        of="view",
        help="write nothing but ASCII",
    )


def _counts(flag: Field[Any], command: str = "screen") -> bool:
    """Whether the flag of a field says anything to a command."""
    of = flag.metadata["of"]
    if command == "export":
        return of != "view" or flag.name in PICTURED
    if command == "report":
        return of in ("run", "elbow")
    return command == "screen" or of in ("run", command)


def add_flags(parser: argparse.ArgumentParser, command: str = "screen") -> None:
    """Add the flags of ``Options`` to the parser of a command, "screen" for the program itself.

    Those that count for other commands only are taken and left out of the help, so that a copied
    command still runs when another verb is put into it.
    """
    for each in fields(Options):
        if each.metadata:
            keywords = dict(each.metadata["keywords"])
            if each.name == "init":
                swept = command in ("screen", "run", "elbow", "export")
                keywords["choices"] = (*INITS, *SWEPT) if swept else INITS
            if not _counts(each, command):
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


def same_run(first: Options, second: Options) -> bool:
    """Whether two views ask for the same run of the same data."""
    deciding = [each.name for each in fields(Options) if each.metadata.get("of", "run") == "run"]
    return all(getattr(first, name) == getattr(second, name) for name in deciding)


def to_command(options: Options, *verbs: str, program: str = "kmeans-tui") -> str:
    """The shell command for these options, quoted for a POSIX shell.

    With k, init and seed are spelled out too, so that the line still says the same when read alone;
    other flags only where they differ from the default. With verbs (``run``, ``elbow``) the flags
    that count for other commands are left out.
    """
    words = [program, *verbs, options.data]
    for each in fields(Options):
        if not each.metadata or not _counts(each, *verbs):
            continue
        value = getattr(options, each.name)
        # The start of an elbow is k-means++ unless another is named.
        elbow = "elbow" in (verbs or (options.screen,))
        named = elbow or options.k is not None
        spelled_out = named and each.name in (("init", "seed") if elbow else ("k", "init", "seed"))
        if value == each.default and not spelled_out:
            continue
        flag = each.metadata["names"][0]
        if isinstance(value, bool):
            words.append(flag if value else flag.replace("--", "--no-", 1))
        else:
            words += _spelled(flag, value)
    return shlex.join(words)


def _spelled(flag: str, value: Any) -> list[str]:
    if isinstance(value, float):
        short = f"{value:g}"
        text = short if float(short) == value else repr(value)
    elif flag == "--seeds":
        text = spelled_seeds(value)
    else:
        text = ",".join(value) if isinstance(value, tuple) else str(value)
    # A value that begins with a dash would be read as a flag.
    return [f"{flag}={text}"] if text.startswith("-") else [flag, text]
