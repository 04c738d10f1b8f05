"""The source text of what is computed from a part, for workers that have nothing of the program.

Text runs on any version of Python that the workers have; a pickled function of another version can
make a whole cluster unusable.
"""

import inspect

from kmeans_tui.partitioned import (
    certified_labels,
    part_draws,
    part_holding,
    part_kernels,
    part_listing,
    part_ranks,
    part_reading,
    part_surveys,
)

_MODULES = (
    certified_labels,
    part_surveys,
    part_ranks,
    part_draws,
    part_kernels,
    part_reading,
    part_listing,
    part_holding,
)


def text() -> str:
    """Return one text that defines the names of all these modules; it needs numpy alone."""
    lines = (line for module in _MODULES for line in inspect.getsource(module).splitlines())
    return "\n".join(each for each in lines if not each.startswith("from kmeans_tui")) + "\n"
