"""Parts of the plane: nearer and farther about a place, beside, back to all of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_tui.argument_types import window
from kmeans_tui.ui.models import zooming

WHOLE = ((0.0, 10.0), (-5.0, 5.0))


def as_window(zoom):
    return (zoom[0], zoom[1]), (zoom[2], zoom[3])


@given(st.floats(0.0, 10.0), st.floats(-5.0, 5.0))
def test_nearer_keeps_the_place_where_it_is(x, y):
    seen = as_window(zooming.nearer(WHOLE, WHOLE, 2.0, (x, y)))
    for (low, high), (least, most), at in zip(seen, WHOLE, (x, y), strict=True):
        assert high - low == pytest.approx(5, rel=1e-3)
        assert (at - low) / (high - low) == pytest.approx((at - least) / (most - least), abs=2e-3)


def test_farther_ends_with_all_of_it():
    seen = as_window(zooming.nearer(WHOLE, WHOLE, 2.0, (5.0, 0.0)))
    assert zooming.nearer(seen, WHOLE, 0.5, (5.0, 0.0)) is None
    assert zooming.nearer(WHOLE, WHOLE, 0.5, (9.0, 4.0)) is None


def test_nearer_has_an_end_above_the_digits_of_a_float():
    for whole in (WHOLE, ((1e9, 1e9 + 1e-3),) * 2):
        seen, about = whole, (whole[0][0], whole[1][0])
        for _ in range(200):
            zoom = zooming.nearer(seen, whole, 1.5, about)
            if zoom is None:
                break
            seen = as_window(zoom)
            assert seen[0][0] < seen[0][1]
            assert seen[1][0] < seen[1][1]
            # The flag takes what the keys give.
            assert window(",".join(map(repr, zoom))) == zoom


def test_beside_moves_by_shares_and_keeps_its_middle_inside():
    seen = ((4.0, 6.0), (-1.0, 1.0))
    assert as_window(zooming.beside(seen, WHOLE, 0.25, 0)) == ((4.5, 6.5), (-1.0, 1.0))
    assert as_window(zooming.beside(seen, WHOLE, 0, -0.5)) == ((4.0, 6.0), (-2.0, 0.0))
    for _ in range(50):
        seen = as_window(zooming.beside(seen, WHOLE, 0.25, 0.25))
    assert seen == ((9.0, 11.0), (4.0, 6.0))


def test_a_point_in_question_is_followed_only_where_it_leaves():
    seen = ((4.0, 6.0), (-1.0, 1.0))
    assert as_window(zooming.following(seen, WHOLE, (4.1, 0.9))) == seen
    assert as_window(zooming.following(seen, WHOLE, (9.0, 0.0))) == ((8.0, 10.0), (-1.0, 1.0))
