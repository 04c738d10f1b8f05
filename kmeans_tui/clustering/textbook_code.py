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


def code(step: str, init: str, *, weighted: bool = False) -> tuple[str, str]:
    """Return a title and the source of a step of a run that starts with ``init``.

    That is one of ``STEPS``, or "swap"; of a ``weighted`` run, with the weights in it.
    """
    from kmeans_tui.clustering import textbook, textbook_starts, textbook_swaps, textbook_weights

    module = textbook_weights if weighted and step in ("initialise", "update") else textbook
    function = textbook_swaps.pairs if step == "swap" else getattr(module, STEPS[step])
    title = f"the textbook's {function.__name__}"
    if step == "initialise" and init in STARTS:
        function = getattr(textbook_weights if weighted else textbook_starts, STARTS[init])
        title = f"the textbook's start {init}: {function.__name__}"
    return title, inspect.getsource(function).rstrip()
