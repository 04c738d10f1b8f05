"""Explain one point: its distances to the centroids, and why it changed cluster."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kmeans_tui.analysis.case_weights import copies
from kmeans_tui.clustering.history import History
from kmeans_tui.data import rows

if TYPE_CHECKING:
    from kmeans_tui.data.dataset import Dataset

# Points whose distances are computed at a time: 65,536 rows of ten features are 5 MB.
_BLOCK = 1 << 16
# A move by less than this share of the distances around is described as none.
_STILL = 1e-9


@dataclass(frozen=True)
class Move:
    """A change of cluster, numbered from 0, in the assignment of ``iteration``.

    ``away`` is how much its distance to the centroid of ``old`` grew in the preceding update,
    ``closer`` how much that to ``new`` shrank, both in clustered units.
    """

    iteration: int
    old: int
    new: int
    away: float
    closer: float
    why: str


@dataclass(frozen=True, eq=False)
class Point:
    """The facts about one row at one iteration.

    ``row`` counts from 0 among the clustered rows, ``number`` from 1 in the file, and ``called`` is
    its name with that of the id column, empty without one; ``cells`` are all
    its columns by name, in original units. ``distances`` ``(k,)`` are those to the centroids in
    clustered units, ``runner_up`` the nearest other than its own, ``margin`` how much farther that
    is (None for one cluster; negative if the centroids have moved and it will leave its own).
    ``silhouette`` is exact; None if all points are in one cluster, or it was not requested.
    ``moves`` are those up to this iteration, ``first`` its cluster at the start. ``weight`` is how
    much it counts; None if all rows count alike.
    """

    row: int
    number: int
    called: str
    iteration: int
    cells: tuple[tuple[str, str], ...]
    cluster: int
    distances: np.ndarray
    runner_up: int | None
    margin: float | None
    silhouette: float | None
    first: int
    moves: tuple[Move, ...]
    weight: float | None = None

    def history(self) -> str:
        """Its path in one line: ``starts in cluster 2; cluster 3 from iteration 1``."""
        parts = [f"starts in cluster {self.first + 1}"]
        parts += [f"cluster {each.new + 1} from iteration {each.iteration}" for each in self.moves]
        return "; ".join(parts)


@dataclass(frozen=True, eq=False)
class Changed:
    """The rows that changed cluster in one assignment, nearest to the border first.

    All ``(changed,)``: ``rows``, their ``old`` and ``new`` clusters, and ``border``, how far they
    are beyond the midplane between the two centroids, in clustered units.
    """

    rows: np.ndarray
    old: np.ndarray
    new: np.ndarray
    border: np.ndarray


def question(
    dataset: "Dataset",
    history: History,
    row: int,
    iteration: int = -1,
    *,
    updated: bool = False,
    judged: bool = True,
) -> Point:
    """Return the facts about ``row``, counted from 0, at an iteration, by default the last.

    ``updated`` means half way: the centroids are those of the iteration, the clusters still those
    before it. Without ``judged`` the silhouette, which needs all points, is left out.
    Raises ``IndexError`` for a row or an iteration that does not exist.
    """
    if not 0 <= row < dataset.n:
        raise IndexError(f"there is no row {row}: the data have {dataset.n}")
    points, weights = dataset.points, dataset.weights
    snapshot = history[iteration]
    assigned = max(0, snapshot.iteration - updated)
    labels = history.labels(assigned)
    own = int(labels[row])
    distances = np.linalg.norm(snapshot.centroids - points[row], axis=1)
    runner_up = margin = None
    if history.k > 1:
        others = np.where(np.arange(history.k) == own, np.inf, distances)
        runner_up = int(others.argmin())
        margin = float(distances[runner_up] - distances[own])
    return Point(
        row=row,
        number=rows.number(dataset, row),
        called=f"{dataset.id_column} {named}" if (named := rows.identity(dataset, row)) else "",
        iteration=snapshot.iteration,
        cells=rows.cells(dataset, row),
        cluster=own,
        distances=distances,
        runner_up=runner_up,
        margin=margin,
        silhouette=silhouette(points, labels, row, history.k, weights) if judged else None,
        first=int(history.labels(0)[row]),
        moves=moves(history, points, row, assigned),
        weight=None if weights is None else float(weights[row]),
    )


def silhouette(
    points: np.ndarray, labels: np.ndarray, row: int, k: int, weights: np.ndarray | None = None
) -> float | None:
    """Return the exact silhouette of one of the points (n, d), in O(n) (Rousseeuw 1987).

    0 for a point alone in its cluster, as in scikit-learn; None if there is only one cluster. With
    ``weights`` (n,) each point counts as so many copies of it.
    """
    counts = copies(weights)
    sizes = np.bincount(labels, counts, k)
    if (sizes > 0).sum() < 2:
        return None
    own = int(labels[row])
    if sizes[own] <= 1:
        return 0.0
    sums = np.zeros(k)
    for start in range(0, len(points), _BLOCK):
        block = slice(start, start + _BLOCK)
        distances = np.linalg.norm(points[block] - points[row], axis=1)
        if counts is not None:
            distances *= counts[block]
        sums += np.bincount(labels[block], weights=distances, minlength=k)
    inside = sums[own] / (sizes[own] - 1)
    others = (sizes > 0) & (np.arange(k) != own)
    outside = float((sums[others] / sizes[others]).min())
    larger = max(inside, outside)
    return float((outside - inside) / larger) if larger > 0 else 0.0


def moves(history: History, points: np.ndarray, row: int, iteration: int) -> tuple[Move, ...]:
    """Return the cluster changes of one row up to an iteration, each with its reason."""
    found = []
    _, assigned = history.kept()
    new = int(history.labels(iteration)[row])
    for i in range(iteration, 0, -1):
        flips = assigned[i].flips[assigned[i].rows == row]
        if len(flips):
            old = new ^ int(flips[0])
            found.append(_move(history, points[row], row, i, old, new))
            new = old
    return tuple(reversed(found))


def _move(history: History, place: np.ndarray, row: int, i: int, old: int, new: int) -> Move:
    before, after = history[i - 1].centroids, history[i].centroids

    def distance(centroids: np.ndarray, cluster: int) -> float:
        return float(np.linalg.norm(centroids[cluster] - place))

    reached = distance(before, new)
    away = distance(after, old) - distance(before, old)
    closer = reached - distance(after, new)
    for event in history[i].events:
        if event.point == row and event.cluster == new:
            why = f"cluster {new + 1} ran empty and took this point over"
            return Move(i, old, new, away, closer, why)
    return Move(i, old, new, away, closer, _why(new, away, closer, _STILL * max(1.0, reached)))


def _why(new: int, away: float, closer: float, still: float) -> str:
    """Return the reason in one sentence, distances in clustered units."""
    if abs(away) <= still:
        own = "its own centroid stayed as far"
    else:
        own = f"its own centroid {_moved(away)}"
    if abs(closer) <= still:
        other = f"centroid {new + 1} stayed as far"
    else:
        other = f"centroid {new + 1} {_moved(-closer)}"
    # Both came closer, or both moved away: the difference counts.
    same = (away > still and -closer > still) or (away < -still and closer > still)
    if not same:
        return f"{own}, {other}"
    if away > 0:
        return f"{own}, but centroid {new + 1} only {-closer:.3g}"
    return f"{own}, but {other} still"


def _moved(away: float) -> str:
    return f"moved {away:.3g} away" if away > 0 else f"came {-away:.3g} closer"


def changed(history: History, points: np.ndarray, iteration: int) -> Changed:
    """Return which of the points (n, d) changed cluster in the assignment of an iteration.

    Empty for iteration 0, before which there were no clusters. Raises ``IndexError`` for an
    iteration that does not exist.
    """
    gone, old, new = history.changes(iteration)
    centroids = history[iteration].centroids
    left, reached = centroids[old], centroids[new]
    apart = np.linalg.norm(left - reached, axis=1)
    # Distance to the plane midway between the two centroids.
    beyond = ((points[gone] - left) ** 2).sum(axis=1) - ((points[gone] - reached) ** 2).sum(axis=1)
    border = np.divide(beyond, 2 * apart, out=np.zeros(len(gone)), where=apart > 0)
    order = np.argsort(np.abs(border), kind="stable")
    return Changed(gone[order], old[order], new[order], border[order])
