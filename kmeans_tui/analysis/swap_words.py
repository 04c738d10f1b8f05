"""Swaps in words: what was hardly needed, what deserved two, and what that gained."""

from typing import TYPE_CHECKING, Final

from kmeans_tui.words import plural

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import History, Swap

# Shares of the inertia below which a centroid is hardly needed.
_HARDLY: Final = 0.05
RISES: Final = "for a few iterations the inertia may be higher than before the swap"


def reason(swap: "Swap", history: "History") -> str:
    """Return why: "swap 1: centroid 17 is hardly needed (0.3 % of the inertia), cluster 4 …"."""
    number = history.swaps.index(swap) + 1
    share = f"{100 * swap.share:.2g} %" if swap.share < 1 else f"{100 * swap.share:.0f} %"
    needed = "is not needed"
    if swap.share > 0:
        how = "hardly" if swap.share < _HARDLY else "less"
        needed = f"is {how} needed ({share} of the inertia)"
    return (
        f"swap {number}: centroid {swap.cluster + 1} {needed}, cluster {swap.into + 1} deserves two"
    )


def told(swap: "Swap | None", history: "History") -> str:
    """Return the sentence of a swap with its inertia before and after; "" for none."""
    if swap is None:
        return ""
    before, after = history.swapped(swap)
    return f"{reason(swap, history)}; inertia {before:.6g} to {after:.6g}"


def ended(history: "History") -> str:
    """Return how the search for swaps ended; "" if there was none, or it was stopped."""
    if history.tried is None:
        return ""
    tried = f"{history.tried} tried" if history.tried else "none to try"
    if not history.swaps:
        return f"no swap helps ({tried})"
    return f"{plural(len(history.swaps), 'swap')}, no other helps ({tried})"
