"""The measured tables that come with scikit-learn, read from its files without importing it."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kmeans_tui.data.columns import DataError

Floats: TypeAlias = NDArray[np.float64]
Groups: TypeAlias = NDArray[np.int32]

# File name and the lines before the first row.
_FILES: Final[Mapping[str, tuple[str, int]]] = MappingProxyType(
    {
        "iris": ("iris.csv", 1),
        "wine": ("wine_data.csv", 1),
        "breast-cancer": ("breast_cancer.csv", 1),
        "digits": ("digits.csv.gz", 0),
    }
)


def measured(name: str) -> tuple[Floats, Groups]:
    """The table ``(n, p)`` and the species, growers, … ``(n,)`` of one of scikit-learn's files.

    Raises ``DataError`` if scikit-learn, or the file in it, is not installed.
    """
    file, skipped = _FILES[name]
    # find_spec of the package alone: naming a module inside it would import the package.
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
