"""How often the verdict is right, wrong and silent: ``python -m tests.benchmarks.verdict [SETS]``.

On sets with 2 to 20 groups and on sets without, SETS of each shape (4; with 60 there are 600 with
groups and 840 without, in about half an hour), k up to 20. A set is reachable if K-Means with the
right k finds the groups (adjusted Rand index of at least 0.8). Every criterion alone stands beside
the verdict. Targets: the verdict hits at least 70 % of the reachable sets, names a wrong k on at
most 5 % of those with groups, and a k on at most 1 % of those without.

The last lines hold the gap against R's ``clusGap`` (scaledPCA, 10 starts, 60 sets), and count the k
it chooses with ten references.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from sklearn.datasets import load_iris, load_wine
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from kmeans_tui.analysis import criteria
from kmeans_tui.analysis.gap import Reference, one_standard_error
from kmeans_tui.analysis.sweep import sweep
from tests.benchmarks.verdict_sets import HELD_OUT, TUNING, draw

K_MAX: Final = 20
REACHABLE: Final = 0.8
# Gap(k) for k = 1 … 10 of R's clusGap, with d.power 2, on the tables as they are.
CLUS_GAP: Final = {
    "iris": (0.076, 0.594, 0.868, 1.004, 1.048, 1.070, 1.066, 1.086, 1.066, 1.061),
    "wine": (0.503, 0.474, 0.322, 0.328, 0.270, 0.220, 0.452, 0.469, 0.455, 0.520),
}


class Counted(NamedTuple):
    """A set that was judged: its true ``k`` (0 without groups) and the k of each answer."""

    shape: str
    k: int
    reachable: bool
    answers: dict[str, int | None]


def judged(shape: str, number: int, runs: int) -> Counted:
    drawn = draw(shape, number)
    found = sweep(drawn.points, K_MAX, runs)
    verdict = found.verdict
    answers = {"verdict": verdict.k, **verdict.choices}
    if drawn.truth is None:
        return Counted(shape, 0, False, answers)
    k = int(drawn.truth.max()) + 1
    agreement = adjusted_rand_score(drawn.truth, found.rows[k - 1].run.labels)
    return Counted(shape, k, agreement >= REACHABLE, answers)


def lines(counted: list[Counted]) -> Iterator[str]:
    """A line for each answer: hits of the reachable sets, wrong ones, false alarms."""
    yield f"{'':>20}{'hits of reachable':>20}{'wrong of grouped':>19}{'alarms of others':>19}"
    for answer in ("verdict", *(each.key for each in criteria.TABLE)):
        parts = []
        for sets, counts in (
            ([c for c in counted if c.reachable], lambda c, k: k == c.k),
            ([c for c in counted if c.k], lambda c, k: k not in (None, 1, c.k)),
            ([c for c in counted if not c.k], lambda c, k: k not in (None, 1)),
        ):
            hits = sum(counts(c, c.answers[answer]) for c in sets)
            parts.append(f"{hits:>5} of {len(sets):>4} {hits / max(1, len(sets)):>4.0%}")
        yield f"{answer:>20}" + "".join(f"{part:>19}" for part in parts)


def report(counted: list[Counted]) -> None:
    for name, shapes in (("tuning", TUNING), ("held out", HELD_OUT), ("all", TUNING | HELD_OUT)):
        print(f"\n{name}")
        print("\n".join(lines([each for each in counted if each.shape in shapes])))
    alarms = Counter(c.shape for c in counted if not c.k and c.answers["verdict"])
    wrong = Counter(c.shape for c in counted if c.k and c.answers["verdict"] not in (None, c.k))
    print(f"\nalarms by shape {dict(alarms)}\nwrong by shape {dict(wrong)}")


def table_gap() -> None:
    print("\ngap beside that of clusGap: difference in standard errors, k = 1 … 10")
    for name, X in (("iris", load_iris().data), ("wine", load_wine().data)):
        inertia = [row.best for row in sweep(X, 10, 20, criteria=False).rows]
        chosen = Counter()
        for seed in range(10):
            reference = Reference(X, seed)
            found = [reference.gap(k, inertia[k - 1]) for k in range(1, 11)]
            gaps, errors = zip(*found, strict=True)
            chosen[one_standard_error(range(1, 11), gaps, errors)] += 1
            if seed == 0:
                apart = (np.array(gaps) - CLUS_GAP[name]) / np.array(errors)
                print(f"{name:>6}" + "".join(f"{each:>7.2f}" for each in apart))
        print(f"{'':>6} k chosen with ten references: {dict(chosen)}")


def main(sets: int = 4, runs: int = 10) -> None:
    shapes = [*TUNING, *HELD_OUT]
    report([judged(shape, number, runs) for number in range(sets) for shape in shapes])
    table_gap()


if __name__ == "__main__":
    with threadpool_limits(1):
        main(*map(int, sys.argv[1:]))
