"""What is computed from one part of the points, and how two results become one.

This module imports numpy alone, and of the program what stands before it in ``part_sources``: it is
also sent to other machines as source text. Every pass is a pure function of the blocks of a part
and of its arguments, so a part can be done again anywhere, with the same bits. Nothing is added up
by a library of linear algebra, whose order of additions depends on the machine and its threads; the
one matrix product only screens, and its labels are proved or computed again.

``PASSES`` names, for every pass, the function of a part and the function that merges two results;
those of neighbouring parts are merged in pairs, in the order of the parts. A function of a part has
the arguments (blocks, task, kept, tell): ``task`` is a dictionary, ``kept`` one that stays with the
part from pass to pass or None, and ``tell(m)`` is called with the rows of every block.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from kmeans_tui.partitioned.certified_labels import Nearest
from kmeans_tui.partitioned.part_draws import merge_rows, oversample, sample
from kmeans_tui.partitioned.part_ranks import between, merge_between, merge_ranks, ranks
from kmeans_tui.partitioned.part_surveys import merge_surveys, survey

Blocks = Iterable[tuple[np.ndarray, np.ndarray | None, np.ndarray]]
Tell = Callable[[int], object]
KeptLabels = dict[str, Any] | None


def work(
    name: str, part: Any, blocks: Blocks, task: dict[str, Any], kept: KeptLabels, tell: Tell
) -> Any:
    """Return the result of a pass for one part."""
    return PASSES[name][0](blocks, {**task, "rows": part[1], "dropped": part[3]}, kept, tell)


def merged(name: str, results: Iterable[Any]) -> Any:
    """Return the result of all parts of a pass: neighbours in pairs, so any workers agree."""
    merge, left = PASSES[name][1], list(results)
    while len(left) > 1:
        pairs = (left[i : i + 2] for i in range(0, len(left), 2))
        left = [merge(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
    return left[0]


def assign(blocks: Blocks, task: dict[str, Any], kept: KeptLabels, tell: Tell) -> Any:
    """One assignment of a part.

    ``task``: ``centroids`` (k, d), ``previous`` those of the assignment before or None, ``low``,
    ``high``, ``middle`` as for ``Nearest``. ``kept`` keeps the labels with their centroids; with
    others in it than ``previous``, they are computed again.

    Returns (sums relative to ``middle`` (k, d), rows (k,), their weight (k,), inertia, changed,
    farthest): the farthest row is (squared distance, row, point, label, weight).
    """
    centroids, previous = task["centroids"], task["previous"]
    nearest = Nearest.of(task)
    k, d = centroids.shape
    old = before = None
    again = np.empty(0)
    if previous is not None:
        if kept and np.array_equal(kept["centroids"], previous):
            old = kept["labels"]
        else:
            before = Nearest.of({**task, "centroids": previous})
            again = np.empty(nearest.size, before.type)
    labels = np.empty(task["rows"], nearest.type)
    sums, sizes, mass = np.zeros((k, d)), np.zeros(k, np.int64), np.zeros(k)
    inertia, changed, done = 0.0, 0, 0
    farthest = (-1.0, -1, np.zeros(d), -1, 0.0)
    for block in blocks:
        for some, w, numbers in nearest.some_at_a_time(block):
            m = len(some)
            found = labels[done : done + m]
            if before is not None:
                # First: ``nearest`` leaves its columns for the sums.
                before.label(some, again[:m])
            nearest.label(some, found)
            was = again[:m] if old is None else old[done : done + m]
            changed += m if previous is None else int(np.count_nonzero(was != found))
            index = found.astype(np.intp)
            count = np.bincount(index, minlength=k)
            sizes += count
            mass += count if w is None else np.bincount(index, w, k)
            for f in range(d):
                column = nearest.columns[f, :m]
                if w is not None:
                    column *= w
                sums[:, f] += np.bincount(index, column, k)
            own = nearest.own(some, index)
            inertia += float(np.add.reduce(own if w is None else own * w))
            most = float(own.max()) * (1 - nearest.slack)
            # Last: it uses the memory of ``own``.
            if most > farthest[0] * (1 - 2 * nearest.slack):
                farthest = _farther(farthest, nearest, own >= most, some, w, numbers, index)
            done += m
        tell(len(block[0]))
    if kept is not None:
        kept.update(centroids=centroids, labels=labels[:done])
    return sums, sizes, mass, inertia, changed, farthest


def _farther(
    farthest: Any,
    nearest: Nearest,
    mask: np.ndarray,
    x: np.ndarray,
    w: np.ndarray | None,
    numbers: np.ndarray,
    index: np.ndarray,
) -> Any:
    """Return the farthest of the rows in ``mask``, or ``farthest`` if none is farther."""
    at = mask.nonzero()[0]
    own = nearest.exactly(x[at], index[at])
    best = int(own.argmax())
    if own[best] <= farthest[0]:
        return farthest
    w = None if w is None else w[at]
    return _far(own, x[at], w, numbers[at], index[at], best)


def _far(
    own: np.ndarray, x: np.ndarray, w: np.ndarray | None, numbers: np.ndarray,
    index: np.ndarray, at: int,
) -> tuple[float, int, np.ndarray, int, float]:  # fmt: skip
    weight = 1.0 if w is None else float(w[at])
    return float(own[at]), int(numbers[at]), x[at].copy(), int(index[at]), weight


def merge_totals(a: Any, b: Any) -> Any:
    """Return the result of two neighbouring parts; the lower row is the farthest in a tie."""
    farthest = b[5] if b[5][0] > a[5][0] else a[5]
    return *(x + y for x, y in zip(a[:5], b[:5], strict=True)), farthest


def label(blocks: Blocks, task: dict[str, Any], kept: KeptLabels, tell: Tell) -> Any:
    """The labels of a part, as in ``assign``.

    Returns ((labels (m,) of its rows in use, their numbers (m,) or None if no row was dropped),).
    """
    nearest = Nearest.of(task)
    labels, done = np.empty(task["rows"], nearest.type), 0
    used: list[np.ndarray] | None = [np.empty(0, np.int64)] if task["dropped"] else None
    for block in blocks:
        for some, _, numbers in nearest.some_at_a_time(block):
            nearest.label(some, labels[done : done + len(some)])
            done += len(some)
            if used is not None:
                used.append(numbers)
        tell(len(block[0]))
    return ((labels[:done], None if used is None else np.concatenate(used)),)


def merge_labels(a: Any, b: Any) -> Any:
    """Return the labels of some parts and of those that follow them."""
    return a + b


def farthest(blocks: Blocks, task: dict[str, Any], kept: KeptLabels, tell: Tell) -> Any:
    """The ``count`` rows farthest from their centroids, as in ``assign``; of a tie the lower."""
    nearest, count = Nearest.of(task), task["count"]
    held: list[Any] = []
    for block in blocks:
        for some, w, numbers in nearest.some_at_a_time(block):
            labels = np.empty(len(some), nearest.type)
            nearest.label(some, labels)
            index = labels.astype(np.intp)
            own = nearest.exactly(some, index)
            least = held[-1][0] if len(held) == count else -1.0
            above = (own > least).nonzero()[0]
            above = above[np.argsort(-own[above], kind="stable")[:count]]
            far = [_far(own, some, w, numbers, index, int(at)) for at in above]
            held = _foremost(held + far, count)
        tell(len(block[0]))
    return held, count


def _foremost(rows: list[Any], count: int) -> list[Any]:
    return sorted(rows, key=lambda row: (-row[0], row[1]))[:count]


def merge_farthest(a: Any, b: Any) -> Any:
    """Return the farthest rows of two parts."""
    return _foremost(a[0] + b[0], a[1]), a[1]


# Passes whose parts keep something from one to the next.
KEEPING = ("assign",)
PASSES: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "assign": (assign, merge_totals),
    "between": (between, merge_between),
    "farthest": (farthest, merge_farthest),
    "label": (label, merge_labels),
    "oversample": (oversample, merge_rows),
    "ranks": (ranks, merge_ranks),
    "sample": (sample, merge_rows),
    "survey": (survey, merge_surveys),
}
