"""Names of kinds that options, files and computations share."""

from typing import Final, Literal, get_args

STEPS: Final = ("initialise", "update", "assign")
INITS: Final = ("random", "partition", "k-means++", "farthest")
# A start for points that stay on disk (Bahmani et al. 2012).
PARALLEL: Final = "k-means||"
EMPTY_RULES: Final = ("farthest", "random")
SCALES: Final = ("standard", "minmax", "robust", "none")
MISSING: Final = ("drop", "median")
# Axes that are no features: the principal components.
PCA: Final = "pca"
BOOTSTRAP: Final = "bootstrap"
HALVES: Final = "halves"
RESAMPLINGS: Final = (BOOTSTRAP, HALVES)
# Where the points of a run are.
RunPlace = Literal["memory", "stream", "processes", "dask"]
PLACES: Final[tuple[RunPlace, ...]] = get_args(RunPlace)
