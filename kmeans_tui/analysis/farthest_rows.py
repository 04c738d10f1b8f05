"""The rows farthest from their centroids, measured by the mean distance in their clusters.

A distance that is usual in a wide cluster is far in a narrow one, so rows of different clusters are
compared by how many times the mean distance of their own cluster they are out. What is far is for
the reader to judge: of a normal cluster in two dimensions, one row in a thousand is 3 times out.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from kmeans_tui.clustering import kernels
from kmeans_tui.data import rows as numbering

if TYPE_CHECKING:
    from kmeans_tui.clustering.history import Snapshot
    from kmeans_tui.clustering.steps import Step
    from kmeans_tui.data.dataset import Dataset

# What is listed: how far out a row is, in words.
AS_SAID: Final = "the distance of a row to its centroid, by the mean distance in its cluster"


@dataclass(frozen=True, eq=False)
class FarthestRows:
    """The ``rows`` (m,) of a data set, counted from 0, that are farthest out, the farthest first.

    ``clusters`` (m,) they are in, their ``distances`` (m,) to the centroid, and how many ``times``
    (m,) the mean distance of their cluster that is.
    """

    rows: np.ndarray
    clusters: np.ndarray
    distances: np.ndarray
    times: np.ndarray

    def numbers(self, dataset: "Dataset") -> tuple[int, ...]:
        """Return the numbers of the rows, the farthest first."""
        return tuple(numbering.number(dataset, int(row)) for row in self.rows)

    def document(self, dataset: "Dataset") -> list[dict[str, Any]]:
        """Return the rows as plain values, with their cells; clusters are counted from 0."""
        return [
            {
                "row": numbering.number(dataset, int(row)),
                "name": numbering.name(dataset, int(row)),
                "cluster": int(cluster),
                "distance": float(distance),
                "times_the_mean": float(times),
                "cells": dict(numbering.cells(dataset, int(row))),
            }
            for row, cluster, distance, times in zip(
                self.rows, self.clusters, self.distances, self.times, strict=True
            )
        ]


def farthest(dataset: "Dataset", step: "Step | Snapshot", most: int) -> FarthestRows:
    """Return the ``most`` rows farthest out in a state of a run; of equal ones the first.

    Rows that are their centroid are not far, and a cluster all of whose rows are has none.
    """
    labels, k = np.asarray(step.labels), len(step.centroids)
    distances = np.sqrt(kernels.own_distances(dataset.points, labels, step.centroids))
    weights = np.ones(dataset.n) if dataset.weights is None else dataset.weights
    mass = np.bincount(labels, weights, minlength=k)
    sums = np.bincount(labels, distances * weights, minlength=k)
    with np.errstate(invalid="ignore", divide="ignore"):
        times = distances / (sums / mass)[labels]
    times = np.where(distances > 0, times, 0.0)
    count = min(most, len(times))
    if count < len(times):
        # All that may be among them, so that equal ones keep their order.
        border = np.partition(times, len(times) - count)[len(times) - count]
        candidates = np.flatnonzero(times >= border)
    else:
        candidates = np.arange(len(times))
    order = candidates[np.argsort(-times[candidates], kind="stable")][:count]
    order = order[times[order] > 0]
    return FarthestRows(order, labels[order], distances[order], times[order])
