"""The plain form: what each function does, on cases small enough to do by hand."""

import inspect

import numpy as np
import pytest

from kmeans_tui.clustering import textbook
from kmeans_tui.clustering.textbook_code import code

SQUARE = np.array([[0.0, 0.0], [0.0, 2.0], [10.0, 0.0], [10.0, 2.0]])


def test_it_fits_on_a_screen():
    assert len(inspect.getsource(textbook).splitlines()) < 80


def test_the_start_is_the_articles_draw():
    X = np.arange(300.0)[:, np.newaxis]
    start = textbook.initialise(X, 3, np.random.RandomState(42))
    assert start.ravel().tolist() == [203, 266, 152]
    start[:] = -1
    assert X.min() == 0, "the start is a copy"


def test_the_nearest_centroid_wins_and_a_tie_goes_to_the_lower_label():
    assert textbook.assign(SQUARE, np.array([[9.0, 1.0], [1.0, 1.0]])).tolist() == [1, 1, 0, 0]
    assert textbook.assign(SQUARE, np.array([[5.0, 1.0], [5.0, 1.0]])).tolist() == [0, 0, 0, 0]
    assert textbook.assign(np.array([[5.0]]), np.array([[9.0], [1.0], [6.0]])).tolist() == [2]


def test_every_centroid_moves_to_the_mean_of_its_points():
    moved = textbook.update(SQUARE, np.array([1, 1, 0, 0]), np.zeros((2, 2)))
    assert moved.tolist() == [[10, 1], [0, 1]]


def test_an_empty_cluster_takes_the_farthest_point_out_of_its_old_cluster():
    X = np.array([[0.0], [1.0], [2.0], [30.0]])
    centroids = np.array([[1.0], [100.0]])
    moved = textbook.update(X, np.zeros(4, int), centroids)
    assert moved.ravel().tolist() == [1, 30]


def test_an_empty_cluster_by_the_articles_rule_jumps_onto_any_point():
    X = np.array([[0.0], [1.0], [2.0], [30.0]])
    drawn = X[np.random.RandomState(5).randint(4), 0]
    moved = textbook.update(
        X, np.zeros(4, int), np.array([[1.0], [100.0]]), "random", np.random.RandomState(5)
    )
    assert moved.ravel().tolist() == [8.25, drawn]


def test_an_empty_cluster_stays_where_every_point_is_a_centroid():
    X = np.array([[0.1], [0.1], [0.1], [7.0]])
    centroids = np.array([[np.mean([0.1, 0.1, 0.1])], [7.0], [3.0]])
    moved = textbook.update(X, np.array([0, 0, 0, 1]), centroids)
    assert moved.ravel().tolist() == centroids.ravel().tolist()


@pytest.mark.parametrize(
    ("moved", "tolerance", "done"),
    [(0.0, 0.0, True), (1e-9, 0.0, False), (0.5, 0.5, False), (0.5, 0.51, True)],
)
def test_converged_when_the_largest_move_is_below_the_tolerance(moved, tolerance, done):
    old = np.zeros((2, 2))
    new = np.array([[0.0, 0.0], [moved, 0.0]])
    assert textbook.has_converged(old, new, tolerance) is done


def test_the_history_ends_on_the_labels_of_the_last_centroids():
    history = textbook.kmeans(SQUARE, SQUARE[:2].copy(), max_iterations=1)
    assert [entry["iteration"] for entry in history] == [0, 1]
    last = history[-1]
    assert (last["labels"] == textbook.assign(SQUARE, last["centroids"])).all()


@pytest.mark.parametrize("init", ["random", "partition", "k-means++", "farthest"])
def test_the_code_of_a_weighted_run_has_the_weights_in_it(init):
    for step in ("initialise", "update"):
        title, source = code(step, init, weighted=True)
        assert "weights: np.ndarray" in source
        assert "weights" not in code(step, init)[1]
        assert title == code(step, init)[0] or init == "random"
    for step in ("assign", "converged", "swap"):
        assert code(step, init, weighted=True) == code(step, init)
