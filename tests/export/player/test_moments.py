"""What the half steps of a run say in the page."""

import numpy as np
import pytest

from kmeans_tui.analysis.profile import profiles
from kmeans_tui.clustering.kmeans import KMeans
from kmeans_tui.command import Options
from kmeans_tui.data.dataset import Dataset
from kmeans_tui.export.player.moments import inertia_of_clusters, moments, start
from tests.exporting import performed

# Two pairs and a point far away; the third centroid starts where nobody is near.
LINE = np.array([[0.0, 0.0], [1.0, 0.0], [10.0, 0.0], [11.0, 0.0], [30.0, 0.0]])
UPDATED = "The centroids moved, the farthest by {}. Inertia {}; moving took off {}."
START = np.array([[0.0, 0.0], [10.0, 0.0], [500.0, 500.0]])


def test_the_sentences_of_a_run():
    dataset, history = performed(Options(data="blobs", seed=4))
    found = moments(history, dataset, "random, seed 4")
    assert len(found) == 2 * history.iterations + 2 == 30
    assert [each["told"] for each in (*found[:4], found[24], found[25], found[-1])] == [
        "The centroids are placed, no point is assigned yet.",
        "Each of 300 points goes to its nearest centroid. Inertia 21122.31.",
        UPDATED.format("7.07", "11082.23", "10040.07 (47.5%)"),
        "8 points changed cluster. Inertia 11061.05; assigning took off 21.18 (0.2%).",
        UPDATED.format("6.39", "2047.86", "7322.09 (78.1%)"),
        "10 points changed cluster. Inertia 501.52; assigning took off 1546.34 (75.5%).",
        "No point changed cluster. Inertia 362.79. Converged: no centroid moved.",
    ]
    assert [each["step"] for each in found[:4]] == ["initialise", "assign", "update", "assign"]
    assert found[-1]["step"] == "converged"
    assert found[3]["results"] == [
        *("random, seed 4", "8 points changed cluster", "shift 7.07", "no (tol 0.0001)")
    ]


def test_an_empty_cluster_is_told_where_it_happens():
    dataset = Dataset("line", LINE, ("x", "y"))
    history = KMeans(3, init=START).fit(LINE).history
    found = [each["told"] for each in moments(history, dataset, "given")]
    assert found[1].endswith("Cluster 3 is empty.")
    assert "The empty cluster 3 moves to row 5 of cluster 2." in found[2]


@pytest.mark.parametrize("limit", [1, 2])
def test_a_limit_is_told_at_the_end(limit):
    dataset, history = performed(Options(data="blobs", seed=4, max_iterations=limit))
    told = moments(history, dataset, "random")[-1]["told"]
    assert told.endswith(f"Stopped: the limit of {limit} update{'s' * (limit > 1)} was reached.")


def test_the_inertia_of_the_clusters_is_that_of_the_run():
    dataset, history = performed(Options(data="wine", k=3))
    heard = []
    found = inertia_of_clusters(history, dataset, lambda *said: heard.append(said))
    assert np.allclose(found.sum(axis=1), history.half_step_inertia, rtol=1e-12)
    last = [each.inertia for each in profiles(dataset, history[-1].labels, history[-1].centroids)]
    assert np.allclose(found[-1], last, rtol=1e-12)
    assert heard[-1] == (2 * history.iterations + 1,) * 2


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"init": "random", "random_state": 4}, "random, seed 4"),
        ({"init": "given", "random_state": 4, "given": [[1.0]]}, "given"),
        ({"init": None, "random_state": None}, "as recorded"),
        ({"init": "k-means++", "random_state": None}, "k-means++"),
    ],
)
def test_how_the_centroids_were_placed(parameters, says):
    assert start(parameters) == says
