"""Ticks are round numbers, and their texts tell them apart."""

import itertools
import math
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kmeans_tui.ui.widgets.ticks import column, round_ticks, spaced_ticks, written


def steps(ticks):
    values = [Decimal(repr(each)) for each in ticks.values]
    return {after - before for before, after in itertools.pairwise(values)}


@pytest.mark.parametrize(
    ("low", "high", "labels", "offset"),
    [
        (-9.0, 6.7, ("-5", "0", "5"), "0"),
        (20121.0, 140.0, ("5000", "10000", "15000", "20000"), "0"),
        (0.0, 4_100_000.0, ("0", "1e6", "2e6", "3e6", "4e6"), "0"),
        (0.1, 0.7, ("0.2", "0.4", "0.6"), "0"),
        (1990.0, 2024.0, ("1990", "2000", "2010", "2020"), "0"),
        (1e9 - 5e-4, 1e9 + 5e-4, ("-4e-4", "-2e-4", "0", "2e-4", "4e-4"), "1e9"),
        (123456.1, 123456.9, ("-3.8", "-3.6", "-3.4", "-3.2"), "123460"),
        (1e-300, 3e-300, ("1e-300", "2e-300", "3e-300"), "0"),
    ],
)
def test_known_ticks(low, high, labels, offset):
    ticks = round_ticks(min(low, high), max(low, high), 5)
    if len(labels) != len(ticks.labels):
        ticks = round_ticks(min(low, high), max(low, high), len(labels))
    assert (ticks.labels, written(ticks.offset)) == (labels, offset)


@given(st.floats(-1e12, 1e12), st.floats(1e-9, 1e12), st.integers(2, 9))
def test_ticks_are_round_within_the_limits_and_no_two_read_alike(low, size, most):
    high = low + size
    assume(high - low > 1e-13 * max(abs(low), abs(high)))
    ticks = round_ticks(low, high, most)
    assert 1 <= len(ticks.values) <= most
    slack = 1e-15 * max(abs(low), abs(high))
    assert all(low - slack <= each <= high + slack for each in ticks.values)
    assert len(set(ticks.labels)) == len(ticks.labels)
    assert ticks.width <= 10
    for value, label in zip(ticks.values, ticks.labels, strict=True):
        assert float(ticks.offset + Decimal(label)) == value
    labels = [Decimal(each) for each in ticks.labels]
    found = {after - before for before, after in itertools.pairwise(labels)}
    assert len(found) <= 1
    for step in found:
        assert step.normalize().as_tuple().digits in ((1,), (2,), (5,))


def test_counts_are_whole():
    assert round_ticks(0, 3, 9, whole=True).labels == ("0", "1", "2", "3")
    assert round_ticks(0, 1, 9, whole=True).labels == ("0", "1")
    assert round_ticks(0, 200, 9, whole=True).labels == ("0", "50", "100", "150", "200")


@pytest.mark.parametrize("cells", [24, 60, 120])
@pytest.mark.parametrize("span", [(0.0, 1.0), (-1e8, 1e8), (1000.0, 99000.0), (1e-7, 9e-7)])
def test_labels_stand_apart(cells, span):
    ticks = spaced_ticks(*span, cells)
    places = [(each - span[0]) / (span[1] - span[0]) * cells for each in ticks.values]
    ends = [place + len(label) / 2 for place, label in zip(places, ticks.labels, strict=True)]
    starts = [place - len(label) / 2 for place, label in zip(places, ticks.labels, strict=True)]
    assert all(end + 1 < start for end, start in zip(ends, starts[1:], strict=False))


@given(st.floats(-1e15, 1e15), st.floats(1e-6, 1e15), st.integers(8, 14), st.floats(0.1, 0.9))
def test_a_column_tells_values_apart_and_keeps_its_width(low, size, width, share):
    high = low + size
    assume(high - low > 1e-9 * max(abs(low), abs(high)))
    found = column(low, high, width)
    values = [low, low + share * (high - low), high]
    assume(values[0] < values[1] < values[2])
    texts = [found.text(each) for each in values]
    assert all(len(each) <= width for each in texts), texts
    assert len(set(texts)) == 3, texts
    for value, shown in zip(values, texts, strict=True):
        back = float(found.offset) + float(shown) * 10.0**found.exponent
        assert math.isclose(back, value, rel_tol=0, abs_tol=0.05 * size)


@pytest.mark.parametrize(
    ("low", "high", "width", "texts", "note"),
    [
        (-9.0, 6.0, 7, ("-9.00", "6.00"), ""),
        (1e9, 1e9 + 1e-3, 6, ("0.0000", "1.0000"), "from 1e9, in 1e-3"),
        (0.0, 3e6, 8, ("0", "3000000"), ""),
        (5.0, 5.0, 8, ("5.00", "5.00"), ""),
        (0.0, 0.0, 8, ("0.00", "0.00"), ""),
        (-1e12, 1e12, 8, ("-1.00000", "1.00000"), "in 1e12"),
        (1e-7, 9e-7, 7, ("1.00000", "9.00000"), "in 1e-7"),
    ],
)
def test_known_columns(low, high, width, texts, note):
    found = column(low, high, width)
    assert (found.text(low), found.text(high), found.note) == (*texts, note)
