"""What has changed from one recorded run to another, as lines of text."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from kmeans_tui.analysis.text_table import about, aligned, padded, rows, weights_line

if TYPE_CHECKING:
    from kmeans_tui.analysis.drift import Change
    from kmeans_tui.analysis.pair import Pair

_MOST_MOVED: Final = 5
# Of a cluster, fewer: one line tells them.
_OF_A_CLUSTER: Final = 3


def lines(found: "Pair", change: "Change") -> Iterator[str]:
    """Yield both runs, their clusters by the numbers of the first, and what has moved."""
    one, two = found.first.name, found.second.name
    drift = change.drift
    for side in (found.first, found.second):
        last = side.history[-1]
        inertia = f"inertia {float(last.inertia):.8g}"
        yield f"{about(side.dataset)}, k {side.history.k}, {inertia}"
    yield ""
    yield found.sentence
    yield ""
    then, now = drift.shares
    numbers = found.numbers.tolist()
    clusters = range(len(then))
    own = [str(numbers.index(each) + 1) if each in numbers else "-" for each in clusters]
    table = [
        ["cluster", *(str(each + 1) for each in clusters)],
        [f"number in {two}", *own],
        [f"rows, {one}", *(f"{drift.sizes_then[each]:,}" for each in clusters)],
        *weights_line(f"weight, {one}", drift.weights_then),
        ["share", *(f"{each:.1%}" for each in then)],
        [f"rows, {two}", *(f"{drift.sizes_now[each]:,}" for each in clusters)],
        *weights_line(f"weight, {two}", drift.weights_now),
        ["share", *(f"{each:.1%}" for each in now)],
    ]
    told = ["means that moved most", *(_cluster_moves(change, each) for each in clusters)]
    for line, means in zip(rows(table), told, strict=True):
        yield f"{line}  {means}".rstrip()
    if len(found.rows):
        yield ""
        yield f"rows in both, by their cluster in {one} (down) and in {two} (across):"
        heads = padded(["", *(str(each + 1) for each in clusters)])
        columns = [
            [str(each + 1), *(f"{count:,}" for count in change.moves[:, each].tolist())]
            for each in clusters
        ]
        for head, line in zip(heads, rows(columns), strict=True):
            yield f"{head}  {line}"
    yield ""
    yield f"means that moved most, in standard deviations of {one}:"
    most = drift.most_moved(_MOST_MOVED)
    names = padded(["feature", *(drift.features[each] for each in most)])
    pairs = [
        aligned([float(drift.means_then[each]), float(drift.means_now[each])], 6) for each in most
    ]
    moved = [
        [one, *(pair[0] for pair in pairs)],
        [two, *(pair[1] for pair in pairs)],
        ["moved", *(f"{drift.moved[each]:+.2f}" for each in most)],
    ]
    for name, line in zip(names, rows(moved), strict=True):
        yield f"{name}  {line}"
    yield ""
    yield found.verdict


def _cluster_moves(change: "Change", cluster: int) -> str:
    """Return the means of a cluster that moved most: ``income +0.4, age -0.1``."""
    moved = change.moved[cluster]
    if np.isnan(moved).all():
        there = not np.isnan(change.means_then[cluster]).any()
        return "gone" if there else "new"
    order = np.argsort(-np.abs(np.nan_to_num(moved)), kind="stable")[:_OF_A_CLUSTER]
    return ", ".join(f"{change.drift.features[each]} {moved[each]:+.2f}" for each in order)
