"""Clusters keep their identity whatever their numbers."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tui.analysis.matching import agreement, contingency, match_centroids, match_counts


@settings(deadline=None)  # the first call imports scipy
@given(st.permutations(range(6)), st.integers(0, 100))
def test_centroids_are_matched_whatever_their_order(order, seed):
    places = np.random.RandomState(seed).normal(size=(6, 3))
    found = match_centroids(places, places[list(order)])
    np.testing.assert_array_equal(places[list(order)][found], places)


@settings(deadline=None)  # the first call imports scipy
@given(st.lists(st.integers(0, 3), min_size=1, max_size=30), st.permutations(range(4)))
def test_renamed_labels_agree_wholly(labels, names):
    a = np.array(labels, dtype=np.uint8)
    b = np.array(names, dtype=np.uint8)[a]
    assert agreement(a, b, 4) == 1


def test_counts_and_shares():
    a, b = np.array([0, 0, 0, 1, 1, 1]), np.array([1, 1, 0, 0, 0, 0])
    table = contingency(a, b, 2, 2)
    assert table.tolist() == [[1, 2], [3, 0]]
    assert match_counts(table).tolist() == [1, 0]
    assert agreement(a, b, 2) == 5 / 6


def test_columns_without_a_row_come_last():
    assert match_counts(np.array([[0, 9, 0], [0, 0, 0]])).tolist()[0] == 1
    assert sorted(match_counts(np.array([[0, 9, 0]])).tolist()) == [0, 1, 2]
    assert match_counts(np.array([[5], [9]])).tolist() == [0]


@settings(deadline=None)  # the first call imports scipy
@given(st.integers(1, 5), st.integers(0, 3), st.integers(0, 1000))
def test_the_order_is_scipys(k, largest, seed):
    from scipy.optimize import linear_sum_assignment

    rng = np.random.RandomState(seed)
    table = rng.randint(largest + 1, size=(k, k)) + 5 * rng.permutation(np.eye(k, dtype=int))
    np.testing.assert_array_equal(
        match_counts(table), linear_sum_assignment(table, maximize=True)[1]
    )
