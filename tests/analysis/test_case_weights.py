"""A row of weight 3 counts as the row three times, and fractions count as such."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kmeans_tui.analysis.case_weights import copies, draw, rows_of
from kmeans_tui.analysis.criteria import measured
from kmeans_tui.analysis.gap import Reference
from kmeans_tui.analysis.matching import adjusted_rand, agreement, contingency
from kmeans_tui.analysis.partition import Partition
from kmeans_tui.analysis.reproducibility import prediction_strength
from kmeans_tui.analysis.silhouette import silhouette
from kmeans_tui.analysis.stable_clusters import similarities


@st.composite
def _partitioned(draw_value: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Points, whole-number weights, labels of which each occurs, and k."""
    seed = draw_value(st.integers(0, 2**20))
    k = draw_value(st.integers(2, 4))
    n = draw_value(st.integers(k, 14))
    d = draw_value(st.integers(1, 10))
    rng = np.random.RandomState(seed)
    points = rng.normal(size=(n, d)) * draw_value(st.sampled_from([1.0, 1e-6, 1e5]))
    points += draw_value(st.sampled_from([0.0, 100.0]))
    labels = np.concatenate([np.arange(k), rng.randint(k, size=n - k)])
    if draw_value(st.booleans()):
        # In two clusters, rounding would decide which centroid is nearer.
        points[-1] = points[labels[-1]]
    weights = rng.choice([1.0, 2.0, 3.0, 5.0], size=n)
    return points, weights, labels, k


def _repeated(weights: np.ndarray, *arrays: np.ndarray) -> list[np.ndarray]:
    return [each.repeat(weights.astype(int), axis=0) for each in arrays]


def _inertia(points: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> float:
    means = [np.average(points[labels == c], 0, weights[labels == c]) for c in np.unique(labels)]
    return float(weights @ ((points - np.array(means)[labels]) ** 2).sum(axis=1))


@given(_partitioned())
@settings(max_examples=60, deadline=None)
def test_criteria_of_whole_number_weights_are_those_of_repeated_rows(case) -> None:
    points, weights, labels, _ = case
    inertia = _inertia(points, labels, weights)
    many, own = _repeated(weights, points, labels)
    weighted = Partition(points, labels, inertia, weights=weights)
    repeated = Partition(many, own, inertia)
    for each in measured():
        if each.key in ("gap", "prediction_strength"):
            continue
        found, wanted = each.scores(weighted), each.scores(repeated)
        assert found == {
            key: None if value is None else pytest.approx(value, rel=1e-12, abs=1e-12)
            for key, value in wanted.items()
        }, each.key


@given(_partitioned())
@settings(max_examples=15, deadline=None)
def test_the_gap_compares_with_sets_of_as_many_rows_as_there_are_copies(case) -> None:
    points, weights, labels, k = case
    inertia = _inertia(points, labels, weights)
    (many,) = _repeated(weights, points)
    if points.shape[1] >= len(points):
        return
    found = Reference(points, 42, 1, weights).gap(k, inertia)
    wanted = Reference(many, 42, 1).gap(k, inertia)
    assert (found is None) == (wanted is None)
    if found is not None:
        assert found == pytest.approx(wanted, rel=1e-7)


@given(_partitioned(), st.floats(1.0, 50.0))
@settings(max_examples=30, deadline=None)
def test_ratios_do_not_depend_on_the_unit_of_the_weights(case, unit: float) -> None:
    """The criteria that do not count rows: Davies-Bouldin is a ratio of distances."""
    points, weights, labels, k = case
    inertia = _inertia(points, labels, weights)
    if k == len(points):
        return
    one = Partition(points, labels, inertia, weights=weights).davies_bouldin
    other = Partition(points, labels, unit * inertia, weights=unit * weights).davies_bouldin
    assert one == (None if other is None else pytest.approx(other, rel=1e-9))


def test_weights_below_1_on_average_stand_for_the_rows_themselves() -> None:
    rng = np.random.RandomState(0)
    points, labels = rng.normal(size=(30, 2)), np.arange(30) % 3
    shares = np.full(30, 1 / 30)
    inertia = _inertia(points, labels, shares)
    found = Partition(points, labels, inertia, weights=shares)
    plain = Partition(points, labels, 30 * inertia)
    assert found.silhouette == pytest.approx(plain.silhouette, rel=1e-12)
    assert found.calinski_harabasz == pytest.approx(plain.calinski_harabasz, rel=1e-12)
    of_shares, of_rows = Reference(points, 42, 1, shares), Reference(points, 42, 1)
    assert of_shares.gap(3, inertia) == pytest.approx(of_rows.gap(3, 30 * inertia), rel=1e-9)


def test_a_row_without_weight_counts_for_nothing() -> None:
    rng = np.random.RandomState(1)
    points, labels = rng.normal(size=(20, 3)), np.arange(20) % 2
    weights = np.r_[np.zeros(4), np.full(16, 2.0)]
    inertia = _inertia(points[4:], labels[4:], weights[4:])
    found = Partition(points, labels, inertia, weights=weights)
    without = Partition(points[4:], labels[4:], inertia, weights=weights[4:])
    assert found.silhouette == without.silhouette
    assert found.overlap == without.overlap


def test_a_large_weight_takes_no_memory_and_is_not_missed_by_the_sample() -> None:
    rng = np.random.RandomState(2)
    points = np.r_[rng.normal(size=(6000, 1)), [[50.0]]]
    labels = np.r_[np.arange(6000) % 2, 2]
    weights = np.r_[np.ones(6000), 1e9]
    inertia = _inertia(points, labels, weights)
    found = Partition(points, labels, inertia, weights=weights).silhouette
    # Only copies of the one heavy row are drawn: one cluster has no silhouette.
    assert found is None
    weights[-1] = 6000.0
    found = Partition(points, labels, inertia, weights=weights).silhouette
    exact = silhouette(points, labels, 3, weights)
    assert found == pytest.approx(exact, abs=0.02)


def test_copies_are_the_weights_unless_these_are_shares() -> None:
    assert copies(None) is None
    assert copies(np.ones(3)) is None
    assert copies(np.full(4, 0.25)) is None
    whole = np.array([1.0, 2.0, 3.0, 0.5])
    assert np.array_equal(copies(whole), whole)
    assert rows_of(4, copies(whole)) == 6.5
    assert rows_of(3, copies(np.array([0.1, 0.2, 0.3]))) == pytest.approx(3)


def test_rows_are_drawn_by_weight() -> None:
    rows, times = draw(3, 4000, np.array([1.0, 0.0, 3.0]), np.random.RandomState(0))
    assert rows.tolist() == [0, 2]
    assert times is not None
    assert times.sum() == 4000
    assert times[1] / times[0] == pytest.approx(3, rel=0.1)


def test_tables_of_weights_are_those_of_repeated_rows() -> None:
    rng = np.random.RandomState(3)
    a, b = rng.randint(3, size=(2, 40))
    weights = rng.choice([1.0, 2.0, 4.0], size=40)
    first, second = _repeated(weights, a, b)
    table, counts = contingency(a, b, 3, 3, weights), contingency(first, second, 3, 3)
    assert np.array_equal(table, counts)
    assert adjusted_rand(table) == pytest.approx(adjusted_rand(counts), rel=1e-12)
    assert prediction_strength(table) == pytest.approx(prediction_strength(counts), rel=1e-12)
    assert agreement(a, b, 3, weights) == pytest.approx(agreement(first, second, 3), rel=1e-12)
    assert similarities(a, b, 3, weights) == pytest.approx(similarities(first, second, 3))
