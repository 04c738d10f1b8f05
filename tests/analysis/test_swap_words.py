"""Swaps in words."""

import numpy as np
import pytest

from kmeans_tui.analysis import swap_words
from kmeans_tui.clustering.history import History, Swap
from kmeans_tui.clustering.kmeans import KMeans
from tests.clustering.swapped import clumps, shared_group


def test_a_swap_is_told_with_its_reason_and_its_gain():
    X, start = shared_group()
    history = KMeans(3, init=start, improve=True).fit(X).history
    (swap,) = history.swaps
    assert swap_words.reason(swap, history) == (
        "swap 1: centroid 1 is hardly needed (2.1 % of the inertia), cluster 3 deserves two"
    )
    before, after = history.inertia[swap.iteration - 1], history.inertia[-1]
    assert swap_words.told(swap, history).endswith(f"; inertia {before:.6g} to {after:.6g}")
    assert swap_words.told(None, history) == ""
    assert swap_words.ended(history) == f"1 swap, no other helps ({history.tried} tried)"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "centroid 2 is not needed,"),
        (0.003, "centroid 2 is hardly needed (0.3 % of the inertia),"),
        (0.2, "centroid 2 is less needed (20 % of the inertia),"),
        (12.3456, "centroid 2 is less needed (1235 % of the inertia),"),
    ],
)
def test_how_much_it_was_needed(share, words):
    history = History(4, 2, 1)
    places, labels = np.array([[0.0], [1.0]]), np.array([0, 0, 1, 1], np.uint8)
    history.record_start(places, labels, 2.0, np.array([2, 2]))
    swap = Swap(1, 1, 0, share)
    history.record_update(places, np.zeros(2), 3.0, (), swap)
    history.record_assignment(np.empty(0, int), np.empty(0, np.uint8), 1.0, np.array([2, 2]))
    assert f"swap 1: {words} cluster 1 deserves two" == swap_words.reason(swap, history)


def test_how_the_search_ended():
    X = clumps(3, 10, 2)
    assert swap_words.ended(KMeans(3, random_state=0).fit(X).history) == ""
    best = KMeans(3, init="k-means++", random_state=0, improve=True).fit(X).history
    assert swap_words.ended(best) == "no swap helps (6 tried)"
    one = KMeans(1, random_state=0, improve=True).fit(X).history
    assert swap_words.ended(one) == "no swap helps (none to try)"
