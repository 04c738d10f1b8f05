"""THE table of pairs: two runs that differ in one thing, as ``--pair`` writes them.

To add a kind of pair, add a row: the option it varies, how its values are read, and why runs with
two of them part.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from kmeans_tui.argument_types import not_negative, resample, row_list, seed_number, whole
from kmeans_tui.vocabulary import BOOTSTRAP, EMPTY_RULES, INITS, SCALES
from kmeans_tui.words import listed

MINI_BATCH: Final = "mini-batch"
# Of the data and a resample of their rows, each the best of several starts.
RESAMPLE: Final = "resample"
SCIKIT_LEARN: Final = "scikit-learn"
# The comparisons of both programs: the start of each, and what it is.
PROGRAMS: Final[Mapping[str, tuple[str, str]]] = {
    SCIKIT_LEARN: ("same", "both programs, from the same start"),
    f"{SCIKIT_LEARN}:k-means++": ("k-means++", "both programs, each k-means++ from the same seed"),
    f"{SCIKIT_LEARN}:defaults": ("defaults", "both programs, each with its own defaults"),
}


@dataclass(frozen=True)
class PairKind:
    """A kind of pair.

    ``option`` is the field of ``Options`` that differs, ``read`` parses one of its values and
    raises ``ValueError`` or ``ArgumentTypeError``. ``near`` writes the values that are offered
    where the option has a present one. With ``alone`` there is one value, of the second run; a
    ``recording`` is that run. With ``fixed`` none is written, and these are the values with the
    names of the runs. ``why`` ends a sentence on why the two part.
    """

    name: str
    option: str
    read: Callable[[str], Any]
    example: str
    about: str
    why: str
    near: Callable[[Any], str]
    alone: bool = False
    fixed: tuple[tuple[str, Any], ...] = ()
    recording: bool = False


class PairValues(NamedTuple):
    """A pair as written: its kind, its values, and their words."""

    kind: PairKind
    values: tuple[Any, ...]
    words: tuple[str, ...]


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise argparse.ArgumentTypeError(f"{text!r} is not one of {', '.join(choices)}")
        return text

    return read


def _path(text: str) -> str:
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError("it names no file")
    return text


def _with_present(first: str, second: str) -> Callable[[str], str]:
    """Return a function that puts the present value in the place of the one it is not."""

    def near(present: str) -> str:
        if present == second:
            return f"{first},{second}"
        return f"{present},{second if present == first else first}"

    return near


KINDS: Final = (
    PairKind("seeds", "seed", seed_number, "seeds:0,1", "two seeds",
             "each seed draws its own centroids",
             lambda seed: f"{seed},{seed + 1 if seed < 2**32 - 1 else 0}"),
    PairKind("init", "init", _one_of(INITS), "init:random,k-means++", "two starts",
             "each start draws its own centroids", _with_present("random", "k-means++")),
    PairKind("scale", "scale", _one_of(SCALES), "scale:none,standard", "two scales",
             "each scale gives the features other weights", _with_present("none", "standard")),
    PairKind("k", "k", whole, "k:2,3", "two numbers of clusters",
             "one of them has more centroids", lambda k: f"{k},{k + 1}"),
    PairKind("tolerance", "tolerance", not_negative, "tolerance:0,0.01", "two tolerances",
             "one of them stops earlier", lambda within: f"0,{max(within, 0.01):g}"),
    PairKind("empty", "empty", _one_of(EMPTY_RULES), "empty:farthest,random",
             "two ways to fill an empty cluster", "an empty cluster is filled in another way",
             lambda _: "farthest,random"),
    PairKind("without", "without", row_list, "without:17", "with and without these rows",
             "the rows that are left draw and pull the centroids", str, alone=True),
    PairKind(RESAMPLE, "resampling", resample, "resample:17",
             "the data and a resample, as in Stability", "other rows draw and pull the centroids",
             lambda way: "1" if way == BOOTSTRAP else f"1:{way}", alone=True),
    PairKind("swap", "improve", _one_of(()), "swap", "before and after swaps",
             "the first has ended, and a swap moves a centroid", lambda _: "",
             fixed=(("before swaps", None), ("after swaps", True))),
    PairKind("file", "data", _path, "file:february.json", "this run and a recorded one",
             "each has its own table", str, alone=True, recording=True),
)  # fmt: skip
_BY_NAME: Final = {each.name: each for each in KINDS}


def epilog() -> str:
    """Return the kinds of pairs for the help, one a line."""
    width = max(map(len, (*PROGRAMS, *(each.example for each in KINDS))))
    lines = [f"  {each.example:<{width}}  {each.about}" for each in KINDS]
    lines.append(f"  {MINI_BATCH:<{width}}  all points, and scikit-learn's mini-batches")
    lines += [f"  {text:<{width}}  {about}" for text, (_, about) in PROGRAMS.items()]
    return "\n".join(lines)


def pair(text: str) -> str:
    """Check a pair as an argument type, and return it."""
    try:
        values_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def values_of(text: str) -> PairValues | None:
    """Return what a pair varies; None for ``MINI_BATCH`` and ``PROGRAMS``, which vary no option.

    Raises ``ValueError``, one sentence, for anything else.
    """
    if text == MINI_BATCH or text in PROGRAMS:
        return None
    name, colon, rest = text.partition(":")
    kind = _BY_NAME.get(name)
    if kind is None:
        known = [each.name for each in KINDS]
        raise ValueError(
            f"{text[:40]!r} is no pair: use {listed([*known, MINI_BATCH])}, as in "
            f"{KINDS[0].example}, or {', '.join(PROGRAMS)}"
        )
    if kind.fixed:
        if colon:
            raise ValueError(f"{text[:60]!r}: write {kind.example}")
        names, fixed = zip(*kind.fixed, strict=True)
        return PairValues(kind, fixed, names)
    try:
        words = [rest] if kind.alone else [each.strip() for each in rest.split(",")]
        values = [kind.read(each) for each in words] if colon else []
    except (ValueError, argparse.ArgumentTypeError) as error:
        said = str(error) if isinstance(error, argparse.ArgumentTypeError) else "no such value"
        raise ValueError(f"{text[:60]!r}: {said}; write {kind.example}") from None
    if len(values) != (1 if kind.alone else 2) or (not kind.alone and values[0] == values[1]):
        wanted = "two different values"
        if kind.name == RESAMPLE:
            wanted = "a resample"
        elif kind.alone:
            wanted = "a file" if kind.recording else "rows"
        raise ValueError(f"{text[:60]!r} does not name {wanted}: write {kind.example}")
    return PairValues(kind, tuple(values), tuple(words))


def another_second(text: str, option: str, by: int) -> str | None:
    """Return the pair with the next whole number as the second value of this option.

    The first value is passed over. None if the pair does not vary the option, or the number is no
    value of it.
    """
    found = values_of(text)
    if found is None or found.kind.alone or found.kind.option != option:
        return None
    first, second = found.values
    number = second + by if second + by != first else second + 2 * by
    try:
        return pair(f"{found.kind.name}:{first},{number}")
    except argparse.ArgumentTypeError:
        return None
