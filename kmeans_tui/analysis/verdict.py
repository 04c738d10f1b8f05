"""The joint verdict of inertia and the criteria: votes, disagreement, and reasons for doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kmeans_tui.analysis import criteria, growth, votes
from kmeans_tui.analysis.criteria import Row
from kmeans_tui.analysis.knee import Knee, chord_knee, log_knee
from kmeans_tui.analysis.starts import called
from kmeans_tui.words import listed

if TYPE_CHECKING:
    from kmeans_tui.analysis.shape import Shape

# Smaller rises are rounding.
_RISE: Final = 1e-9


@dataclass(frozen=True)
class Verdict:
    """The verdict on a sweep.

    ``choices``   the k each criterion picks, None if it picks none
    ``k``         the k to use, None if there is no clear one
    ``knee``      of log(inertia), clear or not; ``chord`` that of inertia itself
    ``rises``     every k whose best inertia is above that of k - 1
    ``shape``     the shape of the groups, None if unknown
    ``notes``     reasons for doubt, a sentence each, first of all if K-Means is the wrong tool
    ``sentence``  all of it in one line
    """

    choices: Mapping[str, int | None]
    k: int | None
    knee: Knee | None
    chord: Knee | None
    rises: tuple[int, ...]
    shape: "Shape | None"
    notes: tuple[str, ...]
    sentence: str


def judge(rows: Sequence[Row], init: str | None = None, *, grew: bool = False) -> Verdict:
    """Count the votes of ``rows``, one for each k from 1 on.

    ``init`` is the start of their runs, named in the sentence if given; with ``grew`` the largest k
    was not given, but reached by itself.
    """
    ks = [row.k for row in rows]
    inertia = [row.best for row in rows]
    knee = log_knee(ks, inertia)
    choices = {each.key: each.choice(rows) for each in criteria.TABLE}
    rises = tuple(row.k for before, row in pairwise(rows) if row.best > before.best * (1 + _RISE))
    notes = [_rise(k, rows[k - 1].runs, init) for k in rises]
    if grew and (told := growth.went_on(rows)):
        notes.append(told)
    notes += _doubts(rows, choices)
    k, sentence = _sentence(rows, choices, knee)
    if init is not None and rows:
        runs = rows[-1].runs
        sentence += f" ({runs} {called(init)} start{'s' if runs != 1 else ''} for each k)"
    shape = _shape(rows, k, choices)
    if shape is not None and shape.sentence:
        notes.insert(0, shape.sentence)
    chord = chord_knee(ks, inertia)
    return Verdict(choices, k, knee, chord, rises, shape, tuple(notes), sentence)


def _shape(rows: Sequence[Row], k: int | None, choices: Mapping[str, int | None]) -> "Shape | None":
    """Return the shape of the groups at k: if k is named, its clusters are apart.

    Without one, any k may show that K-Means is the wrong tool, best as many clusters as there are
    connected groups; if none does, the k that most criteria pick.
    """
    known = [row.shape for row in rows if row.shape is not None]
    if k is not None:
        return next((each for each in known if each.k == k), None)
    picked = [each for each in choices.values() if each is not None and each > 1]
    common = max(sorted(set(picked)), key=picked.count, default=None)
    own = next((each for each in known if each.k == common), None)
    wrong = [each for each in known if each.sentence]
    return min(wrong, key=lambda each: (each.k != each.groups, each.k), default=own)


def _rise(k: int, runs: int, init: str | None) -> str:
    others = " or ".join(each for each in ("k-means++", "warm") if each != init)
    return (
        f"inertia rises from k = {k - 1} to {k}, which the best clustering never does: "
        f"{runs} {'start was' if runs == 1 else 'starts were'} too few at k = {k}; "
        f"use more runs, or the start {others}"
    )


def _doubts(rows: Sequence[Row], choices: Mapping[str, int | None]) -> list[str]:
    picked = [(each, choices[each.key]) for each in criteria.by_weight()]
    doubts = [each.doubt(rows[k - 1]) for each, k in picked if k is not None]
    found = [each for each in doubts if each]
    edge = growth.at_the_end(rows)
    if edge:
        found.append(
            f"{listed(edge)} {'is' if len(edge) == 1 else 'are'} best at k = {rows[-1].k}, the "
            "largest tried: a larger one may be better still, so raise the largest k"
        )
    return found


def _sentence(
    rows: Sequence[Row], choices: Mapping[str, int | None], knee: Knee | None
) -> tuple[int | None, str]:
    bend = ""
    if knee is not None:
        bend = (
            f" (the largest bend, at {knee.k}, is {knee.strength:.2f}; clear is {knee.limit:.2f})"
        )
    if not any(row.judged for row in rows):
        if choices["elbow"] is None:
            return None, f"no clear k: the curve has no clear elbow{bend}"
        return choices["elbow"], f"k = {choices['elbow']}, chosen by the elbow alone"
    voters = criteria.by_weight()
    counted = votes.count(rows, choices)
    if counted.k is not None:
        k, who = counted.k, counted.backing[counted.k]
        if len(who) == len(voters):
            return k, f"k = {k}: all {len(voters)} criteria agree"
        told = _told({at: [e.title for e in each] for at, each in counted.backing.items()}, k)
        return k, f"k = {k} by {len(who)} of {len(voters)} votes: {told}"
    by_k: dict[int, list[str]] = {}
    for each in voters:
        choice = choices[each.key]
        if choice is not None:
            by_k.setdefault(choice, []).append(each.title)
    parts = [counted.why] if counted.why else []
    if by_k:
        parts.append(_told(by_k))
    if choices["elbow"] is None:
        parts.append(f"no clear elbow{bend}")
    parts += [
        f"{each.title} names none"
        for each in voters
        if each.abstains and choices[each.key] is None and each.measure is not None
    ]
    return None, f"no clear k: {'; '.join(parts)}"


def _told(by_k: Mapping[int, Sequence[str]], first: int | None = None) -> str:
    """Return who is for which k, most first: "elbow and gap say 3; silhouette 2"."""
    ranked = sorted(by_k.items(), key=lambda item: (item[0] != first, -len(item[1]), item[0]))
    told = [f"{listed(list(who))} {k}" for k, who in ranked]
    # Only the first has a verb.
    k, who = ranked[0]
    told[0] = f"{listed(list(who))} {'says' if len(who) == 1 else 'say'} {k}"
    return "; ".join(told)
