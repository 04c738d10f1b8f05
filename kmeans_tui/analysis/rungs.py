"""The ladder: which rows part or join from k clusters to k + 1, with clusters named for all k."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from kmeans_tui.analysis.matching import contingency, match_counts
from kmeans_tui.words import listed, plural

if TYPE_CHECKING:
    from kmeans_tui.analysis.criteria import Row
    from kmeans_tui.analysis.sweep import Sweep

# A new cluster that takes this share of its rows from one cluster is a part of it.
_PART: Final = 0.9
# A smaller share of a new cluster's rows is not worth a word.
_TOLD: Final = 0.05


class Flow(NamedTuple):
    """``rows`` that are in cluster ``source`` of one k and in ``target`` of the next."""

    source: int
    target: int
    rows: int


@dataclass(frozen=True, eq=False)
class Rung:
    """One k: ``sizes`` ``(k,)`` and ``inertia``; ``names`` say which cluster is called what.

    Clusters have one name, counted from 0, through all k: ``names[i]`` is that of cluster i of the
    run, and ``sizes`` are in the order of names. ``flows`` are the rows on the way from the k
    before, by names, the largest first; none for the first k.
    """

    k: int
    sizes: np.ndarray
    inertia: float
    names: tuple[int, ...]
    flows: tuple[Flow, ...] = ()

    @property
    def colours(self) -> tuple[int, ...] | None:
        """The names as for ``--colours``, from 1; None if every cluster has its own."""
        if self.names == tuple(range(self.k)):
            return None
        return tuple(name + 1 for name in self.names)

    @property
    def stayed(self) -> int:
        """How many rows kept the name of their cluster from the k before."""
        return sum(flow.rows for flow in self.flows if flow.source == flow.target)

    def sentence(self) -> str:
        """What parts or joins on the way to this k: ``cluster 2 parts: 38 rows become 3``."""
        if not self.flows:
            return f"all {plural(int(self.sizes.sum()), 'row')} are in cluster 1"
        new = self.k - 1
        into = [flow for flow in self.flows if flow.target == new]
        size = int(self.sizes[new])
        if not size:
            return f"cluster {new + 1} is empty"
        told = [flow for flow in into if flow.rows >= _TOLD * size]
        if into[0].rows >= _PART * size:
            text = f"cluster {into[0].source + 1} parts: {_rows(into[0].rows)} become {new + 1}"
        else:
            parts = listed([f"{flow.rows:,} of {flow.source + 1}" for flow in told])
            text = f"cluster {new + 1} joins rows of {len(told)} clusters: {parts}"
        others = sum(
            flow.rows for flow in self.flows if flow.target != new and flow.source != flow.target
        )
        return f"{text}; {_rows(others)} change between the others" if others else text


@dataclass(frozen=True, eq=False)
class Ladder:
    """The rungs from k = 1 on."""

    rungs: tuple[Rung, ...]

    def document(self) -> list[dict[str, Any]]:
        """Return the rungs as plain values; clusters are called by their names, from 1."""
        return [
            {
                "k": rung.k,
                "inertia": rung.inertia,
                "names": [each + 1 for each in rung.names],
                "sizes": rung.sizes.tolist(),
                "stayed": rung.stayed,
                "flows": [
                    {"from": flow.source + 1, "to": flow.target + 1, "rows": flow.rows}
                    for flow in rung.flows
                ],
                "sentence": rung.sentence(),
            }
            for rung in self.rungs
        ]

    def tables(self) -> Iterator[tuple[Rung, list[list[str]]]]:
        """Yield each rung after the first with its flows as a table: from down, to across."""
        for rung in self.rungs[1:]:
            counts = np.zeros((rung.k - 1, rung.k), dtype=np.int64)
            for flow in rung.flows:
                counts[flow.source, flow.target] = flow.rows
            head = ["", *(f"to {each + 1}" for each in range(rung.k))]
            yield (
                rung,
                [
                    head,
                    *(
                        [f"from {source + 1}", *(f"{each:,}" if each else "." for each in row)]
                        for source, row in enumerate(counts.tolist())
                    ),
                ],
            )


def ladder(sweep: "Sweep") -> Ladder:
    """Return the ladder of the best runs of a sweep; see ``climbed``."""
    return Ladder(tuple(climbed(sweep.rows)))


def climbed(rows: "Iterable[Row]", known: Sequence[Rung] = ()) -> Iterator[Rung]:
    """Yield the rungs of these rows from k = 1 on, without those ``known``.

    Of the clusters of k + 1, those matched to the clusters of k so that most rows stay keep their
    names (Kuhn 1955); the one that is left is new and named k + 1.
    """
    before: np.ndarray | None = None
    last: Rung | None = None
    for at, row in enumerate(rows):
        labels = row.run.labels
        if at < len(known):
            last = known[at]
            if at == len(known) - 1:
                before = np.asarray(last.names)[labels]
            continue
        names: tuple[int, ...] = tuple(range(row.k))
        flows: tuple[Flow, ...] = ()
        if before is not None and last is not None:
            counts = contingency(before, labels, last.k, row.k)
            order = match_counts(counts)
            # order[i] is the cluster that is matched to name i; the last one is new.
            names = tuple(int(each) for each in np.argsort(order))
            counts = counts[:, order]
            ways = zip(*counts.nonzero(), strict=True)
            found = [Flow(int(a), int(b), int(counts[a, b])) for a, b in ways]
            flows = tuple(sorted(found, key=lambda flow: -flow.rows))
        before = np.asarray(names)[labels]
        sizes = np.bincount(before, minlength=row.k)
        last = Rung(row.k, sizes, row.best, names, flows)
        yield last


def arrangement(rungs: Iterable[Rung]) -> list[int]:
    """Return all names from top to bottom: a new cluster stands below its largest source.

    So parts of a cluster are neighbours, and few flows cross.
    """
    placed = [0]
    for rung in rungs:
        new = rung.k - 1
        if new in placed:
            continue
        source = next((flow.source for flow in rung.flows if flow.target == new), placed[-1])
        placed.insert(placed.index(source) + 1, new)
    return placed


def _rows(count: int) -> str:
    return plural(count, "row")
