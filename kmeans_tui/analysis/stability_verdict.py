"""What the resamples say, in words: which clusters come back, and which k can be defended."""

from collections.abc import Collection, Iterator

from kmeans_tui.analysis.reproducibility import GAP, Reproducible, stable_k
from kmeans_tui.analysis.stable_clusters import SETTLED, STRONG, ClusterStability, mark
from kmeans_tui.words import listed, plural

_GOOD = 0.75
_SURE = 0.85


def verdict(stability: ClusterStability, rows: Collection[Reproducible]) -> str:
    """Return both sentences."""
    own = next((row for row in rows if row.k == stability.original.k), None)
    return " ".join([of_clusters(stability, own), of_k(rows)])


def of_clusters(stability: ClusterStability, own: Reproducible | None = None) -> str:
    """Return which clusters come back in other samples; ``own`` is what is known of their k."""
    found = stability.jaccard
    k = len(found)
    if not stability.resamples:
        return "No resample has been clustered yet."
    if k == 1:
        return "A single cluster comes back in any sample."
    # To two digits, as they are shown and marked.
    known = [-1.0 if each is None else round(each, 2) for each in found]
    good = [c for c in range(k) if known[c] >= _GOOD]
    if len(good) == k:
        how = "nearly every sample" if min(known) >= _SURE else "most samples"
        said = f"{'Both' if k == 2 else f'All {k}'} clusters come back in {how}"
        border = None if own is None else own.border
        if border is not None and border > GAP:
            return f"{said}, but some of them meet without a gap."
        return f"{said}."
    bad = [c for c in range(k) if c not in good]
    # The worst first.
    bad.sort(key=lambda c: known[c])
    shown = [f"{c + 1} ({known[c]:.2f}, {mark(found[c])})" for c in bad[:4] if known[c] >= 0]
    if len(bad) > len(shown):
        shown.append(f"{len(bad) - len(shown)} more")
    which = f"cluster {shown[0]}" if len(bad) == 1 else f"clusters {listed(shown)}"
    if not good:
        return f"None of {k} clusters comes back in most samples: {which}."
    does = "does" if len(bad) == 1 else "do"
    return f"{len(good)} of {k} clusters come back in most samples; {which} {does} not."


def of_k(rows: Collection[Reproducible]) -> str:
    """Return the largest stable k, or why there is none."""
    known = sorted((row for row in rows if row.pairs), key=lambda row: row.k)
    if not known:
        return "No other k has been tried yet."
    best = stable_k(known)
    if best is not None:
        row = next(each for each in known if each.k == best)
        return (
            f"The largest stable k is {best}: prediction strength {row.strength:.2f}, with gaps "
            "between its clusters."
        )
    first, last = known[0].k, known[-1].k
    tried = f"k = {first}" if first == last else f"k from {first} to {last}"
    none = f"No {tried} is stable" if first != last else f"{tried} is not stable"
    cut = [row for row in known if (row.strength or 0) >= STRONG]
    if cut:
        row = max(cut, key=lambda each: each.strength or 0)
        which = (
            f"k = {row.k} comes" if len(cut) == 1 else f"{listed([f'k = {r.k}' for r in cut])} come"
        )
        return (
            f"{none}: {which} back in other samples, but without gaps: at a border of "
            f"k = {row.k} the points are {_dense(row.border or 0)} as at its centroid."
        )
    row = max(known, key=lambda each: each.strength or 0)
    return (
        f"{none}: the largest prediction strength is {row.strength:.2f}, for k = {row.k}; "
        f"{STRONG:g} is needed."
    )


def _dense(border: float) -> str:
    if 0.95 <= border < 1.05:
        return "as dense"
    return f"{border:.1f} times as dense" if border > GAP else "nearly as dense"


def settling(stability: ClusterStability) -> str:
    """Return how far the numbers may still move, and when they would settle."""
    within, needed = stability.settles, stability.needed
    if within is None or needed is None:
        return ""
    done = len(stability.resamples)
    if within <= SETTLED:
        return f"settled within ± {within:.2g}" if within else "settled"
    return f"± {within:.2f} · about {plural(max(needed, done + 1), 'resample')} for ± {SETTLED:g}"


def rows_at_risk(stability: ClusterStability) -> Iterator[str]:
    """Yield how many rows often leave their company."""
    shares = stability.shares
    safe, unsafe = int((shares >= 0.95).sum()), int((shares < 0.6).sum())
    yield (
        f"{safe:,} of {plural(len(shares), 'row')} kept their company in 95 of 100 resamples or "
        f"more, {unsafe:,} in fewer than 60"
    )
