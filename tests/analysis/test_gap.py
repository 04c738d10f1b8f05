"""The gap statistic: its reference, its rule."""

import math
import tracemalloc

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris, load_wine

from kmeans_tui import load_data
from kmeans_tui.analysis.gap import Reference, one_standard_error, sets_of
from kmeans_tui.analysis.reference_runs import ManySets
from kmeans_tui.analysis.sweep import sweep
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


# Recorded from R's clusGap: d.power 2, scaledPCA, 10 starts, 60 sets, k = 1 … 10.
CLUS_GAP = {
    "iris": (0.076, 0.594, 0.868, 1.004, 1.048, 1.070, 1.066, 1.086, 1.066, 1.061),
    "wine": (0.503, 0.474, 0.322, 0.328, 0.270, 0.220, 0.452, 0.469, 0.455, 0.520),
}


@pytest.mark.parametrize(("name", "load"), [("iris", load_iris), ("wine", load_wine)])
@pytest.mark.parametrize("seed", [0, 7])
def test_it_is_that_of_clus_gap(name, load, seed):
    X = load().data
    reference = Reference(X, seed)
    inertia = [row.best for row in sweep(X, 10, 20, criteria=False).rows]
    found = [reference.gap(k, inertia[k - 1]) for k in range(1, 11)]
    apart = [
        (gap - known) / error for (gap, error), known in zip(found, CLUS_GAP[name], strict=True)
    ]
    assert max(map(abs, apart)) < 1.5
    assert np.mean(np.abs(apart)) < 0.4


def test_its_k_does_not_depend_on_the_seed_of_the_runs():
    # Its k = 3 and 6 are equally good here: other sets of the reference would name the other.
    X = load_data("iris").points
    assert len({sweep(X, 7, random_state=seed).verdict.choices["gap"] for seed in range(6)}) == 1


@pytest.mark.parametrize(("rows", "sets"), [(1000, 25), (500, 50), (150, 100), (5, 100)])
def test_small_sets_are_more(rows, sets):
    assert sets_of(rows) == sets


@pytest.mark.parametrize("drawn", [False, True])
@pytest.mark.parametrize("d", [1, 3, 12])
def test_many_sets_end_as_low_as_scikit_learn(drawn, d):
    points = np.random.RandomState(d).normal(size=(6, 60, d))
    many = ManySets(points, 8, np.random.RandomState(0), drawn=drawn)
    whole = ((points - points.mean(axis=1, keepdims=True)) ** 2).sum(axis=(1, 2))
    assert many.inertia(1, lambda: True) == pytest.approx(whole, rel=1e-9)
    known = [KMeans(4, n_init=8, random_state=0).fit(each).inertia_ for each in points]
    assert np.mean(many.inertia(4, lambda: True) / known) == pytest.approx(1, abs=0.03)
    falls = [many.inertia(k, lambda: True).mean() for k in range(1, 7)]
    assert falls == sorted(falls, reverse=True)
    assert ManySets(points, 2, np.random.RandomState(0)).inertia(3, lambda: False) is None
