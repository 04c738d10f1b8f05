"""A part on the machine that works on it: its labels, and its points if there is room.

This module imports of the program alone what stands before it in ``part_sources``: it is sent to
other machines as source text.
"""

import pickle
from collections.abc import Iterable
from typing import Any

from kmeans_tui.partitioned.part_kernels import KEEPING, merged, work
from kmeans_tui.partitioned.part_reading import blocks


def held(part: Any, recipe: dict[str, Any], keep: bool) -> dict[str, Any]:
    """Return a part (see ``part_reading``) to be passed over; with ``keep``, read it once for all.

    The points of a kept part are as ``recipe`` prepares them.
    """
    found: dict[str, Any] = {"part": part, "recipe": recipe, "blocks": None, "kept": {}}
    if keep:
        found["blocks"] = [
            (x.copy(), None if w is None else w.copy(), numbers)
            for x, w, numbers in blocks(part, recipe)
        ]
    return found


def pass_over(
    name: str, holder: dict[str, Any], recipe: dict[str, Any] | None, task: dict[str, Any]
) -> bytes:
    """Return the result of a pass, packed; ``recipe`` is None if it is that of the part.

    Dask handles bytes as one thing; of a tuple each array by itself, which takes 8 % more time.
    A pass that was given up may still run on another thread: so each has labels of its own, and
    those of the last to end are kept.
    """
    part = holder["part"]
    known = dict(holder["kept"]) if name in KEEPING else None
    if recipe is None and holder["blocks"] is not None:
        found = work(name, part, holder["blocks"], task, known, _unheard)
    else:
        recipe = holder["recipe"] if recipe is None else recipe
        found = work(name, part, blocks(part, recipe), task, known, _unheard)
    if known is not None:
        holder["kept"] = known
    return pickle.dumps(found, 5)


def merged_packed(name: str, results: Iterable[bytes]) -> bytes:
    """Return the results of some parts as one, packed."""
    return pickle.dumps(merged(name, map(pickle.loads, results)), 5)


def _unheard(rows: int) -> None:
    return None
