"""A part on the machine that works on it: its labels, and its points if there is room.

This module imports of the program alone what stands before it in ``part_sources``: it is sent to
other machines as source text.
"""

from typing import Any

from kmeans_tui.partitioned.part_kernels import KEEPING, work
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
) -> Any:
    """Return the result of a pass; ``recipe`` is None if it is that of the part.

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
    return found


def _unheard(rows: int) -> None:
    return None
