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

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from kmeans_tui.partitioned.certified_labels import Nearest
from kmeans_tui.partitioned.part_ranks import between, merge_between, merge_ranks, ranks
from kmeans_tui.partitioned.part_surveys import merge_surveys, survey

Block = tuple[np.ndarray, np.ndarray | None, np.ndarray]
Blocks = Iterable[Block]
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
    ``high``, ``middle`` as for ``Nearest``, ``labels`` whether they are wanted. ``kept`` keeps the
    labels with their centroids; with others in it than ``previous``, they are computed again.

    Returns (sums relative to ``middle`` (k, d), rows (k,), rows with a weight (k,), weight (k,),
    inertia, changed, farthest, labels): the farthest row is (squared distance, row, point, label,
    weight), the labels are None or those of the rows in use and, if others were dropped, the
    numbers of these rows.
    """
    centroids, previous = task["centroids"], task["previous"]
    nearest = _nearest(task)
    k, d = centroids.shape
    old = before = None
    again = np.empty(0)
    if previous is not None:
        if kept and np.array_equal(kept["centroids"], previous):
            old = kept["labels"]
        else:
            before = _nearest({**task, "centroids": previous})
            again = np.empty(nearest.size, before.type)
    labels = np.empty(task["rows"], nearest.type)
    sums, sizes, weighty = np.zeros((k, d)), np.zeros(k, np.int64), np.zeros(k, np.int64)
    mass, inertia, changed, done = np.zeros(k), 0.0, 0, 0
    farthest = (-1.0, -1, np.zeros(d), -1, 0.0)
    used: list[np.ndarray] | None = [] if task["labels"] and task["dropped"] else None
    for block in blocks:
        for some, w, numbers in _small(block, nearest.size):
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
            weighty += count if w is None else np.bincount(index[w > 0], minlength=k)
            mass += count if w is None else np.bincount(index, w, k)
            for f in range(d):
                column = nearest.columns[f, :m]
                if w is not None:
                    column *= w
                sums[:, f] += np.bincount(index, column, k)
            own = nearest.own(some, index)
            at = int(own.argmax())
            if own[at] > farthest[0]:
                farthest = _far(own, some, w, numbers, index, at)
            inertia += float(np.add.reduce(own if w is None else own * w))
            done += m
            if used is not None:
                used.append(numbers)
        tell(len(block[0]))
    labels = labels[:done]
    if kept is not None:
        kept.update(centroids=centroids, labels=labels)
    given = None
    if task["labels"]:
        gone = None if used is None else np.concatenate([*used, np.empty(0, np.int64)])
        given = labels, gone
    return sums, sizes, weighty, mass, inertia, changed, farthest, given


def _nearest(task: dict[str, Any]) -> Nearest:
    return Nearest(task["centroids"], task["low"], task["high"], task["middle"])


def _small(block: Block, size: int) -> Iterator[Block]:
    x, weights, numbers = block
    for start in range(0, len(x), size):
        part = slice(start, start + size)
        yield x[part], None if weights is None else weights[part], numbers[part]


def _far(
    own: np.ndarray, x: np.ndarray, w: np.ndarray | None, numbers: np.ndarray,
    index: np.ndarray, at: int,
) -> tuple[float, int, np.ndarray, int, float]:  # fmt: skip
    weight = 1.0 if w is None else float(w[at])
    return float(own[at]), int(numbers[at]), x[at].copy(), int(index[at]), weight


def merge_totals(a: Any, b: Any) -> Any:
    """Return the result of two neighbouring parts; the lower row is the farthest in a tie."""
    farthest = b[6] if b[6][0] > a[6][0] else a[6]
    return *(x + y for x, y in zip(a[:6], b[:6], strict=True)), farthest, None


def farthest(blocks: Blocks, task: dict[str, Any], kept: KeptLabels, tell: Tell) -> Any:
    """The ``count`` rows farthest from their centroids, as in ``assign``; of a tie the lower."""
    nearest, count = _nearest(task), task["count"]
    held: list[Any] = []
    for block in blocks:
        for some, w, numbers in _small(block, nearest.size):
            labels = np.empty(len(some), nearest.type)
            nearest.label(some, labels)
            index = labels.astype(np.intp)
            own = nearest.own(some, index)
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


def uniform(numbers: np.ndarray, seed: int, stream: int = 0) -> np.ndarray:
    """Return a number in [0, 1) for every row number (m,), whoever asks.

    The hash is splitmix64 (Steele, Lea and Flood 2014).
    """
    mixed = (seed * 0xD1342543DE82EF95 + stream * 0x9FB21C651E98DF25) % 2**64
    with np.errstate(over="ignore"):
        z = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(mixed)
        z ^= z >> np.uint64(30)
        z *= np.uint64(0xBF58476D1CE4E5B9)
        z ^= z >> np.uint64(27)
        z *= np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)) * 2.0**-53


def sample(blocks: Blocks, task: dict[str, Any], kept: KeptLabels, tell: Tell) -> Any:
    """Rows whose number hashes below ``threshold``: (hashes, row numbers, points, weights)."""
    found = [_none(task["d"])]
    for x, weights, numbers in blocks:
        u = uniform(numbers, task["seed"], task["stream"])
        found.append(_taken(u < task["threshold"], u, x, weights, numbers))
        tell(len(x))
    return tuple(map(np.concatenate, zip(*found, strict=True)))


def oversample(blocks: Blocks, task: dict[str, Any], kept: KeptLabels, tell: Tell) -> Any:
    """A round of k-means|| (Bahmani et al. 2012): rows as in ``sample``.

    A row is drawn with the probability ``factor`` · weight · squared distance to its centroid.
    """
    nearest = _nearest(task)
    found = [_none(len(task["low"]))]
    for block in blocks:
        for x, weights, numbers in _small(block, nearest.size):
            labels = np.empty(len(x), nearest.type)
            nearest.label(x, labels)
            chance = nearest.own(x, labels.astype(np.intp)) * task["factor"]
            if weights is not None:
                chance *= weights
            u = uniform(numbers, task["seed"], task["stream"])
            found.append(_taken(u < chance, u, x, weights, numbers))
        tell(len(block[0]))
    return tuple(map(np.concatenate, zip(*found, strict=True)))


def _none(d: int) -> tuple[np.ndarray, ...]:
    return np.empty(0), np.empty(0, np.int64), np.empty((0, d)), np.empty(0)


def _taken(
    mask: np.ndarray, u: np.ndarray, x: np.ndarray, w: np.ndarray | None, numbers: np.ndarray
) -> tuple[np.ndarray, ...]:
    at = mask.nonzero()[0]
    return u[at], numbers[at], x[at], np.ones(len(at)) if w is None else w[at]


def merge_rows(a: Any, b: Any) -> Any:
    """Return the rows found in two parts, in their order."""
    return tuple(map(np.concatenate, zip(a, b, strict=True)))


# Passes whose parts keep something from one to the next.
KEEPING = ("assign",)
PASSES: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "assign": (assign, merge_totals),
    "between": (between, merge_between),
    "farthest": (farthest, merge_farthest),
    "oversample": (oversample, merge_rows),
    "ranks": (ranks, merge_ranks),
    "sample": (sample, merge_rows),
    "survey": (survey, merge_surveys),
}
