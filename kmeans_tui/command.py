"""The options of a run as a command line: one table for the flags and for what ``y`` copies.

``Options`` says which run is on show and how it is looked at. ``add_flags`` puts its fields into an
argparse parser, ``from_arguments`` reads them back, ``to_command`` writes the shell command that
gives the same view again.
"""

import argparse
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final, Literal

INITS: Final = ("random", "partition", "k-means++", "farthest")
EMPTY_RULES: Final = ("farthest", "random")
SCALES: Final = ("standard", "minmax", "robust", "none")
MISSING: Final = ("drop", "median")
MARKERS: Final = ("glyph", "braille", "dot")
STEPS: Final = ("initialise", "update", "assign")
# Half steps per second, slowest first. Above 15 a second the screen shows every second or fourth.
SPEEDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
PCA: Final = "pca"
SEPARATOR_NAMES: Final = ("comma", "semicolon", "tab", "pipe", "blank", "colon")
MOST_SEEDS: Final = 1_000_000


def _flag(*names: str, **keywords: Any) -> Any:
    """A field's flag: its names and argparse's keywords; ``run`` marks what decides the numbers."""
    default = keywords.pop("default", None)
    metadata = {"names": names, "run": keywords.pop("run", True), "keywords": keywords}
    return field(default=default, metadata=metadata)


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
    """Which run is on show, and how it is looked at.

    ``None`` leaves a choice to the data set: its k, its features, its scale, its axes.
    ``theme`` and ``ascii`` left at ``None`` are decided from the terminal, ``marker`` from the
    density of the points.
    """

    data: str = "blobs"
    k: int | None = _flag("-k", type=whole, metavar="N", help="number of clusters")
    init: str = _flag("--init", choices=INITS, default="random", help="how the centroids start")
    seed: int = _flag("--seed", type=seed_number, metavar="N", default=42, help="of every draw")
    max_iterations: int = _flag(
        "--max-iterations", type=whole, metavar="N", default=100, help="updates at most"
    )
    tolerance: float = _flag(
        "--tolerance",
        type=not_negative,
        metavar="F",
        default=1e-4,
        help="converged when no centroid moves by more",
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
    axes: tuple[str, ...] | None = _flag(
        "--axes", type=plane, metavar="A,B", run=False, help="the two to show, or pca"
    )
    goto: str = _flag(
        "--goto",
        type=position,
        metavar="ITERATION",
        default="0",
        run=False,
        help="open at this iteration: 3, last, or a half step such as 3:update",
    )
    marker: Literal["glyph", "braille", "dot"] | None = _flag(
        "--marker", choices=MARKERS, run=False, help="of the points"
    )
    trails: bool = _flag(
        "--trails", action="store_true", default=False, run=False, help="paths of the centroids"
    )
    regions: bool = _flag(
        "--regions", action="store_true", default=False, run=False, help="regions of the clusters"
    )
    speed: float = _flag(
        "--speed",
        type=speed,
        metavar="F",
        default=2.0,
        run=False,
        help="half steps per second: " + ", ".join(f"{each:g}" for each in SPEEDS),
    )
    play: bool = _flag("--play", action="store_true", default=False, run=False, help="open playing")
    theme: str | None = _flag("--theme", metavar="NAME", run=False, help="colours of the screen")
    ascii: bool | None = _flag(
        "--ascii",
        action=argparse.BooleanOptionalAction,
        run=False,
        help="write nothing but ASCII",
    )


def add_flags(parser: argparse.ArgumentParser, *, view: bool, inits: Sequence[str] = INITS) -> None:
    """Add the flags of ``Options`` to a parser; ``inits`` are the starts it takes.

    Without ``view`` those that only decide how a run is looked at are taken and left out of the
    help, so that a copied command still runs when ``run`` is put into it.
    """
    for each in fields(Options):
        if each.metadata:
            keywords = dict(each.metadata["keywords"])
            if each.name == "init":
                keywords["choices"] = inits
            if not (view or each.metadata["run"]):
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
    deciding = ("data", *(each.name for each in fields(Options) if each.metadata.get("run")))
    return all(getattr(first, name) == getattr(second, name) for name in deciding)


def to_command(options: Options, *verbs: str, program: str = "kmeans-tui") -> str:
    """The shell command for these options, quoted for a POSIX shell.

    With k, init and seed are spelled out too, so that the line still says the same when read alone;
    other flags only where they differ from the default. With verbs (``run``, ``export``) the flags
    of the view are left out, because the headless commands do not have them.
    """
    words = [program, *verbs, options.data]
    for each in fields(Options):
        if not each.metadata or (verbs and not each.metadata["run"]):
            continue
        value = getattr(options, each.name)
        spelled_out = each.name in ("k", "init", "seed") and options.k is not None
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
    else:
        text = ",".join(value) if isinstance(value, tuple) else str(value)
    # A value that begins with a dash would be read as a flag.
    return [f"{flag}={text}"] if text.startswith("-") else [flag, text]
