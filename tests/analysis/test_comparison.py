"""Ours beside scikit-learn's: the same where it must be, and a reason where it is not."""

import numpy as np
import pytest

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.comparison import STARTS, against_truth, compare

BLOBS, IRIS = load_data("blobs"), load_data("iris")


@pytest.mark.parametrize("init", ["random", "partition", "k-means++", "farthest"])
@pytest.mark.parametrize("data", [BLOBS, IRIS], ids=["blobs", "iris"])
def test_from_the_same_start_they_are_the_same_to_rounding(data, init):
    for seed in range(3):
        found = compare(data.points, 3, init=init, random_state=seed)
        assert found.kind == "rounding"
        assert found.verdict.startswith("the same to rounding")
        assert (found.agreement, len(found.disputed)) == (1, 0)
        assert found.ours.updates == found.scikit_learn.updates
        assert found.largest_centroid_gap < 1e-12
        assert (found.ours.labels == found.scikit_learn.labels).all()


def test_iris_against_its_species():
    found = compare(IRIS.points, 3, truth=IRIS.truth).truth
    assert found.table.tolist() == [[50, 0, 0], [0, 48, 2], [0, 4, 46]]
    assert found.ari == pytest.approx(0.8857, abs=5e-5)
    assert found.right == 144
    assert compare(IRIS.points, 3).truth is None


def test_defaults_find_another_optimum_from_a_bad_seed():
    found = compare(BLOBS.points, 3, start="defaults", random_state=1)
    assert found.kind == "optimum"
    assert "our inertia is 15.1 times theirs" in found.verdict
    assert "n_init='auto'" in found.reason
    assert found.agreement < 0.7
    assert len(found.disputed) == round(300 * (1 - found.agreement))
    good = compare(BLOBS.points, 3, start="defaults", random_state=0)
    assert good.kind == "rounding"


def test_one_seed_draws_the_same_k_means_plus_plus_start():
    for seed in range(5):
        one = compare(BLOBS.points, 5, start="k-means++", random_state=seed, max_iterations=1)
        assert one.largest_centroid_gap < 1e-12
        found = compare(BLOBS.points, 5, start="k-means++", random_state=seed)
        assert "the same seed draws the same start" in found.reason


def test_a_loose_tolerance_stops_ours_on_the_way():
    X = load_data("blobs:n=2000,k=5,std=2.5").points
    found = compare(X, 7, start="k-means++", random_state=0)
    assert found.kind == "stop"
    assert found.verdict.startswith("on the way to the same optimum, stopped at different steps")
    assert "ours stops when no centroid moves by 0.0001" in found.reason
    assert found.ours.updates > found.scikit_learn.updates


def test_a_limit_of_updates_is_the_reason():
    X = load_data("blobs:n=2000,k=5,std=2.5").points
    found = compare(X, 7, max_iterations=2, empty="random")
    assert found.ours.updates == 2
    if found.kind not in ("rounding", "ties"):
        assert "limit of 2 updates" in found.reason


def test_a_tie_is_called_a_tie():
    # The point in the middle is as far from one centroid as from the other.
    from kmeans_tui.analysis.comparison import Outcome, _kind, _verdict

    points = np.array([[-1.0], [0.0], [1.0]])
    places = np.array([[-1.0], [1.0]])
    sides = [Outcome(1.0, 1, places, np.array(labels), 0.0) for labels in ([0, 0, 1], [0, 1, 1])]
    assert _kind(points, *sides, np.array([1])) == "ties"
    assert _verdict("ties", *sides, 1, 3).startswith("the same up to 1 tie")


def test_ours_is_a_run_that_can_be_watched():
    found = compare(BLOBS.points, 3, random_state=4)
    alone = KMeans(3, tolerance=0, random_state=4).fit(BLOBS.points)
    assert len(found.history) == len(alone.history) == 15
    assert (found.history[0].centroids == alone.history[0].centroids).all()


def test_progress_and_stop():
    heard = []
    compare(BLOBS.points, 3, progress=lambda said: heard.append(said) or True)
    assert heard[0].doing == "ours"
    assert "loading scikit-learn" in [said.doing for said in heard]
    assert [said.row is not None for said in heard][-2:] == [True, True]
    assert compare(BLOBS.points, 3, progress=lambda said: False) is None
    assert compare(BLOBS.points, 3, progress=lambda said: said.done < 1) is None


@pytest.mark.filterwarnings("ignore:X has only")
@pytest.mark.parametrize("start", STARTS)
def test_few_rows_and_equal_rows(start):
    assert compare(BLOBS.points[:2], 2, start=start).kind == "rounding"
    assert compare(np.ones((6, 2)), 2, start=start).ours.inertia == 0


def test_groups_and_clusters_need_not_be_as_many():
    found = against_truth(np.array([0, 0, 1, 1]), np.array([2, 2, 0, 1]), 3)
    assert found.table[0, 0] == 2
    assert sorted(found.clusters.tolist()) == [0, 1, 2]
    more = against_truth(np.array([0, 1, 2, 3]), np.array([0, 0, 1, 1]), 2)
    assert more.table.shape == (4, 2)


def test_what_cannot_be_used_is_refused():
    for arguments, says in (
        ({"k": 301}, "choose a smaller k"),
        ({"k": 3, "start": "best"}, "start"),
        ({"k": 3, "init": "best"}, "init"),
    ):
        with pytest.raises(ValueError, match=says):
            compare(BLOBS.points, **arguments)
