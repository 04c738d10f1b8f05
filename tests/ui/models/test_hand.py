"""The hand: where it is, what is near it, and the start that it makes."""

import numpy as np
import pytest

from kmeans_tui import load_data
from kmeans_tui.command import Options
from kmeans_tui.given_points import given_points
from kmeans_tui.requests.subject import load
from kmeans_tui.ui.models import hand
from kmeans_tui.ui.models.hand import Hand

WINDOW = ((0.0, 10.0), (0.0, 5.0))


def test_it_moves_cell_by_cell_and_stays_in_the_window():
    held = Hand((5.25, 2.5), held=1)
    assert held.moved(1, 0, WINDOW, 20, 5) == Hand((5.75, 2.5), 1)
    assert held.moved(-2, 1, WINDOW, 20, 5) == Hand((4.25, 3.5), 1)
    assert held.moved(99, -99, WINDOW, 20, 5) == Hand((9.75, 0.5), 1)


def test_a_row_of_cells_counts_as_two_columns():
    others = np.array([[3.0, 0.0], [0.0, 2.0]])
    assert hand.nearest((0.0, 0.0), others, (1.0, 1.0)) == (1, 2.0)
    assert hand.nearest((0.0, 0.0), others, (1.0, 0.5)) == (0, 3.0)


@pytest.mark.parametrize(
    "options",
    [
        Options("blobs"),
        Options("wine", features=("alcohol", "ash", "magnesium"), axes=("ash", "magnesium")),
        Options("wine", axes=("pca",)),
        Options("iris", features=("1", "2", "3", "4"), scale="standard", axes=("2", "4")),
        Options("iris", features=("3",)),
        Options("iris", features=("1", "3"), log=("1",), scale="minmax"),
    ],
)
def test_a_centroid_goes_where_it_is_dropped_and_the_others_stay(options):
    dataset = load(options)
    centroids = dataset.points[[0, 70, 140]]
    where = dataset.project(centroids)
    target = where[1] + 0.1 * np.ptp(dataset.shown(), axis=0)
    given = hand.placed(dataset, centroids, 1, tuple(target.tolist()))
    assert given_points(str(given)) == given
    start = dataset.prepared(np.array(given.rows))
    assert start[[0, 2]] == pytest.approx(centroids[[0, 2]], abs=1e-9)
    shown = slice(None, 1 if dataset.d == 1 else 2)
    near = np.ptp(dataset.shown(), axis=0)[shown] / 100
    assert (np.abs(dataset.project(start)[1][shown] - target[shown]) < near).all()
    if dataset.axes != ("pca",) and dataset.d > 2:
        hidden = [i for i, name in enumerate(dataset.features) if name not in dataset.axes]
        spread = dataset.points.std(axis=0)[hidden]
        assert (np.abs(start[1] - centroids[1])[hidden] < spread / 100).all()


def test_far_from_zero_a_place_keeps_the_digits_it_needs():
    dataset = load_data("blobs")
    far = dataset.table + 1e9
    from dataclasses import replace

    moved = replace(dataset, table=far)
    given = hand.placed(moved, moved.points[:3], 0, (1e9 + 2.345678, 1e9 - 1.5))
    assert given.rows[0] == pytest.approx((1e9 + 2.345678, 1e9 - 1.5), abs=0.02)


def test_one_more_and_one_fewer():
    dataset = load_data("blobs")
    centroids = dataset.points[:3]
    more = hand.with_another(dataset, centroids, (1.0, 2.0))
    assert more.rows[3] == (1.0, 2.0)
    fewer = hand.without(dataset, centroids, 1)
    assert np.array(fewer.rows) == pytest.approx(centroids[[0, 2]])


def test_points_are_added_and_taken_out_by_their_row_numbers():
    options = Options("blobs", without=(3,))
    dataset = load(options)
    added = hand.with_point(dataset, options, (1.0, 2.0))
    assert str(added["add"]) == "1,2"
    assert hand.without_row(dataset, options, 2) == {"without": (3, 4)}
    both = Options("blobs", without=(3,), add=given_points("1,2 3,4"))
    whole = load(both)
    assert hand.without_row(whole, both, whole.n - 2) == {"add": given_points("3,4")}
    one = Options("blobs", add=given_points("1,2"))
    assert hand.without_row(load(one), one, 300) == {"add": None}
