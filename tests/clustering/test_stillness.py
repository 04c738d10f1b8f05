"""The tolerance is measured against the points, and the plain one where they spread over 1."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tui import KMeans, load_data
from kmeans_tui.analysis.seed_runs import run_seeds
from kmeans_tui.analysis.sweep import sweep
from kmeans_tui.clustering import textbook
from kmeans_tui.clustering.stillness import Stillness, limit


def cloud(n=200, d=2, seed=0, groups=3):
    rng = np.random.RandomState(seed)
    return (
        rng.normal(size=(n, d)) + rng.normal(scale=3, size=(groups, d))[rng.randint(groups, size=n)]
    )


@pytest.mark.parametrize("scale", [1.0, 2.5, 1e3, 1e6, 1e12, 1e100, 1e149])
@pytest.mark.parametrize("offset", [0.0, -5.0, 1e9])
def test_points_that_spread_keep_the_plain_tolerance_to_the_bit(scale, offset):
    assert limit(1e-4, cloud() * scale + offset) == 1e-4


def test_standardised_points_keep_it():
    for name in ("iris", "wine", "breast-cancer"):
        assert limit(1e-4, load_data(name, scale="standard").points) == 1e-4


@pytest.mark.parametrize("name", ["blobs", "iris"])
def test_the_articles_data_keep_it(name):
    assert limit(1e-4, load_data(name).points) == 1e-4


@given(
    st.integers(1, 300),
    st.integers(1, 9),
    st.floats(1e-100, 1e100),
    st.sampled_from([0.0, 1.0, -3.0]),
    st.integers(0, 100),
)
@settings(max_examples=150, deadline=None)
def test_it_is_the_root_of_the_mean_variance_where_that_is_below_1(n, d, scale, shift, seed):
    X = (np.random.RandomState(seed).uniform(size=(n, d)) + shift) * scale
    spread = float(np.sqrt((X / scale).var(axis=0).mean())) * scale
    assert limit(0.01, X) == pytest.approx(0.01 * min(1.0, spread), rel=1e-6, abs=1e-18 * scale)


def test_many_rows_are_measured_part_by_part():
    X = np.random.RandomState(0).normal(size=(200_000, 2))
    for each in (X * 0.3, X * 3, np.sort(X, axis=0) * 0.999, np.sort(X, axis=0) * 1.001):
        assert limit(1.0, each) == pytest.approx(min(1.0, np.sqrt(each.var(axis=0).mean())))


@pytest.mark.parametrize("exponent", [-300, -120, -60, -40, -30, -21, -14, -10, -7, -4])
def test_a_unit_changes_nothing_but_the_unit(exponent):
    X = cloud(seed=3)
    X /= 2.0 ** int(np.ceil(np.log2(np.abs(X).max())))  # a spread below 1 to begin with
    small = X * 2.0**exponent
    one = KMeans(4, random_state=5, init="k-means++").fit(X)
    other = KMeans(4, random_state=5, init="k-means++").fit(small)
    assert other.iterations == one.iterations > 2
    assert (other.labels == one.labels).all()
    assert other.history.tolerance == pytest.approx(one.history.tolerance * 2.0**exponent)
    seeds = run_seeds(small, 4, range(5), init="k-means++")
    assert [row.updates for row in seeds.rows] == [
        row.updates for row in run_seeds(X, 4, range(5), init="k-means++").rows
    ]
    rows = sweep(small, 5, criteria=False).rows
    assert [row.run.updates for row in rows] == [
        row.run.updates for row in sweep(X, 5, criteria=False).rows
    ]


@pytest.mark.parametrize("unit", [1e-9, 1e-6, 1e-5, 1e-3, 0.1, 1.0, 50.0])
@pytest.mark.parametrize("init", ["random", "partition", "farthest"])
def test_every_twin_stops_at_the_same_step(unit, init):
    X = cloud(seed=8, groups=4) * unit
    km = KMeans(5, init=init, random_state=2).fit(X)
    plain = textbook.kmeans(X, km.history[0].centroids, tolerance=limit(1e-4, X))
    assert len(plain) == len(km.history)
    assert run_seeds(X, 5, [2], init=init).rows[0].updates == km.iterations
    assert km.has_converged(km.history[-2].centroids, km.history[-1].centroids)
    assert not km.has_converged(km.history[-3].centroids, km.history[-2].centroids)


def test_it_is_asked_for_only_when_a_move_is_small():
    still = Stillness(0.5, np.empty((0, 2)))  # no spread to be had
    assert not still([0.5, 0.1])
    assert not still([7.0])
    with pytest.raises(ZeroDivisionError):
        still([0.4])


def test_zero_asks_that_nothing_moves():
    X = cloud() * 1e-6
    assert limit(0, X) == 0
    assert KMeans(3, random_state=0, tolerance=0).fit(X).history.max_shift[-1] == 0


def test_a_history_without_its_points_does_not_know():
    assert KMeans(2, random_state=0).fit(cloud().tolist()).history.tolerance is None


def test_equal_points_have_a_tolerance_of_none():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        km = KMeans(2, random_state=0).fit(np.full((5, 2), 0.1))
    assert km.stopped_by == "converged"
