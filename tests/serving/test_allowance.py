"""What visitors may use, in words and numbers."""

import pytest

from kmeans_tui.serving.allowance import Allowance, bounded, minutes


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (100, 100), ("132", 132), (132.9, 132), (100_000, 640), (-5, 1), (0, 1), (10**30, 640),
        (None, 80), ("", 80), ("NaN", 80), (float("nan"), 80), (float("inf"), 80), ([], 80),
        ({}, 80), ("9" * 5000, 80),
    ],
)  # fmt: skip
def test_a_page_cannot_ask_for_any_size(value, found):
    assert bounded(value, 640, 80) == found


def test_times_are_said_in_words():
    said = ["3 seconds", "1 minute", "1.5 minutes", "15 minutes"]
    assert [minutes(each) for each in (0.05, 1, 1.5, 15)] == said


def test_limits_are_said_with_their_flags():
    said = " ".join(Allowance(1, 1500, 0.5).sentences())
    for part in ("1 visitor ", "--visitors", "1,500 MB", "--memory", "30 seconds", "--idle"):
        assert part in said
    assert Allowance(1).full == "Sorry, the only place is taken: try again later."
    assert "all 8 places are taken" in Allowance().full
