"""What is rounding, and what is not."""

import warnings

import numpy as np
import pytest

from kmeans_tui import KMeans
from kmeans_tui.analysis.rounding import Nothing, centred, same
from kmeans_tui.analysis.seed_runs import run_seeds
from kmeans_tui.analysis.sweep import sweep

PLACES = np.array([[0.1, 0.2], [0.3, 0.7], [1.1, 0.4]])


def perfect(places=PLACES, sizes=(40, 30, 20)):
    return np.repeat(places, sizes, axis=0)


VARIANTS = {
    "integers": perfect(np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]), (30, 30, 30)),
    "tenths": perfect(),
    "thirds": perfect(PLACES / 3),
    "large": perfect(PLACES * 1e12),
    "small": perfect(PLACES * 1e-9),
    "offset": perfect(PLACES + 1e6),
    "milliseconds": perfect(np.round(PLACES * 1e6) + 1.6e12),
    "one column": perfect(PLACES[:, :1]),
    "wide": perfect(np.tile(PLACES, 8)),
    "negative": perfect(-PLACES),
    "two rows each": perfect(sizes=(2, 2, 2)),
    "uneven": perfect(sizes=(60, 29, 1)),
    "shuffled": np.random.RandomState(0).permutation(perfect()),
    "an ulp apart": np.concatenate([perfect(), np.nextafter(perfect(), 9)]),
    "many": perfect(sizes=(3000, 2000, 1500)),
    "huge": perfect(PLACES * 1e149),
    "huge and tiny": perfect(np.array([[1e149, 0], [-1e149, 1e-149], [0.0, 5e148]])),
    "tiny": perfect(PLACES * 1e-140),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_a_perfect_k_is_named_by_all(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # fewer different rows than k, on purpose
        found = sweep(VARIANTS[name], 5)
    assert set(found.verdict.choices.values()) == {3}
    assert found.verdict.k == 3
    assert [row.best == 0 for row in found.rows] == [False, False, True, True, True]
    assert [row.perfect for row in found.rows] == [False, False, True, True, True]
    assert found.rows[2].scores["davies_bouldin"] == 0
    assert found.rows[2].scores["silhouette"] == pytest.approx(1, abs=0.02)
    assert not found.verdict.notes or "largest tried" not in " ".join(found.verdict.notes)


@pytest.mark.parametrize("name", VARIANTS)
def test_seeds_that_leave_nothing_are_all_the_best(name):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = run_seeds(VARIANTS[name], 3, range(8), init="farthest")
    assert [row.inertia for row in found.rows] == [0.0] * 8


@pytest.mark.parametrize("offset", [0.0, 1e3, 1e6, 1.6e12, -1e15])
@pytest.mark.parametrize("step", [1.0, 3.0, 1000.0])
def test_steps_that_can_be_told_apart_are_no_rounding(offset, step):
    X = np.array([[0.0], [0], [1], [1], [50], [50], [51], [52]]) * step + offset
    km = KMeans(2, init=X[[0, 4]]).fit(X)
    assert not Nothing(X).is_left(km.labels, km.history[-1].inertia)
    assert not any(row.best == 0 for row in sweep(X, 3, criteria=False).rows)


@pytest.mark.parametrize("exponent", [-1000, -500, -3, 0, 8, 400, 498])
def test_centred_points_lie_within_1(exponent):
    X = np.random.RandomState(1).normal(size=(50, 3)) * 2.0**exponent + 2.0**exponent * 1000
    points, power = centred(X)
    assert 0.5 <= np.abs(points).max() < 1
    np.testing.assert_array_equal(np.ldexp(points, -power), X - X.mean(axis=0))


def test_equal_rows_are_centred_at_0():
    points, _ = centred(np.full((4, 2), 7.0))
    assert (points == 0).all()


def test_one_inertia():
    assert same(0.0, 0.0)
    assert same(1025.0, 1025.0000000001)
    assert same(1e-300, 1e-300)
    assert not same(1025.0, 1025.1)
    assert not same(0.0, 1e-30)
