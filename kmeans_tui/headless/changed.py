"""Two recorded runs as a document: what has changed from one to the other."""

from typing import TYPE_CHECKING, Any

import numpy as np

from kmeans_tui.requests.assigned import weights_of

if TYPE_CHECKING:
    from kmeans_tui.analysis.drift import Change


def document(change: "Change") -> dict[str, Any]:
    """Return a change as plain numbers; clusters count from 0 and are numbered as in the first run.

    ``moved`` is in standard deviations of the first run's rows; null where there is no such
    cluster, or no deviation.
    """
    drift = change.drift
    then, now = drift.shares
    return {
        "rows_by": change.by or None,
        "matched_by": "rows" if change.by_rows else "centroids",
        "not_compared": list(change.alone),
        "moves": change.moves.tolist(),
        "shares": [
            {
                "cluster": cluster,
                "rows_then": int(drift.sizes_then[cluster]),
                "rows_now": int(drift.sizes_now[cluster]),
                "share_then": float(then[cluster]),
                "share_now": float(now[cluster]),
                **weights_of(drift, cluster),
                "means_then": _finite(change.means_then[cluster]),
                "means_now": _finite(change.means_now[cluster]),
                "moved": _finite(change.moved[cluster]),
            }
            for cluster in range(len(then))
        ],
        "mean_distance": {"then": drift.distance_then, "now": drift.distance_now},
        "drift": [
            {
                "column": name,
                "then": float(drift.means_then[i]),
                "now": float(drift.means_now[i]),
                "moved": _finite(drift.moved)[i],
            }
            for i, name in enumerate(drift.features)
        ],
    }


def _finite(values: np.ndarray) -> list[float | None]:
    return [float(each) if np.isfinite(each) else None for each in values]
