"""THE table of pairs: two runs that differ in one thing, and the options of each.

To add a kind of pair, add a row: the option it varies, how its values are read, and why runs with
two of them part.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.argument_types import not_negative, row_list, seed_number, whole
from kmeans_tui.command import COMPARED, EMPTY_RULES, GIVEN, INITS, SCALES, Options
from kmeans_tui.requests import fit
from kmeans_tui.requests import subject as opening
from kmeans_tui.words import listed

if TYPE_CHECKING:
    from kmeans_tui.analysis.pair import Pair
    from kmeans_tui.clustering.history import Step
    from kmeans_tui.requests.subject import Subject

MINI_BATCH: Final = "mini-batch"
# Another name for the comparison of both programs from the same start.
SCIKIT_LEARN: Final = "scikit-learn"


@dataclass(frozen=True)
class PairKind:
    """A kind of pair.

    ``option`` is the field of ``Options`` that differs, ``read`` parses one of its values and
    raises ``ValueError`` or ``ArgumentTypeError``. With ``alone`` there is one value, of the second
    run; ``usual`` is then what the first is called. ``why`` ends a sentence on why the two part.
    """

    name: str
    option: str
    read: Callable[[str], Any]
    example: str
    about: str
    why: str
    alone: bool = False
    usual: str = ""


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise argparse.ArgumentTypeError(f"{text!r} is not one of {', '.join(choices)}")
        return text

    return read


KINDS: Final = (
    PairKind("seeds", "seed", seed_number, "seeds:0,1", "two seeds",
             "each seed draws its own centroids"),
    PairKind("init", "init", _one_of(INITS), "init:random,k-means++", "two starts",
             "each start draws its own centroids"),
    PairKind("scale", "scale", _one_of(SCALES), "scale:none,standard", "two scales",
             "each scale gives the features other weights"),
    PairKind("k", "k", whole, "k:2,3", "two numbers of clusters",
             "one of them has more centroids"),
    PairKind("tolerance", "tolerance", not_negative, "tolerance:0,0.01", "two tolerances",
             "one of them stops earlier"),
    PairKind("empty", "empty", _one_of(EMPTY_RULES), "empty:farthest,random",
             "two ways to fill an empty cluster", "an empty cluster is filled in another way"),
    PairKind("without", "without", row_list, "without:17", "with and without these rows",
             "the rows that are left draw and pull the centroids", alone=True,
             usual="all rows"),
)  # fmt: skip
_BY_NAME: Final = {each.name: each for each in KINDS}


@dataclass(frozen=True)
class PairOptions:
    """Two runs to compare: their names and their options, and why they would part.

    With ``mini_batch`` the second is run by scikit-learn, on a part of the points in each step.
    """

    first_name: str
    second_name: str
    first: Options
    second: Options
    why: str
    mini_batch: bool = False


def epilog() -> str:
    """Return the kinds of pairs for the help, one a line."""
    width = max(len(each.example) for each in KINDS)
    lines = [f"  {each.example:<{width}}  {each.about}" for each in KINDS]
    lines.append(f"  {MINI_BATCH:<{width}}  all points, and scikit-learn's mini-batches")
    lines.append(f"  {SCIKIT_LEARN:<{width}}  this program and scikit-learn, as --start same")
    lines += [f"  {each:<{width}}  as --start {each}" for each in COMPARED]
    return "\n".join(lines)


def read(text: str, options: Options) -> PairOptions | None:
    """Return the two runs that ``--pair`` asks for; None for one of ``COMPARED`` or scikit-learn.

    Raises ``ValueError``, one sentence, for anything else.
    """
    if text in (*COMPARED, SCIKIT_LEARN):
        return None
    if text == MINI_BATCH:
        why = "each of its steps sees a part of the points"
        return PairOptions("all points", "mini-batches", options, options, why, mini_batch=True)
    name, colon, rest = text.partition(":")
    kind = _BY_NAME.get(name)
    if kind is None:
        known = [each.name for each in KINDS]
        raise ValueError(
            f"{text[:40]!r} is no pair: use {listed([*known, MINI_BATCH])}, as in "
            f"{KINDS[0].example}, or {SCIKIT_LEARN}"
        )
    try:
        words = [rest] if kind.alone else [each.strip() for each in rest.split(",")]
        values = [kind.read(each) for each in words] if colon else []
    except (ValueError, argparse.ArgumentTypeError) as error:
        said = str(error) if isinstance(error, argparse.ArgumentTypeError) else "no such value"
        raise ValueError(f"{text[:60]!r}: {said}; write {kind.example}") from None
    if len(values) != (1 if kind.alone else 2) or (not kind.alone and values[0] == values[1]):
        wanted = "rows" if kind.alone else "two different values"
        raise ValueError(f"{text[:60]!r} does not name {wanted}: write {kind.example}")
    if kind.alone:
        taken = tuple(sorted({*(options.without or ()), *values[0]}))
        second = replace(options, without=taken)
        return PairOptions(kind.usual, f"without {rest}", options, second, kind.why)
    first, second = (_with(options, kind.option, each) for each in values)
    names = [f"{kind.option} {each}" for each in words]
    return PairOptions(names[0], names[1], first, second, kind.why)


def run(
    asked: PairOptions,
    subject: "Subject",
    progress: "Callable[[Step], bool | None] | None" = None,
) -> "Pair":
    """Run both sides of a pair; ``subject`` are the data of the first.

    Raises ``ValueError``, one sentence, for data or options that cannot be used.
    """
    from kmeans_tui.analysis.mini_batch import mini_batch
    from kmeans_tui.analysis.pair import PairSide, pair

    dataset = subject.dataset
    first = fit.model(asked.first, dataset).fit(dataset.points, progress).history
    beside = opening.beside(dataset, asked.first, asked.second)
    if asked.mini_batch:
        limit, seed = asked.second.max_iterations, asked.second.seed
        second = mini_batch(beside.points, first[0].centroids, limit, seed)
    else:
        second = fit.model(asked.second, beside).fit(beside.points, progress).history
    sides = PairSide(asked.first_name, dataset, first), PairSide(asked.second_name, beside, second)
    return pair(*sides, asked.why)


def _with(options: Options, field: str, value: Any) -> Options:
    changed = replace(options, **{field: value})
    if options.init == GIVEN and field in ("seed", "k"):
        # A given start has no seed, and its own k.
        return replace(changed, init=Options.init, centroids=None)
    return replace(changed, centroids=None) if field == "init" else changed
