"""The real data sets that ship with scikit-learn, read from its files without importing it."""

from importlib.util import find_spec
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import DataError

Floats: TypeAlias = NDArray[np.float64]
Groups: TypeAlias = NDArray[np.int32]


def measured(name: str, file: str, skipped: int) -> tuple[Floats, Groups]:
    """Return the table ``(n, p)`` and the groups (species, growers, …) ``(n,)`` of a file.

    ``skipped`` lines precede its first row; ``name`` is the set it is read for. Raises
    ``DataError`` if scikit-learn, or the file in it, is not installed.
    """
    # Only find_spec of the package itself: naming a module inside it would import the package.
    found = find_spec("sklearn")
    if found is None or not found.submodule_search_locations:
        raise DataError(f"{name} is read from scikit-learn's files: pip install scikit-learn")
    path = Path(found.submodule_search_locations[0], "datasets", "data", file)
    try:
        rows = np.loadtxt(path, delimiter=",", skiprows=skipped)
    except OSError as error:
        raise DataError(
            f"{name} is read from {path}, which cannot be opened ({error.strerror or error}): "
            "install scikit-learn again"
        ) from error
    return np.ascontiguousarray(rows[:, :-1]), rows[:, -1].astype(np.int32)
