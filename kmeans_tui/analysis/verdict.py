"""What inertia and the criteria say together: votes, disagreement, and reasons for doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kmeans_tui.analysis.gap import one_standard_error
from kmeans_tui.analysis.knee import Knee, chord_knee, log_knee
from kmeans_tui.analysis.starts import called
from kmeans_tui.words import listed

if TYPE_CHECKING:
    from kmeans_tui.analysis.sweep import Row

_NAMES: Final = {
    "elbow": "elbow",
    "gap": "gap",
    "silhouette": "silhouette",
    "davies_bouldin": "Davies-Bouldin",
    "calinski_harabasz": "Calinski-Harabasz",
}
# A cluster of at most this share of the rows is more likely a few outliers than a group.
_TINY: Final = 0.02
# Smaller rises are rounding.
_RISE: Final = 1e-9


@dataclass(frozen=True)
class Verdict:
    """What a sweep says.

    ``choices``   the k each criterion picks, None where it picks none
    ``k``         the k to take, None when there is no clear one
    ``knee``      of log(inertia), clear or not; ``chord`` that of inertia itself
    ``rises``     every k whose best inertia is above that of k - 1
    ``notes``     reasons for doubt, a sentence each
    ``sentence``  all of it in one line
    """

    choices: Mapping[str, int | None]
    k: int | None
    knee: Knee | None
    chord: Knee | None
    rises: tuple[int, ...]
    notes: tuple[str, ...]
    sentence: str


def judge(rows: "Sequence[Row]", init: str | None = None) -> Verdict:
    """Count the votes of ``rows``, one for each k from 1 on.

    ``init`` is the start of their runs, which the sentence then names.
    """
    ks = [row.k for row in rows]
    inertia = [row.best for row in rows]
    knee = log_knee(ks, inertia)
    choices = {
        "elbow": knee.k if knee is not None and knee.clear else None,
        "silhouette": _extreme(ks, [row.silhouette for row in rows], 1),
        "calinski_harabasz": _extreme(ks, [row.calinski_harabasz for row in rows], 1),
        "davies_bouldin": _extreme(ks, [row.davies_bouldin for row in rows], -1),
        "gap": one_standard_error(ks, [row.gap for row in rows], [row.gap_error for row in rows]),
    }
    rises = tuple(row.k for before, row in pairwise(rows) if row.best > before.best * (1 + _RISE))
    notes = [_rise(k, rows[k - 1].runs, init) for k in rises]
    notes += _doubts(rows, choices)
    k, sentence = _sentence(choices, knee, any(row.judged for row in rows))
    if init is not None and rows:
        runs = rows[-1].runs
        sentence += f" ({runs} {called(init)} start{'s' if runs != 1 else ''} for each k)"
    return Verdict(choices, k, knee, chord_knee(ks, inertia), rises, tuple(notes), sentence)


def _extreme(ks: Sequence[int], values: Sequence[float | None], sign: int) -> int | None:
    defined = [(sign * value, -k) for k, value in zip(ks, values, strict=True) if value is not None]
    return -max(defined)[1] if defined else None


def _rise(k: int, runs: int, init: str | None) -> str:
    others = " or ".join(each for each in ("k-means++", "warm") if each != init)
    return (
        f"inertia rises from k = {k - 1} to {k}, which the best clustering never does: "
        f"{runs} {'start was' if runs == 1 else 'starts were'} too few at k = {k}; "
        f"take more runs, or the start {others}"
    )


def _doubts(rows: "Sequence[Row]", choices: Mapping[str, int | None]) -> list[str]:
    found = []
    chosen = choices["silhouette"]
    if chosen is not None:
        sizes = rows[chosen - 1].sizes
        n, least = int(sizes.sum()), int(sizes.min())
        if least <= max(1, _TINY * n):
            found.append(
                f"the silhouette of k = {chosen} rests on a cluster of {least} of {n} rows: "
                "look whether these are outliers before believing it"
            )
    # More than nothing left unexplained there is not.
    if len(rows) > 2 and not rows[-1].perfect:
        last = rows[-1].k
        edge = [_NAMES[name] for name in _NAMES if choices[name] == last]
        if edge:
            found.append(
                f"{listed(edge)} {'is' if len(edge) == 1 else 'are'} best at k = {last}, the "
                "largest tried: more may be better still"
            )
    return found


def _sentence(
    choices: Mapping[str, int | None], knee: Knee | None, judged: bool
) -> tuple[int | None, str]:
    bend = ""
    if knee is not None:
        bend = (
            f" (the largest bend, at {knee.k}, is {knee.strength:.2f}; clear is {knee.limit:.2f})"
        )
    if not judged:
        if choices["elbow"] is None:
            return None, f"no clear k: the curve has no clear elbow{bend}"
        return choices[
            "elbow"
        ], f"k = {choices['elbow']}: the elbow says so; nothing else was asked"
    by_k: dict[int, list[str]] = {}
    for name, words in _NAMES.items():
        choice = choices[name]
        if choice is not None:
            by_k.setdefault(choice, []).append(words)
    ranked = sorted(by_k.items(), key=lambda item: (-len(item[1]), item[0]))
    votes = "; ".join(f"{listed(who)} {k}" for k, who in ranked)
    if ranked:
        # Only the first has a verb: "elbow and gap say 3; silhouette 2".
        k, who = ranked[0]
        verb = "says" if len(who) == 1 else "say"
        votes = votes.replace(f"{listed(who)} {k}", f"{listed(who)} {verb} {k}", 1)
    if choices["elbow"] is None:
        votes += ("; " if votes else "") + f"no clear elbow{bend}"
    if choices["gap"] is None:
        votes += "; gap names none"
    if not ranked:
        return None, f"no clear k: {votes}"
    k, who = ranked[0]
    if len(who) == len(_NAMES):
        return k, f"k = {k}: all {len(_NAMES)} criteria agree"
    # Silhouette, Calinski-Harabasz and Davies-Bouldin name a k whatever the data: at least one of
    # the two that can say "none" has to be with them.
    if len(who) > len(_NAMES) / 2 and k > 1 and k in (choices["elbow"], choices["gap"]):
        return k, f"k = {k} by {len(who)} of {len(_NAMES)} votes: {votes}"
    return None, f"no clear k: {votes}"
