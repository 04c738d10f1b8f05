"""The methods that do what K-Means cannot: scikit-learn's, measured against the known groups."""

import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np

    from kmeans_tui.data.dataset import Dataset

# DBSCAN joins points closer than this, in units of the standard deviation of the points; two
# crescents or rings are about twice as far from each other.
_NEAR: Final = 0.3


def ari(method: str, dataset: "Dataset", k: int) -> float:
    """Return the adjusted Rand index of a ``METHODS`` row on the known groups of the data."""
    from sklearn.metrics import adjusted_rand_score
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1), warnings.catch_warnings():
        # Spectral clustering warns if its graph falls apart, which separate groups are meant to do.
        warnings.simplefilter("ignore", UserWarning)
        labels = METHODS[method](dataset.points, k)
    return float(adjusted_rand_score(dataset.truth, labels))


def _dbscan(points: "np.ndarray", k: int) -> Any:
    from sklearn.cluster import DBSCAN

    spread = float(points.std(axis=0).mean())
    return DBSCAN(eps=_NEAR * spread).fit_predict(points)


def _spectral(points: "np.ndarray", k: int) -> Any:
    from sklearn.cluster import SpectralClustering

    return SpectralClustering(k, affinity="nearest_neighbors", random_state=0).fit_predict(points)


def _mixture(points: "np.ndarray", k: int) -> Any:
    from sklearn.mixture import GaussianMixture

    return GaussianMixture(k, n_init=10, random_state=0).fit_predict(points)


# By name: the points (n, d) and k to labels (n,). DBSCAN (Ester et al. 1996) finds k itself.
METHODS: Final[Mapping[str, "Callable[[np.ndarray, int], Any]"]] = {
    "DBSCAN": _dbscan,
    "spectral clustering": _spectral,
    "Gaussian mixture": _mixture,
}
