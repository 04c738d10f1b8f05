"""Questions about what a run does next, whether an answer is right, and why.

A half step is counted as it is shown: 0 is the start, 1 the first assignment, 2 the first update,
2·i + 1 completes iteration i.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from kmeans_tui.analysis import point
from kmeans_tui.clustering.history import History
from kmeans_tui.data import rows

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

Kind = Literal["cluster", "place", "stop", "drop"]
Position: TypeAlias = tuple[float, float]
# A cluster counted from 0; a position in the plot; yes or no; assigning or moving.
Guess: TypeAlias = int | Position | bool | Literal["assign", "move"]

MOST: Final = 10
# The share of the questions that ask about points.
_POINTS: Final = 0.4
# Rows looked at for one question: enough to find points near a border, and done in 2 ms.
_SAMPLE: Final = 2000
# A point is near the border if its distances to both centroids differ by at most this share of
# their sum: (0.6 + 0.4) / 2 apart, one is 1.5 times as far as the other.
_CLEAR: Final = 0.2
# Nearer than this to the border, nobody can tell: 2.72 and 2.72.
_CLOSE: Final = 0.01
# Of the points near the border, one of so many is taken.
_NEAREST: Final = 12
# A difference of drops below this share of the inertia is rounding.
_TIE: Final = 1e-9
# The least move of a centroid that is asked for, as a share of the spread of the points shown.
_MOVE: Final = 0.05
# A guess of a place is right within this many moves.
WITHIN: Final = 0.5
# So much of the points still moving, a run goes on; so many times as large, a drop is plain.
_BUSY: Final = 0.05
_PLAIN: Final = 10.0


@dataclass(frozen=True)
class QuizQuestion:
    """One question about the half step after ``position``, which ``shows`` answers.

    ``row`` is the point asked about, ``cluster`` the centroid, both counted from 0; ``place`` where
    that centroid is in the plot. ``trivial``: seen at a glance. ``why`` is the reason of the
    answer, a sentence without a capital and a stop.
    """

    kind: Kind
    position: int
    shows: int
    answer: Guess
    why: str
    trivial: bool = False
    row: int | None = None
    cluster: int | None = None
    place: Position | None = None

    @property
    def about(self) -> tuple[object, ...]:
        """What it asks: no other question of a series asks the same."""
        return self.kind, self.position, self.row, self.cluster


@dataclass(frozen=True)
class Marking:
    """Whether an answer was right; ``off`` is how far, in moves of the centroid, or None."""

    right: bool
    off: float | None = None


def questions(
    dataset: "Dataset", history: History, seed: int, most: int = MOST
) -> tuple[QuizQuestion, ...]:
    """Return up to ``most`` questions on a run in the order of its half steps, drawn by a seed.

    A long run is asked about from begin to end. A short one is gone through again, for other
    questions; fewer are found only where there are no more. Never two trivial ones in a row.
    """
    rng = np.random.default_rng(seed)
    found: list[QuizQuestion] = []
    last = 2 * history.iterations + 1
    mixed = True
    while len(found) < most:
        before, at = len(found), 0
        while at < last and len(found) < most:
            asked = _one(dataset, history, at, rng, found, mixed=mixed)
            if asked is None:
                at += 1
                continue
            found.append(asked)
            # As far on as the rest of the questions can be spread over the rest of the run.
            room = (last - asked.shows) / max(1, most - len(found)) - 1
            at = asked.shows + int(rng.integers(max(1, round(2 * room) + 1)))
            # The half step after which the run may stop is not left out.
            at = last - 2 if asked.shows <= last - 2 < at else at
        if len(found) == before:
            if not mixed:
                break
            # The other kinds are used up: there are always more points.
            mixed = False
    return tuple(found)


def _one(
    dataset: "Dataset",
    history: History,
    at: int,
    rng: np.random.Generator,
    found: list[QuizQuestion],
    *,
    mixed: bool,
) -> QuizQuestion | None:
    """Return a question about the half step after ``at``, of the kind asked least so far.

    If ``mixed``, points are asked about as long as they are not most of it.
    """
    following = history[at // 2 + 1] if at % 2 and at // 2 < history.iterations else None
    if following is not None and following.swap is not None:
        return None  # it follows from no rule that a reader could apply
    kinds: list[Kind] = ["place", "stop", "drop"] if at % 2 else ["cluster"]
    asked = Counter(each.kind for each in found)
    if mixed and kinds == ["cluster"] and asked["cluster"] > _POINTS * len(found) + 1:
        return None
    rng.shuffle(kinds)
    kinds.sort(key=lambda kind: asked[kind])
    if at == 2 * history.iterations - 1 and "stop" in kinds:
        kinds.sort(key=lambda kind: kind != "stop")
    known = {each.about for each in found}
    dull = bool(found) and found[-1].trivial
    for kind in kinds:
        for asks in _MAKERS[kind](dataset, history, at, rng):
            if asks.about not in known and not (dull and asks.trivial):
                return asks
    return None


def judge(dataset: "Dataset", history: History, asked: QuizQuestion, answer: Guess) -> Marking:
    """Return whether an answer is right; a place is if it is off by less than half the move."""
    if asked.kind != "place":
        return Marking(answer == asked.answer)
    assert asked.cluster is not None
    own = slice(asked.cluster, asked.cluster + 1)
    start = history[asked.position // 2].centroids[own]
    target = dataset.moved(start, np.array([asked.answer]))
    guess = dataset.moved(start, np.array([answer]))
    off = float(np.linalg.norm(guess - target) / np.linalg.norm(target - start))
    return Marking(off <= WITHIN, off)


def _clusters(
    dataset: "Dataset", history: History, at: int, rng: np.random.Generator
) -> list[QuizQuestion]:
    """To which cluster does this point go? Points near a border that leave, and that stay."""
    if history.k == 1:
        return []
    i = at // 2
    leaving = history.changes(i)[0]
    staying = rng.choice(dataset.n, min(dataset.n, _SAMPLE), replace=False)
    staying = staying[~np.isin(staying, leaving)]
    if len(leaving) > _SAMPLE:
        leaving = rng.choice(leaving, _SAMPLE, replace=False)
    groups = [leaving, staying]
    if rng.random() < 0.5:
        groups.reverse()
    found = []
    for group in groups:
        near, share, nearest, second = _near_border(dataset, history, i, group)
        for j in rng.permutation(min(_NEAREST, len(near))).tolist():
            row, own = int(near[j]), int(nearest[j])
            why = _why(dataset, history, row, i, own, int(second[j]))
            trivial = bool(share[j] > _CLEAR)
            found.append(QuizQuestion("cluster", at, at + 1, own, why, trivial, row=row))
    return found


def _near_border(
    dataset: "Dataset", history: History, i: int, group: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return those of the rows that a distance decides, nearest to the border first.

    All (m,): the rows, the difference of their distances to the nearest and the second centroid as
    a share of the sum, and these two clusters.
    """
    taken = [event.point for event in history[i].events if event.point is not None]
    group = group[~np.isin(group, taken)]
    centroids, labels = history[i].centroids, history.labels(i)[group]
    offsets = dataset.points[group][:, None, :] - centroids[None, :, :]
    distances = np.sqrt((offsets**2).sum(axis=2))
    order = distances.argsort(axis=1, kind="stable")[:, :2]
    one, two = np.take_along_axis(distances, order, axis=1).T
    total = one + two
    share = np.divide(two - one, total, out=np.zeros_like(total), where=total > 0)
    sure = np.flatnonzero((share > _CLOSE) & (order[:, 0] == labels))
    sure = sure[share[sure].argsort(kind="stable")]
    return group[sure], share[sure], order[sure, 0], order[sure, 1]


def _why(dataset: "Dataset", history: History, row: int, i: int, own: int, second: int) -> str:
    place, centroids = dataset.points[row], history[i].centroids
    if i and int(history.labels(i - 1)[row]) != own:
        moved = point.moves(history, dataset.points, row, i)[-1]
        return moved.why
    one, two = (float(np.linalg.norm(centroids[c] - place)) for c in (own, second))
    near = f"centroid {own + 1} is {one:.3g} away, centroid {second + 1} {two:.3g}"
    return f"it stays, {near}" if i else near


def _places(
    dataset: "Dataset", history: History, at: int, rng: np.random.Generator
) -> list[QuizQuestion]:
    """Where does this centroid go? Those whose move can be seen."""
    i = at // 2
    if i >= history.iterations:
        return []
    before, after = history[i], history[i + 1]
    places = dataset.project(before.centroids)
    targets = dataset.project(after.centroids)
    moves = np.linalg.norm(dataset.moved(before.centroids, targets) - before.centroids, axis=1)
    spread = float(np.sqrt(dataset.points.var(axis=0).sum()))
    refilled = {event.cluster for event in after.events}
    found = []
    for c in rng.permutation(history.k).tolist():
        if moves[c] <= _MOVE * spread or c in refilled or not before.sizes[c]:
            continue
        size = int(before.sizes[c])
        points = f"its {size:,} points" if size > 1 else "its one point"
        mean = "mean" if history.weights is None else "weighted mean"
        found.append(
            QuizQuestion(
                "place",
                at,
                at + 1,
                _pair(targets[c]),
                f"it goes to the {mean} of {points}, {float(moves[c]):.3g} away",
                cluster=c,
                place=_pair(places[c]),
            )
        )
    return found


def _pair(place: np.ndarray) -> Position:
    x, y = place.tolist()
    return x, y


def _stops(
    dataset: "Dataset", history: History, at: int, rng: np.random.Generator
) -> list[QuizQuestion]:
    """Does the run stop with the next update? Not where a limit, and no rule, ends it."""
    i = at // 2
    final = i + 1 == history.iterations
    if i >= history.iterations or (final and history.stopped_by != "converged"):
        return []
    shifts = history[i + 1].shifts
    c, largest = int(shifts.argmax()), float(shifts.max())
    within = "" if history.tolerance is None else f", {history.tolerance:.2g}"
    if not final:
        why = f"centroid {c + 1} moves by {largest:.3g}, more than the tolerance{within}"
    elif largest == 0:
        why = "no point changed cluster, so no centroid moves"
    else:
        why = f"no centroid moves by more than {largest:.2g}, within the tolerance{within}"
    many = i == 0 or history[i].changed > _BUSY * dataset.n
    return [QuizQuestion("stop", at, at + 1, final, why, not final and many)]


def _drops(
    dataset: "Dataset", history: History, at: int, rng: np.random.Generator
) -> list[QuizQuestion]:
    """Does the inertia fall more by moving or by assigning? Not where a cluster was refilled."""
    i = at // 2
    if i >= history.iterations or history[i + 1].events:
        return []
    start, moved, assigned = history.half_step_inertia[2 * i : 2 * i + 3].tolist()
    moving, assigning = start - moved, moved - assigned
    least, most = sorted((moving, assigning))
    # What is left of the last digits decides nothing.
    if most - least <= _TIE * start:
        return []
    why = f"moving takes off {moving:.4g}, assigning {assigning:.4g}"
    answer: Guess = "move" if moving > assigning else "assign"
    return [QuizQuestion("drop", at, at + 2, answer, why, most > _PLAIN * least)]


_MAKERS: Final = {"cluster": _clusters, "place": _places, "stop": _stops, "drop": _drops}


def text(dataset: "Dataset", asked: QuizQuestion) -> str:
    """Return the question as it is asked; the marks ``◉`` and ``✛`` stand in the plot."""
    if asked.kind == "cluster":
        assert asked.row is not None
        return f"To which cluster does ◉ (row {rows.number(dataset, asked.row)}) go?"
    if asked.kind == "place":
        assert asked.cluster is not None
        return f"Where does centroid {asked.cluster + 1} go? Put ✛ there, then enter."
    if asked.kind == "stop":
        return "The centroids move next: does the run stop then?"
    return "Does the inertia now fall more by moving or by assigning?"


def told(asked: QuizQuestion, verdict: Marking) -> str:
    """Return the verdict with the reason: ``wrong: it goes to 3; its own centroid …``."""
    head = "right" if verdict.right else "wrong"
    if asked.kind == "place":
        return f"{head}, {verdict.off:.2g} moves off: {asked.why}."
    if asked.kind == "stop":
        answer = "it stops" if asked.answer else "it goes on"
    elif asked.kind == "drop":
        answer = "by moving" if asked.answer == "move" else "by assigning"
    else:
        assert isinstance(asked.answer, int)
        answer = f"it is in cluster {asked.answer + 1}"
    return f"{head}: {answer}; {asked.why}."
