"""Whether the criteria's votes name a k: enough of them, for clusters that are apart.

Every criterion but the elbow and the gap names a k whatever the data, and sets without groups can
make three of them agree. What such sets cannot do is to leave few rows near the borders: of 336
without groups none was cut into five or more clusters with fewer than 28 % there. The limits come
from generated sets (``tests/benchmarks/verdict.py``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kmeans_tui.analysis import criteria
from kmeans_tui.analysis.criteria import Criterion, Row

# The share of rows near a border below which clusters are apart, by k, and for all larger k: two
# or three pieces of one group can have few rows near a border, many cannot.
_LIMITS: Final = {2: 0.10, 3: 0.16, 4: 0.22}
_LIMIT: Final = 0.25
# The same where nearly all votes agree, among them that of a criterion that can abstain.
_LIMITS_IF_SURE: Final = {2: 0.16, 3: 0.30}
_LIMIT_IF_SURE: Final = 0.33
# With at most so many rows of every cluster near a border, a larger k is as good.
_CLEARLY_APART: Final = 0.15
# Groups in groups: the others often name the outer ones, these two the inner.
_PAIR: Final = frozenset({"gap", "overlap"})
# By so many standard errors the gap of a larger k must be higher to be preferred.
_HIGHER: Final = 4


@dataclass(frozen=True)
class Votes:
    """The votes of ``rows``: ``k`` if they name one, and ``why`` not if enough are for one.

    ``backing`` are the criteria for each k that has any, in the order of their weight.
    """

    backing: Mapping[int, tuple[Criterion, ...]]
    k: int | None
    why: str = ""


def count(rows: Sequence[Row], choices: Mapping[str, int | None]) -> Votes:
    """Count the votes for each k from 2 on, of judged rows for k = 1, 2, ….

    ``choices`` are the k that each criterion picks. Where clusters are apart, the elbow counts even
    if it is not clear, and the gap where it is highest.
    """
    voters = criteria.by_weight()
    plain = _backing(voters, {each.key: choices[each.key] for each in voters})
    leaning = _backing(voters, {each.key: each.leaning(rows) for each in voters})
    sure = {k for k, who in plain.items() if _is_sure(who)}
    backing = leaning | {k: max(leaning.get(k, ()), plain[k], key=len) for k in sure}
    enough = [k for k, who in backing.items() if k in sure or 2 * len(who) >= len(voters)]
    apart = [k for k in enough if _overlap(rows[k - 1]) < _limit(k, sure=k in sure)]
    if apart:
        k = max(apart, key=lambda k: (len(backing[k]), k))
        why = _finer(rows, k)
        if not why:
            # Each criterion counts once: for the k it picks, or for the one it leans to.
            return Votes(leaning if leaning.get(k) == backing[k] else plain, k)
    else:
        why = _too_near(rows, backing, enough, sure)
    pair = [k for k, who in leaning.items() if {each.key for each in who} >= _PAIR]
    if pair and _overlap(rows[pair[0] - 1]) < _limit(pair[0], sure=False):
        return Votes(leaning, pair[0])
    return Votes(backing, None, why)


def rule() -> str:
    """Return in sentences when the votes name a k."""
    limits = ", ".join(f"{limit:.0%} at k = {k}" for k, limit in _LIMITS.items())
    return (
        "Overlap is the share of rows that are more than half of the way from their centroid to "
        "a border. A k is named if at least half of the criteria are for it and its clusters are "
        f"apart: overlap below {limits}, {_LIMIT:.0%} beyond; up to {_LIMIT_IF_SURE:.0%} if nearly "
        "all agree, the elbow or the gap among them. Here the largest bend counts as the elbow "
        "even if it is not clear, and the gap counts where it is highest; gap and overlap "
        "alone suffice too. If a larger k has clusters that are all apart, or a much higher gap, "
        "there is no clear k, and the sentence says why."
    )


def _backing(
    voters: Sequence[Criterion], choices: Mapping[str, int | None]
) -> dict[int, tuple[Criterion, ...]]:
    found: dict[int, tuple[Criterion, ...]] = {}
    for each in voters:
        k = choices[each.key]
        if k is not None and k > 1:
            found[k] = (*found.get(k, ()), each)
    return found


def _is_sure(who: Sequence[Criterion]) -> bool:
    """Whether all but one of the criteria besides the overlap agree, one that can abstain too."""
    besides = [each for each in who if each.most is None]
    most = sum(each.most is None for each in criteria.voters())
    return len(besides) >= most - 1 and any(each.abstains for each in besides)


def _overlap(row: Row) -> float:
    found = row.scores.get("overlap")
    return 1.0 if found is None else found


def _limit(k: int, *, sure: bool) -> float:
    return _LIMITS_IF_SURE.get(k, _LIMIT_IF_SURE) if sure else _LIMITS.get(k, _LIMIT)


def _too_near(
    rows: Sequence[Row],
    backing: Mapping[int, tuple[Criterion, ...]],
    enough: Sequence[int],
    sure: set[int],
) -> str:
    if not enough:
        return ""
    k = max(enough, key=lambda k: (len(backing[k]), k))
    count = len(backing[k])
    return (
        f"k = {k} has {count} vote{'s' * (count > 1)}, but {_overlap(rows[k - 1]):.0%} of the rows "
        f"lie near a border (apart is below {_limit(k, sure=k in sure):.0%})"
    )


def _finer(rows: Sequence[Row], k: int) -> str:
    """Return why a larger k is as good as this one; nothing if none is."""
    if rows[k - 1].perfect:
        return ""
    larger = rows[k:]
    apart = [row.k for row in larger if criteria.all_apart(row, _CLEARLY_APART)]
    if apart:
        return f"at k = {k} the clusters are apart, and at k = {max(apart)} they still are"
    gap, error = (rows[k - 1].scores.get(key) for key in ("gap", "gap_error"))
    gaps = [(found, row.k) for row in larger if (found := row.scores.get("gap")) is not None]
    if gap is None or error is None or not gaps:
        return ""
    highest, at = max(gaps)
    if highest > gap + _HIGHER * error and _overlap(rows[at - 1]) < _limit(at, sure=False):
        return f"at k = {k} the clusters are apart, but the gap is much higher at k = {at}"
    return ""
