"""What columns mean: numbers with odd cells, dates, identifiers."""

import numpy as np
import pytest

from kmeans_tui.data.reading.meaning import (
    is_date_column,
    is_identifier,
    is_number_column,
    looks_numeric,
    notation_of,
)
from kmeans_tui.data.reading.notation import Notation


def test_a_number_column_has_few_odd_cells_or_few_different_ones():
    assert is_number_column(100, {})
    assert is_number_column(100, {"oops": 1})
    assert is_number_column(60, {"unknown": 40})
    assert is_number_column(2, {"x": 1})
    assert not is_number_column(661, {f"A/5 {i}": 1 for i in range(230)})
    assert not is_number_column(40, {"unknown": 60})
    assert not is_number_column(0, {})


def test_dates():
    assert is_date_column(["2024-01-02", "2024-1-3 10:30"])
    assert is_date_column(["02.01.2024", "3.1.24"])
    assert is_date_column(["10:30", "11:45:12.5"])
    assert not is_date_column(["2024-01-02", "soon"])
    assert not is_date_column([])


def test_the_notation_of_a_column_is_the_plain_one_where_it_will_do():
    assert notation_of(["1", "2.5"], ".", ",").plain
    assert notation_of(["1,234"], ".", ",") == Notation(".", ",")
    assert notation_of(["5 %"], ".", "") == Notation(sign="%")
    assert not notation_of(["1", "2"], ",", "").plain, "a point may follow, which is then no number"
    assert looks_numeric({"1,5 €": 2, "x": 2})
    assert not looks_numeric({"12.03.2024": 1, "x": 2})


ORDER = np.random.default_rng(0).permutation(50).astype(float)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("id", ORDER * 17),
        ("Customer ID", ORDER * 1000),
        ("order_no", ORDER * 1000),
        ("any", np.arange(50.0)),
        ("any", np.cumsum(ORDER + 1)),
        ("any", ORDER + 5),
        ("any", 100_000_000 + ORDER * 1234),
    ],
)
def test_identifiers(name, values):
    assert is_identifier(name, values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("id", np.arange(19.0)),
        ("id", np.append(np.arange(49.0), 3)),
        ("id", np.append(np.arange(49.0), np.nan)),
        ("id", np.arange(50.0) + 0.5),
        ("income", 5_000 + ORDER * 2531),
        ("idea", ORDER * 1000),
    ],
)
def test_no_identifiers(name, values):
    assert not is_identifier(name, values)
