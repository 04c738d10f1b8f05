"""The gap statistic: its reference, its rule."""

import math
import tracemalloc

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


def inertia(X):
    return float(((X - X.mean(axis=0)) ** 2).sum())


def test_an_infinite_gap_is_the_one():
    gaps, errors = [0.9, 0.5, math.inf, math.inf], [0.05, 0.05, 0.0, 0.0]
    assert one_standard_error(range(1, 5), gaps, errors) == 3


@pytest.mark.parametrize("n", [5, 12, 25])
@pytest.mark.parametrize("d", [13, 30, 200])
def test_more_features_than_rows_have_the_box_of_their_components(n, d):
    X = np.random.RandomState(n).normal(size=(n, d))
    # The same box, reached by the matrix of all features.
    centred = X - X.mean(axis=0)
    kept = min(n - 1, d)
    sides = np.ptp(centred @ np.linalg.eigh(centred.T @ centred)[1][:, -kept:], axis=0)
    expected = np.log((n - 1) * (sides**2).sum() / 12)  # of points spread evenly over it
    gap, error = Reference(X, 3).gap(1, inertia(X))
    assert gap + np.log(inertia(X)) == pytest.approx(expected, abs=0.25)
    assert 0 < error < 0.5


@pytest.mark.parametrize("d", [2, 40])
@pytest.mark.parametrize("exponent", [-460, -20, 20, 330, 490])
def test_a_unit_does_not_change_it(d, exponent):
    X = np.random.RandomState(1).normal(size=(20, d))
    one = Reference(X, 7).gap(2, 0.5 * inertia(X))
    other = Reference(X * 2.0**exponent, 7).gap(2, np.ldexp(0.5 * inertia(X), 2 * exponent))
    assert other == pytest.approx(one, rel=1e-6)


@pytest.mark.parametrize("offset", [1e6, -1e9, 1.6e12])
def test_an_offset_does_not_change_it(offset):
    X = np.random.RandomState(1).randint(-500, 500, size=(64, 2)).astype(float)
    one = Reference(X, 7).gap(3, 0.1 * inertia(X))
    assert Reference(X + offset, 7).gap(3, 0.1 * inertia(X)) == pytest.approx(one, rel=1e-6)


def test_a_wide_table_takes_no_matrix_of_all_features():
    X = np.random.RandomState(0).normal(size=(30, 20_000))
    tracemalloc.start()
    Reference(X, 0).gap(2, inertia(X))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * X.nbytes, "a matrix of 20,000 by 20,000 is 3.2 GB"
