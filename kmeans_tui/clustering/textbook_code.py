"""Which code of the textbook is that of a step of the algorithm."""

import inspect
from typing import Final

# The textbook's function for each step, and for each start except random.
STEPS: Final = {
    "initialise": "initialise",
    "assign": "assign",
    "update": "update",
    "converged": "has_converged",
}
STARTS: Final = {
    "partition": "random_partition",
    "k-means++": "plus_plus",
    "farthest": "farthest_points",
}


def code(step: str, init: str) -> tuple[str, str]:
    """Return a title and the source of a step of a run that starts with ``init``.

    That is one of ``STEPS``, or "swap".
    """
    from kmeans_tui.clustering import textbook, textbook_starts, textbook_swaps

    function = textbook_swaps.pairs if step == "swap" else getattr(textbook, STEPS[step])
    title = f"the textbook's {function.__name__}"
    if step == "initialise" and init in STARTS:
        function = getattr(textbook_starts, STARTS[init])
        title = f"the textbook's start {init}: {function.__name__}"
    return title, inspect.getsource(function).rstrip()
