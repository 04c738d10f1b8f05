"""The ladder: which rows part or join from k clusters to k + 1, with clusters named for all k."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from kmeans_tui.analysis.case_weights import of_clusters
from kmeans_tui.analysis.matching import contingency, match_counts
from kmeans_tui.words import listed, plural, tally

if TYPE_CHECKING:
    from kmeans_tui.analysis.criteria import Row
    from kmeans_tui.analysis.sweep import Sweep

# A new cluster that takes this share of its rows from one cluster is a part of it.
_PART: Final = 0.9
# A smaller share of a new cluster's rows is not worth a word.
_TOLD: Final = 0.05


class Flow(NamedTuple):
    """``rows`` that are in cluster ``source`` of one k and in ``target`` of the next.

    ``weight`` is theirs, None if rows have none.
    """

    source: int
    target: int
    rows: int
    weight: float | None = None

    @property
    def amount(self) -> float:
        """Their weight, or how many they are."""
        return self.rows if self.weight is None else self.weight


@dataclass(frozen=True, eq=False)
class Rung:
    """One k: ``sizes`` ``(k,)`` and ``inertia``; ``names`` say which cluster is called what.

    Clusters have one name, counted from 0, through all k: ``names[i]`` is that of cluster i of the
    run, and ``sizes`` are in the order of names. ``flows`` are the rows on the way from the k
    before, by names, the largest first; none for the first k. ``weights`` ``(k,)`` are those of the
    clusters, None if rows have none.
    """

    k: int
    sizes: np.ndarray
    inertia: float
    names: tuple[int, ...]
    flows: tuple[Flow, ...] = ()
    weights: np.ndarray | None = None

    @property
    def amounts(self) -> np.ndarray:
        """The weights of the clusters, or how many rows they have: (k,)."""
        return self.sizes if self.weights is None else self.weights

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

    @property
    def stayed_weight(self) -> float:
        """Their weight."""
        return sum(flow.amount for flow in self.flows if flow.source == flow.target)

    def sentence(self) -> str:
        """What parts or joins to this k: ``cluster 2 parts: 38 rows become cluster 3``."""
        if not self.flows:
            return f"all {plural(int(self.sizes.sum()), 'row')} are in cluster 1"
        new = self.k - 1
        into = [flow for flow in self.flows if flow.target == new]
        size = float(self.amounts[new])
        if not size:
            return f"cluster {new + 1} is empty"
        told = [flow for flow in into if flow.amount >= _TOLD * size]
        if into[0].amount >= _PART * size:
            become = "becomes" if into[0].rows == 1 else "become"
            text = (
                f"cluster {into[0].source + 1} parts: {self._many(into[:1])} {become} cluster "
                f"{new + 1}"
            )
        else:
            parts = listed([f"{tally(flow.amount)} of {flow.source + 1}" for flow in told])
            what = "rows" if self.weights is None else "weight"
            text = f"cluster {new + 1} joins {what} of {len(told)} clusters: {parts}"
        others = [flow for flow in self.flows if flow.target != new and flow.source != flow.target]
        if not others:
            return text
        change = "changes" if sum(flow.rows for flow in others) == 1 else "change"
        return f"{text}; {self._many(others)} {change} between the others"

    def _many(self, flows: Sequence[Flow]) -> str:
        count = plural(sum(flow.rows for flow in flows), "row")
        if self.weights is None:
            return count
        return f"{count} (weight {tally(sum(flow.amount for flow in flows))})"


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
                **({} if rung.weights is None else {"weights": rung.weights.tolist()}),
                "stayed": rung.stayed,
                "flows": [
                    {
                        "from": flow.source + 1,
                        "to": flow.target + 1,
                        "rows": flow.rows,
                        **({} if flow.weight is None else {"weight": flow.weight}),
                    }
                    for flow in rung.flows
                ],
                "sentence": rung.sentence(),
            }
            for rung in self.rungs
        ]

    def tables(self) -> Iterator[tuple[Rung, list[list[str]]]]:
        """Yield each rung after the first with its flows as a table: from down, to across."""
        for rung in self.rungs[1:]:
            counts = np.zeros((rung.k - 1, rung.k))
            for flow in rung.flows:
                counts[flow.source, flow.target] = flow.amount
            head = ["", *(f"to {each + 1}" for each in range(rung.k))]
            yield (
                rung,
                [
                    head,
                    *(
                        [f"from {source + 1}", *(tally(each) if each else "." for each in row)]
                        for source, row in enumerate(counts.tolist())
                    ),
                ],
            )


def ladder(sweep: "Sweep", weights: np.ndarray | None = None) -> Ladder:
    """Return the ladder of the best runs of a sweep; see ``climbed``."""
    return Ladder(tuple(climbed(sweep.rows, weights=weights)))


def climbed(
    rows: "Iterable[Row]", known: Sequence[Rung] = (), weights: np.ndarray | None = None
) -> Iterator[Rung]:
    """Yield the rungs of these rows from k = 1 on, without those ``known``.

    Of the clusters of k + 1, those matched to the clusters of k so that most rows stay keep their
    names (Kuhn 1955); the one that is left is new and named k + 1. ``weights`` (n,) are those of
    the rows of the data.
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
            heavy: np.ndarray = counts
            if weights is not None:
                heavy = contingency(before, labels, last.k, row.k, weights)
            order = match_counts(heavy)
            # order[i] is the cluster that is matched to name i; the last one is new.
            names = tuple(int(each) for each in np.argsort(order))
            counts, heavy = counts[:, order], heavy[:, order]
            found = [
                Flow(a, b, int(counts[a, b]), None if weights is None else float(heavy[a, b]))
                for a, b in np.argwhere(counts).tolist()
            ]
            flows = tuple(sorted(found, key=lambda flow: -flow.amount))
        before = np.asarray(names)[labels]
        sizes = np.bincount(before, minlength=row.k)
        last = Rung(row.k, sizes, row.best, names, flows, of_clusters(before, row.k, weights))
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
