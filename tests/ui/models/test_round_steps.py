"""What is one key apart: round numbers, and choices in a circle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmeans_tui.ui.models.round_steps import beside, following

STEPS = (1, 2, 5, 10)


@pytest.mark.parametrize(
    ("present", "by", "found"),
    [(1, 1, 2), (2, 1, 5), (10, 1, 10), (99, 1, 99), (3, 1, 5), (0, 1, 1),
     (10, -1, 5), (5, -1, 2), (1, -1, 1), (0, -1, 0), (3, -1, 2), (99, -1, 10)],
)  # fmt: skip
def test_the_next_step_lies_beside_the_present(present, by, found):
    assert beside(STEPS, present, by) == found


@given(st.lists(st.integers(0, 99), min_size=1, unique=True).map(sorted), st.integers(0, 99))
def test_up_and_down_again_comes_to_the_largest_step_not_above(steps, present):
    up = beside(steps, present, 1)
    assert up == present or not any(present < step < up for step in steps)
    if present in steps and up != present:
        assert beside(steps, up, -1) == present


@pytest.mark.parametrize(
    ("present", "found"), [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), (None, "a")]
)
def test_after_the_last_choice_comes_the_first(present, found):
    assert following(("a", "b", "c"), present) == found
    assert following(["a"], present) == "a"
