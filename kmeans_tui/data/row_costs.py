"""What each column costs in rows, where rows with a missing value are dropped."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kmeans_tui.data import encoding

if TYPE_CHECKING:
    from kmeans_tui.data.source import Source


def row_costs(
    source: "Source", features: Sequence[str], encoded: "Sequence[encoding.Encoding]" = ()
) -> Mapping[str, int]:
    """Return, by column, the rows that come back without it, or go if it is a feature too.

    They come back if they lack a value in this feature alone, and go if they lack none in the
    ``features``. Rows of the wrong width are never used. Columns that cost nothing are left out. Of
    text only ``encoded`` columns count, each once however many features it makes.
    """
    gapped = [each for each in source.numeric if each.missing or each.infinite or each.bad]
    taking = frozenset(features)
    texts = [each for each in encoded if not taking.isdisjoint(each.features)]
    if not gapped and not texts:
        return {}
    places = [each.position for each in gapped if each.position is not None]
    lost = [~np.isfinite(source.numbers[:, places])]
    gone = np.column_stack([*lost, *(encoding.missing(source, each) for each in texts)])
    if source.ragged is not None:
        gone = gone[source.ragged == 0]
    names = (*(each.name for each in gapped), *(each.column for each in texts))
    chosen = np.array([True] * len(names))
    chosen[: len(gapped)] = [each.name in taking for each in gapped]
    lacking = gone[:, chosen].sum(axis=1)
    found = {}
    for i, name in enumerate(names):
        count = int((gone[:, i] & (lacking == (1 if chosen[i] else 0))).sum())
        if count:
            found[name] = count
    return found
