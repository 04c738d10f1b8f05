"""K-Means from scratch with its complete history, and a terminal program to watch it.

Public names are imported on first use, so that ``kmeans-tui --version`` does not load numpy.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kmeans_tui.clustering.estimator import TracedKMeans
    from kmeans_tui.clustering.history import History
    from kmeans_tui.clustering.kmeans import KMeans
    from kmeans_tui.data.catalogue import load_data

__version__ = "0.1.0"
__all__ = ["History", "KMeans", "TracedKMeans", "__version__", "load_data"]

_HOME = {
    "KMeans": "kmeans_tui.clustering.kmeans",
    "TracedKMeans": "kmeans_tui.clustering.estimator",
    "History": "kmeans_tui.clustering.history",
    "load_data": "kmeans_tui.data.catalogue",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
