"""Clusters that run empty, in words: told where it happens, and where something takes them over."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kmeans_tui.words import listed

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.clustering.history import Event
    from kmeans_tui.data.dataset import Dataset


def ran_empty(sizes: "np.ndarray") -> str:
    """Which clusters an assignment with these sizes (k,) leaves without points; "" if none."""
    empty = [c + 1 for c, size in enumerate(sizes.tolist()) if not size]
    if not empty:
        return ""
    return (
        f"clusters {listed(empty)} are empty" if len(empty) > 1 else f"cluster {empty[0]} is empty"
    )


def taken_over(events: "Sequence[Event]", dataset: "Dataset") -> str:
    """What an update with these events made of the empty clusters; "" where there are none."""
    if not events:
        return ""
    names = [event.cluster + 1 for event in events]
    moved = [event for event in events if event.point is not None]
    if not moved:
        who = f"cluster {names[0]} stays" if len(names) == 1 else f"clusters {listed(names)} stay"
        return f"{who} empty, with nowhere to go"
    if len(events) > 1:
        return f"the empty clusters {listed(names)} move to far points"
    from kmeans_tui.data import rows

    (event,) = moved
    assert event.point is not None
    origin = "" if event.donor is None else f" of cluster {event.donor + 1}"
    number = rows.of_event(dataset, event.point)
    return f"the empty cluster {event.cluster + 1} moves to row {number}{origin}"
