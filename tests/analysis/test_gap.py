"""The gap statistic: its reference, its rule."""

import numpy as np
import pytest

from kmeans_tui import load_data
from kmeans_tui.analysis.gap import Reference, one_standard_error
from kmeans_tui.data.builtin.generators import blobs


def test_the_reference_fills_the_box_along_the_components():
    rng = np.random.RandomState(0)
    slanted = rng.uniform(size=(500, 2)) * [10, 0.1] @ np.array([[0.8, 0.6], [-0.6, 0.8]])
    gap, error = Reference(slanted, 1).gap(1, float(((slanted - slanted.mean(0)) ** 2).sum()))
    assert gap == pytest.approx(0, abs=0.1)
    assert 0 < error < 0.1


def test_it_is_the_same_from_the_same_seed():
    X = load_data("iris").points
    assert Reference(X, 5).gap(3, 18.0) == Reference(X, 5).gap(3, 18.0)
    assert Reference(X, 5).gap(3, 18.0) != Reference(X, 6).gap(3, 18.0)


def test_many_rows_are_compared_with_few():
    few, many = (blobs(n, 3, 2, 0.8, 42)[0] for n in (900, 9000))
    gaps = [Reference(X, 0).gap(1, float(((X - X.mean(0)) ** 2).sum()))[0] for X in (few, many)]
    assert gaps[0] == pytest.approx(gaps[1], abs=0.1)


def test_where_it_is_not_defined():
    X = load_data("blobs").points[:5]
    reference = Reference(X, 0)
    assert reference.gap(6, 1.0) is None
    assert reference.gap(2, 0.0) is None
    assert reference.gap(2, 1.0, lambda: False) is None
    assert reference.gap(5, 1.0) is None, "every row of the reference has a cluster of its own"


@pytest.mark.parametrize(
    ("gaps", "errors", "k"),
    [
        ([0.1, 0.5, 0.9, 0.91], [0.05] * 4, 3),
        ([0.9, 0.5, 0.9], [0.05] * 3, 1),
        ([0.1, 0.2, 0.3], [0.01] * 3, None),
        ([0.1, None, 0.3, 0.2], [0.01, None, 0.01, 0.01], 3),
        ([], [], None),
    ],
)
def test_the_smallest_k_within_one_standard_error_of_the_next(gaps, errors, k):
    assert one_standard_error(range(1, len(gaps) + 1), gaps, errors) == k
