"""What each column costs in rows, where rows with a missing value are dropped."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kmeans_tui.data.source import Source


def row_costs(source: "Source", features: Sequence[str]) -> Mapping[str, int]:
    """Return, by number column, the rows that come back without it, or go if it is a feature too.

    They come back if they lack a value in this feature alone, and go if they lack none in the
    ``features``. Rows of the wrong width are never used. Columns that cost nothing are left out.
    """
    numeric = source.numeric
    gapped = [each for each in numeric if each.missing or each.infinite or each.bad]
    if not gapped:
        return {}
    gone = ~np.isfinite(source.numbers[:, [e.position for e in gapped if e.position is not None]])
    if source.ragged is not None:
        gone = gone[source.ragged == 0]
    taking = frozenset(features)
    chosen = np.array([each.name in taking for each in gapped])
    lacking = gone[:, chosen].sum(axis=1)
    found = {}
    for i, each in enumerate(gapped):
        count = int((gone[:, i] & (lacking == (1 if chosen[i] else 0))).sum())
        if count:
            found[each.name] = count
    return found
