"""Where a curve bends, and when it does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_tui.analysis.knee import chord_knee, log_knee

KS = range(1, 11)


def test_a_corner_is_found_by_both():
    inertia = [1000, 500, 10, 9, 8, 7, 6, 5, 4.5, 4]
    assert log_knee(KS, inertia).k == chord_knee(KS, inertia).k == 3
    assert log_knee(KS, inertia).clear


def test_the_logarithm_sees_what_the_first_step_hides():
    # Each of four steps halves what is left, then nothing more comes.
    inertia = [1000, 100, 40, 16, 6.4, 6.0, 5.6, 5.3, 5.0, 4.8]
    assert chord_knee(KS, inertia).k == 2
    assert log_knee(KS, inertia).k == 5


@pytest.mark.parametrize("d", [1, 2, 3, 10])
@pytest.mark.parametrize("k_max", [4, 10, 30])
def test_evenly_spread_points_bend_but_not_clearly(d, k_max):
    ks = range(1, k_max + 1)
    knee = log_knee(ks, [k ** (-2 / d) for k in ks])
    assert 0 < knee.strength < knee.limit
    assert not knee.clear


@pytest.mark.parametrize(
    "inertia", [[], [5.0], [5.0, 1.0], [0.0] * 5, [3.0] * 5, [8.0, 4.0, 2.0, 1.0, 0.5]]
)
def test_no_curve_or_a_straight_one_has_no_knee(inertia):
    assert log_knee(range(1, len(inertia) + 1), inertia) is None


def test_nothing_left_is_the_sharpest_bend():
    knee = log_knee(range(1, 7), [100.0, 40.0, 1e-25, 0.0, 0.0, 0.0])
    assert knee.k == 3
    assert knee.clear


@given(st.lists(st.floats(0.1, 1e6), min_size=3, max_size=12), st.floats(1e-3, 1e3))
def test_the_unit_of_the_data_does_not_matter(values, unit):
    inertia = sorted(values, reverse=True)
    ks = range(1, len(inertia) + 1)
    a, b = log_knee(ks, inertia), log_knee(ks, list(np.array(inertia) * unit))
    assert (a is None) == (b is None)
    if a and b:
        assert a.strength == pytest.approx(b.strength, abs=1e-6)
        assert 0 <= a.strength <= 1
