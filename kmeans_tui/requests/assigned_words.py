"""What became of new rows in the clusters of a run, as lines of text."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from kmeans_tui.analysis.text_table import aligned, padded, rows, weights_line
from kmeans_tui.words import cut, plural

if TYPE_CHECKING:
    from kmeans_tui.requests.assigned import Assigning

_MOST_MOVED: Final = 5
# The longest name of a feature in a table.
_WIDEST: Final = 40


def lines(done: "Assigning") -> Iterator[str]:
    """Yield the summary: how many rows, which clusters, and what has moved."""
    found, drift = done.found, done.found.drift
    name, run = done.table.name, done.subject.dataset.name
    k = len(drift.sizes_then)
    yield (
        f"{name}: {found.assigned:,} of {plural(found.rows, 'row')} assigned to the "
        f"{plural(k, 'cluster')} of {run}"
    )
    yield from done.told()
    yield ""
    then, now = drift.shares
    clusters = range(k)
    yield from rows(
        [
            ["cluster", *(str(each + 1) for each in clusters)],
            ["rows then", *(f"{drift.sizes_then[each]:,}" for each in clusters)],
            *weights_line("weight then", drift.weights_then),
            ["share then", *(f"{each:.1%}" for each in then)],
            ["rows now", *(f"{drift.sizes_now[each]:,}" for each in clusters)],
            *weights_line("weight now", drift.weights_now),
            ["share now", *(f"{each:.1%}" for each in now)],
            ["far", *(f"{found.far[each]:,}" for each in clusters)],
        ]
    )
    yield ""
    yield _far(found.far, drift.amounts[0])
    change = ""
    if drift.distance_then > 0 and drift.distance_now != drift.distance_then:
        by = f"{drift.distance_now / drift.distance_then - 1:+.1%}"
        change = "" if by in ("+0.0%", "-0.0%") else f" ({by})"
    yield (
        f"mean distance to the centroid: {drift.distance_then:.4g} then, "
        f"{drift.distance_now:.4g} now{change}"
    )
    yield ""
    most = drift.most_moved(_MOST_MOVED)
    yield "means that moved most, in standard deviations of then:"
    names = padded(["feature", *(cut(drift.features[each], _WIDEST) for each in most)])
    pairs = [
        aligned([float(drift.means_then[each]), float(drift.means_now[each])], 6) for each in most
    ]
    table = [
        ["then", *(pair[0] for pair in pairs)],
        ["now", *(pair[1] for pair in pairs)],
        ["moved", *(f"{drift.moved[each]:+.2f}" for each in most)],
    ]
    for feature, line in zip(names, rows(table), strict=True):
        yield f"{feature}  {line}"


def _far(far: Any, sizes: Any) -> str:
    """Return what is far out, and what that means for clusters of this size."""
    small = [str(i + 1) for i, size in enumerate(sizes.tolist()) if size < 1000]
    meant = "99.9 % of the run's rows in their cluster"
    if len(small) == len(sizes):
        meant = "all of the run's rows in their cluster, which has fewer than 1,000"
    elif small:
        which = f"cluster{'' if len(small) == 1 else 's'} {', '.join(small)}"
        meant += f"; in {which}, with fewer than 1,000, than all"
    return f"{plural(int(far.sum()), 'row')} far out: farther than {meant}"
